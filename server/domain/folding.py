"""Text as people search it: without case, accents or punctuation."""

import re
import unicodedata

_WORD = re.compile(r"\w+", re.UNICODE)


def fold(text: str) -> str:
    """Lower case without accents: ``Crème BRÛLÉE`` becomes ``creme brulee``."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return unicodedata.normalize("NFC", "".join(c for c in decomposed if not unicodedata.combining(c)))


def words(text: str) -> list[str]:
    """The folded words of a text, in order."""
    return _WORD.findall(fold(text))


def search_text(*parts: str) -> str:
    """All words of the parts, each with a blank before it, so that ``LIKE '% prefix%'`` finds the start of a word."""
    return "".join(f" {word}" for part in parts for word in words(part))
