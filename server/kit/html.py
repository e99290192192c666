"""HTML made harmless: only the tags a caller names survive, text of the others is kept."""

import html
import re
from collections.abc import Iterable, Mapping

import nh3

_TAG = re.compile(r"<[^>]*>")
_SPACE = re.compile(r"\s+")
_MARKUP = re.compile(r"<[a-zA-Z/!]")
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")
_EVERY_TAG = "*"
"""Left out, nh3 keeps ``lang`` and ``title`` on every tag."""


class HtmlCleaner:
    """Removes scripts, styles, event handlers, unknown tags and attributes; made once, used often."""

    def __init__(
        self, tags: Iterable[str], attributes: Mapping[str, Iterable[str]], *, schemes: Iterable[str] = ()
    ) -> None:
        """``schemes`` of addresses are kept besides http and https. No attribute stays that is not named here."""
        named = {tag: set(names) for tag, names in attributes.items()}
        self._cleaner = nh3.Cleaner(
            tags=set(tags),
            attributes={_EVERY_TAG: set(), **named},
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


def with_lines(source: str) -> str:
    """Plain text of several lines with its lines kept; a blank line ends a paragraph. Text with tags is HTML already.

    Nothing is escaped: what comes out is HTML as raw as what went in.
    """
    text = "\n".join(source.strip().splitlines())
    if "\n" not in text or _MARKUP.search(text):
        return source
    paragraphs = (block.split("\n") for block in _BLANK_LINE.split(text))
    return "".join(f"<p>{'<br>'.join(line.strip() for line in lines)}</p>" for lines in paragraphs)
