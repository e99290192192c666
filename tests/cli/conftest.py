"""Folders as users have them, and a poll with a deadline."""

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest


@pytest.fixture
def spaced() -> Iterator[Path]:
    """A folder with a space in its path that any account may enter."""
    home = Path(tempfile.mkdtemp(prefix="leafmark test ", dir="/tmp"))
    home.chmod(0o755)
    yield home / "my data"
    shutil.rmtree(home)


@pytest.fixture
def closed() -> Iterator[Path]:
    """A folder below one that only we may enter, as a home with mode 0700."""
    home = Path(tempfile.mkdtemp(prefix="leafmark-closed-", dir="/tmp"))
    yield home / "clone"
    shutil.rmtree(home)


def eventually(is_so: Callable[[], bool], seen: Callable[[], object], seconds: float = 30.0) -> None:
    """Poll until it is so; the failure tells what was seen last."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, f"after {seconds} s: {seen()}"
        time.sleep(0.02)
