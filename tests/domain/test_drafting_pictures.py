"""Pictures put into a draft, and what becomes of broken ones."""

from dataclasses import replace

from server.domain.drafting import build, complete
from server.domain.drafts import PictureUse
from server.domain.problems import Severity
from tests.domain.drafting import shelf, shirt
from tests.domain.factories import a_frame, facts


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
        ("VARIANT_IMAGES_LEFT_OUT", ("variants", "1", "picture_url"), Severity.WARNING),
    ]
    assert [sku.axes[0].picture for sku in done.draft.skus] == [None, None]
    none = complete(built, shelf(built, "m1", "m2"))
    assert none.draft is None
    assert [one.code for one in none.problems][-1] == "IMAGES_ALL_BROKEN"
