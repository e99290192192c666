"""Gives variants their ids: SKU ids, and ids of axes and values the seller named (fact sheet 3.10.2)."""

from collections.abc import Mapping
from dataclasses import replace

from sandbox.catalogue.attributes import Attribute
from sandbox.tiktok.content import Content, SalesAttribute, Sku
from sandbox.tiktok.leaves import Leaf
from sandbox.tiktok.sellers import Shop
from sandbox.tiktok.state import TikTokState


def with_ids(content: Content, state: TikTokState, shop: Shop, leaf: Leaf) -> Content:
    """The content with every id there is; names are filled in where only the id was sent."""
    known = {one.id: one for one in leaf.attributes if one.type == "SALES_PROPERTY"}
    return replace(content, skus=tuple(_sku(sku, state, shop, known) for sku in content.skus))


def _sku(sku: Sku, state: TikTokState, shop: Shop, known: Mapping[str, Attribute]) -> Sku:
    axes = tuple(_axis(axis, state, shop, known) for axis in sku.sales_attributes)
    return replace(sku, id=sku.id or state.ids.decimal("sku"), sales_attributes=axes)


def _axis(axis: SalesAttribute, state: TikTokState, shop: Shop, known: Mapping[str, Attribute]) -> SalesAttribute:
    by_name = {one.name.casefold(): one.id for one in known.values()}
    axis_id = axis.id or by_name.get(axis.name.casefold()) or state.custom_axis(shop.id, axis.name)
    attribute = known.get(axis_id)
    name = attribute.name if attribute else state.made.get(axis_id, ("", axis.name))[1]
    values = {value.id: value.name for value in attribute.values} if attribute else {}
    names = {value_name: value_id for value_id, value_name in values.items()}
    value_id = axis.value_id or names.get(axis.value_name) or state.custom_value(axis_id, axis.value_name)
    value_name = values.get(value_id) or state.made.get(value_id, ("", axis.value_name))[1]
    return replace(axis, id=axis_id, name=name, value_id=value_id, value_name=value_name)
