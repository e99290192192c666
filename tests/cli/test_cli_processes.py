"""The stack: what each process is told, what happens when one ends, and that nothing stays."""

import json
import os
import shutil
import signal
import socket
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cli import processes
from cli.problems import CannotRun
from cli.processes import Plan, Stack
from tests.cli.conftest import eventually

STAND_IN = Path(__file__).with_name("stand_in.py")


@pytest.fixture(autouse=True, scope="module")
def _stand_ins() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(processes, "python_command", lambda *words: (sys.executable, str(STAND_IN), *words))
        yield


@pytest.fixture
def plan(spaced: Path) -> Plan:
    return Plan(spaced, fast=True)


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    """One that several tests look at; each leaves it whole."""
    home = Path(tempfile.mkdtemp(prefix="leafmark test ", dir="/tmp"))
    home.chmod(0o755)
    with Stack(Plan(home / "data", fast=True, workers=2, settings={"LEASE_SECONDS": "1.5"})) as running:
        yield running
    shutil.rmtree(home)


def environment_of(stack: Stack, name: str) -> dict[str, object]:
    return dict(json.loads((stack.plan.data / "run" / f"{name}.json").read_text()))


def answer_at(address: str) -> str:
    host, _, port = address.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=20) as client:
        return client.recv(64).decode()


def test_each_process_is_told_where_the_others_are(stack: Stack) -> None:
    api, sandbox = environment_of(stack, "api"), environment_of(stack, "sandbox")
    assert stack.postgres is not None
    assert stack.redis is not None
    assert (api["DATABASE_URL"], api["REDIS_URL"]) == (stack.postgres.url, stack.redis.url)
    assert api["PUBLIC_URL"] == stack.addresses.api
    assert api["TIKTOK_API_URL"] == stack.addresses.sandbox
    assert api["SHOPIFY_URL_TEMPLATE"] == stack.addresses.sandbox + "/shopify/{shop}"
    assert api["LEASE_SECONDS"] == "1.5"
    assert sandbox["SANDBOX_TIKTOK_WEBHOOK_URL"] == stack.addresses.api + "/webhooks/tiktok"
    assert sandbox["SANDBOX_TIKTOK_APP_SECRET"] == api["TIKTOK_APP_SECRET"]
    assert (answer_at(stack.addresses.api), answer_at(stack.addresses.sandbox)) == ("serve", "sandbox")
    assert sorted(stack.processes) == ["api", "sandbox", "worker-1", "worker-2"]
    assert (stack.plan.data / "credentials.json").stat().st_mode & 0o777 == 0o600


def test_a_process_that_ends_by_itself_is_reported(stack: Stack) -> None:
    stack.check()
    os.kill(stack.processes["worker-2"].pid, signal.SIGKILL)
    eventually(lambda: stack.processes["worker-2"].status is not None, lambda: stack.processes)
    with pytest.raises(CannotRun, match=r"worker-2 ended with status 137\."):
        stack.check()
    stack.start_worker("worker-2")
    stack.check()


def test_the_api_comes_back_at_its_address(stack: Stack) -> None:
    stack.processes["api"].kill()
    with pytest.raises(ConnectionRefusedError):
        answer_at(stack.addresses.api)
    stack.restart_api()
    assert answer_at(stack.addresses.api) == "serve"


def test_two_stacks_run_side_by_side_and_one_folder_takes_one(stack: Stack, closed: Path) -> None:
    with pytest.raises(CannotRun, match="Another Leafmark is running on"):
        Stack(stack.plan).start()
    with Stack(replace(stack.plan, data=closed, temporary=True)) as other:
        assert other.addresses.api != stack.addresses.api
        assert other.credentials.secret_key != stack.credentials.secret_key
        state = other.postgres.folder if other.postgres else closed
    assert not closed.exists()
    assert not state.exists()
    assert answer_at(stack.addresses.api) == "serve"


def test_secrets_and_data_last_until_a_fresh_start(plan: Plan) -> None:
    with Stack(plan) as first:
        secret = first.credentials.secret_key
        assert first.postgres is not None
        first.postgres.execute("CREATE TABLE note (body text)", database="leafmark")
    assert not any(process.status is None for process in first.processes.values())
    with Stack(plan) as second:
        assert second.credentials.secret_key == secret
        assert second.addresses.api == first.addresses.api
        assert second.addresses.sandbox == first.addresses.sandbox
        assert second.postgres is not None
        assert second.postgres.execute("SELECT count(*) FROM note", database="leafmark") == "0"
    with Stack(replace(plan, fresh=True)) as third:
        assert third.credentials.secret_key != secret
        assert third.postgres is not None
        with pytest.raises(CannotRun, match='relation "note" does not exist'):
            third.postgres.execute("SELECT count(*) FROM note", database="leafmark")


def test_a_refused_migration_stops_the_start(plan: Plan) -> None:
    refusing = Stack(replace(plan, settings={"REFUSE_MIGRATION": "no such revision"}))
    with pytest.raises(CannotRun, match=r"migrate ended with status 1\.\nno such revision"):
        refusing.__enter__()
    assert refusing.processes["sandbox"].status is not None
    assert refusing.postgres is not None
    assert refusing.postgres.sockets is not None
    assert not refusing.postgres.sockets.exists()


def test_signals_interrupt() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(KeyboardInterrupt), processes.stopped_by_signals():
        signal.raise_signal(signal.SIGTERM)
    assert signal.getsignal(signal.SIGTERM) == before
