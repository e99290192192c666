"""Pictures put into a draft, and what becomes of broken ones."""

from dataclasses import replace

import pytest

from server.domain.drafting import build, complete
from server.domain.drafts import Built, Picture, PictureNeed, PictureUse, Shelf
from server.domain.problems import Problem, Severity
from tests.domain.drafting import shirt
from tests.domain.factories import a_frame, facts


def broken(url: str) -> Problem:
    return Problem("IMAGE_DAMAGED", ("images",), f"{url} is damaged.")


def shelf(built: Built, *lost: str) -> dict[PictureNeed, Picture | Problem]:
    return {
        need: broken(need.url)
        if need.url in lost
        else Picture(f"uri-{need.url}", f"https://tt/{need.url}?a=1&b=2", 640, 480)
        for need in built.needs
    }


def test_pictures_are_put_in() -> None:
    rows = shirt(("Red", "M", "u1"), ("Blue", "M", "u2"))
    text = '<p>Look</p><img src="d1" onerror="x"><img src="d2?x=1&amp;y=2" alt="a > b">'
    product = facts(*rows, pictures=("m1", "m2", "m1"), description_html=text)
    text_urls = [need.url for need in build(a_frame(), product).needs if need.use is PictureUse.DESCRIPTION_IMAGE]
    assert text_urls == []  # addresses without a host are no pictures
    product = replace(product, description_html=text.replace('"d', '"https://s/d'))
    built = build(a_frame(), product)
    done = complete(built, shelf(built))
    assert done.draft is not None
    assert done.problems == ()
    assert done.draft.pictures == ("uri-m1", "uri-m2")
    assert [sku.axes[0].picture for sku in done.draft.skus] == ["uri-u1", "uri-u2"]
    assert done.draft.description == (
        '<p>Look</p><img src="https://tt/https://s/d1?a=1&amp;b=2" width="640" height="480">'
        '<img src="https://tt/https://s/d2?x=1&amp;y=2?a=1&amp;b=2" width="640" height="480">'
    )


def test_broken_pictures_are_left_out_while_one_is_fine() -> None:
    rows = shirt(("Red", "M", "u1"), ("Blue", "M", "u2"))
    product = facts(*rows, pictures=("m1", "m2"), description_html='<p>x</p><img src="https://s/d">')
    built = build(a_frame(), product)
    done = complete(built, shelf(built, "m1", "u2", "https://s/d"))
    assert done.draft is not None
    assert done.draft.pictures == ("uri-m2",)
    assert [(one.code, one.path, one.severity) for one in done.problems] == [
        ("IMAGE_DAMAGED", ("images", "0"), Severity.WARNING),
        ("DESCRIPTION_IMAGE_LEFT_OUT", ("description",), Severity.WARNING),
    ]
    assert [sku.axes[0].picture for sku in done.draft.skus] == [None, None]
    none = complete(built, shelf(built, "m1", "m2"))
    assert none.draft is None
    assert [one.code for one in none.problems][-1] == "IMAGES_ALL_BROKEN"


def described(text: str, tags: Shelf | None = None) -> tuple[str, list[str]]:
    """The description as it is sent, all of its pictures uploaded unless ``tags`` says else, and the problems."""
    built = build(a_frame(), facts(pictures=("m1",), description_html=text))
    done = complete(built, tags or shelf(built))
    assert done.draft is not None
    return done.draft.description, [one.code for one in done.problems]


def test_a_sellers_own_file_may_stand_in_a_description() -> None:
    file = "leafmark-file:00000000-0000-0000-0000-000000000001"
    sent, told = described(f'<p>x</p><img src="{file}" onload="x"><img src="leafmark-file:other">')
    assert sent == f'<p>x</p><img src="https://tt/{file}?a=1&amp;b=2" width="640" height="480">'
    assert told == ["DESCRIPTION_IMAGE_LEFT_OUT"]


@pytest.mark.parametrize("width", [None, 0, 4000])
def test_a_picture_without_its_sides_or_too_big_is_left_out(width: int | None) -> None:
    text = '<p>x</p><img src="https://s/d">'
    built = build(a_frame(), facts(pictures=("m1",), description_html=text))
    wrong = {need: Picture("uri", "https://tt/d", width, 480) for need in built.needs}
    assert described(text, wrong) == ("<p>x</p>", ["DESCRIPTION_IMAGE_LEFT_OUT"])


def test_no_more_pictures_than_the_platform_takes() -> None:
    sent, told = described("<p>x</p>" + "".join(f'<img src="https://s/{at}">' for at in range(32)))
    assert (sent.count("<img "), told) == (30, ["DESCRIPTION_IMAGE_LEFT_OUT"])
    sent, told = described("<p>x</p>" + '<img src="https://s/1">' * 31)
    assert (sent.count("<img "), told) == (30, ["DESCRIPTION_IMAGE_LEFT_OUT"])


def test_pictures_never_make_a_description_too_long() -> None:
    """The store's long addresses are not sent, TikTok's own count."""
    words, long = "y" * 9_800, "https://s/" + "a" * 400
    tag = '<img src="https://tt/https://s/1?a=1&amp;b=2" width="640" height="480">'
    sent, told = described(f'{words}<img src="https://s/1"><img src="{long}"><img src="https://s/2">')
    assert sent == words + tag + tag.replace("s/1", "s/2")
    assert told == ["DESCRIPTION_IMAGE_LEFT_OUT"]
    assert len(sent) <= 10_000
