"""What a leaf category demands, and the brands it offers, as TikTok last told the shop."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from uuid import UUID
from weakref import WeakKeyDictionary

import strawberry
from strawberry.dataloader import DataLoader

from graphql_schema.context import Info, Reading
from graphql_schema.enums import publish
from graphql_schema.loaders import CategoryKey
from server.domain import leaves
from server.domain.categories import CategoryRef
from server.domain.paging import Page, PageArgs
from server.kit.errors import AppError
from server.services import leaf_brands, leaf_reading
from server.services.leaf_brands import LeafBrand
from server.services.leaf_reading import KnownLeaf, Platform


class AttributeKind(StrEnum):
    """What an attribute is for."""

    SALES = "SALES"
    PRODUCT = "PRODUCT"


publish(
    AttributeKind,
    "What an attribute is for.",
    {
        AttributeKind.SALES: "It tells variants apart, such as a colour.",
        AttributeKind.PRODUCT: "It describes the whole product.",
    },
)


@strawberry.type
class LeafCondition:
    """Met when the value was chosen for the attribute. Of several conditions one is enough."""

    attribute_id: str = strawberry.field(description="TikTok's id of the other attribute.")
    value_id: str = strawberry.field(description="TikTok's id of its value.")


@strawberry.type
class LeafAttributeValue:
    """A value that TikTok offers."""

    id: str = strawberry.field(description="TikTok's own id of the value.")
    name: str = strawberry.field(description="As buyers read it.")


@strawberry.type
class LeafAttribute:
    """An attribute of the products of a leaf."""

    id: str = strawberry.field(description="TikTok's own id of the attribute.")
    name: str = strawberry.field(description="As buyers read it.")
    kind: AttributeKind = strawberry.field(description="What it is for.")
    is_required: bool = strawberry.field(description="Always; `conditions` may require it besides.")
    is_customizable: bool = strawberry.field(description="Values of one's own are taken.")
    is_multiple: bool = strawberry.field(description="Several values are taken.")
    is_number: bool = strawberry.field(description="A value of one's own must be a positive number.")
    values: list[LeafAttributeValue] = strawberry.field(description="What TikTok offers; may be empty for free text.")
    conditions: list[LeafCondition] = strawberry.field(
        description="It is required when one of them is met; else it must stay empty, unless there are none."
    )

    @classmethod
    def of(cls, one: leaves.LeafAttribute) -> "LeafAttribute":
        """An attribute of the domain."""
        return cls(
            id=one.id,
            name=one.name,
            kind=AttributeKind.SALES if one.is_sales else AttributeKind.PRODUCT,
            is_required=one.is_required,
            is_customizable=one.is_customizable,
            is_multiple=one.is_multiple,
            is_number=one.is_number,
            values=[LeafAttributeValue(id=value.id, name=value.name) for value in one.values],
            conditions=_conditions(one.conditions),
        )


@strawberry.type
class LeafCertification:
    """A document that TikTok asks for."""

    id: str = strawberry.field(description="TikTok's own id of the document.")
    name: str = strawberry.field(description="What it is called.")
    details: str = strawberry.field(description="What TikTok says about it; may be empty.")
    sample_image_url: str = strawberry.field(description="Where a sample is shown; may be empty.")
    is_required: bool = strawberry.field(description="Always; `conditions` may require it besides.")
    needs_expiry: bool = strawberry.field(description="Its date of expiry must be given.")
    conditions: list[LeafCondition] = strawberry.field(description="It is required when one of them is met.")


@strawberry.type
class LeafRules:
    """What a product of a leaf needs besides its attributes."""

    read_at: datetime = strawberry.field(description="When TikTok told it; read again after a day.")
    certifications: list[LeafCertification] = strawberry.field(description="Documents that are asked for.")
    is_size_chart_supported: bool = strawberry.field(description="A size chart is taken.")
    is_size_chart_required: bool = strawberry.field(description="A size chart is needed.")
    is_cod_supported: bool = strawberry.field(description="Cash on delivery may be offered.")
    are_dimensions_required: bool | None = strawberry.field(
        description="Package dimensions are needed; null when TikTok does not say, which for cross-border means yes."
    )
    is_manufacturer_required: bool = strawberry.field(description="EU: the manufacturer must be named.")
    is_responsible_person_required: bool = strawberry.field(description="EU: a responsible person must be named.")
    is_epr_required: bool = strawberry.field(description="Extended producer responsibility must be registered.")
    is_seller_sku_required: bool = strawberry.field(description="Each variant needs a seller SKU.")
    required_fees: list[str] = strawberry.field(description="Deposit fees that must be given, in TikTok's words.")
    special_types: list[str] = strawberry.field(description="Special product types the shop may use, in its words.")

    @classmethod
    def of(cls, known: KnownLeaf) -> "LeafRules":
        """The rules of a leaf, with their time."""
        rules = known.leaf.rules
        return cls(
            read_at=known.read_at,
            certifications=[
                LeafCertification(
                    id=one.id,
                    name=one.name,
                    details=one.details,
                    sample_image_url=one.sample_image_url,
                    is_required=one.is_required,
                    needs_expiry=one.needs_expiry,
                    conditions=_conditions(one.conditions),
                )
                for one in rules.certifications
            ],
            is_size_chart_supported=rules.size_chart_supported,
            is_size_chart_required=rules.size_chart_required,
            is_cod_supported=rules.cod_supported,
            are_dimensions_required=rules.dimensions_required,
            is_manufacturer_required=rules.manufacturer_required,
            is_responsible_person_required=rules.responsible_person_required,
            is_epr_required=rules.epr_required,
            is_seller_sku_required=rules.seller_sku_required,
            required_fees=list(rules.fees_required),
            special_types=list(rules.special_types),
        )


@strawberry.type
class Brand:
    """A brand that a leaf offers."""

    id: str = strawberry.field(description="TikTok's own id of the brand.")
    name: str = strawberry.field(description="Its name.")
    is_authorized: bool = strawberry.field(description="The shop has the brand's authorization.")
    is_usable: bool = strawberry.field(description="The shop may name it in this leaf.")
    read_at: datetime = strawberry.field(description="When TikTok told it; read again after a day.")

    @classmethod
    def of(cls, one: LeafBrand) -> "Brand":
        """A brand of the service."""
        return cls(
            id=one.id, name=one.name, is_authorized=one.is_authorized, is_usable=one.is_usable, read_at=one.read_at
        )


def _conditions(conditions: Sequence[leaves.Condition]) -> list[LeafCondition]:
    return [LeafCondition(attribute_id=one.attribute_id, value_id=one.value_id) for one in conditions]


Leaves = DataLoader[CategoryKey, KnownLeaf]

_loaders: "WeakKeyDictionary[Reading, Leaves]" = WeakKeyDictionary()
"""One loader an operation; it reads rows first and calls the platform only with no transaction open."""


async def load_leaf(info: Info, tiktok_shop_id: UUID, ref: CategoryRef) -> KnownLeaf:
    """What a leaf demands: one statement for all leaves of an operation, and calls only for what is not known."""
    reading = info.context.reading
    if reading not in _loaders:
        _loaders[reading] = DataLoader(lambda keys: _load(info, keys))
    return await _loaders[reading].load(CategoryKey(tiktok_shop_id, ref))


async def _load(info: Info, keys: list[CategoryKey]) -> list[KnownLeaf | AppError]:
    shop_id, now = info.context.shop_id, info.context.now
    told: dict[CategoryKey, KnownLeaf | AppError] = {}
    for shop in dict.fromkeys(key.tiktok_shop_id for key in keys):
        refs = [key.ref for key in keys if key.tiktok_shop_id == shop]
        async with info.context.read() as session:
            kept = await leaf_reading.known(session, shop_id=shop_id, tiktok_shop_id=shop, refs=refs)
        told |= {CategoryKey(shop, ref): known for ref, known in kept.items() if known.is_fresh(now)}
        if missing := [ref for ref in refs if CategoryKey(shop, ref) not in told]:
            await give_back(info)
            found = await leaf_reading.asked(platform_of(info), shop_id=shop_id, tiktok_shop_id=shop, refs=missing)
            told |= {CategoryKey(shop, ref): answer for ref, answer in found.items()}
    return [told[key] for key in keys]


async def load_brands(
    info: Info, tiktok_shop_id: UUID, ref: CategoryRef, starts_with: str, args: PageArgs
) -> Page[LeafBrand]:
    """One page of a leaf's brands."""
    await give_back(info)
    return await leaf_brands.page(
        platform_of(info),
        info.context.deps.redis,
        shop_id=info.context.shop_id,
        tiktok_shop_id=tiktok_shop_id,
        ref=ref,
        starts_with=starts_with,
        args=args,
    )


def platform_of(info: Info) -> Platform:
    """What asking TikTok takes, out of this process's things."""
    deps = info.context.deps
    return Platform(deps.database, deps.vault, deps.tiktok, deps.clock)


async def give_back(info: Info) -> None:
    """End the operation's transaction and give its connection back; rows that were read stay readable."""
    async with info.context.read() as session:
        session.expunge_all()
        await session.rollback()
