"""Which pairs are certain: never one product twice, never one remote twice, whatever the order of looking."""

from itertools import permutations
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.linking import (
    Evidence,
    LinkConflict,
    Matching,
    Pair,
    Remote,
    RemoteSku,
    StoreProduct,
    StoreVariant,
    keys_of_product,
    keys_of_remote,
    match,
    same_code,
)

E, C = Evidence, LinkConflict


def product(number: int, *skus: str, barcode: str = "") -> StoreProduct:
    variants = tuple(
        StoreVariant(f"gid://shopify/ProductVariant/{number}{at}", sku, barcode) for at, sku in enumerate(skus)
    )
    return StoreProduct(UUID(int=number), f"gid://shopify/Product/{number}", variants)


def remote(name: str, *skus: str, external: str = "", code: str = "", external_sku: str = "") -> Remote:
    found = tuple(RemoteSku(f"{name}-{at}", sku, external_sku, code) for at, sku in enumerate(skus))
    return Remote(name, external, found)


def told(found: Matching) -> tuple[list[tuple[int, str]], list[tuple[int, str, list[Evidence], list[LinkConflict]]]]:
    certain = [(one.pair.product_id.int, one.pair.remote_id) for one in found.certain]
    still_open = [
        (one.pair.product_id.int, one.pair.remote_id, list(one.evidence), list(one.conflicts)) for one in found.open
    ]
    return certain, still_open


GID_1 = "gid://shopify/Product/1"


@pytest.mark.parametrize(
    ("_case", "products", "remotes", "certain", "still_open"),
    [
        ("the same SKUs", [product(1, "A", "B")], [remote("r", "B", "A")], [(1, "r")], []),
        ("our own external id", [product(1, "A")], [remote("r", "Z", external=GID_1)], [(1, "r")], []),
        ("nothing in common", [product(1, "A")], [remote("r", "Z")], [], []),
        ("products without SKUs are not alike", [product(1, "")], [remote("r", "")], [], []),
        (
            "some of the SKUs",
            [product(1, "A", "B")],
            [remote("r", "A")],
            [],
            [(1, "r", [E.SOME_SKUS], [C.PARTIAL_SKUS])],
        ),
        (
            "one SKU twice in the store's product",
            [product(1, "A", "A")],
            [remote("r", "A", "A")],
            [],
            [(1, "r", [E.SOME_SKUS], [C.PARTIAL_SKUS])],
        ),
        (
            "one remote, two products",
            [product(1, "A"), product(2, "A")],
            [remote("r", "A")],
            [],
            [(1, "r", [E.ALL_SKUS], [C.SEVERAL_PRODUCTS]), (2, "r", [E.ALL_SKUS], [C.SEVERAL_PRODUCTS])],
        ),
        (
            "two remotes, one product",
            [product(1, "A")],
            [remote("r", "A"), remote("s", "A")],
            [],
            [(1, "r", [E.ALL_SKUS], [C.SEVERAL_REMOTES]), (1, "s", [E.ALL_SKUS], [C.SEVERAL_REMOTES])],
        ),
        (
            "the external id decides among equal SKUs, and what is left is certain then",
            [product(1, "A"), product(2, "A")],
            [remote("r", "A", external=GID_1), remote("s", "A")],
            [(1, "r"), (2, "s")],
            [],
        ),
        (
            "an external id on two remotes decides nothing",
            [product(1, "A")],
            [remote("r", "Y", external=GID_1), remote("s", "Z", external=GID_1)],
            [],
            [(1, "r", [E.EXTERNAL_ID], [C.SEVERAL_REMOTES]), (1, "s", [E.EXTERNAL_ID], [C.SEVERAL_REMOTES])],
        ),
        (
            "a bare number may be anybody's",
            [product(1, "A")],
            [remote("r", "Z", external="1")],
            [],
            [(1, "r", [E.EXTERNAL_NUMBER], [C.WEAK_EVIDENCE])],
        ),
        (
            "a barcode, written as UPC and as EAN",
            [product(1, "A", barcode="036000291452")],
            [remote("r", "Z", code="0036000291452")],
            [],
            [(1, "r", [E.BARCODE], [C.WEAK_EVIDENCE])],
        ),
        (
            "a variant of ours",
            [product(1, "A")],
            [remote("r", "Z", external_sku="gid://shopify/ProductVariant/10")],
            [],
            [(1, "r", [E.EXTERNAL_SKU_ID], [C.WEAK_EVIDENCE])],
        ),
        (
            "a rival with weaker evidence keeps equal SKUs from being certain",
            [product(1, "A", "B"), product(2, "A")],
            [remote("r", "A", "B")],
            [],
            [(1, "r", [E.ALL_SKUS], [C.SEVERAL_PRODUCTS]),
             (2, "r", [E.SOME_SKUS], [C.SEVERAL_PRODUCTS, C.PARTIAL_SKUS])],
        ),
    ],
)  # fmt: skip
def test_pairs(
    _case: str,
    products: list[StoreProduct],
    remotes: list[Remote],
    certain: list[tuple[int, str]],
    still_open: list[tuple[int, str, list[Evidence], list[LinkConflict]]],
) -> None:
    for ours in permutations(products):
        for theirs in permutations(remotes):
            assert told(match(ours, theirs)) == (certain, still_open)


def test_a_pair_that_was_taken_apart_counts_for_nothing() -> None:
    products, remotes = [product(1, "A")], [remote("r", "A"), remote("s", "A")]
    found = match(products, remotes, [Pair(UUID(int=1), "r")])
    assert told(found) == ([(1, "s")], [])


def test_codes_of_one_article() -> None:
    assert same_code("0036000291452") == same_code("036000291452") == same_code(" 36000-29145 2") == "36000291452"
    assert same_code("12345") == same_code("") == same_code("000000000000") == ""


SKUS = st.lists(st.sampled_from(["", "A", "B", "C", " A"]), min_size=1, max_size=3)
GTIN = "4006381333931"
PRODUCTS = st.lists(SKUS, max_size=5).map(
    lambda rows: [product(at, *skus, barcode=GTIN if len(skus) == 2 else "") for at, skus in enumerate(rows, 1)]
)
EXTERNALS = st.sampled_from(["", "1", "2", GID_1, "gid://shopify/Product/2", "theirs-77"])
REMOTES = st.lists(st.tuples(SKUS, EXTERNALS, st.sampled_from(["", GTIN])), max_size=5).map(
    lambda rows: [remote(f"r{at}", *skus, external=of, code=code) for at, (skus, of, code) in enumerate(rows)]
)


@given(PRODUCTS, REMOTES, st.data())
def test_no_product_and_no_remote_is_linked_twice_in_any_order(
    products: list[StoreProduct], remotes: list[Remote], data: st.DataObject
) -> None:
    found = match(products, remotes)
    ours, theirs = ([getattr(one.pair, side) for one in found.certain] for side in ("product_id", "remote_id"))
    assert len(set(ours)) == len(ours)
    assert len(set(theirs)) == len(theirs)
    mixed = match(data.draw(st.permutations(products)), data.draw(st.permutations(remotes)))
    assert mixed == found
    assert not {one.pair for one in found.certain} & {one.pair for one in found.open}
    assert all(one.conflicts for one in found.open if E.ALL_SKUS not in one.evidence)
    assert not set(ours) & {one.pair.product_id for one in found.open}


@given(PRODUCTS, REMOTES)
def test_every_pair_with_evidence_shares_a_key(products: list[StoreProduct], remotes: list[Remote]) -> None:
    """SQL finds pairs by keys: it must not miss any that the rules would find."""
    by_id, by_name = {one.id: one for one in products}, {one.remote_id: one for one in remotes}
    found = match(products, remotes)
    for one in (*found.certain, *found.open):
        shared = keys_of_product(by_id[one.pair.product_id]) & keys_of_remote(by_name[one.pair.remote_id])
        assert shared, one


@given(PRODUCTS, REMOTES)
def test_refusing_what_was_found_ends_in_silence(products: list[StoreProduct], remotes: list[Remote]) -> None:
    refused: set[Pair] = set()
    while (found := match(products, remotes, refused)).certain or found.open:
        refused |= {one.pair for one in (*found.certain, *found.open)}
    assert match(products, remotes, refused) == Matching((), ())
