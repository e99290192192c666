"""What describes a product to the platform: brand, attributes, and the papers that its attributes call for."""

from dataclasses import dataclass
from datetime import date

from server.domain.brands import Brands
from server.domain.facts import ProductFacts
from server.domain.findings import Findings
from server.domain.layers import Effective, Layer
from server.domain.leaves import LeafRules
from server.domain.origins import Origin
from server.domain.problems import Problem
from server.domain.provenance import Provenance
from server.domain.template_content import AttributeChoice, Certification, SizeChart
from server.domain.template_settings import Setting
from server.domain.validators.attributes import Offered, attributes
from server.domain.validators.brand import brand
from server.domain.validators.compliance import compliance


@dataclass(frozen=True, slots=True)
class Description:
    """Everything that is the same for all products unless a value comes from the store; then it is each product's."""

    attributes: tuple[AttributeChoice, ...]
    brand_id: str | None
    certifications: tuple[Certification, ...]
    size_chart: SizeChart | None
    problems: tuple[Problem, ...]
    provenance: tuple[Provenance, ...]


NOTHING_DESCRIBED = Description((), None, (), None, (), ())
"""Of a product whose leaf is not known."""


def needs_store(effective: Effective) -> bool:
    """Whether any of it is taken from the store, so that it must be worked out for each product."""
    content = effective.content
    return content.brand_source is not None or any(one.source is not None for one in content.attributes)


def describe(
    effective: Effective,
    offered: Offered,
    rules: LeafRules,
    brands: Brands,
    facts: ProductFacts | None,
    day: date | None = None,
) -> Description:
    """Without ``facts`` only what the layers themselves say counts. ``day``: see ``ShopTerms``."""
    found = Findings()
    content = effective.content
    sent, told = attributes(content.attributes, offered, found, facts=facts, layers=effective.attributes)
    brand_id, brand_told = brand(effective, facts, brands, found)
    certifications, size_chart = compliance(content, sent, rules, found, day)
    papers = [Provenance(f"certifications.{one.id}", _of(effective, one), Origin.FIXED) for one in certifications]
    if size_chart is not None:
        papers.append(Provenance("size_chart", effective.layer(Setting.SIZE_CHART), Origin.FIXED))
    provenance = (*((brand_told,) if brand_told is not None else ()), *told, *papers)
    return Description(sent, brand_id, certifications, size_chart, tuple(found.problems), provenance)


def _of(effective: Effective, one: Certification) -> Layer:
    return effective.certifications.get(one.id, Layer.TEMPLATE)
