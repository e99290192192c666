"""All checks in the order the platform's first refusal follows."""

from collections.abc import Iterator

from sandbox.tiktok.checks.attributes import check_attributes
from sandbox.tiktok.checks.brands import check_brand
from sandbox.tiktok.checks.certifications import check_certifications
from sandbox.tiktok.checks.codes import check_codes
from sandbox.tiktok.checks.compliance import (
    check_cod,
    check_eu_entities,
    check_fees,
    check_pre_sale,
    check_size_chart,
)
from sandbox.tiktok.checks.descriptions import check_description
from sandbox.tiktok.checks.ground import Check, Fault, Ground
from sandbox.tiktok.checks.packages import check_dimensions, check_weight
from sandbox.tiktok.checks.pictures import check_main_images, check_variant_images
from sandbox.tiktok.checks.prices import check_prices
from sandbox.tiktok.checks.rest import check_rest
from sandbox.tiktok.checks.stock import check_stock
from sandbox.tiktok.checks.titles import check_title
from sandbox.tiktok.checks.variants import check_variants
from sandbox.tiktok.content import Content

CHECKS: tuple[Check, ...] = (
    check_title,
    check_description,
    check_main_images,
    check_brand,
    check_attributes,
    check_certifications,
    check_size_chart,
    check_weight,
    check_dimensions,
    check_variants,
    check_variant_images,
    check_codes,
    check_prices,
    check_stock,
    check_fees,
    check_pre_sale,
    check_cod,
    check_eu_entities,
    check_rest,
)


def faults(content: Content, ground: Ground) -> Iterator[Fault]:
    """Every broken rule, first things first."""
    for check in CHECKS:
        yield from check(content, ground)
