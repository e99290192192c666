"""Where the embedded servers live: accounts, short private socket folders, locks."""

import contextlib
import fcntl
import hashlib
import os
import pwd
import shutil
import signal
import stat
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

from cli.guarded import Account
from cli.problems import CannotRun

ACCOUNTS = ("postgres", "nobody")
SOCKET_PATH_LIMIT = 90
PRIVATE = 0o700
TEMPORARY = Path("/tmp")  # noqa: S108 - folders inside are private; a TMPDIR may be long, or closed to the account
TEST_HOME = "leafmark-test-"
AN_HOUR = 3600.0


def account_for(data: Path | None) -> Account | None:
    """The account PostgreSQL runs as: ours (None); for root, whom it refuses, the data's owner or a powerless one."""
    if os.geteuid() != 0:
        _must_have_a_name(os.geteuid())
        return None
    owner = data.stat().st_uid if data is not None and data.exists() else 0
    if owner:
        _must_have_a_name(owner)
        return _account(pwd.getpwuid(owner))
    for name in ACCOUNTS:
        with contextlib.suppress(KeyError):
            return _account(pwd.getpwnam(name))
    raise CannotRun(
        "PostgreSQL refuses to run as root and there is no account `nobody`: set DATABASE_URL to a server instead."
    )


def _account(entry: pwd.struct_passwd) -> Account:
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _must_have_a_name(uid: int) -> None:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        raise CannotRun(
            f"PostgreSQL cannot run as user id {uid}, which has no entry in /etc/passwd: add one, or set DATABASE_URL."
        ) from None


def fingerprint(*parts: object) -> str:
    """Twelve hex digits that name a place or a version."""
    return hashlib.sha256("\0".join(str(part) for part in parts).encode()).hexdigest()[:12]


def make_private(folder: Path, account: Account | None = None) -> Path:
    """Make a folder for us (or that account) alone. One that exists keeps its mode. Raises CannotRun."""
    try:
        if not folder.exists():
            folder.mkdir(parents=True, mode=PRIVATE)
            if account is not None:
                os.chown(folder, account.uid, account.gid)
    except OSError as error:
        raise CannotRun(f"The folder {folder} cannot be made: {error.strerror}. Choose another with --data.") from None
    if not folder.is_dir() or not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        raise CannotRun(f"The folder {folder} cannot be written by this user: choose another with --data.")
    return folder


def must_be_ours(folder: Path, account: Account | None) -> None:
    """Refuse a folder in a shared place that somebody else put there under the name we use."""
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {os.geteuid(), account.uid if account else os.geteuid()}:
        raise CannotRun(f"{folder} belongs to somebody else: remove it, or choose another folder with --data.")


def socket_folder(purpose: str, data: Path, account: Account | None = None) -> Path:
    """A short private folder for a unix socket (whose path must stay under 100 bytes), always the same for that data.

    Its name can be guessed, so one that somebody else made is never used: then a fresh random one is.
    """
    owner = account.uid if account else os.geteuid()
    for base in _socket_bases(account):
        wanted = base / f"leafmark-{purpose}-{fingerprint(owner, data.resolve())}"
        folder = wanted if _ours(wanted, owner) else _fresh(base, purpose)
        if account is not None:
            os.chown(folder, account.uid, account.gid)
        if len(os.fsencode(folder)) < SOCKET_PATH_LIMIT - len("/.s.PGSQL.5432.lock"):
            return folder
        folder.rmdir()
    raise CannotRun("No folder with a short enough path for a socket: /tmp cannot be written.")


def _socket_bases(account: Account | None) -> Iterator[Path]:
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    places = [Path(runtime)] if runtime and account is None else []
    for base in (*places, TEMPORARY, Path(tempfile.gettempdir())):
        if base.is_dir() and os.access(base, os.W_OK | os.X_OK):
            yield base


def _ours(folder: Path, owner: int) -> bool:
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=PRIVATE)
        return True
    found = folder.lstat()
    return (
        stat.S_ISDIR(found.st_mode) and found.st_uid in (owner, os.geteuid()) and stat.S_IMODE(found.st_mode) == PRIVATE
    )


def _fresh(base: Path, purpose: str) -> Path:
    return Path(tempfile.mkdtemp(prefix=f"leafmark-{purpose}-", dir=base))


def home_for_tests(account: Account | None = None) -> Path:
    """A short private folder for a server of one test run; takes away what killed runs left over an hour ago."""
    for old in TEMPORARY.glob(f"{TEST_HOME}*"):
        with contextlib.suppress(OSError):
            if old.stat().st_mtime < time.time() - AN_HOUR and not any(map(_is_held, old.glob("*.lock"))):
                remove(old)
    home = Path(tempfile.mkdtemp(prefix=TEST_HOME, dir=TEMPORARY))
    if account is not None:
        os.chown(home, account.uid, account.gid)
    return home


def _is_held(lock: Path) -> bool:
    try:
        hold(lock, "").close()
    except CannotRun:
        return True
    return False


def remove(folder: Path) -> None:
    """Remove a folder and all in it; nothing happens when it is gone already."""
    shutil.rmtree(folder, ignore_errors=True)


def hold(lock: Path, sentence: str) -> IO[str]:
    """Hold a file lock until the returned file is closed or we die. Raises CannotRun(sentence) when it is taken."""
    try:
        handle = lock.open("a")
    except OSError as error:
        raise CannotRun(f"{lock} cannot be written: {error.strerror}.") from None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        handle.close()
        raise CannotRun(sentence, status=1) from None
    return handle


def end_processes_in(folder: Path, signals: Sequence[tuple[signal.Signals, float]]) -> None:
    """End what a killed run left in this data folder: signals in turn, each with seconds of patience. Raises CannotRun.

    Both servers stand in their data folder, so /proc tells a leftover from a stranger with a recycled id.
    """
    for number, patience in signals:
        until = time.monotonic() + patience
        for pid in processes_in(folder):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
        while (alive := processes_in(folder)) and time.monotonic() < until:
            time.sleep(0.02)
        if not alive:
            return
    raise CannotRun(
        f"A server of an earlier run still holds {folder} and cannot be stopped (process {alive[0]}).", status=1
    )


def processes_in(folder: Path) -> list[int]:
    """Processes whose working folder this is (Linux only; elsewhere none can be seen)."""
    wanted = str(folder.resolve())
    found = []
    for entry in Path("/proc").glob("[0-9]*/cwd"):
        with contextlib.suppress(OSError):
            if str(entry.readlink()) == wanted:
                found.append(int(entry.parent.name))
    return found
