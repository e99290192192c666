"""Which products a call wants listed, and with what: named, by filter, by template; what cannot be said together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from server.domain.bulk import ErrorPolicy
from server.domain.templates import Template
from server.kit.errors import Invalid, NotFound
from server.services import tiktok_shops
from server.services.listings.creating import naming
from server.services.listings.creating.naming import Row
from server.store import products
from server.store import templates as template_rows
from server.store.products import ListedAs
from server.store.session import Session

MAX_PRODUCTS = 10_000
"""Products named one by one in a call; a whole catalogue goes by filter or by template."""

MAX_TEMPLATES = 1_000
"""Templates named in a call: more than any shop has, few enough for one statement."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Products as ``services.products.page`` filters them."""

    search: str | None = None
    statuses: Sequence[str] = ()
    listed: ListedAs | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a call said.

    Products, named or by filter, go with ``template_id``, or each with the template that takes it, active or not.
    Without products ``template_id`` alone, and with or without a filter ``template_ids``, list all that are not synced
    and that these templates take. With ``check`` the platform is asked about each product before it is created.
    ``policy`` says what becomes of the others where some of the named products are not there.
    """

    product_ids: Sequence[UUID] | None = None
    filter: Filter | None = None
    template_id: UUID | None = None
    template_ids: Sequence[UUID] | None = None
    check: bool = False
    policy: ErrorPolicy = ErrorPolicy.REJECT_FAILED_ROWS


async def named(session: Session, *, shop_id: UUID, wanted: Wanted) -> tuple[list[UUID] | None, tuple[Row, ...]]:
    """The products that were named or fit the filter, each once (None when neither was said), and rows of the named."""
    if wanted.product_ids is not None:
        if wanted.filter is not None:
            raise Invalid("Name products or give a filter, not both.", field=("input", "filter"))
        rows = await present(session, shop_id=shop_id, product_ids=wanted.product_ids)
        return naming.taken(rows, wanted.policy), rows
    return None if wanted.filter is None else await _filtered(session, shop_id, wanted.filter), ()


async def present(session: Session, *, shop_id: UUID, product_ids: Sequence[UUID]) -> tuple[Row, ...]:
    """The named products, each in its place; those that the store does not have are refused."""
    field = ("input", "productIds")
    naming.few(product_ids, MAX_PRODUCTS, field)
    known = await products.present(session, shop_id=shop_id, product_ids=list(set(product_ids)))

    def refusal(at: int) -> NotFound:
        return NotFound("There is no such product in this shop (any more).", field=(*field, str(at)))

    return naming.rows_of(product_ids, known, refusal)


async def _filtered(session: Session, shop_id: UUID, wanted: Filter) -> list[UUID]:
    if wanted.listed is not None:
        await _check_named(session, shop_id, wanted.listed)
    return await products.fitting(
        session, shop_id=shop_id, search=wanted.search, statuses=wanted.statuses, listed=wanted.listed
    )


async def _check_named(session: Session, shop_id: UUID, listed: ListedAs) -> None:
    """What a filter names is the shop's own: a list would be empty, a task for nothing would mislead."""
    field, here, template = ("input", "filter"), listed.tiktok_shop_id, listed.template_id
    if here is not None and not await tiktok_shops.by_ids(session, shop_id=shop_id, ids=[here]):
        raise NotFound("There is no such TikTok shop in this shop.", field=(*field, "tiktokShopId"))
    if template is not None and not await template_rows.by_ids(session, shop_id=shop_id, ids=[template]):
        raise NotFound("There is no such category template in this shop.", field=(*field, "templateId"))


def takers(templates: Sequence[Template], wanted: Wanted) -> list[UUID] | None:
    """The templates whose products are to be listed, each once; None when products go with what takes them."""
    field = ("input", "templateIds")
    if wanted.template_ids is None:
        if wanted.product_ids is not None or wanted.filter is not None:
            return None
        if wanted.template_id is None:
            message = "Name products, give a filter, or name a template whose products to list."
            raise Invalid(message, field=("input", "productIds"))
        return [one_of(templates, wanted.template_id).id]
    if wanted.product_ids is not None or wanted.template_id is not None:
        raise Invalid("Name several templates alone or with a filter, not with products or templateId.", field=field)
    if not 0 < len(wanted.template_ids) <= MAX_TEMPLATES:
        raise Invalid(f"Name 1 to {MAX_TEMPLATES:,} templates.", field=field)
    places = {one: at for at, one in reversed(list(enumerate(wanted.template_ids)))}
    return [one_of(templates, one, (*field, str(at))).id for one, at in places.items()]


def forced(templates: Iterable[Template], wanted: Wanted) -> Template | None:
    """The one template that the products go with, whichever would take them."""
    return None if wanted.template_id is None else one_of(templates, wanted.template_id)


def one_of(
    templates: Iterable[Template], template_id: UUID, field: tuple[str, ...] = ("input", "templateId")
) -> Template:
    """The template of that id; ``NotFound`` at ``field``."""
    found = next((one for one in templates if one.id == template_id), None)
    if found is None:
        raise NotFound("There is no such category template for this TikTok shop.", field=field)
    return found
