"""The brands of the sandbox: invented names, some T1, some authorized for the seller (TikTok fact sheet 3.9)."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sandbox.catalogue.tree import Category

DATA = Path(__file__).parent / "data" / "brands.tsv"


@dataclass(frozen=True, slots=True)
class Brand:
    """A brand; `families` are the category families it is available in."""

    id: str
    name: str
    families: frozenset[str]
    is_t1: bool
    is_authorized: bool

    @property
    def authorized_status(self) -> str:
        """`UNAUTHORIEZD` is the platform's own spelling."""
        return "AUTHORIZED" if self.is_authorized else "UNAUTHORIEZD"

    def fits(self, category: Category) -> bool:
        """Whether the brand sells in this category's family."""
        return category.family in self.families

    def wire(self, category: Category | None = None) -> dict[str, object]:
        """As Get Brands answers it; `brand_status` only for authorized brands when a category was named."""
        answer: dict[str, object] = {
            "id": self.id,
            "name": self.name,
            "authorized_status": self.authorized_status,
            "is_t1_brand": self.is_t1,
        }
        if category is not None and self.is_authorized:
            answer["brand_status"] = "AVAILABLE" if self.fits(category) else "UNAVAILABLE"
        return answer


@cache
def brands() -> tuple[Brand, ...]:
    """Every built-in brand, in file order."""
    with DATA.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t")
        return tuple(
            Brand(
                id=row["id"],
                name=row["name"],
                families=frozenset(row["families"].split(",")),
                is_t1=row["t1"] == "yes",
                is_authorized=row["authorized"] == "yes",
            )
            for row in rows
        )
