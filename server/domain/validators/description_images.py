"""Pictures in a description: which are needed, and what stands for each once uploaded (TikTok fact sheet 3.10.1)."""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass

from server.domain.files import ref_of
from server.domain.findings import Findings
from server.domain.market_rules import MAX_DESCRIPTION, MAX_DESCRIPTION_IMAGES

_PATH = ("description",)
_IMAGE = re.compile(r'<img\b(?:[^">]|"[^"]*")*>')
_ATTRIBUTE = re.compile(r'\s([^\s="]+)="([^"]*)"')
_NAMED = 3
_LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Shown:
    """What became of a picture: the tag that stands for it, or why there is none."""

    tag: str = ""
    because: str = ""


_BEYOND = Shown(because=f"TikTok Shop takes {MAX_DESCRIPTION_IMAGES} pictures.")
_NO_ROOM = f"TikTok Shop takes {MAX_DESCRIPTION} characters of HTML, and its tag would go beyond them."
_NO_ADDRESS = "A picture needs a whole web address."


def image_urls(clean: str) -> tuple[str, ...]:
    """Addresses of the pictures in cleaned HTML, each once, in their order, as many as the platform takes."""
    if "<img" not in clean:
        return ()
    urls = dict.fromkeys(address for tag in _IMAGE.findall(clean) if (address := _address(_source(tag))))
    return tuple(urls)[:MAX_DESCRIPTION_IMAGES]


def without_images(clean: str) -> str:
    """What is sent for certain: pictures get other addresses, and go only as far as there is room for them."""
    return _IMAGE.sub("", clean) if "<img" in clean else clean


def with_images(clean: str, shown: Mapping[str, Shown], found: Findings) -> str:
    """The HTML with what became of each picture (``shown``, by its address before the upload) in its place.

    Left out, with a warning, are those without a tag, and those for which the platform's limits leave no room: their
    number, and the length of the whole.
    """
    if "<img" not in clean:
        return clean
    room = MAX_DESCRIPTION - len(without_images(clean))
    lost: list[tuple[str, str]] = []
    sent = 0

    def replaced(match: re.Match[str]) -> str:
        nonlocal sent, room
        source = _source(match.group())
        address = _address(source)
        one = shown.get(address, _BEYOND) if sent < MAX_DESCRIPTION_IMAGES else _BEYOND
        if not address or not one.tag or len(one.tag) > room:
            lost.append((source, (one.because or _NO_ROOM) if address else _NO_ADDRESS))
            return ""
        sent, room = sent + 1, room - len(one.tag)
        return one.tag

    result = _IMAGE.sub(replaced, clean)
    if lost:
        _tell(lost, found)
    return result


def _tell(lost: list[tuple[str, str]], found: Findings) -> None:
    """One warning for all of them, which names the first ones with their causes."""
    each = list(dict.fromkeys(lost))
    causes = " ".join(f"{_named(source)}: {because}" for source, because in each[:_NAMED])
    more = f" So it is with {len(each) - _NAMED} more." if len(each) > _NAMED else ""
    found.warning(
        "DESCRIPTION_IMAGE_LEFT_OUT",
        _PATH,
        f"{len(lost)} picture{'s' if len(lost) > 1 else ''} in the description could not be sent; the rest of it was. "
        f"{causes}{more} Replace or remove what is named.",
    )


def _named(source: str) -> str:
    """Its address without the query, which may hold a secret of the place where it lies."""
    name = html.unescape(source).strip().partition("?")[0]
    if not name:
        return "One without an address"
    return f"“{name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + '…'}”"


def _source(tag: str) -> str:
    """The ``src`` of a cleaned tag, wherever it stands among its attributes."""
    return next((value for name, value in _ATTRIBUTE.findall(tag) if name == "src"), "")


def _address(source: str) -> str:
    """What an ``src`` points to; nothing when it is neither a whole web address nor a stored file's."""
    address = html.unescape(source).strip()
    if address.startswith("//"):
        return f"https:{address}"
    is_usable = address.startswith(("https://", "http://")) or ref_of(address) is not None
    return address if is_usable else ""
