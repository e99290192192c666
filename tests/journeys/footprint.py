"""Everything that a refused request might have left behind, counted."""

from cli.client import Json
from tests.journeys.asking import Caller
from tests.journeys.town import Town

COUNTED = """
{
  products(first: 1) { totalCount }
  tasks(first: 1, filter: { kinds: [IMPORT, CATEGORIES, LISTING, RECOMMENDATION, STATUS] }) { totalCount }
  categoryTemplates(first: 100) { totalCount nodes { id revision isActive isDefault } }
  listings(first: 1) { totalCount }
  apiTokens(first: 100) { totalCount nodes { id revokedAt } }
  shop { tiktokShops { id status listingCounts { status count } } }
}
"""


EFFECTS = ("Authorize", "Create Product", "Get Access Token", "ProductPage", "Upload Product Image")
"""Calls that only a request brings about; trees and products are also looked at in the background, by sweeps too."""


def footprint(town: Town, caller: Caller | None = None) -> tuple[Json, int]:
    """A shop's counts (the first merchant's, if nobody is named), and the calls with effects that the platforms saw."""
    return (caller or town.caller).ask(COUNTED).data, sum(town.calls(name) for name in EFFECTS)
