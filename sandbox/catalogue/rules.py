"""The listing rules of a leaf category, in the platform's own spelling (TikTok fact sheet 3.8)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sandbox.catalogue.attributes import Condition, conditions_of
from sandbox.catalogue.families import GENERAL
from sandbox.catalogue.tree import Category

DATA = Path(__file__).parent / "data" / "rules.json"
COD_MARKETS = frozenset({"ID", "MY", "PH", "SA", "TH", "VN"})
EU_MARKETS = frozenset({"DE", "ES", "FR", "IE", "IT"})
OPTIONAL_DIMENSION_MARKETS = frozenset({"ID", "TH", "VN"})


@dataclass(frozen=True, slots=True)
class Certification:
    """A document the platform asks for; `conditions` are alternatives, each making it required."""

    id: str
    name: str
    details: str
    is_required: bool
    conditions: tuple[Condition, ...]
    markets: frozenset[str]
    expires: bool

    def wire(self) -> dict[str, object]:
        """As Get Category Rules answers it."""
        answer: dict[str, object] = {
            "id": self.id,
            "name": self.name,
            "is_required": self.is_required,
            "document_details": self.details,
            "sample_image_url": f"https://sandbox.invalid/samples/{self.id}.png",
            "expiration_date": {"is_required": self.expires},
        }
        if self.conditions:
            answer["requirement_conditions"] = [condition.wire() for condition in self.conditions]
        return answer


@dataclass(frozen=True, slots=True)
class CategoryRules:
    """What a listing in one leaf needs, in one market. `package_dimension` is None for cross-border sellers."""

    certifications: tuple[Certification, ...]
    size_chart_supported: bool
    size_chart_required: bool
    cod_supported: bool
    package_dimension: bool | None
    epr: bool
    responsible_person: bool
    manufacturer: bool
    special_types: tuple[str, ...]
    fees: tuple[str, ...]
    seller_sku: bool

    def wire(self) -> dict[str, object]:
        """`data` of Get Category Rules; absent objects mean "not required"."""
        answer: dict[str, object] = {
            "product_certifications": [one.wire() for one in self.certifications],
            "size_chart": {"is_supported": self.size_chart_supported, "is_required": self.size_chart_required},
            "cod": {"is_supported": self.cod_supported},
            "epr": {"is_required": self.epr},
            "responsible_person": {"is_required": self.responsible_person},
            "manufacturer": {"is_required": self.manufacturer},
            "seller_sku": {"is_required": self.seller_sku},
        }
        if self.package_dimension is not None:
            answer["package_dimension"] = {"is_required": self.package_dimension}
        if self.special_types:
            answer["allowed_special_product_types"] = list(self.special_types)
        if self.fees:
            answer["fees"] = [{"type": kind, "is_required": True} for kind in self.fees]
        return answer


def rules_of(category: Category, market: str, *, cross_border: bool = False) -> CategoryRules:
    """The rules of a leaf by its family, for a market and the kind of seller."""
    families = _book()
    raw = families.get(category.family, families[GENERAL])
    size_chart, special = str(raw["size_chart"]), raw["special"]
    in_eu = market in EU_MARKETS
    return CategoryRules(
        certifications=tuple(one for one in _certifications(raw) if not one.markets or market in one.markets),
        size_chart_supported=size_chart != "no",
        size_chart_required=size_chart == "required",
        cod_supported=market in COD_MARKETS and raw["cod"] is True,
        package_dimension=None if cross_border else _dimension(raw, market),
        epr=in_eu and raw["epr"] is True,
        responsible_person=in_eu and raw["eu"] is True,
        manufacturer=in_eu and raw["eu"] is True,
        special_types=tuple(special) if isinstance(special, list) else (),
        fees=("PFAND",) if market == "DE" and raw["pfand"] is True else (),
        seller_sku=raw["seller_sku"] is True,
    )


def _dimension(raw: Mapping[str, object], market: str) -> bool:
    return raw["package_dimension"] is True and market not in OPTIONAL_DIMENSION_MARKETS


@cache
def _book() -> Mapping[str, Mapping[str, object]]:
    raw: dict[str, dict[str, dict[str, object]]] = json.loads(DATA.read_text("utf-8"))
    return raw["families"]


@cache
def _documents() -> Mapping[str, Certification]:
    raw = json.loads(DATA.read_text("utf-8"))["certifications"]
    return {
        key: Certification(
            id=entry["id"],
            name=entry["name"],
            details=entry["details"],
            is_required=entry["required"],
            conditions=conditions_of(entry["when"]),
            markets=frozenset(entry["markets"] or ()),
            expires=entry["expires"],
        )
        for key, entry in raw.items()
    }


def _certifications(raw: Mapping[str, object]) -> list[Certification]:
    keys = raw["certifications"]
    return [_documents()[key] for key in keys] if isinstance(keys, list) else []
