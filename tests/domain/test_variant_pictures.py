"""Pictures of variants: on one option and for each of its values, or left out and told why."""

import pytest

from server.domain.drafting import build, complete
from server.domain.drafts import Built, PictureUse
from server.domain.problems import Severity
from tests.domain.drafting import codes, shelf, shirt
from tests.domain.factories import a_frame, facts, variant

Rows = list[tuple[str, str, str | None]]


def placed(built: Built) -> list[tuple[str | None, ...]]:
    """The pictures on each variant's options."""
    assert built.draft is not None
    return [tuple(axis.picture for axis in sku.axes) for sku in built.draft.skus]


@pytest.mark.parametrize(
    ("rows", "pictures"),
    [
        ([("Red", "M", "u1"), ("Red", "L", None)], [("u1", None), ("u1", None)]),
        (
            [("Red", "M", "u1"), ("Red", "L", None), ("Blue", "M", None), ("Blue", "L", "u2")],
            [("u1", None), ("u1", None), ("u2", None), ("u2", None)],
        ),
        ([("Red", "M", "u1"), ("red ", "L", None)], [("u1", None), ("u1", None)]),
        ([("Red", "M", "u1"), ("Red", "L", "u2"), ("Blue", "M", None)], [(None, "u1"), (None, "u2"), (None, "u1")]),
    ],
)
def test_a_value_takes_its_picture_from_any_of_its_variants(rows: Rows, pictures: list[tuple[str | None, ...]]) -> None:
    built = build(a_frame(), facts(*shirt(*rows)))
    assert (placed(built), codes(built)) == (pictures, [])


def test_also_from_one_that_is_sold_out() -> None:
    options = (("Colour", "Red"), ("Size", "M")), (("Colour", "Red"), ("Size", "L"))
    sold_out = variant("a", position=0, options=options[0], picture_url="u1", inventory_quantity=0)
    built = build(a_frame(), facts(sold_out, variant("b", position=1, options=options[1])))
    assert (placed(built), codes(built)) == ([("u1", None)], ["VARIANTS_WITHOUT_STOCK"])


@pytest.mark.parametrize(
    ("rows", "place", "cause"),
    [
        ([("Red", "M", "u1"), ("Blue", "M", None), ("Blue", "L", None)], "1", "of “Colour” “Blue” has none."),
        (
            [("Red", "M", "u1"), *((color, "M", None) for color in ("Teal", "Sand", "Rust", "Plum", "Onyx"))],
            "1",
            "of “Colour” “Teal”, “Sand”, “Rust” and 2 more has none.",
        ),
        (
            [("Blue", "M", None), ("Red", "M", "u1"), ("Red", "L", "u2"), ("Blue", "L", "u3")],
            "1",
            "they differ within the values of each option.",
        ),
    ],
)
def test_what_is_left_out_is_told(rows: Rows, place: str, cause: str) -> None:
    built = build(a_frame(), facts(*shirt(*rows)))
    assert placed(built) == [(None, None)] * len(rows)
    assert [need for need in built.needs if need.use is PictureUse.ATTRIBUTE_IMAGE] == []
    (problem,) = built.problems
    assert (problem.code, problem.path) == ("VARIANT_IMAGES_LEFT_OUT", ("variants", place, "picture_url"))
    assert problem.severity is Severity.WARNING
    assert f"The variants' pictures were not sent: {cause} " in problem.message


def test_a_broken_one_takes_all_with_it_and_is_named() -> None:
    rows = shirt(("Red", "M", "u1"), ("Blue", "M", "u2"), ("Blue", "L", None))
    built = build(a_frame(), facts(*rows, pictures=("m1",)))
    done = complete(built, shelf(built, "u2"))
    assert placed(done) == [(None, None)] * 3
    assert [(one.code, one.path, one.message) for one in done.problems] == [
        (
            "VARIANT_IMAGES_LEFT_OUT",
            ("variants", "1", "picture_url"),
            "The variants' pictures were not sent: that of “Blue” cannot be used. u2 is damaged. "
            "TikTok Shop takes one picture for each value of one option, or none at all.",
        )
    ]
    fine = complete(built, shelf(built))
    assert (placed(fine), fine.problems) == ([("uri-u1", None), ("uri-u2", None), ("uri-u2", None)], ())


def test_nothing_is_told_where_there_is_nothing_to_send() -> None:
    for product in (facts(*shirt(("Red", "M", None), ("Blue", "M", None))), facts(variant(picture_url="u1"))):
        built = build(a_frame(), product)
        assert codes(built) == []
        assert not any(picture for pictures in placed(built) for picture in pictures)
