"""Where a seller applies for a category that is open by invitation only (TikTok fact sheet 3.7)."""

from collections.abc import Mapping
from dataclasses import dataclass

from server.domain.markets import Market


@dataclass(frozen=True, slots=True)
class ApplyLink:
    """The Qualification Center of one market's Seller Center.

    ``is_assumed``: the documents name the place, not its address, so the address is our assumption; a merchant who
    finds it wrong gets there from Seller Center's menu.
    """

    url: str
    is_assumed: bool
    source: str


_SOURCE = "TikTok fact sheet 3.7 names Seller Center's Qualification Center; host and path are assumed"
_HOSTS: Mapping[Market, str] = {
    Market.US: "seller-us.tiktok.com",
    Market.GB: "seller-uk.tiktok.com",
    **{market: f"seller-{market.lower()}.tiktok.com" for market in Market if market not in (Market.US, Market.GB)},
}

APPLY_LINKS: Mapping[Market, ApplyLink] = {
    market: ApplyLink(f"https://{host}/qualification", is_assumed=True, source=_SOURCE)
    for market, host in _HOSTS.items()
}
"""One row a market. A verified address replaces its row, with its source and ``is_assumed=False``."""
