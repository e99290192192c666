"""The title as the market takes it (TikTok fact sheet 3.10.1, codes 12052051, 12052261, 12052931)."""

import html
import re
from html.entities import html5

from server.domain.findings import Findings
from server.domain.market_rules import MAX_REPEATED, MarketRules

_PATH = ("title",)
_ESCAPE = re.compile(r"&(?:#[0-9]{1,99}|#[xX][0-9a-fA-F]{1,99}|[a-zA-Z][a-zA-Z0-9]*);")
"""An escape of more digits than these is none: Python reads no number of thousands of them."""
_SIGN = re.compile(
    "[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\u231a-\u23ff\u25fd\u25fe\x00-\x1f\x7f-\x9f\u2028\u2029]"
)
"""Emoji and control characters; words stay apart where one stood."""
_UNSEEN = re.compile(
    "[\u00ad\u200b\u200d-\u200f\u202a-\u202e\u2060\u2066-\u2069\u20e3\ufe0e\ufe0f\ufeff\U000e0020-\U000e007f]"
)
"""What has no look of its own: soft hyphens, joiners, directions, and the parts that emoji are put together with."""
_SPACE = re.compile(r"\s+")
_REPEATED = re.compile(r"(.)\1{" + str(MAX_REPEATED) + r",}", re.DOTALL)


def title(raw: str, rules: MarketRules, *, shorten: bool, found: Findings) -> str:
    """The title without escapes, emoji, control characters and long repetitions; within the market's length."""
    folded = _SPACE.sub(" ", _unescaped(raw)).strip()
    clean = _cleaned(folded)
    if clean != folded:
        found.warning(
            "TITLE_CLEANED",
            _PATH,
            f"TikTok Shop takes no emoji, control characters or long repetitions; it is sent as “{clean[:100]}”.",
        )
    if not any(character.isalnum() for character in clean):
        found.error("TITLE_EMPTY", _PATH, "The title has no letter or digit that can be sent; give the product a name.")
        return clean
    return _fitted(clean, rules, shorten, found)


def _unescaped(text: str) -> str:
    """Without HTML escapes, also those of escapes. "GT350&GT500" holds none: an escape ends with a semicolon."""
    while (plain := _ESCAPE.sub(_character, text)) != text:
        text = plain
    return text


def _character(escape: re.Match[str]) -> str:
    """What a whole escape stands for; a name that HTML does not know stays."""
    whole = escape.group()
    return html.unescape(whole) if whole[1] == "#" else html5.get(whole[1:], whole)


def _cleaned(text: str) -> str:
    if text.isascii() and text.isprintable():
        plain = text
    else:
        plain = _SPACE.sub(" ", _UNSEEN.sub("", _SIGN.sub(" ", text))).strip()
    return _REPEATED.sub(lambda match: match.group(1) * MAX_REPEATED, plain)


def _fitted(clean: str, rules: MarketRules, shorten: bool, found: Findings) -> str:
    if len(clean) < rules.title_min:
        found.error(
            "TITLE_TOO_SHORT",
            _PATH,
            f"The title has {len(clean)} characters; TikTok Shop {rules.market} asks for at least {rules.title_min}. "
            "Describe the product more fully.",
        )
    if len(clean) <= rules.title_max:
        return clean
    if not shorten:
        found.error(
            "TITLE_TOO_LONG",
            _PATH,
            f"The title has {len(clean)} characters; TikTok Shop {rules.market} takes {rules.title_max}. "
            "Shorten it in the store, or let the template shorten titles.",
        )
        return clean
    found.warning("TITLE_SHORTENED", _PATH, f"The title was cut to {rules.title_max} characters.")
    return _cut(clean, rules.title_max)


def _cut(text: str, length: int) -> str:
    """At the last space that leaves at least half of it."""
    head = text[:length]
    space = head.rfind(" ")
    return (head[:space] if space >= length // 2 and text[length] != " " else head).rstrip()
