"""Brands: listed ones by authorization and category, custom ones of the seller."""

from collections.abc import Iterator

from sandbox.catalogue.brands import Brand, brands
from sandbox.tiktok.checks.ground import Fault, Ground
from sandbox.tiktok.content import Content

BRANDS: dict[str, Brand] = {brand.id: brand for brand in brands()}


def check_brand(content: Content, ground: Ground) -> Iterator[Fault]:
    """Authorized and available, or unauthorized and not T1; a malformed id is cleared later with a warning."""
    brand_id = content.brand_id
    if not brand_id.isdigit() or not brand_id.isascii():
        return
    brand = BRANDS.get(brand_id)
    if brand is None:
        custom = ground.state.brands.get(brand_id)
        if custom is None or custom.open_id != ground.shop.open_id:
            yield Fault(12052026, f"The brand is unknown: {brand_id}")
    elif brand.is_authorized and not brand.fits(ground.leaf.category):
        yield Fault(12052201, f"The brand {brand.name} cannot be used in this category")
    elif brand.is_t1 and not brand.is_authorized:
        yield Fault(12052208, f"The brand {brand.name} needs an authorization")
