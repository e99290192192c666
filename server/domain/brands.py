"""The brands that a leaf category offers a shop, as far as they are kept (TikTok fact sheet 3.9)."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from server.domain.comparing import key_of

LONGEST = 100
"""A vendor's name that is longer is no brand."""


@dataclass(frozen=True, slots=True)
class KeptBrand:
    """A brand as the platform told of it. ``is_usable``: authorized and available, or unauthorized and not T1."""

    id: str
    name: str
    is_authorized: bool
    is_usable: bool


@dataclass(frozen=True, slots=True)
class Brands:
    """What is kept of one leaf's brands. ``asked`` are comparable names that were looked for, found or not."""

    by_id: dict[str, KeptBrand] = field(default_factory=dict)
    by_name: dict[str, KeptBrand] = field(default_factory=dict)
    asked: frozenset[str] = frozenset()

    @classmethod
    def of(cls, kept: Iterable[KeptBrand], asked: Iterable[str] = ()) -> "Brands":
        """Of brands with the same name a usable one goes before others, an authorized one before the rest."""
        brands = sorted(kept, key=lambda one: (one.is_usable, one.is_authorized))
        by_name = {key_of(one.name): one for one in brands}
        return cls({one.id: one for one in brands}, by_name, frozenset((*asked, *by_name)))

    def was_asked(self, name: str) -> bool:
        """Whether it is known if the leaf has a brand of that name."""
        return len(name) > LONGEST or key_of(name) in self.asked

    def named(self, name: str) -> KeptBrand | None:
        """The brand of that name, without regard to case and blanks."""
        return self.by_name.get(key_of(name))
