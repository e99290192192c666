"""Seller-level things a product may name: size charts, manufacturers, responsible persons, custom brands, templates."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CustomBrand:
    """A brand the seller made."""

    id: str
    name: str
    open_id: str
    create_time: int


@dataclass(frozen=True, slots=True)
class SizeChartTemplate:
    """A size chart made in Seller Center."""

    id: str
    name: str
    open_id: str
    image_uri: str
    image_url: str
    locale: str


@dataclass(frozen=True, slots=True)
class ComplianceEntity:
    """A manufacturer or responsible person; `profile` is what was sent on creation."""

    id: str
    open_id: str
    locale: str
    profile: Mapping[str, object]
