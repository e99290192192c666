"""HTML made harmless: only the tags a caller names survive, text of the others is kept."""

import html
import re
from collections.abc import Iterable, Mapping

import nh3

_TAG = re.compile(r"<[^>]*>")
_SPACE = re.compile(r"\s+")


class HtmlCleaner:
    """Removes scripts, styles, event handlers, unknown tags and attributes; made once, used often."""

    def __init__(
        self, tags: Iterable[str], attributes: Mapping[str, Iterable[str]], *, schemes: Iterable[str] = ()
    ) -> None:
        """``schemes`` of addresses are kept besides http and https."""
        self._cleaner = nh3.Cleaner(
            tags=set(tags),
            attributes={tag: set(names) for tag, names in attributes.items()},
            clean_content_tags={"script", "style", "iframe", "object", "noscript", "template"},
            url_schemes={"http", "https", *schemes},
            link_rel=None,
        )

    def clean(self, source: str) -> str:
        """Well-formed HTML without anything that was not named."""
        return self._cleaner.clean(source)


def text_of(source: str) -> str:
    """The words of cleaned HTML, spaces folded; empty when there are none."""
    return _SPACE.sub(" ", html.unescape(_TAG.sub(" ", source))).strip()
