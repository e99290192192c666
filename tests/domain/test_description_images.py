"""Pictures in descriptions: put in their places, or left out with the cause; no address of the store stays."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.drafting import build, complete
from server.domain.drafts import Built, Picture, PictureUse, Shelf
from server.domain.layers import Layer
from server.domain.origins import Origin
from server.domain.problems import Problem
from server.domain.provenance import Provenance, Refused
from server.domain.template_content import EmptyDescription
from tests.domain.drafting import content, shelf
from tests.domain.factories import a_frame, facts

TAG = '<img src="https://tt/https://s/1?a=1&amp;b=2" width="640" height="480">'
USE_TITLE = content(empty_description=EmptyDescription.USE_TITLE)


def done(text: str, shelf_: Shelf | None = None) -> Built:
    built = build(a_frame(), facts(pictures=("m1",), description_html=text))
    return complete(built, shelf_ or shelf(built))


def described(text: str, tags: Shelf | None = None) -> tuple[str, list[str]]:
    """The description as it is sent, all of its pictures uploaded unless ``tags`` says else, and the problems."""
    completed = done(text, tags)
    assert completed.draft is not None
    return completed.draft.description, [one.code for one in completed.problems]


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


@pytest.mark.parametrize(
    "tag",
    [
        '<img src="https://s/1" title="Front">',
        '<img title="Front" src="https://s/1">',
        '<img lang="en" alt=\'a "b" > c\' SRC=https://s/1 title=\' src="https://s/2"\' />',
        '<p lang="en"><img src="https://s/1" lang="en" title="Front"></p>',
    ],
)
def test_the_order_and_company_of_attributes_do_not_matter(tag: str) -> None:
    built = build(a_frame(), facts(pictures=("m1",), description_html=f"<b>x</b>{tag}"))
    assert [need.url for need in built.needs if need.use is PictureUse.DESCRIPTION_IMAGE] == ["https://s/1"]
    sent, told = described(f"<b>x</b>{tag}")
    assert (sent.replace("<p>", "").replace("</p>", ""), told) == (f"<b>x</b>{TAG}", [])


SOURCES = st.sampled_from(
    [' src="https://s/1"', " SRC='https://s/2'", " src=//s/3", ' src="/own.png"', ' src="data:image/png;base64,AA"', ""]
)
OTHERS = st.lists(
    st.sampled_from([' title="Front"', " lang=en", ' alt="a > b"', " title=' src=\"https://s/4\"'", ' "', " '", " ="]),
    max_size=3,
).map("".join)
TAGS = st.tuples(
    st.sampled_from(["<img", "<IMG\n", "<image"]), OTHERS, SOURCES, OTHERS, st.sampled_from([">", " />", ""])
)
NOISE = st.sampled_from(["words ", "<p>", "</p>", "<svg>", "<picture>", "<!--", "-->", "<", '"', "<p title='"])


@given(st.lists(TAGS.map("".join) | NOISE, max_size=8), st.booleans())
def test_no_picture_has_an_address_that_was_not_uploaded(pieces: list[str], is_first_lost: bool) -> None:
    built = build(a_frame(USE_TITLE), facts(pictures=("m1",), description_html="".join(pieces)))
    completed = complete(built, shelf(built, *(["https://s/1"] if is_first_lost else [])))
    assert completed.draft is not None
    there = set(re.findall(r"<img[^>]*>?", completed.draft.description, re.IGNORECASE))
    assert there <= {TAG, TAG.replace("s/1", "s/2"), TAG.replace("s/1", "s/3")}
    assert not (is_first_lost and TAG in there)


def test_what_is_left_out_is_named_with_its_cause() -> None:
    text = "<p>x</p>" + "".join(f'<img src="https://s/{name}">' for name in ("1?token=secret", "2", "2", "3", "4", "5"))
    built = build(a_frame(), facts(pictures=("m1",), description_html=text + '<img src="own.png"><img alt="x">'))
    lost = complete(built, shelf(built, "https://s/1?token=secret", "https://s/2"))
    assert [one.message for one in lost.problems] == [
        "5 pictures in the description could not be sent; the rest of it was. “https://s/1”: "
        "https://s/1?token=secret is damaged. “https://s/2”: https://s/2 is damaged. “own.png”: A picture needs a "
        "whole web address. So it is with 1 more. Replace or remove what is named."
    ]
    big = {need: Picture("uri", "https://tt/d", 4000, 480) for need in built.needs}
    beyond = "".join(f'<img src="https://s/{at}">' for at in range(31))
    assert "“https://s/1”: It has 4000 x 480 pixels, and each side has to be under 4000." in said(text, big)
    assert "“https://s/30”: TikTok Shop takes 30 pictures." in said(f"x{beyond}")
    assert f"“https://s/{'a' * 89}…”: TikTok Shop takes 10000 characters" in said(
        f'{"y" * 9_990}<img src="https://s/{"a" * 300}">'
    )


def said(text: str, tags: Shelf | None = None) -> str:
    (one,) = done(text, tags).problems
    return one.message


@pytest.mark.parametrize("text", ['<img src="/own.png">', "<p><img></p>", '<img src="data:image/png;base64,AA"><br>'])
def test_a_description_of_pictures_that_nobody_can_fetch_is_empty(text: str) -> None:
    product = facts(description_html=text, title="Cup & saucer")
    failed = build(a_frame(), product)
    assert (failed.draft, failed.needs) == (None, ())
    assert [(one.code, one.path) for one in failed.problems] == [("DESCRIPTION_EMPTY", ("description",))]
    assert "this one has neither words nor a picture that can be sent" in failed.problems[0].message
    instead = build(a_frame(USE_TITLE), product)
    assert instead.draft is not None
    assert instead.draft.description == "<p>Cup &amp; saucer</p>"
    assert [one.code for one in instead.problems] == ["DESCRIPTION_FROM_TITLE"]


def test_a_description_whose_pictures_all_broke_is_empty_too() -> None:
    product = facts(description_html='<p><img src="https://s/1"></p>', title="Cup & saucer", pictures=("m1",))
    built = build(a_frame(), product)
    failed = complete(built, shelf(built, "https://s/1"))
    assert failed.draft is None
    assert [one.code for one in failed.problems] == ["DESCRIPTION_IMAGE_LEFT_OUT", "DESCRIPTION_EMPTY"]
    built = build(a_frame(USE_TITLE), product)
    instead = complete(built, shelf(built, "https://s/1"))
    assert instead.draft is not None
    assert instead.draft.description == "<p>Cup &amp; saucer</p>"
    assert [one.code for one in instead.problems] == ["DESCRIPTION_IMAGE_LEFT_OUT", "DESCRIPTION_FROM_TITLE"]
    told = [one for one in instead.provenance if one.field == "description"]
    why = (Refused(Origin.PRODUCT, "the description is empty"),)
    assert told == [Provenance("description", Layer.TEMPLATE, Origin.BACKUP, "title", why)]
    fine = complete(built, shelf(built))
    assert fine.draft is not None
    assert fine.draft.description == f"<p>{TAG}</p>"
    assert [one.origin for one in fine.provenance if one.field == "description"] == [Origin.PRODUCT]
    assert fine.problems == ()
    worded = facts(description_html='<b>Words</b><img src="https://s/1">', pictures=("m1",))
    built = build(a_frame(), worded)
    left: Problem = complete(built, shelf(built, "https://s/1")).problems[0]
    assert left.code == "DESCRIPTION_IMAGE_LEFT_OUT"
