"""Recommended categories: asked for in the background, shown for approval, remembered once approved (R1-R15)."""

from server.services.recommendations.deciding import approve, reject
from server.services.recommendations.reading import by_ids, of_products, page
from server.services.recommendations.starting import MAX_PRODUCTS, Wanted, start
from server.services.recommendations.threshold import set_threshold, threshold_of

__all__ = [
    "MAX_PRODUCTS",
    "Wanted",
    "approve",
    "by_ids",
    "of_products",
    "page",
    "reject",
    "set_threshold",
    "start",
    "threshold_of",
]
