"""Where the values of a draft came from, as far as neither attributes nor papers: those tell of themselves."""

from collections.abc import Iterator, Mapping

from server.domain.category_choices import CategorySource
from server.domain.findings import Findings
from server.domain.layers import Effective, Layer
from server.domain.origins import Origin
from server.domain.overrides import Override
from server.domain.provenance import Provenance, Refused
from server.domain.source_texts import Text
from server.domain.template_settings import Setting
from server.domain.validators.package import PackageWeight, Source

_CATEGORY: Mapping[CategorySource, tuple[Layer, Origin]] = {
    CategorySource.OVERRIDE: (Layer.OVERRIDE, Origin.FIXED),
    CategorySource.TEMPLATE: (Layer.TEMPLATE, Origin.FIXED),
    CategorySource.APPROVAL: (Layer.HOUSE, Origin.APPROVAL),
    CategorySource.MAPPING: (Layer.HOUSE, Origin.MAPPING),
    CategorySource.DEFAULT_TEMPLATE: (Layer.TEMPLATE, Origin.FIXED),
}


def told_by_frame(effective: Effective, source: CategorySource | None) -> Iterator[Provenance]:
    """What is the same for all products: category, size, price and stock rules, makers and responsible persons."""
    content = effective.content
    if source is not None:
        yield Provenance("category", *_CATEGORY[source])
    yield Provenance("price", effective.layer(Setting.PRICE), Origin.PRODUCT)
    yield Provenance("stock", effective.layer(Setting.STOCK), Origin.PRODUCT)
    if content.shipping.dimensions is not None:
        yield Provenance("package.dimensions", effective.layer(Setting.DIMENSIONS), Origin.FIXED)
    if content.manufacturer_ids:
        yield Provenance("manufacturers", effective.layer(Setting.MANUFACTURERS), Origin.FIXED)
    if content.responsible_person_ids:
        yield Provenance("responsible_persons", effective.layer(Setting.RESPONSIBLE_PERSONS), Origin.FIXED)


def told_of_product(
    effective: Effective,
    called: Text,
    described: Text,
    weight: PackageWeight | None,
    own: Override,
    found: Findings,
) -> Iterator[Provenance]:
    """What differs from product to product."""
    yield called.told("title", Setting.TITLE, effective)
    if any(problem.code == "DESCRIPTION_FROM_TITLE" for problem in found.problems):
        yield title_for_description(effective, described)
    else:
        yield described.told("description", Setting.DESCRIPTION, effective)
    yield Provenance("images", Layer.OVERRIDE, Origin.FIXED) if own.pictures else _STORE_PICTURES
    if weight is not None:
        yield _weight(effective, weight)
    for one in own.variants:
        name = one.remote_id or one.sku or ""
        if one.price is not None:
            yield Provenance(f"variants.{name}.price", Layer.OVERRIDE, Origin.FIXED)
        if one.quantity is not None:
            yield Provenance(f"variants.{name}.quantity", Layer.OVERRIDE, Origin.FIXED)


def title_for_description(effective: Effective, described: Text) -> Provenance:
    """What is told when the title stands in for a description."""
    why = Refused(described.origin, "the description is empty")
    return Provenance("description", effective.layer(Setting.EMPTY_DESCRIPTION), Origin.BACKUP, "title", (why,))


_STORE_PICTURES = Provenance("images", Layer.HOUSE, Origin.PRODUCT)


def _weight(effective: Effective, weight: PackageWeight) -> Provenance:
    if weight.source is Source.STORE:
        return Provenance("package.weight", effective.layer(Setting.WEIGHT_SOURCE), Origin.PRODUCT)
    origin = Origin.BACKUP if weight.source is Source.BACKUP else Origin.FIXED
    refused = (Refused(Origin.PRODUCT, weight.refused),) if weight.refused else ()
    return Provenance("package.weight", effective.layer(Setting.WEIGHT), origin, refused=refused)
