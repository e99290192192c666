"""How text becomes terms: folded, cut, singular, with neighbouring words also joined ("eye liner" meets "eyeliner")."""

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_CLAUSE_END = re.compile(r"\s+(?:with|for|in|from|by|w)\s+|[,;|(\[/:+]|\s[-–—]\s|\bw/|(?<!\d)\.\s", re.IGNORECASE)
# Scripts written without blanks between words: pairs of characters serve as words there.
_UNSPACED = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]{2,}")

_STOP_WORDS = """
a an and any all are as at be been both but by can comes do does each even every for from get has have he her his
how if in into is it its just like made make makes more most much my new no non not of off on one only or other our
out over own perfect per pcs so some such than that the their them these they this those through to too up us use
used very via was we were what when which while who will with without you your
"""
STOP = frozenset(_STOP_WORDS.split())

_IRREGULAR = {
    "knives": "knife", "shelves": "shelf", "scarves": "scarf", "leaves": "leaf", "loaves": "loaf", "women": "woman",
    "men": "man", "children": "child", "feet": "foot", "teeth": "tooth", "mice": "mouse", "geese": "goose",
    "womens": "woman", "mens": "man", "gents": "man", "ladies": "woman", "kids": "child", "accessories": "accessory",
    "lens": "lens", "series": "series", "clothes": "clothes", "shoes": "shoe", "toes": "toe", "halves": "half",
    "wolves": "wolf", "calves": "calf", "cookies": "cookie", "hoodies": "hoodie", "movies": "movie",
    "smoothies": "smoothie", "brownies": "brownie", "selfies": "selfie", "ties": "tie", "pies": "pie", "dies": "die",
    "potatoes": "potato", "tomatoes": "tomato", "axes": "axe", "canvas": "canvas", "christmas": "christmas",
}  # fmt: skip


def singular(word: str) -> str:
    """The word without its plural ending; light on purpose, since both sides pass through it."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("xes", "ches", "shes", "sses", "zzes")):
        return word[:-2]
    return word[:-1]


def folded(text: str) -> str:
    """Lower case without accents; apostrophes made one sort."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.replace("’", "'"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).casefold()


def words(text: str) -> list[str]:
    """The text's words, singular, in order, stop words kept."""
    found: list[str] = []
    for word in _WORD.findall(folded(text)):
        found.extend(_terms(word))
    return found


@lru_cache(maxsize=65_536)
def _terms(word: str) -> tuple[str, ...]:
    if _UNSPACED.fullmatch(word):
        return tuple(word[at : at + 2] for at in range(len(word) - 1))
    return (singular(word[:-2] if word.endswith("'s") else word.replace("'", "")),)


def content(text: str) -> list[str]:
    """Words that can say what a product is: no stop words, no bare numbers."""
    return [word for word in words(text) if word not in STOP and not word.isdigit()]


def joined(sequence: list[str]) -> list[str]:
    """Each pair of neighbours as one term."""
    return [first + second for first, second in pairwise(sequence)]


def opening_clause(title: str) -> str:
    """What stands before the first "with", "for", comma or dash: the thing is named there, its features after."""
    cuts = [cut.start() for cut in _CLAUSE_END.finditer(title) if cut.start() > 0]
    return title[: cuts[0]] if cuts else title


def as_written(text: str) -> dict[str, str]:
    """Each term (single words and joined pairs) -> the words of the text it stands for."""
    row = [(term, word) for word in _WORD.findall(text) for term in _terms(folded(word)) if term not in STOP]
    pairs = pairwise(row)
    surfaces = {first + second: f"{word} {following}" for (first, word), (second, following) in pairs}
    return surfaces | dict(reversed(row))
