"""The mirror of TikTok Shop, fed by sweeps and looks: what stands there, and what that means for our listings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from server.clients.tiktok_product_answers import FoundProduct, ProductSku, ProductStatus, TikTokProduct
from server.domain.categories import CategoryVersion
from server.domain.linking import Remote, RemoteSku, keys_of_remote
from server.domain.listings import ListingStatus
from server.feed import Feed
from server.kit.clock import from_unix
from server.services.listings.editing import elsewhere
from server.services.listings.editing.elsewhere import EDIT_REVIEW_FAILED
from server.services.listings.news.audits import apply_products, standing_of
from server.services.listings.news.hearing import REVIEW_CODES
from server.store import edit_dues, remote_listings
from server.store import remote_products as store
from server.store.remote_listings import Standing
from server.store.session import Session
from server.tables import RemoteProduct

LONG_IN_REVIEW = timedelta(days=2)
"""A review usually takes hours: after so long the product itself is read, for what it waits for."""

_TELL_REASONS = frozenset({ProductStatus.FAILED, ProductStatus.PLATFORM_DEACTIVATED})
"""States whose reasons only the product itself tells (TikTok fact sheet 3.12)."""

_IN_REVIEW = frozenset({"AUDITING", "PRE_APPROVED"})
"""Audits that have not come to their end (TikTok fact sheet 3.14)."""

_UNREADABLE = frozenset({ProductStatus.FREEZE, ProductStatus.DELETED})
"""States in which the product itself cannot be read (TikTok fact sheet 3.12)."""


@dataclass(frozen=True, slots=True)
class TakenIn:
    """``met`` products that this sweep had not met before; ``to_read`` by TikTok's id, with their details."""

    met: int
    to_read: tuple[str, ...]


async def take_in(
    session: Session,
    feed: Feed,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    hits: Sequence[FoundProduct],
    version: CategoryVersion | None,
    mark: UUID | None,
    now: datetime,
) -> TakenIn:
    """One page of a search: kept in the mirror, and told to the listings that stand for them.

    To be read are strangers that are new or changed, and listings whose news a list cannot tell for certain.
    """
    latest = list({hit.id: hit for hit in hits}.values())
    where = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id}
    ids = [hit.id for hit in latest]
    before = await store.known(session, **where, remote_ids=ids)
    met = sum(hit.id not in before or before[hit.id].sweep_mark != mark for hit in latest)
    await _keep(session, where, [_row_of(hit, before.get(hit.id), version) for hit in latest], before, mark, now)
    await elsewhere.notice(session, **where, hits=latest, now=now)
    listed = await remote_listings.standings(session, **where, remote_ids=ids)
    to_read: list[str] = []
    told: list[TikTokProduct] = []
    for hit in latest:
        standing, known = listed.get(hit.id), before.get(hit.id)
        if standing is None:
            unread = known is None or known.details_of is None or known.details_of < from_unix(hit.update_time)
            if unread and hit.status not in _UNREADABLE:
                to_read.append(hit.id)
        elif standing.told_at is None or from_unix(hit.update_time) >= standing.told_at:
            shown = TikTokProduct(id=hit.id, status=hit.status, audit=hit.audit, update_time=hit.update_time)
            if _must_be_read(shown, standing, now):
                to_read.append(hit.id)
            elif not _fits(shown, standing):
                told.append(shown)
    for is_hidden in (False, True):  # what cannot be read is as good as read
        shown_so = [one for one in told if (one.status in _UNREADABLE) is is_hidden]
        await apply_products(session, feed, **where, products=shown_so, now=now, confirmed=is_hidden)
    reviewed = [hit.id for hit in latest if _is_reviewed(hit)]
    await edit_dues.reviewed(session, **where, remote_ids=reviewed, now=now)
    return TakenIn(met, tuple(to_read))


def _is_reviewed(hit: FoundProduct) -> bool:
    """On sale, and no newer version waits for the auditors (TikTok fact sheet 3.11)."""
    return hit.status == ProductStatus.ACTIVATE and (hit.audit is None or hit.audit.status not in _IN_REVIEW)


def _fits(shown: TikTokProduct, standing: Standing) -> bool:
    """Whether the listing tells what a search shows: where it stands, and why not on sale or not in its last form."""
    status, problems = standing_of(shown)
    return status is standing.status and {one.code for one in problems} == standing.codes & REVIEW_CODES


def _must_be_read(shown: TikTokProduct, standing: Standing, now: datetime) -> bool:
    """The list names no reasons, may be behind within a second, and cannot say what a long review waits for."""
    if shown.status in _UNREADABLE:
        return False
    at, (status, problems) = from_unix(shown.update_time), standing_of(shown)
    has_reasons = shown.status in _TELL_REASONS or any(one.code == EDIT_REVIEW_FAILED for one in problems)
    if not _fits(shown, standing):
        return has_reasons or at == standing.told_at
    if has_reasons:
        return standing.told_at is None or at > standing.told_at
    return status is ListingStatus.IN_REVIEW and not problems and at < now - LONG_IN_REVIEW


async def take_details(
    session: Session,
    feed: Feed,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    products: Sequence[TikTokProduct],
    mark: UUID | None,
    now: datetime,
) -> None:
    """Products that were read: their external ids and codes into the mirror, their standing to the listings."""
    where = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id}
    before = await store.known(session, **where, remote_ids=[product.id for product in products])
    rows = [_row_of_details(product, before.get(product.id)) for product in products]
    await _keep(session, where, rows, before, mark, now)
    await apply_products(session, feed, **where, products=products, now=now, confirmed=True)


async def _keep(
    session: Session,
    where: Mapping[str, UUID],
    rows: Sequence[dict[str, Any]],
    before: Mapping[str, RemoteProduct],
    mark: UUID | None,
    now: datetime,
) -> None:
    changed = [row for row in rows if _differs(row, before.get(row["remote_id"]))]
    ids = await store.write(session, **where, rows=changed, mark=mark, now=now)
    fresh = {row["remote_id"]: keys_of_remote(_remote(row)) for row in changed}
    stale = {
        name: keys
        for name, keys in fresh.items()
        if name not in before or keys != keys_of_remote(as_remote(before[name]))
    }
    await store.replace_keys(session, **where, keys={ids[name]: keys for name, keys in stale.items()})
    same = [row["remote_id"] for row in rows if row["remote_id"] not in ids]
    if same:
        await store.see(session, **where, remote_ids=same, mark=mark, now=now)


_COMPARED = (
    "title", "status", "external_product_id", "skus", "category_id", "category_version", "source_updated_at",
    "details_of",
)  # fmt: skip


def _differs(row: Mapping[str, Any], known: RemoteProduct | None) -> bool:
    return known is None or any(row[name] != getattr(known, name) for name in _COMPARED)


def _row_of(hit: FoundProduct, known: RemoteProduct | None, version: CategoryVersion | None) -> dict[str, Any]:
    """What a search tells; what only the product itself tells stays as it was. A list that is behind tells nothing."""
    at = from_unix(hit.update_time)
    if known is not None and at < known.source_updated_at:
        return {name: getattr(known, name) for name in ("remote_id", "source_created_at", *_COMPARED)}
    is_same = known is not None and known.details_of == at
    return {
        "remote_id": hit.id,
        "title": hit.title,
        "status": hit.status[:32],
        "external_product_id": known.external_product_id if known else None,
        "skus": known.skus if known and is_same else _skus(hit.skus, known),
        "category_id": known.category_id if known else None,
        "category_version": version or (known.category_version if known else None),
        "source_created_at": from_unix(hit.create_time),
        "source_updated_at": at,
        "details_of": known.details_of if known else None,
    }


def _row_of_details(product: TikTokProduct, known: RemoteProduct | None) -> dict[str, Any]:
    at = from_unix(product.update_time)
    return {
        "remote_id": product.id,
        "title": product.title,
        "status": product.status[:32],
        "external_product_id": product.external_product_id,
        "skus": _skus(product.skus, None),
        "category_id": product.leaf_category_id,
        "category_version": known.category_version if known else None,
        "source_created_at": from_unix(product.create_time),
        "source_updated_at": at,
        "details_of": at,
    }


def _skus(skus: Sequence[ProductSku], known: RemoteProduct | None) -> list[dict[str, Any]]:
    """A search leaves out external ids, codes and axes: what is known of a SKU stays."""
    kept = {sku["id"]: sku for sku in known.skus} if known else {}
    return [{**_NOTHING_MORE, **kept.get(sku.id, {}), **_told(sku)} for sku in skus]


_NOTHING_MORE: Mapping[str, Any] = {"external_sku_id": "", "identifier": "", "axes": []}


def _told(sku: ProductSku) -> dict[str, Any]:
    told: dict[str, Any] = {
        "external_sku_id": sku.external_sku_id,
        "identifier": sku.identifier_code.code if sku.identifier_code else "",
        "axes": [{"id": axis.id, "value_id": axis.value_id} for axis in sku.sales_attributes],
    }
    return {"id": sku.id, "seller_sku": sku.seller_sku} | {name: value for name, value in told.items() if value}


def as_remote(row: RemoteProduct) -> Remote:
    """A row as the rules of linking read it."""
    return _remote({"remote_id": row.remote_id, "external_product_id": row.external_product_id, "skus": row.skus})


def _remote(row: Mapping[str, Any]) -> Remote:
    skus = tuple(
        RemoteSku(sku["id"], sku["seller_sku"], sku["external_sku_id"], sku["identifier"]) for sku in row["skus"]
    )
    return Remote(row["remote_id"], row["external_product_id"] or "", skus)
