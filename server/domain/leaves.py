"""What a leaf category demands: its attributes and its rules, with their conditions (TikTok fact sheet 3.8, 3.9)."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from server.domain.categories import CategoryRef


@dataclass(frozen=True, slots=True)
class Condition:
    """Met when value ``value_id`` was chosen for attribute ``attribute_id``; several conditions are alternatives."""

    attribute_id: str
    value_id: str


@dataclass(frozen=True, slots=True)
class LeafValue:
    """One value the platform offers."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class LeafAttribute:
    """``is_sales``: a variant axis; otherwise it describes the product. ``is_required``: always, not by condition."""

    id: str
    name: str
    is_sales: bool = False
    is_required: bool = False
    is_customizable: bool = False
    is_multiple: bool = False
    is_number: bool = False
    values: tuple[LeafValue, ...] = ()
    conditions: tuple[Condition, ...] = ()

    @property
    def takes_text(self) -> bool:
        """Whether a text of one's own will do: also where nothing is offered to choose from (fact sheet 3.9)."""
        return self.is_customizable or self.is_number or not self.values


@dataclass(frozen=True, slots=True)
class LeafCertification:
    """A document the platform asks for, always or under conditions."""

    id: str
    name: str
    is_required: bool = False
    needs_expiry: bool = False
    conditions: tuple[Condition, ...] = ()
    details: str = ""
    sample_image_url: str = ""


@dataclass(frozen=True, slots=True)
class LeafRules:
    """What else a listing needs. ``dimensions_required`` is None when the platform says nothing about them."""

    certifications: tuple[LeafCertification, ...] = ()
    size_chart_supported: bool = False
    size_chart_required: bool = False
    cod_supported: bool = False
    dimensions_required: bool | None = None
    manufacturer_required: bool = False
    responsible_person_required: bool = False
    seller_sku_required: bool = False
    fees_required: tuple[str, ...] = ()
    epr_required: bool = False
    special_types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Leaf:
    """A leaf category with everything it demands."""

    category: CategoryRef
    attributes: tuple[LeafAttribute, ...] = ()
    rules: LeafRules = LeafRules()

    def attributes_json(self) -> list[dict[str, Any]]:
        """The form kept in ``leaf_facts.attributes``."""
        return [asdict(attribute) for attribute in self.attributes]

    def rules_json(self) -> dict[str, Any]:
        """The form kept in ``leaf_facts.rules``."""
        return asdict(self.rules)

    @classmethod
    def from_json(
        cls, category: CategoryRef, attributes: Sequence[Mapping[str, Any]], rules: Mapping[str, Any]
    ) -> "Leaf":
        """Read back what ``attributes_json`` and ``rules_json`` wrote."""
        documents = tuple(
            LeafCertification(**{**document, "conditions": _conditions(document)})
            for document in rules.get("certifications", ())
        )
        lists = {name: tuple(rules.get(name, ())) for name in ("fees_required", "special_types")}
        plain = {**rules, "certifications": documents, **lists}
        return cls(category, tuple(_attribute(attribute) for attribute in attributes), LeafRules(**plain))


def _attribute(data: Mapping[str, Any]) -> LeafAttribute:
    values = tuple(LeafValue(**value) for value in data["values"])
    return LeafAttribute(**{**data, "values": values, "conditions": _conditions(data)})


def _conditions(data: Mapping[str, Any]) -> tuple[Condition, ...]:
    return tuple(Condition(**condition) for condition in data["conditions"])
