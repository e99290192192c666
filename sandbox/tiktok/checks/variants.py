"""Variants: how many, which axes, which combinations, whose ids."""

from collections.abc import Iterator, Mapping

from sandbox.catalogue.attributes import Attribute
from sandbox.tiktok.checks.ground import Fault, Ground
from sandbox.tiktok.content import Content, SalesAttribute, Sku

MAX_AXES = 3
MAX_AXIS_NAME, MAX_VALUE_NAME = 20, 50


def check_variants(content: Content, ground: Ground) -> Iterator[Fault]:
    """Count, axes, combinations and, on edits, SKU ids."""
    skus = content.skus
    if not skus:
        yield Fault(12052902, "The SKU list is empty")
        return
    if len(skus) > ground.market.sku_max:
        yield Fault(12052050, f"{len(skus)} SKUs; {ground.market.sku_max} are allowed in this market")
    yield from _axis_faults(skus, ground)
    yield from _name_faults(skus, ground)
    yield from _id_faults(skus, ground)


def axis_key(axis: SalesAttribute, ground: Ground) -> str:
    """What tells axes apart: the id, also where only a name is sent that has an id already."""
    if axis.id:
        return axis.id
    name = axis.name.casefold()
    listed = next((one.id for one in sales_properties(ground) if one.name.casefold() == name), None)
    return listed or ground.state.custom_axes.get(f"{ground.shop.id}/{axis.name}") or axis.name


def sales_properties(ground: Ground) -> list[Attribute]:
    """The axes the leaf lists."""
    return [one for one in ground.leaf.attributes if one.type == "SALES_PROPERTY"]


def _axis_faults(skus: tuple[Sku, ...], ground: Ground) -> Iterator[Fault]:
    combinations = [
        {axis_key(axis, ground): axis.value_id or axis.value_name for axis in sku.sales_attributes} for sku in skus
    ]
    axes = set().union(*combinations)
    if len(axes) > MAX_AXES:
        yield Fault(12052525, f"{len(axes)} sales attributes; {MAX_AXES} are allowed")
    if any(set(one) != axes for one in combinations) or (len(skus) > 1 and not axes):
        yield Fault(12052550, "Every SKU needs a value for every sales attribute")
    elif len({frozenset(one.items()) for one in combinations}) < len(skus):
        yield Fault(12052560, "Two SKUs have the same combination of sales attributes")


def _name_faults(skus: tuple[Sku, ...], ground: Ground) -> Iterator[Fault]:
    known = {one.id: one for one in sales_properties(ground)}
    axes = {(axis.id, axis.name, axis.value_id, axis.value_name): axis for sku in skus for axis in sku.sales_attributes}
    for axis in axes.values():
        yield from _one_axis_faults(axis, known, ground)


def _one_axis_faults(axis: SalesAttribute, known: Mapping[str, Attribute], ground: Ground) -> Iterator[Fault]:
    attribute = known.get(axis_key(axis, ground))
    if axis.id and attribute is None and not ground.state.is_custom_axis(ground.shop.id, axis.id):
        yield Fault(12052527, f"The sales attribute id is unknown in this category: {axis.id}")
    if not axis.id and not 1 <= len(axis.name) <= MAX_AXIS_NAME:
        yield Fault(12052933, f"A custom sales attribute name must have 1 to {MAX_AXIS_NAME} characters")
    if axis.value_id:
        listed = attribute is not None and any(value.id == axis.value_id for value in attribute.values)
        if not listed and not ground.state.is_custom_value(axis.value_id):
            yield Fault(12052529, f"The sales attribute value id is unknown: {axis.value_id}")
    elif attribute is not None and any(value.name == axis.value_name for value in attribute.values):
        return
    elif attribute is not None and not attribute.takes_text:
        # Ours: no page names the code for a value of one's own where the axis takes none.
        yield Fault(12052529, f"The sales attribute {attribute.name} does not take the value {axis.value_name}")
    elif not 1 <= len(axis.value_name) <= MAX_VALUE_NAME:
        yield Fault(12052934, f"A custom sales attribute value must have 1 to {MAX_VALUE_NAME} characters")


def _id_faults(skus: tuple[Sku, ...], ground: Ground) -> Iterator[Fault]:
    given = [sku.id for sku in skus if sku.id]
    mine = {sku.id for sku in ground.old.newest.skus} | {sku.id for sku in ground.old.base.skus} if ground.old else None
    if mine is not None and not mine.issuperset(given):
        yield Fault(12052557, "A SKU id does not belong to this product")
    if len(set(given)) < len(given):
        yield Fault(12052553, "A SKU id is given twice")
