"""The product's pictures: which are needed, and the draft with those that were uploaded (TikTok fact sheet 3.4)."""

import html
from collections.abc import Sequence
from dataclasses import replace

from server.domain.drafts import Axis, Picture, PictureNeed, PictureUse, ProductDraft, Shelf, SkuDraft
from server.domain.findings import Findings
from server.domain.market_rules import MAX_DESCRIPTION_SIDE, MAX_IMAGES
from server.domain.problems import Problem, Severity
from server.domain.validators import papers
from server.domain.validators.description import image_urls, with_images
from server.kit.html import text_of

_PATH = ("images",)


def main_pictures(urls: Sequence[str], found: Findings) -> tuple[str, ...]:
    """The gallery in the store's order, each picture once, as many as the platform takes."""
    unique = tuple(dict.fromkeys(url for url in urls if url))
    if not unique:
        found.error("IMAGES_MISSING", _PATH, "TikTok Shop demands at least one picture. Add one in the store.")
    if len(unique) > MAX_IMAGES:
        found.warning(
            "IMAGES_LEFT_OUT",
            _PATH,
            f"The product has {len(unique)} pictures; the first {MAX_IMAGES} were sent: TikTok Shop takes no more.",
        )
    return unique[:MAX_IMAGES]


def needs_of(draft: ProductDraft) -> tuple[PictureNeed, ...]:
    """Every picture the draft mentions, by its use."""
    main = (PictureNeed(url, PictureUse.MAIN_IMAGE) for url in draft.pictures)
    shown = (
        PictureNeed(axis.picture, PictureUse.ATTRIBUTE_IMAGE) for sku in draft.skus for axis in sku.axes if axis.picture
    )
    described = (PictureNeed(url, PictureUse.DESCRIPTION_IMAGE) for url in image_urls(draft.description))
    return tuple(dict.fromkeys((*main, *shown, *described, *papers.needs_of(draft))))


def with_pictures(draft: ProductDraft, shelf: Shelf, found: Findings) -> ProductDraft | None:
    """The draft with TikTok's pictures in it. A broken picture is left out with a warning; none left is an error."""
    pictures = tuple(
        one.uri for at, url in enumerate(draft.pictures) if (one := _main(url, at, shelf, found)) is not None
    )
    if not pictures:
        found.error(
            "IMAGES_ALL_BROKEN",
            _PATH,
            "None of the product's pictures could be used; the reasons stand beside each. Replace one in the store.",
        )
        return None
    described = _described(draft, shelf, found)
    draft = papers.with_papers(draft, shelf, found)
    return replace(draft, pictures=pictures, skus=_shown(draft.skus, shelf), description=described)


def _main(url: str, at: int, shelf: Shelf, found: Findings) -> Picture | None:
    result = shelf[PictureNeed(url, PictureUse.MAIN_IMAGE)]
    if isinstance(result, Picture):
        return result
    found.extend([replace(result, path=("images", str(at)), severity=Severity.WARNING)])
    return None


def _shown(skus: tuple[SkuDraft, ...], shelf: Shelf) -> tuple[SkuDraft, ...]:
    """All variant pictures or none: with one on the axis every value needs one (code 12052522)."""
    needs = {axis.picture for sku in skus for axis in sku.axes if axis.picture is not None}
    if not needs:
        return skus
    uploaded = {url: shelf[PictureNeed(url, PictureUse.ATTRIBUTE_IMAGE)] for url in needs}
    uris = {url: one.uri for url, one in uploaded.items() if isinstance(one, Picture)}
    complete = len(uris) == len(needs)
    return tuple(replace(sku, axes=tuple(_axis(axis, uris if complete else {}) for axis in sku.axes)) for sku in skus)


def _axis(axis: Axis, uris: dict[str, str]) -> Axis:
    return axis if axis.picture is None else replace(axis, picture=uris.get(axis.picture))


def _described(draft: ProductDraft, shelf: Shelf, found: Findings) -> str:
    urls = image_urls(draft.description)
    if not urls:
        return with_images(draft.description, {}, found)
    tags = {url: tag for url in urls if (tag := _tag(shelf[PictureNeed(url, PictureUse.DESCRIPTION_IMAGE)]))}
    text = with_images(draft.description, tags, found)
    if tags or text_of(text):
        return text
    return f"<p>{html.escape(draft.title, quote=False)}</p>"


def _tag(one: Picture | Problem) -> str | None:
    """With TikTok's address and both sides, as descriptions demand them (TikTok fact sheet 3.10.1)."""
    if isinstance(one, Problem) or not one.url or not one.width or not one.height:
        return None
    if max(one.width, one.height) > MAX_DESCRIPTION_SIDE:
        return None
    return f'<img src="{html.escape(one.url)}" width="{one.width}" height="{one.height}">'
