"""Who says what a field of a listing holds: the store, TikTok, or nobody any more (capability X6)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Owner(StrEnum):
    """Whose value counts."""

    STORE = "STORE"
    """Changes in the store, the template and overrides are sent. A change made on TikTok is held, never overwritten."""
    TIKTOK = "TIKTOK"
    """Sent when the product is created; afterwards what stands on TikTok stays, whoever changed it."""
    LOCKED = "LOCKED"
    """As TIKTOK, and a change made on TikTok is told."""


class FieldGroup(StrEnum):
    """Fields that are owned together."""

    STATUS = "STATUS"
    """Whether it is on sale: off when the store takes the product off, on again when it comes back."""
    TITLE = "TITLE"
    DESCRIPTION = "DESCRIPTION"
    PICTURES = "PICTURES"
    CATEGORY = "CATEGORY"
    ATTRIBUTES = "ATTRIBUTES"
    BRAND = "BRAND"
    VARIANTS = "VARIANTS"
    PRICE = "PRICE"
    STOCK = "STOCK"
    SHIPPING = "SHIPPING"
    COMPLIANCE = "COMPLIANCE"


Owners = Mapping[FieldGroup, Owner]

OF_LINKED: Owners = {
    group: Owner.TIKTOK for group in FieldGroup if group not in (FieldGroup.PRICE, FieldGroup.STOCK, FieldGroup.STATUS)
}
"""A product that somebody else made keeps its words and pictures; its price and stock follow the store."""


@dataclass(frozen=True, slots=True)
class Held:
    """What somebody else wrote on TikTok: nothing of ours is sent for these fields until the merchant decides.

    ``fields`` and ``skus`` are theirs, in the words of a snapshot.
    """

    since: datetime
    fields: Mapping[str, object] = field(default_factory=dict)
    skus: Mapping[str, Mapping[str, object]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ownership:
    """One listing's: ``own`` goes before the shop's ``default``; without either the store owns a field."""

    own: Owners = field(default_factory=dict)
    default: Owners = field(default_factory=dict)
    held: Mapping[FieldGroup, Held] = field(default_factory=dict)

    def owner(self, group: FieldGroup) -> Owner:
        """Whose value counts."""
        return self.own.get(group) or self.default.get(group) or Owner.STORE

    def sends(self, group: FieldGroup) -> bool:
        """Whether our value may go out now."""
        return self.owner(group) is Owner.STORE and group not in self.held

    def to_json(self) -> dict[str, Any]:
        """The form kept in ``listing.ownership``; the default is kept with the TikTok shop."""
        held = {
            group.value: {"since": one.since.isoformat(), "fields": dict(one.fields), "skus": dict(one.skus)}
            for group, one in self.held.items()
        }
        return {"owners": owners_json(self.own), "held": held} if self.own or held else {}

    @classmethod
    def from_json(cls, listing: Mapping[str, Any], shop: Mapping[str, Any]) -> "Ownership":
        """Read a listing's and its TikTok shop's columns; unknown groups are left out."""
        known = set(FieldGroup)
        held = {
            FieldGroup(group): Held(datetime.fromisoformat(one["since"]), one["fields"], one["skus"])
            for group, one in listing.get("held", {}).items()
            if group in known
        }
        return cls(owners_from_json(listing.get("owners", {})), owners_from_json(shop), held)


def owners_json(owners: Owners) -> dict[str, str]:
    """The form kept in rows."""
    return {group.value: owner.value for group, owner in owners.items()}


def owners_from_json(data: Mapping[str, Any]) -> dict[FieldGroup, Owner]:
    """Read back what ``owners_json`` wrote; what we do not know (any more) is left out."""
    groups, owners = set(FieldGroup), set(Owner)
    return {FieldGroup(group): Owner(owner) for group, owner in data.items() if group in groups and owner in owners}
