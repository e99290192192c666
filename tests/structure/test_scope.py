"""Every statement works for one shop; what does not is on a short list."""

import ast
import importlib
import inspect
import pkgutil
import textwrap
from collections.abc import Callable, Iterator

import pytest

import server.store

UNSCOPED = {
    "server.store.chunks.claim": "a job names a chunk; the chunk names its shop",
    "server.store.chunks.forgotten": "the sweep looks for forgotten work of all shops",
    "server.store.paging.paginate": "pages a statement that its caller has scoped",
    "server.store.session.after_commit": "no statement",
    "server.store.catalogue.attempt": "no statement",
    "server.store.matching.rule_sql.group_sql": "an expression, no statement",
    "server.store.matching.rule_sql.like": "a pattern, no statement",
    "server.store.matching.match_rows.rows": "runs a statement that its caller has scoped",
    "server.store.matching.match_sql.held_bits": "an expression, no statement",
    "server.store.matching.packed_ids.packed": "an expression, no statement",
    "server.store.matching.template_crossings.shifts": "no statement",
    "server.store.matching.rule_anchors.anchors": "no statement",
    "server.store.matching.rule_anchors.by_kind": "no statement",
    "server.store.access.by_fingerprint": "finds out which shop a token belongs to",
    "server.store.shops.by_domain": "finds out which shop a proven domain is",
    "server.store.shops.save_installed": "makes the shop",
    "server.store.shops.sealed_after": "keys are rotated for all shops",
    "server.store.tasks.shop_of": "an operator names a task; this finds out whose it is",
    "server.store.decisions.drop_old": "old decisions of all shops are forgotten",
    "server.store.tiktok_shops.by_remote_id": "a webhook names TikTok's shop; this finds out whose it is",
    "server.store.tiktok_shops.sealed_after": "keys are rotated for all shops",
    "server.store.tiktok_authorizations.take_state": "the state of a connect link says which shop asked",
    "server.store.tiktok_authorizations.sealed_after": "keys are rotated for all shops",
    "server.store.tree_changes.take_due": "the sweep looks for trees that are due in all shops",
    "server.store.remote_shelves.take_due": "the sweep looks for TikTok shops that are due in all stores",
    "server.store.remote_listings.lock": "webhooks name TikTok's shops and products; this holds what they speak of",
    "server.store.inbox.insert_once": "a webhook names its shop in the platform's words",
    "server.store.inbox.has_due": "the sweep looks at the inbox of all shops",
    "server.store.inbox.take": "workers take deliveries of all shops",
    "server.store.inbox.settle": "settles what was taken",
    "server.store.inbox.blank": "a webhook names its shop in the platform's words",
    "server.store.inbox.drop_done": "old deliveries of all shops are forgotten",
    "server.store.leaf_vectors.known": "names of categories are the platform's, not a shop's",
    "server.store.leaf_vectors.save": "names of categories are the platform's, not a shop's",
    "server.store.leases.take": "a lease has a name, not a shop",
    "server.store.leases.give_back": "a lease has a name, not a shop",
    "server.store.edit_dues.due_shops": "the sweep looks for due listings of all shops",
    "server.store.health.answers": "no row",
    "server.store.files.by_id": "a signed address names the file, and the file its shop",
    "server.store.files.forget_unmade": "uploads of all shops that were not made are forgotten",
    "server.store.files.removals": "bytes of all shops are removed, of deleted ones too",
    "server.store.files.removed": "settles what was removed",
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


def used_names(function: Callable[..., object]) -> set[str]:
    """The names that a function's body reads, its parameters' defaults and annotations left out."""
    (made,) = ast.parse(textwrap.dedent(inspect.getsource(function))).body
    assert isinstance(made, ast.FunctionDef | ast.AsyncFunctionDef)
    inner = (one for statement in made.body for one in ast.walk(statement))
    return {one.id for one in inner if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load)}


@pytest.mark.parametrize(
    ("name", "function"), list(public_functions()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_shop_that_is_named_is_used(name: str, function: Callable[..., object]) -> None:
    given = "shop_id" in inspect.signature(function).parameters
    assert not given or "shop_id" in used_names(function), name


def test_the_list_of_exceptions_holds_nothing_that_is_gone() -> None:
    names = {name for name, _ in public_functions()}
    assert {name for name in UNSCOPED if name not in names} == set()
