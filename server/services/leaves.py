"""What leaf categories demand: read from the platform once a day and kept."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from server.clients.tiktok import Access, TikTokClient
from server.clients.tiktok_category_answers import CategoryAttribute, CategoryRules
from server.clients.tiktok_category_answers import Condition as WireCondition
from server.domain.categories import CategoryRef
from server.domain.leaves import (
    Condition,
    Leaf,
    LeafAttribute,
    LeafCertification,
    LeafRules,
    LeafValue,
)
from server.services import categories, versions
from server.store import leaves as store
from server.store.session import Session

FRESH = timedelta(hours=24)
"""Categories change often; a day is the compromise of the fact sheet (3.7)."""

_SALES = "SALES_PROPERTY"
_NUMBER = "POSITIVE_INT_OR_DECIMAL"
_VALUE_MATCH = ("VALUE_ID_MATCH", "")


async def kept(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, refs: Sequence[CategoryRef], now: datetime
) -> dict[CategoryRef, Leaf]:
    """The demands that are known and fresh."""
    rows = await store.read(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, refs=refs)
    fresh = {ref: row for ref, row in rows.items() if row.fetched_at > now - FRESH}
    return {ref: Leaf.from_json(ref, row.attributes, row.rules) for ref, row in fresh.items()}


async def fetch(tiktok: TikTokClient, access: Access, ref: CategoryRef) -> Leaf:
    """Ask the platform, with no transaction open. ``Upstream`` when it refuses."""
    attributes = await tiktok.categories.attributes(access, ref)
    rules = await tiktok.categories.rules(access, ref)
    return Leaf(ref, tuple(_attribute(one) for one in attributes), _rules(rules))


def _attribute(wire: CategoryAttribute) -> LeafAttribute:
    return LeafAttribute(
        id=wire.id,
        name=wire.name,
        is_sales=wire.type == _SALES,
        is_required=wire.is_required,
        is_customizable=wire.is_customizable,
        is_multiple=wire.is_multiple_selection,
        is_number=wire.value_data_format == _NUMBER,
        values=tuple(LeafValue(value.id, value.name) for value in wire.values),
        conditions=_conditions(wire.requirement_conditions),
    )


def _rules(wire: CategoryRules) -> LeafRules:
    documents = tuple(
        LeafCertification(
            id=one.id,
            name=one.name,
            is_required=one.is_required,
            needs_expiry=one.expiration_date.is_required,
            conditions=_conditions(one.requirement_conditions),
            details=one.document_details,
            sample_image_url=one.sample_image_url,
        )
        for one in wire.product_certifications
    )
    return LeafRules(
        certifications=documents,
        size_chart_supported=wire.size_chart.is_supported,
        size_chart_required=wire.size_chart.is_required,
        cod_supported=wire.cod.is_supported,
        dimensions_required=wire.package_dimension.is_required if wire.package_dimension else None,
        manufacturer_required=wire.manufacturer.is_required,
        responsible_person_required=wire.responsible_person.is_required,
        seller_sku_required=wire.seller_sku.is_required,
        fees_required=tuple(fee.type for fee in wire.fees if fee.is_required),
        epr_required=wire.epr.is_required,
        special_types=tuple(wire.allowed_special_product_types),
    )


def _conditions(wire: Sequence[WireCondition]) -> tuple[Condition, ...]:
    """``VALUE_ID_MATCH`` is the only kind there is; one of another kind is never met here, and the platform decides."""
    return tuple(
        Condition(one.attribute_id, one.attribute_value_id) for one in wire if one.condition_type in _VALUE_MATCH
    )


async def contradicted(
    session: Session,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    ref: CategoryRef,
    code: str,
    now: datetime,
) -> None:
    """The platform refused a category our records allowed: read it and its tree anew, keep to the tree it demands."""
    where = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id}
    await store.forget(session, **where, ref=ref)
    if code in versions.CODES:
        number = versions.CODES[code]
        await versions.told(session, **where, code=number, version=ref.version, category_id=ref.id, now=now)
    await categories.mark_stale(session, **where, now=now)


async def keep(session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, leaf: Leaf, now: datetime) -> None:
    """Remember what was fetched."""
    await store.save(
        session,
        shop_id=shop_id,
        tiktok_shop_id=tiktok_shop_id,
        ref=leaf.category,
        attributes=leaf.attributes_json(),
        rules=leaf.rules_json(),
        now=now,
    )
