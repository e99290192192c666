"""The embedded PostgreSQL and Redis: crashes, restarts, odd folders, and no server left behind."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import asyncpg
import pytest
import redis.asyncio

from cli.embedded import binaries, places
from cli.embedded.postgres import Postgres
from cli.embedded.redis import Redis
from cli.problems import CannotRun
from tests.cli.conftest import eventually

AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root is kept from running PostgreSQL itself")
ON_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="needs the parent-death signal and /proc")


def postgres_in(data: Path) -> Postgres:
    return Postgres.in_folder(data, log=data / "logs" / "postgres.log", fast=True)


def redis_in(data: Path) -> Redis:
    return Redis.in_folder(data, log=data / "logs" / "redis.log")


async def notes(url: str) -> list[str]:
    """What the table `note` holds, through the address that the application is given."""
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        return [row["body"] for row in await connection.fetch("SELECT body FROM note ORDER BY body")]
    finally:
        await connection.close()


def write(server: Postgres, body: str) -> None:
    server.execute(
        f"CREATE TABLE IF NOT EXISTS note (body text); INSERT INTO note VALUES ('{body}')", database="leafmark"
    )


async def test_postgres_keeps_its_data_and_address_through_restart_and_kill(spaced: Path) -> None:
    with postgres_in(spaced) as server:
        url = server.url
        write(server, "first")
        server.kill()
        assert places.processes_in(server.folder) == []
        server.restart()
        write(server, "second")
        server.restart()
        assert server.url == url
        assert await notes(url) == ["first", "second"]
        assert len(os.fsencode(server.sockets or "")) < 90
    assert server.sockets is not None
    assert not server.sockets.exists()
    with postgres_in(spaced) as again:
        assert await notes(again.url) == ["first", "second"]
        assert again.execute("SHOW listen_addresses") == ""


async def test_redis_keeps_what_it_acknowledged_through_restart_and_kill(spaced: Path) -> None:
    with redis_in(spaced) as server:
        url = server.url
        async with redis.asyncio.Redis.from_url(url) as client:
            await client.set("first", "1")
        server.kill()
        server.restart()
        async with redis.asyncio.Redis.from_url(url) as client:
            await client.set("second", "2")
        server.restart()
        assert server.url == url
        async with redis.asyncio.Redis.from_url(url) as client:
            assert await client.mget("first", "second") == [b"1", b"2"]
            assert (await client.config_get("maxmemory-policy"))["maxmemory-policy"] == "noeviction"
            assert (await client.config_get("port"))["port"] == "0"
    assert server.sockets is not None
    assert not server.sockets.exists()


def test_two_projects_side_by_side_never_meet(spaced: Path, closed: Path) -> None:
    with redis_in(spaced) as here, redis_in(closed) as there:
        assert here.url != there.url
        assert here.pid != there.pid


def test_a_second_start_on_the_same_data_is_refused(spaced: Path) -> None:
    with redis_in(spaced) as server:
        with pytest.raises(CannotRun, match="Another Leafmark is running on"):
            redis_in(spaced).start()
        with pytest.raises(CannotRun, match="Another Leafmark is running on"):
            redis_in(spaced).wipe()
        assert server._answers()


@AS_ROOT
async def test_below_a_closed_folder_postgres_says_where_it_went(closed: Path) -> None:
    server = postgres_in(closed)
    assert server.folder.is_relative_to("/var/tmp")
    assert server.account is not None
    who = server.account.name
    where = f"PostgreSQL runs as {who}, who cannot enter the project's folder: its data is in {server.folder}"
    assert server.note in (f"{where}.", f"{where}, its programs in {server.binaries.copied_to}.")
    try:
        with server:
            write(server, "first")
        with postgres_in(closed) as again:
            assert await notes(again.url) == ["first"]
            assert again.folder == server.folder
        (closed / "postgres.elsewhere").unlink()
        with postgres_in(closed) as anew:
            assert anew.folder != server.folder
        anew.wipe()
    finally:
        server.wipe()
    assert [server.folder.parent.exists(), mode_of(closed)] == [False, 0o700]


@AS_ROOT
def test_programs_below_a_closed_folder_are_copied_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    account = places.account_for(None)
    own = binaries.installed()
    monkeypatch.setattr(binaries, "SHARED_FOLDERS", (str(tmp_path),))
    monkeypatch.setattr(binaries, "program_runs", lambda command, _who: str(own) not in command[0])
    found = binaries.reachable_by(account)
    assert found.copied_to is not None
    assert found.copied_to.parent == tmp_path
    assert subprocess.run([found["psql"], "--version"], check=True, capture_output=True).stdout.startswith(
        b"psql (PostgreSQL)"
    )
    made = found.copied_to.stat().st_mtime_ns
    assert binaries.reachable_by(account) == found
    assert found.copied_to.stat().st_mtime_ns == made
    found.copied_to.chmod(0o777)
    with pytest.raises(CannotRun, match="move the project out of that folder"):
        binaries.reachable_by(account)


PARENT = """
import json, sys, time
from pathlib import Path
from cli.embedded.postgres import Postgres
from cli.embedded.redis import Redis
data = Path(sys.argv[1])
postgres = Postgres.in_folder(data, log=data / "logs" / "postgres.log", fast=True)
redis = Redis.in_folder(data, log=data / "logs" / "redis.log")
postgres.start()
redis.start()
postgres.execute("CREATE TABLE note (body text); INSERT INTO note VALUES ('before')", database="leafmark")
guards = [server._running._guard.pid for server in (postgres, redis)]
print(json.dumps([[postgres.pid, redis.pid], guards, [str(postgres.folder), str(redis.folder)]]), flush=True)
time.sleep(60)
"""


def killed_parent(data: Path) -> tuple[list[int], list[int], list[str]]:
    """Another process started both servers and was killed: the servers' ids, their guards' ids, their data folders."""
    with subprocess.Popen([sys.executable, "-c", PARENT, str(data)], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        pids, guards, folders = json.loads(parent.stdout.readline())
        parent.kill()
    return pids, guards, folders


@ON_LINUX
@pytest.mark.parametrize("guards_too", [False, True])
async def test_no_server_outlives_a_killed_parent(spaced: Path, guards_too: bool) -> None:
    pids, guards, folders = killed_parent(spaced)
    for guard in guards if guards_too else []:
        os.kill(guard, signal.SIGKILL)
    left = [Path(folder) for folder in folders]
    eventually(lambda: not any(map(places.processes_in, left)), lambda: [places.processes_in(one) for one in left])
    eventually(lambda: all(map(is_gone, pids)), lambda: [pid for pid in pids if not is_gone(pid)])
    with postgres_in(spaced) as again, redis_in(spaced):
        assert await notes(again.url) == ["before"]


@ON_LINUX
async def test_a_start_ends_what_a_killed_run_left(spaced: Path) -> None:
    pids, _, _ = killed_parent(spaced)
    with postgres_in(spaced) as again, redis_in(spaced):
        assert await notes(again.url) == ["before"]
        assert all(is_gone(pid) for pid in pids)


def mode_of(folder: Path) -> int:
    return folder.stat().st_mode & 0o777


def is_gone(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return True
    return state == "Z"


def test_a_server_for_tests_leaves_nothing() -> None:
    with Postgres.for_tests() as server:
        home = server.folder.parent
        assert server.execute("SHOW fsync") == "off"
    with Redis.for_tests() as other:
        pass
    assert not home.exists()
    assert not other.folder.parent.exists()


def test_what_killed_test_runs_left_is_taken_away_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "TEMPORARY", tmp_path)
    old, held, young = (places.home_for_tests() for _ in range(3))
    for home in (old, held):
        (home / "redis.lock").touch()
        os.utime(home, (0, 0))
    with places.hold(held / "redis.lock", "held"):
        fresh = places.home_for_tests()
    assert sorted(tmp_path.iterdir()) == sorted((held, young, fresh))


def test_a_data_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CannotRun, match=r"The folder .*/file/data cannot be made: Not a directory\."):
        redis_in(tmp_path / "file" / "data")


def test_without_any_redis_the_ways_out_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("cli.embedded.redis.find_spec", lambda _name: None)
    with pytest.raises(CannotRun, match="install redis-server or valkey-server, or set REDIS_URL"):
        redis_in(tmp_path)


def test_a_broken_server_says_why(spaced: Path) -> None:
    places.make_private(spaced / "redis")
    (spaced / "redis" / "appendonly.aof").write_text("this is no log of commands\n" * 20)
    with pytest.raises(CannotRun, match=r"(?s)Redis ended with status 1\..*Bad file format.*log: "):
        redis_in(spaced).__enter__()


def test_a_socket_folder_that_somebody_else_made_is_not_used(spaced: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "_socket_bases", lambda _account: iter([spaced.parent]))
    first = places.socket_folder("pg", spaced)
    assert places.socket_folder("pg", spaced) == first
    first.chmod(0o777)
    other = places.socket_folder("pg", spaced)
    assert [other == first, mode_of(other)] == [False, 0o700]
