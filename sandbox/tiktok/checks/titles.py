"""Titles: length by market, script, characters."""

import re
import unicodedata
from collections.abc import Iterator

from sandbox.tiktok.checks.ground import Fault, Ground
from sandbox.tiktok.content import Content
from sandbox.tiktok.markets import Market

ESCAPE = re.compile(r"&(?:#\d+|#x[0-9a-fA-F]+|[a-zA-Z][a-zA-Z0-9]+);")
EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\u2b50\u2b55\ufe0f\u200d]")
REPEATED = re.compile(r"(.)\1{9,}", re.DOTALL)
# Markets whose buyers read a script other than Latin; their titles may use it.
OWN_SCRIPT = {"JP": ("HIRAGANA", "KATAKANA", "CJK"), "TH": ("THAI",), "SG": ("CJK",), "MY": ("CJK",)}


def check_title(content: Content, ground: Ground) -> Iterator[Fault]:
    """The title of a product."""
    return title_faults(content.title, ground.market)


def title_faults(title: str, market: Market) -> Iterator[Fault]:
    """Everything wrong with a title in a market; also used by Recommend Category."""
    if not title.strip():
        yield Fault(12052261, "The product title is empty")
        return
    if not market.title_min <= len(title) <= market.title_max:
        yield Fault(
            12052051,
            f"The product title has {len(title)} characters; {market.title_min} to {market.title_max} are allowed",
        )
    if _is_foreign(title, market.region):
        yield Fault(12052262, "The product title is not in the language of the market")
    if reason := _format_fault(title):
        yield Fault(12052931, f"The product title format is invalid: {reason}")


def _format_fault(title: str) -> str:
    if ESCAPE.search(title):
        return "HTML escapes are not allowed"
    if EMOJI.search(title):
        return "emoji are not allowed"
    if any(unicodedata.category(character) == "Cc" for character in title):
        return "control characters are not allowed"
    if not any(character.isalnum() for character in title):
        return "it consists of symbols only"
    if REPEATED.search(title):
        return "a character is repeated more than 9 times in a row"
    return ""


def _is_foreign(title: str, region: str) -> bool:
    """Whether most letters belong to a script that the market does not read; Latin is read everywhere."""
    if title.isascii():
        return False
    letters = [unicodedata.name(character, "") for character in title if character.isalpha()]
    read = ("LATIN", *OWN_SCRIPT.get(region, ()))
    foreign = sum(1 for name in letters if not name.startswith(read) and "LATIN" not in name)
    return foreign * 2 > len(letters)
