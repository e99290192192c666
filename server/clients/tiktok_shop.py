"""``client.shops``: may this shop list, and from where does it ship (TikTok fact sheet 3.3, 3.17)."""

from pydantic import AliasChoices, Field

from server.clients.tiktok_access import Access
from server.clients.tiktok_calls import Ask, Operation, TikTokCalls
from server.clients.tiktok_wire import Flag, Many, Text, Wire, Words

PREREQUISITES = Operation("Check Listing Prerequisites", "GET", "/product/202312/prerequisites")
WAREHOUSES = Operation("Get Warehouse List", "GET", "/logistics/202309/warehouses")


class CheckedItem(Wire):
    """One condition for listing. Items are compared in upper case: the documentation has ``BANk_ACCOUNT``."""

    check_item: Text = ""
    is_failed: Flag = False
    fail_reasons: Words = ()

    @property
    def item(self) -> str:
        """The name in upper case."""
        return self.check_item.upper()


class _Checks(Wire):
    check_results: Many[CheckedItem] = ()


class Address(Wire):
    """Where a warehouse stands; ``district`` is spelled ``distict`` on the wire."""

    region_code: Text = ""
    state: Text = ""
    city: Text = ""
    district: Text = Field(default="", validation_alias=AliasChoices("distict", "district"))
    postal_code: Text = ""
    full_address: Text = ""


class Warehouse(Wire):
    """``SALES_WAREHOUSE`` holds stock for sale; ``effect_status`` must be ``ENABLED`` to use it."""

    id: str
    name: Text = ""
    effect_status: Text = ""
    type: Text = ""
    sub_type: Text = ""
    is_default: Flag = False
    address: Address | None = None

    @property
    def sells(self) -> bool:
        """May hold the stock of a listing now."""
        return self.type == "SALES_WAREHOUSE" and self.effect_status == "ENABLED"


class _Warehouses(Wire):
    warehouses: Many[Warehouse] = ()


class TikTokShops:
    """What is true of the shop as a whole."""

    def __init__(self, calls: TikTokCalls) -> None:
        self._calls = calls

    async def prerequisites(self, access: Access) -> tuple[CheckedItem, ...]:
        """All conditions for listing; stop a bulk listing when one failed."""
        answer = await self._calls.send(access, Ask(PREREQUISITES))
        return answer.read(_Checks).check_results

    async def warehouses(self, access: Access) -> tuple[Warehouse, ...]:
        """All warehouses, usable or not."""
        answer = await self._calls.send(access, Ask(WAREHOUSES))
        return answer.read(_Warehouses).warehouses
