"""Main images and variant images: uploaded before, by this seller, of the right size."""

from collections.abc import Iterator

from sandbox.tiktok.checks.ground import Fault, Ground
from sandbox.tiktok.content import Content
from sandbox.tiktok.uploads import Image

MAX_MAIN = 9
MIN_SIDE, MAX_SIDE = 300, 4000
MAX_SUPPLEMENTARY = 8


def known_image(uri: str, ground: Ground) -> Image | None:
    """An image this seller uploaded."""
    image = ground.state.images.get(uri)
    return image if image is not None and image.open_id == ground.shop.open_id else None


def check_main_images(content: Content, ground: Ground) -> Iterator[Fault]:
    """1 to 9 main images."""
    if not content.main_images:
        yield Fault(12052028, "The main images are missing")
    if len(content.main_images) > MAX_MAIN:
        yield Fault(12052306, f"{len(content.main_images)} main images; {MAX_MAIN} are allowed")
    for uri in content.main_images:
        if not uri:
            yield Fault(12052300, "The uri of a main image is empty")
        elif (image := known_image(uri, ground)) is None:
            yield Fault(12052722, f"The uri of a main image is unknown: {uri}")
        else:
            yield from _size_faults(image)


def _size_faults(image: Image) -> Iterator[Fault]:
    if min(image.width, image.height) < MIN_SIDE:
        yield Fault(12052301, f"A main image is smaller than {MIN_SIDE} px: {image.uri}")
    if max(image.width, image.height) > MAX_SIDE:
        yield Fault(12052302, f"A main image is larger than {MAX_SIDE} px: {image.uri}")
    if image.width * 4 < image.height * 3 or image.width * 3 > image.height * 4:
        yield Fault(12052305, f"A main image is outside the ratios 3:4 to 4:3: {image.uri}")


def check_variant_images(content: Content, ground: Ground) -> Iterator[Fault]:
    """Only one axis carries images, and then every value of it."""
    axes = [axis for sku in content.skus for axis in sku.sales_attributes]
    carriers = {axis.id or axis.name for axis in axes if axis.sku_img}
    if len(carriers) > 1:
        yield Fault(12052528, "Only one sales attribute may carry images")
    elif carriers and any(not axis.sku_img for axis in axes if (axis.id or axis.name) in carriers):
        yield Fault(12052522, "Every value of the sales attribute with images needs an image")
    for axis in axes:
        if axis.sku_img and known_image(axis.sku_img, ground) is None:
            yield Fault(12052520, f"The uri of a variant image is unknown: {axis.sku_img}")
        yield from _supplementary_faults(axis.supplementary_images, ground)


def _supplementary_faults(uris: tuple[str, ...], ground: Ground) -> Iterator[Fault]:
    if len(uris) > MAX_SUPPLEMENTARY:
        yield Fault(12052356, f"{len(uris)} supplementary variant images; {MAX_SUPPLEMENTARY} are allowed")
    if any(known_image(uri, ground) is None for uri in uris):
        yield Fault(12052357, "The uri of a supplementary variant image is unknown")
