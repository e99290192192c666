"""The description as HTML the platform takes (TikTok fact sheet 3.10.1, codes 12052013-12052352)."""

import html
import re
from collections.abc import Mapping

from server.domain.files import SCHEME, ref_of
from server.domain.findings import Findings
from server.domain.market_rules import MAX_DESCRIPTION, MAX_DESCRIPTION_IMAGES
from server.domain.problems import Remedy
from server.domain.template_content import EmptyDescription
from server.kit.html import HtmlCleaner, text_of

_PATH = ("description",)
_WORDS = (
    "p",
    "br",
    "hr",
    "div",
    "span",
    "b",
    "strong",
    "i",
    "em",
    "u",
    "s",
    "small",
    "sub",
    "sup",
    "blockquote",
    "pre",
)
_LISTS = ("ul", "ol", "li", "dl", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "code")
_TABLES = ("table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "img")
_TAGS = (*_WORDS, *_LISTS, *_TABLES)
_CLEANER = HtmlCleaner(
    _TAGS,
    {"img": ["src"], "td": ["colspan", "rowspan"], "th": ["colspan", "rowspan"]},
    schemes=[SCHEME],
)
"""Links lose their address and keep their words: descriptions must not lead out of TikTok Shop."""
_IMAGE = re.compile(r'<img(?: src="([^"]*)")?>')
_PLAIN = re.compile(r"[^<>&\x00-\x08\x0b\x0c\x0e-\x1f]*")


def description(raw: str, title: str, when_empty: EmptyDescription, found: Findings) -> str:
    """Cleaned HTML. Its ``<img>`` still have the store's addresses: see ``image_urls`` and ``with_images``."""
    clean = raw.strip() if _PLAIN.fullmatch(raw) else _CLEANER.clean(raw).strip()
    if not text_of(clean) and not _IMAGE.search(clean):
        return _replacement(title, when_empty, found)
    length = len(_without_images(clean))
    if length > MAX_DESCRIPTION:
        found.error(
            "DESCRIPTION_TOO_LONG",
            _PATH,
            f"The description has {length} characters of HTML; TikTok Shop takes {MAX_DESCRIPTION}. Shorten it.",
        )
    return clean


def _without_images(clean: str) -> str:
    """What is sent for certain: pictures get other addresses, and go only as far as there is room for them."""
    return _IMAGE.sub("", clean) if "<img" in clean else clean


def _replacement(title: str, when_empty: EmptyDescription, found: Findings) -> str:
    if when_empty is EmptyDescription.USE_TITLE:
        found.warning("DESCRIPTION_FROM_TITLE", _PATH, "The description is empty, so the title was sent in its place.")
        return f"<p>{html.escape(title, quote=False)}</p>"
    found.error(
        "DESCRIPTION_EMPTY",
        _PATH,
        "TikTok Shop demands a description and this one is empty. Write one, or let the template use the title.",
    )
    return ""


def image_urls(clean: str) -> tuple[str, ...]:
    """Addresses of the pictures in cleaned HTML, each once, in their order, as many as the platform takes."""
    if "<img" not in clean:
        return ()
    urls = dict.fromkeys(address for source in _IMAGE.findall(clean) if (address := _address(source)))
    return tuple(urls)[:MAX_DESCRIPTION_IMAGES]


def _address(source: str) -> str:
    """What an ``src`` points to; nothing when it is neither a whole web address nor a stored file's."""
    address = html.unescape(source).strip()
    if address.startswith("//"):
        return f"https:{address}"
    is_usable = address.startswith(("https://", "http://")) or ref_of(address) is not None
    return address if is_usable else ""


def with_images(clean: str, tags: Mapping[str, str], found: Findings) -> str:
    """The HTML with each picture's tag from ``tags`` (by its address before the upload).

    Left out, with a warning, are pictures without a tag, and those for which the platform's limits leave no room:
    their number, and the length of the whole.
    """
    if "<img" not in clean:
        return clean
    room = MAX_DESCRIPTION - len(_without_images(clean))
    lost = sent = 0

    def replaced(match: re.Match[str]) -> str:
        nonlocal lost, sent, room
        tag = tags.get(_address(match.group(1) or ""))
        if tag is None or sent == MAX_DESCRIPTION_IMAGES or len(tag) > room:
            lost += 1
            return ""
        sent, room = sent + 1, room - len(tag)
        return tag

    result = _IMAGE.sub(replaced, clean)
    if lost:
        found.warning(
            "DESCRIPTION_IMAGE_LEFT_OUT",
            _PATH,
            f"{lost} picture{'s' if lost > 1 else ''} in the description could not be sent; the rest of it was.",
            Remedy.FIX_PRODUCT,
        )
    return result
