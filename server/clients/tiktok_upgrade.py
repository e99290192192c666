"""``client.upgrades``: move a shop's live products from the three-level to the seven-level tree (fact sheet 3.15)."""

from enum import StrEnum

from server.clients.errors import Upstream
from server.clients.retry import Effect
from server.clients.tiktok_access import Access
from server.clients.tiktok_calls import Ask, Operation, TikTokCalls
from server.clients.tiktok_codes import UPGRADE_RUNNING

START = Operation(
    "Create Category Upgrade Task", "POST", "/product/202407/products/category_upgrade_task", Effect.REPEATABLE
)


class UpgradeStart(StrEnum):
    """The platform names no run; what follows is seen through webhooks 18 and Search Products only."""

    STARTED = "STARTED"
    ALREADY_RUNNING = "ALREADY_RUNNING"


class TikTokUpgrades:
    """A run takes up to two hours and may leave products behind; start again for the rest."""

    def __init__(self, calls: TikTokCalls) -> None:
        self._calls = calls

    async def start(self, access: Access) -> UpgradeStart:
        """Takes no body and answers no id; a second start while one runs does nothing."""
        try:
            await self._calls.send(access, Ask(START))
        except Upstream as error:
            if error.platform_code != UPGRADE_RUNNING:
                raise
            return UpgradeStart.ALREADY_RUNNING
        return UpgradeStart.STARTED
