"""Titles and descriptions as they are sent."""

import pytest

from server.domain.drafting import build
from server.domain.market_rules import MARKET_RULES
from server.domain.markets import Market
from server.domain.overrides import Override
from server.domain.template_content import EmptyDescription, TextOrigin, TextRule
from tests.domain.drafting import codes, content
from tests.domain.factories import a_frame, facts, terms


@pytest.mark.parametrize(
    ("market", "raw", "sent", "found"),
    [
        (Market.US, "  Two\tcups &amp; saucer ", "Two cups & saucer", []),
        (Market.US, "Mug ☕🔥 \u200bblue", "Mug blue", ["TITLE_CLEANED"]),
        (Market.US, "Wow!!!!!!!!!!!!!", "Wow!!!!!!!!!", ["TITLE_CLEANED"]),
        (Market.US, "Crème brûlée “N°5” – 2024", "Crème brûlée “N°5” – 2024", []),
        (Market.US, "茶碗", "茶碗", []),
        (Market.US, "a" * 3 + "b" * 252, None, ["TITLE_CLEANED"]),
        (Market.US, "ab" * 127 + "c", "ab" * 127 + "c", []),
        (Market.US, "ab" * 128, None, ["TITLE_TOO_LONG"]),
        (Market.BR, "ab" * 150, "ab" * 150, []),
        (Market.BR, "ab" * 150 + "c", None, ["TITLE_TOO_LONG"]),
        (Market.SG, "Twenty-four characters !", None, ["TITLE_TOO_SHORT"]),
        (Market.SG, "Twenty-five characters !!", "Twenty-five characters !!", []),
        (Market.US, "!!! ---", None, ["TITLE_EMPTY"]),
        (Market.US, "☕", None, ["TITLE_CLEANED", "TITLE_EMPTY"]),
        (Market.US, "", None, ["TITLE_EMPTY"]),
        (Market.US, "Brake pads GT350&GT500", "Brake pads GT350&GT500", []),
        (Market.US, "Salt&amp;amp;lt;Pepper&#38;#x26; &nosuch; &copy", "Salt<Pepper& &nosuch; &copy", []),
        (Market.US, f"Mug &#{'9' * 5000};", None, ["TITLE_CLEANED"]),
        (Market.US, "Mug☕blue\x07red", "Mug blue red", ["TITLE_CLEANED"]),
        (Market.US, "Cof\u00adfee \u2066pot\u2069", "Coffee pot", ["TITLE_CLEANED"]),
        (Market.US, "Cube \u25fd\u25fe set", "Cube set", ["TITLE_CLEANED"]),
        (Market.US, "Scarf \U0001f3f4\U000e0067\U000e0062\U000e007f wool", "Scarf wool", ["TITLE_CLEANED"]),
        (Market.US, "For a \U0001f468\u200d\U0001f467 and 1\ufe0f\u20e3 more", "For a and 1 more", ["TITLE_CLEANED"]),
    ],
)
def test_titles(market: Market, raw: str, sent: str | None, found: list[str]) -> None:
    currency = MARKET_RULES[market].currency
    built = build(a_frame(terms=terms(market)), facts(title=raw, currency=currency))
    assert codes(built) == found
    if sent is not None:
        assert built.draft is not None
        assert built.draft.title == sent


def test_a_template_may_shorten_titles() -> None:
    built = build(a_frame(content(shorten_title=True)), facts(title="word " * 60))
    assert codes(built) == ["TITLE_SHORTENED"]
    assert built.draft is not None
    assert built.draft.title == ("word " * 51).strip()


@pytest.mark.parametrize(
    ("raw", "sent"),
    [
        ("plain words", "plain words"),
        ('<p onclick="x()">Hi<script>alert(1)</script></p>', "<p>Hi</p>"),
        ('<a href="https://elsewhere.example">More</a>', "More"),
        ("<ul><li>One<li>Two</ul>", "<ul><li>One</li><li>Two</li></ul>"),
        ("<style>p{}</style><iframe src='//x'>y</iframe>kept", "kept"),
        ("5 < 6 & 7", "5 &lt; 6 &amp; 7"),
        ('<p lang="de" title="t" dir="rtl" id="i">Hallo</p>', "<p>Hallo</p>"),
        ("<section>One</section><figure>Two</figure>", "<section>One</section><figure>Two</figure>"),
        ("<del>9 USD</del> <ins>7 USD</ins>", "<del>9 USD</del> <ins>7 USD</ins>"),
        ('<center><font color="red">New</font></center>', "<center><font>New</font></center>"),
        (
            '<table><colgroup><col span="2" width="9"></colgroup><tr><td>a</td></tr></table>',
            '<table><colgroup><col span="2"></colgroup><tbody><tr><td>a</td></tr></tbody></table>',
        ),
        ('<ol start="3" class="x"><li>Three</li></ol>', '<ol start="3"><li>Three</li></ol>'),
    ],
)
def test_descriptions_are_cleaned(raw: str, sent: str) -> None:
    built = build(a_frame(), facts(description_html=raw))
    assert built.draft is not None
    assert built.draft.description == sent
    assert built.problems == ()


@pytest.mark.parametrize(
    ("raw", "sent"),
    [
        ("One line", "One line"),
        ("Soy & wax\r\nBurns long\n \n\nMade here\n", "<p>Soy &amp; wax<br>Burns long</p><p>Made here</p>"),
        ("<p>One</p>\n<p>Two</p>", "<p>One</p>\n<p>Two</p>"),
        ("5 < 6\nso it is", "<p>5 &lt; 6<br>so it is</p>"),
    ],
)
def test_what_a_person_wrote_keeps_its_lines(raw: str, sent: str) -> None:
    fixed = content(description=TextRule(TextOrigin.FIXED, text=raw))
    for built in (build(a_frame(fixed), facts()), build(a_frame(), facts(), Override(description=raw))):
        assert built.draft is not None
        assert built.draft.description == sent


@pytest.mark.parametrize("raw", ["", "  ", "<p>&nbsp;</p>", "<script>x</script>", "<p><br></p>"])
def test_empty_descriptions(raw: str) -> None:
    product = facts(description_html=raw, title="Cup & saucer")
    assert codes(build(a_frame(), product)) == ["DESCRIPTION_EMPTY"]
    instead = build(a_frame(content(empty_description=EmptyDescription.USE_TITLE)), product)
    assert codes(instead) == ["DESCRIPTION_FROM_TITLE"]
    assert instead.draft is not None
    assert instead.draft.description == "<p>Cup &amp; saucer</p>"


def test_descriptions_have_a_length() -> None:
    assert codes(build(a_frame(), facts(description_html="x" * 10_000))) == []
    assert codes(build(a_frame(), facts(description_html="x" * 10_001))) == ["DESCRIPTION_TOO_LONG"]
