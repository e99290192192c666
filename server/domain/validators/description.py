"""The description as HTML the platform takes (TikTok fact sheet 3.10.1, codes 12052013-12052352)."""

import html
import re

from server.domain.files import SCHEME
from server.domain.findings import Findings
from server.domain.market_rules import MAX_DESCRIPTION
from server.domain.template_content import EmptyDescription
from server.domain.validators.description_images import image_urls, without_images
from server.kit.html import HtmlCleaner, text_of

_PATH = ("description",)
_BLOCKS = """
address article aside blockquote br center details div figcaption figure footer h1 h2 h3 h4 h5 h6 header hgroup hr main
nav p pre section summary
"""
_WORDS = """
abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd mark q rp rt ruby s samp small span strike strong
sub sup time tt u var wbr
"""
_LISTS = "dd dir dl dt li menu ol ul"
_TABLES = "caption col colgroup table tbody td tfoot th thead tr"
_CLEANER = HtmlCleaner(
    (*_BLOCKS.split(), *_WORDS.split(), *_LISTS.split(), *_TABLES.split(), "img"),
    {
        "img": ["src"],
        "td": ["colspan", "rowspan"],
        "th": ["colspan", "rowspan"],
        "col": ["span"],
        "colgroup": ["span"],
        "ol": ["start", "reversed"],
        "bdo": ["dir"],
    },
    schemes=[SCHEME],
)
"""The platform takes all tags; these change how words read, and neither load nor do anything.

Links lose their address and keep their words: descriptions must not lead out of TikTok Shop.
"""
_PLAIN = re.compile(r"[^<>&\x00-\x08\x0b\x0c\x0e-\x1f]*")


def description(raw: str, title: str, when_empty: EmptyDescription, found: Findings) -> str:
    """Cleaned HTML. Its ``<img>`` still have the store's addresses: see ``description_images``."""
    clean = raw.strip() if _PLAIN.fullmatch(raw) else _CLEANER.clean(raw).strip()
    if not text_of(clean) and not image_urls(clean):
        why = "has neither words nor a picture that can be sent" if "<img" in clean else "is empty"
        return in_its_place(title, when_empty, found, why=why)
    length = len(without_images(clean))
    if length > MAX_DESCRIPTION:
        found.error(
            "DESCRIPTION_TOO_LONG",
            _PATH,
            f"The description has {length} characters of HTML; TikTok Shop takes {MAX_DESCRIPTION}. Shorten it.",
        )
    return clean


def in_its_place(title: str, when_empty: EmptyDescription, found: Findings, *, why: str) -> str:
    """What is sent for a description that says nothing: the title where that is wanted, else an error (12052015)."""
    if when_empty is EmptyDescription.USE_TITLE:
        found.warning(
            "DESCRIPTION_FROM_TITLE",
            _PATH,
            f"The description {why}, so the title was sent in its place. Write one for buyers to read.",
        )
        return f"<p>{html.escape(title, quote=False)}</p>"
    found.error(
        "DESCRIPTION_EMPTY",
        _PATH,
        f"TikTok Shop demands a description and this one {why}. Write one, or let the template use the title.",
    )
    return ""
