"""Every statement works for one shop; what does not is on a short list."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator

import pytest

import server.store

UNSCOPED = {
    "server.store.chunks.claim": "a job names a chunk; the chunk names its shop",
    "server.store.chunks.forgotten": "the sweep looks for forgotten work of all shops",
    "server.store.paging.paginate": "pages a statement that its caller has scoped",
    "server.store.session.after_commit": "no statement",
    "server.store.access.by_fingerprint": "finds out which shop a token belongs to",
    "server.store.shops.by_domain": "finds out which shop a proven domain is",
    "server.store.shops.upsert": "makes the shop",
}


def public_functions() -> Iterator[tuple[str, Callable[..., object]]]:
    """Each public function of the store room with its full name."""
    for found in pkgutil.walk_packages(server.store.__path__, "server.store."):
        module = importlib.import_module(found.name)
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ == module.__name__ and not name.startswith("_"):
                yield f"{module.__name__}.{name}", function


@pytest.mark.parametrize(
    ("name", "function"), list(public_functions()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_every_statement_is_scoped_to_a_shop(name: str, function: Callable[..., object]) -> None:
    assert "shop_id" in inspect.signature(function).parameters or name in UNSCOPED


def test_the_list_of_exceptions_holds_nothing_that_is_gone() -> None:
    names = {name for name, _ in public_functions()}
    assert {name for name in UNSCOPED if name not in names} == set()
