"""How texts of two sides are compared, and what counts as a number."""

import re
import unicodedata

_SPACE = re.compile(r"\s+")
_NUMBER = re.compile(r"\d{1,12}(\.\d{1,6})?", re.ASCII)


def key_of(text: str) -> str:
    """Equal for texts that people take for the same: case, accents' spelling and spaces do not count."""
    if text.isascii():
        return " ".join(text.lower().split())
    return _SPACE.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()


def positive_number(text: str) -> bool:
    """Digits with at most one point, and not zero (the platform's ``POSITIVE_INT_OR_DECIMAL``)."""
    return bool(_NUMBER.fullmatch(text)) and text.strip("0.") != ""
