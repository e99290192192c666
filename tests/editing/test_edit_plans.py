"""The smallest edit: nothing for nothing, each kind of change by its own call, and the plan leads where it says."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.edits import FIXED, WHOLE, EditPlan, FieldChange, Step, plan_edit, told
from server.domain.ownership import FieldGroup, Held, Owner, Ownership
from server.domain.snapshots import GROUPS, SKU_GROUPS, Fields, Snapshot

LEAF, OTHER_LEAF = {"id": "1008592", "version": "v2"}, {"id": "600001", "version": "v2"}
SKU = {"price": "19.9", "stock": {"W1": 5}, "seller_sku": "WAX-1", "sales_attributes": [{"name": "Size", "value": "S"}]}
SENT = Snapshot(
    {
        "on_sale": True,
        "title": "Beeswax Candle",
        "description": "<p>Burns.</p>",
        "main_images": ["tos/1"],
        "category": LEAF,
        "brand_id": "7",
        "package_weight": {"value": "0.5", "unit": "KILOGRAM"},
    },
    {"v1": SKU, "v2": SKU | {"sales_attributes": [{"name": "Size", "value": "L"}]}},
)
NOBODY = Ownership()


def changed(skus: dict[str, dict[str, Any] | None] | None = None, /, **fields: object) -> Snapshot:
    """What was sent, with these fields (None: gone) and variants (None: gone) otherwise."""
    kept = {name: value for name, value in {**SENT.fields, **fields}.items() if value is not None}
    merged: dict[str, Any] = dict(SENT.skus)
    for name, sku in (skus or {}).items():
        both = None if sku is None else {**merged.get(name, {}), **sku}
        merged[name] = both if both is None else {key: value for key, value in both.items() if value is not None}
    return Snapshot(kept, {name: sku for name, sku in merged.items() if sku is not None})


@pytest.mark.parametrize(
    ("_case", "wanted", "steps"),
    [
        ("nothing", changed(), ()),
        ("a price", changed({"v1": {"price": "21"}}), (Step.PRICE,)),
        ("a list price", changed({"v1": {"list_price": "25"}}), (Step.PRICE,)),
        ("stock", changed({"v2": {"stock": {"W1": 0}}}), (Step.STOCK,)),
        ("price and stock", changed({"v1": {"price": "21", "stock": {"W1": 4}}}), (Step.STOCK, Step.PRICE)),
        ("a title", changed(title="Wax Candle"), (Step.PARTIAL,)),
        ("a title and a price", changed({"v1": {"price": "2"}}, title="Wax"), (Step.PRICE, Step.PARTIAL)),
        ("pictures and weight", changed(main_images=["b", "a"], package_weight={"value": "1"}), (Step.PARTIAL,)),
        ("a category, and with it prices", changed({"v1": {"price": "2"}}, category=OTHER_LEAF), (Step.FULL,)),
        ("a new variant", changed({"v3": SKU}), (Step.FULL,)),
        ("a variant gone", changed({"v2": None}), (Step.STOCK, Step.FULL)),
        ("an option renamed", changed({"v1": {"sales_attributes": [{"name": "Size", "value": "M"}]}}), (Step.FULL,)),
        ("a SKU renamed", changed({"v1": {"seller_sku": "WAX-9"}}), (Step.FULL,)),
        ("a brand gone", changed(brand_id=None), (Step.FULL,)),
        ("a barcode, which is fixed", changed({"v1": {"identifier_code": {"code": "1", "type": "EAN"}}}), ()),
        ("off sale, nothing besides", changed(on_sale=False, title="Old"), (Step.DEACTIVATE,)),
    ],
)
def test_the_calls_of_a_change(_case: str, wanted: Snapshot, steps: tuple[Step, ...]) -> None:
    assert plan_edit(SENT, wanted, NOBODY).steps == steps


def test_back_on_sale_last() -> None:
    off = told(SENT, plan_edit(SENT, changed(on_sale=False), NOBODY).changes)
    assert plan_edit(off, changed(title="New"), NOBODY).steps == (Step.PARTIAL, Step.ACTIVATE)


@pytest.mark.parametrize(
    "ownership",
    [
        Ownership(own={FieldGroup.TITLE: Owner.TIKTOK}),
        Ownership(default={FieldGroup.TITLE: Owner.LOCKED}),
        Ownership(own={FieldGroup.TITLE: Owner.LOCKED}, default={FieldGroup.TITLE: Owner.STORE}),
        Ownership(held={FieldGroup.TITLE: Held(datetime(2026, 1, 1, tzinfo=UTC), {"title": "Theirs"})}),
    ],
)
def test_what_is_not_the_stores_stays_behind(ownership: Ownership) -> None:
    plan = plan_edit(SENT, changed({"v1": {"price": "21"}}, title="Ours"), ownership)
    assert plan.steps == (Step.PRICE,)
    assert [(one.field, one.before, one.after) for one in plan.withheld] == [("title", "Beeswax Candle", "Ours")]


def test_a_new_category_takes_its_attributes_along() -> None:
    attributes = [{"id": "100000", "values": [{"id": "1"}]}]
    wanted = changed(category=OTHER_LEAF, product_attributes=attributes)
    owners = {FieldGroup.ATTRIBUTES: Owner.TIKTOK}
    assert {one.field for one in plan_edit(SENT, wanted, Ownership(own=owners)).changes} == {
        "category",
        "product_attributes",
    }
    kept = plan_edit(SENT, wanted, Ownership(own={**owners, FieldGroup.CATEGORY: Owner.TIKTOK}))
    assert kept.changes == ()


def test_a_step_left_out_is_withheld() -> None:
    plan = plan_edit(SENT, changed({"v1": {"price": "21"}}, title="Ours"), NOBODY).without([Step.PRICE])
    assert (plan.steps, [one.field for one in plan.withheld]) == ((Step.PARTIAL,), ["price"])


def test_prices_go_with_the_whole_product_where_they_have_no_call() -> None:
    wanted = changed({"v1": {"price": "21", "stock": {"W1": 4}}}, title="Wax")
    plan = replace(plan_edit(SENT, wanted, NOBODY), prices_whole=True)
    assert plan.steps == (Step.STOCK, Step.FULL)
    assert [one.field for one in plan.of(Step.FULL)] == ["title", "price"]


@pytest.mark.parametrize(
    ("stock", "changes"),
    [
        ({"W1": 5}, [({"W1": 5}, {"W1": 0})]),
        ({"W1": 0, "W2": 3}, [({"W1": 0, "W2": 3}, {"W1": 0, "W2": 0})]),
        ({"W1": 0}, []),
        (None, []),
    ],
)
def test_a_variant_that_is_gone_is_offered_with_none(
    stock: dict[str, int] | None, changes: list[tuple[object, object]]
) -> None:
    """Whoever owns the variants, if only stock is the store's; afterwards nothing of it is known to be left."""
    before = {name: value for name, value in {**SKU, "stock": stock}.items() if value is not None}
    sent = replace(SENT, skus={**SENT.skus, "v2": before})
    plan = plan_edit(sent, changed({"v2": None}), Ownership(own={FieldGroup.VARIANTS: Owner.TIKTOK}))
    assert [(one.before, one.after) for one in plan.of(Step.STOCK)] == changes
    assert (plan.steps, [one.field for one in plan.withheld]) == ((Step.STOCK,) if changes else (), [WHOLE])
    after = told(sent, plan.changes)
    assert plan_edit(after, changed({"v2": None}), NOBODY).steps == (Step.FULL,)
    both = {FieldGroup.VARIANTS: Owner.TIKTOK, FieldGroup.STOCK: Owner.TIKTOK}
    assert plan_edit(sent, changed({"v2": None}), Ownership(own=both)).steps == ()


def test_variants_of_another_hand_are_there_and_unknown() -> None:
    """Ours stay as told, so only what differs of them is sent; theirs is removed whole, ours that is gone is made."""
    there = told(SENT, [FieldChange(FieldGroup.VARIANTS, WHOLE, ["v1", "v2"], ["v1", "theirs"])])
    assert there.skus == {"v1": SENT.skus["v1"], "theirs": {}}
    plan = plan_edit(there, changed({"v1": {"stock": {"W1": 1}}}), NOBODY)
    assert plan.steps == (Step.STOCK, Step.FULL)
    assert {(one.sku, one.field) for one in plan.changes} == {("v1", "stock"), ("v2", WHOLE), ("theirs", WHOLE)}


VALUES = st.one_of(st.text(max_size=3), st.integers(0, 3), st.lists(st.text(max_size=2), max_size=2))
FIELDS = st.dictionaries(st.sampled_from([name for name in GROUPS if name != "on_sale"]), VALUES)
SKUS = st.dictionaries(
    st.sampled_from(["v1", "v2", "v3"]), st.dictionaries(st.sampled_from(sorted(SKU_GROUPS)), VALUES)
)
SNAPSHOTS = st.builds(
    lambda on_sale, fields, skus: Snapshot({"on_sale": on_sale, **fields}, skus), st.booleans(), FIELDS, SKUS
)
OWNERS = st.dictionaries(st.sampled_from(FieldGroup), st.sampled_from(Owner))
OWNERSHIPS = st.builds(Ownership, own=OWNERS, default=OWNERS)


@given(SNAPSHOTS, OWNERSHIPS)
def test_an_edit_to_the_same_is_empty(one: Snapshot, ownership: Ownership) -> None:
    assert plan_edit(one, one, ownership) == EditPlan()
    assert plan_edit(one, one, ownership).steps == ()


def movable(sku: Fields) -> dict[str, object]:
    """A variant without what can never be changed."""
    return {name: value for name, value in sku.items() if name not in FIXED}


@given(SNAPSHOTS, SNAPSHOTS)
def test_a_plan_leads_to_what_is_wanted(sent: Snapshot, wanted: Snapshot) -> None:
    plan = plan_edit(sent, wanted, NOBODY)
    after = told(sent, plan.changes)
    if not wanted.on_sale:
        assert after == told(sent, [one for one in plan.changes if one.field == "on_sale"])
        return
    assert after.fields == wanted.fields
    assert {name: movable(sku) for name, sku in after.skus.items()} == {
        name: movable(sku) for name, sku in wanted.skus.items()
    }
    for name in set(sent.skus) & set(wanted.skus):
        assert after.skus[name].get("identifier_code") == sent.skus[name].get("identifier_code")
    assert plan_edit(after, wanted, NOBODY).changes == ()


@given(SNAPSHOTS, SNAPSHOTS, OWNERSHIPS, st.booleans())
def test_every_change_is_told_by_exactly_one_step(
    sent: Snapshot, wanted: Snapshot, ownership: Ownership, prices_whole: bool
) -> None:
    plan = replace(plan_edit(sent, wanted, ownership), prices_whole=prices_whole)
    by_steps = [one for step in plan.steps for one in plan.of(step)]
    assert len(by_steps) == len(plan.changes)
    assert all(one in by_steps for one in plan.changes)
    mine = {FieldGroup.ATTRIBUTES} if any(one.field == "category" for one in plan.changes) else set()
    assert all(ownership.sends(one.group) or one.group in mine for one in plan.changes)
    assert all(one.field != WHOLE or Step.FULL in plan.steps for one in plan.changes)


@given(SNAPSHOTS)
def test_a_snapshot_survives_the_row(one: Snapshot) -> None:
    assert Snapshot.from_json(one.to_json()) == one
