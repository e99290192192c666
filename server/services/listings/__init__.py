"""Listing products: starting tasks, preparing and recording slices, news from the platform, reading."""

from server.services.listings.creating.choosing import Filter, Wanted
from server.services.listings.creating.starting import start
from server.services.listings.news.audits import apply_audit, apply_product, standing_of
from server.services.listings.news.hearing import Heard
from server.services.listings.reading import by_ids, by_products, counts_by_status, get, page, sku_ids_of

__all__ = [
    "Filter",
    "Heard",
    "Wanted",
    "apply_audit",
    "apply_product",
    "by_ids",
    "by_products",
    "counts_by_status",
    "get",
    "page",
    "sku_ids_of",
    "standing_of",
    "start",
]
