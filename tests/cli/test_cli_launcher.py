"""The root script: one installation per change, whatever state the folder is in."""

import ast
import importlib.util
import os
import subprocess
import sys
from collections.abc import Callable
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

import pytest

from tests.cli.conftest import eventually

WITHOUT_PIP = (sys.executable, "-m", "venv", "--without-pip")
SCRIPT = Path(__file__).resolve().parents[2] / "leafmark"


def load() -> ModuleType:
    """The script as a module."""
    loader = SourceFileLoader("leafmark_launcher", str(SCRIPT))
    spec = importlib.util.spec_from_loader(loader.name, loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


launcher = load()


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose environments are made without pip, which is quick."""
    folder = tmp_path / "a clone"
    folder.mkdir()
    (folder / "pyproject.toml").write_text("[project]")
    (folder / "constraints.txt").write_text("x==1")
    monkeypatch.setattr(
        launcher, "venv_commands", lambda venv: [[sys.executable, "-m", "venv", "--without-pip", str(venv)]]
    )
    return folder


class Installer:
    """Counts instead of installing; it can fail, or be cut off half-way."""

    def __init__(self) -> None:
        self.calls: list[Path] = []
        self.failure: BaseException | None = None

    def __call__(self, root: Path, venv: Path) -> None:
        """Called as `install`."""
        self.calls.append(root)
        if self.failure is not None:
            raise self.failure


@pytest.fixture
def installer() -> Installer:
    return Installer()


def launch(root: Path, installer: Installer) -> bool:
    return bool(launcher.prepare(root, root / ".venv", installer))


def test_it_installs_once_per_change(root: Path, installer: Installer) -> None:
    assert launch(root, installer) is True
    assert launch(root, installer) is False
    (root / "constraints.txt").write_text("x==2")
    assert launch(root, installer) is True
    (root / "pyproject.toml").write_text("[project] # changed")
    assert launch(root, installer) is True
    assert launch(root, installer) is False
    assert installer.calls == [root] * 3


def test_a_moved_folder_is_installed_again(root: Path, installer: Installer) -> None:
    launch(root, installer)
    moved = root.rename(root.with_name("moved"))
    assert launch(moved, installer) is True
    assert installer.calls == [root, moved]


def test_an_environment_made_by_hand_is_kept(root: Path, installer: Installer) -> None:
    subprocess.run([*WITHOUT_PIP, str(root / ".venv")], check=True)
    mark = root / ".venv" / "mine"
    mark.touch()
    assert launch(root, installer) is True
    assert mark.exists()
    assert launcher.works(root / ".venv")


def make_dead(venv: Path) -> None:
    (venv / "bin" / "python").unlink()
    (venv / "bin" / "python").symlink_to("/nowhere/python3")


def make_empty(venv: Path) -> None:
    for name in ("python", "python3"):
        (venv / "bin" / name).unlink()


@pytest.mark.parametrize("ruin", [make_dead, make_empty])
def test_a_dead_environment_is_made_anew(root: Path, installer: Installer, ruin: Callable[[Path], None]) -> None:
    launch(root, installer)
    ruin(root / ".venv")
    (root / ".venv" / "stale").touch()
    assert launch(root, installer) is True
    assert launcher.works(root / ".venv")
    assert not (root / ".venv" / "stale").exists()


def test_an_installation_that_was_cut_off_starts_from_nothing(root: Path, installer: Installer) -> None:
    installer.failure = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        launch(root, installer)
    (root / ".venv" / "half").touch()
    installer.failure = None
    assert launch(root, installer) is True
    assert not (root / ".venv" / "half").exists()
    assert launch(root, installer) is False


def test_a_refused_installation_is_tried_again_in_the_same_environment(root: Path, installer: Installer) -> None:
    installer.failure = launcher.CannotStart("no network")
    with pytest.raises(launcher.CannotStart, match="no network"):
        launch(root, installer)
    (root / ".venv" / "kept").touch()
    installer.failure = None
    assert launch(root, installer) is True
    assert (root / ".venv" / "kept").exists()


RACE = """
import importlib.util, sys, time
from importlib.machinery import SourceFileLoader
from pathlib import Path
loader = SourceFileLoader("launcher", sys.argv[1])
launcher = importlib.util.module_from_spec(importlib.util.spec_from_loader("launcher", loader))
loader.exec_module(launcher)
root = Path(sys.argv[2])
launcher.venv_commands = lambda venv: [[sys.executable, "-m", "venv", "--without-pip", str(venv)]]
def slow(root, venv):
    time.sleep(0.5)
print(launcher.prepare(root, root / ".venv", slow))
"""


ORPHAN = "import pathlib, time; pathlib.Path('started').touch(); time.sleep(0.5); pathlib.Path('ended').touch()"


def test_an_installer_that_outlives_a_killed_launch_is_waited_for(root: Path) -> None:
    code = RACE.replace("time.sleep(0.5)", f"launcher.run([sys.executable, '-c', {ORPHAN!r}], root)")
    with subprocess.Popen([sys.executable, "-c", code, str(SCRIPT), str(root)], stderr=subprocess.DEVNULL) as killed:
        eventually((root / "started").exists, lambda: list(root.iterdir()))
        killed.kill()
    seen: list[bool] = []
    launcher.prepare(root, root / ".venv", lambda root, _venv: seen.append((root / "ended").exists()))
    assert seen == [True]


def test_of_two_launches_at_once_one_installs_and_the_other_waits(root: Path) -> None:
    command = [sys.executable, "-c", RACE, str(SCRIPT), str(root)]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) for _ in range(2)]
    answers = sorted(one.communicate(timeout=20)[0].strip() for one in both)
    assert answers == ["False", "True"]


def test_a_folder_that_cannot_be_written_is_named(
    root: Path, installer: Installer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(self: Path, *_arguments: object) -> None:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "mkdir", refused)
    with pytest.raises(
        launcher.CannotStart, match=r"\.venv cannot be written by this user, so nothing can be installed\."
    ):
        launch(root, installer)
    assert installer.calls == []


def test_older_pythons_can_read_it() -> None:
    ast.parse(SCRIPT.read_text(), feature_version=(3, 7))


def test_it_goes_on_under_the_python_that_lacks_least_and_really_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Redis comes from a wheel for 3.12 and 3.11 only, so the newest is not the best."""
    for name, status in (("python3.14", 127), ("python3.13", 0), ("python3.12", 127), ("python3.11", 0)):
        (tmp_path / name).write_text(f"#!/bin/sh\nexit {status}\n")
        (tmp_path / name).chmod(0o755)
    became: list[list[str]] = []
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "argv", ["leafmark", "demo"])
    monkeypatch.setattr(os, "execv", lambda _program, arguments: became.append(arguments))
    with pytest.raises(SystemExit, match=r"Python 3\.11 or newer is needed"):
        launcher.become_newer_python()
    assert became == [[str(tmp_path / f"python3.{minor}"), str(SCRIPT), "demo"] for minor in (11, 13)]
