"""Both shops as keyword arguments."""

from typing import TypedDict
from uuid import UUID


class Where(TypedDict):
    """For ``**``."""

    shop_id: UUID
    tiktok_shop_id: UUID
