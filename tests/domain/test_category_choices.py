"""One total order of who decides a product's category (R12, R14)."""

from collections.abc import Collection
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.categories import CategoryRef, CategoryVersion
from server.domain.category_choices import (
    Automatic,
    CategorySource,
    Fallback,
    Taken,
    TakenBy,
    choose_category,
    decided_early,
    needs_fallback,
)
from server.domain.mappings import MappedLeaf, Source, SourceKind
from server.domain.templates import Template

V1, V2 = CategoryVersion.V1, CategoryVersion.V2
OWN, TEMPLATE, APPROVED, MAPPED, DEFAULT = (CategoryRef(str(number), V2) for number in range(1, 6))
MUGS = Source(SourceKind.PRODUCT_TYPE, "mugs")


def a_template(category: CategoryRef | None, name: str = "Candles") -> Template:
    return Template(UUID(int=1), name, category)  # type: ignore[arg-type,unused-ignore]  # null is automatic


def automatic(approved: CategoryRef | None = APPROVED, mapped: CategoryRef | None = MAPPED) -> Automatic:
    return Automatic(approved, None if mapped is None else MappedLeaf(mapped, MUGS, "its product type is mapped"))


CANDLES, AUTOMATIC, REST = a_template(TEMPLATE), a_template(None), a_template(DEFAULT, "Rest")
FALLBACK = Fallback("Rest", DEFAULT)
NOTHING = automatic(None, None)


@pytest.mark.parametrize(
    ("_case", "taken", "known", "fallback", "expected"),
    [
        ("an override goes first", Taken(CANDLES, TakenBy.RULE, OWN), automatic(), FALLBACK, (OWN, "OVERRIDE")),
        ("then a template by hand", Taken(CANDLES, TakenBy.ASSIGNMENT), automatic(), FALLBACK, (TEMPLATE, "TEMPLATE")),
        ("or by rules", Taken(CANDLES, TakenBy.RULE), automatic(), FALLBACK, (TEMPLATE, "TEMPLATE")),
        ("automatic asks approvals", Taken(AUTOMATIC, TakenBy.RULE), automatic(), FALLBACK, (APPROVED, "APPROVAL")),
        ("then mappings", Taken(AUTOMATIC, TakenBy.RULE), automatic(None), FALLBACK, (MAPPED, "MAPPING")),
        ("then the default", Taken(AUTOMATIC, TakenBy.RULE), NOTHING, FALLBACK, (DEFAULT, "DEFAULT_TEMPLATE")),
        ("which may be missing", Taken(AUTOMATIC, TakenBy.RULE), NOTHING, None, (None, None)),
        ("the default stands behind approvals", Taken(REST), automatic(), None, (APPROVED, "APPROVAL")),
        ("and behind mappings", Taken(REST), automatic(None), None, (MAPPED, "MAPPING")),
        ("and is the last", Taken(REST), NOTHING, None, (DEFAULT, "DEFAULT_TEMPLATE")),
        ("the default may be automatic", Taken(AUTOMATIC), NOTHING, None, (None, None)),
        ("no template at all", Taken(), automatic(), None, (APPROVED, "APPROVAL")),
        ("closed trees are passed over", Taken(REST), automatic(CategoryRef("9", V1)), None, (MAPPED, "MAPPING")),
    ],
)
def test_who_decides(
    _case: str,
    taken: Taken,
    known: Automatic,
    fallback: Fallback | None,
    expected: tuple[CategoryRef | None, str | None],
) -> None:
    choice = choose_category(taken, known, fallback, {V2})
    assert (choice.ref, choice.source) == expected
    assert choice.because


refs = st.none() | st.builds(CategoryRef, st.sampled_from("123"), st.sampled_from(CategoryVersion))
templates = st.none() | refs.map(a_template)
takens = st.builds(Taken, templates, st.sampled_from(TakenBy), refs)
knowns = st.builds(automatic, refs, refs)
fallbacks = st.none() | st.builds(Fallback, st.just("Rest"), refs)


@given(takens, knowns, fallbacks, st.sets(st.sampled_from(CategoryVersion), min_size=1))
def test_the_order_is_total_and_never_skips_a_stronger_voice(
    taken: Taken, known: Automatic, fallback: Fallback | None, listable: Collection[CategoryVersion]
) -> None:
    choice = choose_category(taken, known, fallback, listable)
    by_default = taken.by is TakenBy.DEFAULT
    of_template = taken.template.category if taken.template else None
    last = of_template if by_default and taken.template else (fallback.category if fallback else None)
    voices = [
        (CategorySource.OVERRIDE, taken.override),
        (CategorySource.TEMPLATE, None if by_default else of_template),
        (CategorySource.APPROVAL, known.approved if known.approved and known.approved.version in listable else None),
        (CategorySource.MAPPING, known.mapped.ref if known.mapped and known.mapped.ref.version in listable else None),
        (CategorySource.DEFAULT_TEMPLATE, last),
    ]
    heard = next(((source, ref) for source, ref in voices if ref is not None), (None, None))
    assert (choice.source, choice.ref) == heard
    assert choose_category(taken, known, fallback, listable) == choice


@given(takens, knowns, knowns, fallbacks)
def test_what_people_named_needs_nothing_else(
    taken: Taken, known: Automatic, other: Automatic, fallback: Fallback | None
) -> None:
    early = decided_early(taken)
    if early is None:
        assert needs_fallback(taken) == (taken.template is not None and taken.by is not TakenBy.DEFAULT)
        return
    assert not needs_fallback(taken)
    assert choose_category(taken, known, fallback, {V2}) == choose_category(taken, other, None, {V1}) == early
