"""Descriptions: HTML, with pictures that were uploaded before."""

from collections.abc import Iterator
from html.parser import HTMLParser

from sandbox.tiktok.checks.ground import Fault, Ground
from sandbox.tiktok.content import Content

MAX_LENGTH = 10_000
MAX_IMAGES = 30
MAX_SIDE = 4000
Attributes = dict[str, str | None]


class _Images(HTMLParser):
    """Collects the attributes of every `<img>`."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Attributes] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Called by the parser."""
        if tag == "img":
            self.found.append(dict(attrs))


def check_description(content: Content, ground: Ground) -> Iterator[Fault]:
    """The description of a product."""
    if not content.description.strip():
        yield Fault(12052015, "The product description is missing")
        return
    yield from description_faults(content.description, ground)


def description_faults(description: str, ground: Ground) -> Iterator[Fault]:
    """Everything wrong with a description that is there; also used by Recommend Category."""
    if len(description) > MAX_LENGTH:
        yield Fault(12052013, f"The product description has {len(description)} characters; {MAX_LENGTH} are allowed")
    if "<img" not in description.lower():
        return
    parser = _Images()
    parser.feed(description)
    if len(parser.found) > MAX_IMAGES:
        yield Fault(12052056, f"The product description has {len(parser.found)} images; {MAX_IMAGES} are allowed")
    for attributes in parser.found:
        yield from _image_faults(attributes, ground.state.image_urls)


def _image_faults(attributes: Attributes, known: set[str]) -> Iterator[Fault]:
    source = attributes.get("src") or ""
    sides = [attributes.get("width") or "", attributes.get("height") or ""]
    if not source:
        yield Fault(12052340, "An image of the product description has no src")
    elif source not in known:
        yield Fault(12052341, f"An image of the product description was not uploaded to TikTok Shop: {source}")
    if not all(side.isdigit() for side in sides):
        yield Fault(12052342, "An image of the product description lacks width or height")
    elif any(int(side) >= MAX_SIDE for side in sides):
        yield Fault(12052343, f"An image of the product description is not under {MAX_SIDE} px")
