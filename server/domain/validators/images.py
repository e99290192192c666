"""The product's pictures: which are needed, and the draft with those that were uploaded (TikTok fact sheet 3.4)."""

import html
from collections.abc import Sequence
from dataclasses import replace

from server.domain.drafts import Picture, PictureNeed, PictureUse, ProductDraft, Shelf
from server.domain.findings import Findings
from server.domain.market_rules import MAX_DESCRIPTION_SIDE, MAX_IMAGES
from server.domain.problems import Problem, Severity
from server.domain.template_content import EmptyDescription
from server.domain.validators import papers, variant_pictures
from server.domain.validators.description import in_its_place
from server.domain.validators.description_images import Shown, image_urls, with_images
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
            f"The product has {len(unique)} pictures; the first {MAX_IMAGES} were sent: TikTok Shop takes no more. "
            f"Put the best {MAX_IMAGES} first in the store.",
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


def with_pictures(
    draft: ProductDraft, shelf: Shelf, when_empty: EmptyDescription, found: Findings
) -> ProductDraft | None:
    """The draft with TikTok's pictures in it. A broken picture is left out with a warning; none left is an error.

    ``when_empty`` says what to do with a description that only had pictures, when all of them broke.
    """
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
    described = _described(draft, shelf, when_empty, found)
    draft = papers.with_papers(draft, shelf, found)
    skus = variant_pictures.with_pictures(draft.skus, shelf, found)
    return replace(draft, pictures=pictures, skus=skus, description=described)


def _main(url: str, at: int, shelf: Shelf, found: Findings) -> Picture | None:
    result = shelf[PictureNeed(url, PictureUse.MAIN_IMAGE)]
    if isinstance(result, Picture):
        return result
    found.extend([replace(result, path=("images", str(at)), severity=Severity.WARNING)])
    return None


def _described(draft: ProductDraft, shelf: Shelf, when_empty: EmptyDescription, found: Findings) -> str:
    """The description with what became of its pictures; replaced when nothing of it is left (code 12052015)."""
    urls = image_urls(draft.description)
    shown = {url: _tag(shelf[PictureNeed(url, PictureUse.DESCRIPTION_IMAGE)]) for url in urls}
    text = with_images(draft.description, shown, found)
    if "<img" in text or text_of(text):
        return text
    why = "has no words, and none of its pictures could be sent"
    return in_its_place(draft.title, when_empty, found, why=why)


def _tag(one: Picture | Problem) -> Shown:
    """With TikTok's address and both sides, as descriptions demand them (TikTok fact sheet 3.10.1)."""
    if isinstance(one, Problem):
        return Shown(because=one.message)
    if not one.url or not one.width or not one.height:
        return Shown(because="TikTok Shop did not tell its address or size. Upload it to the store anew.")
    if max(one.width, one.height) > MAX_DESCRIPTION_SIDE:
        return Shown(because=f"It has {one.width} x {one.height} pixels, and each side has to be under 4000.")
    return Shown(f'<img src="{html.escape(one.url)}" width="{one.width}" height="{one.height}">')
