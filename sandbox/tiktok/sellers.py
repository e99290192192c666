"""Apps, sellers, their shops and warehouses."""

from dataclasses import dataclass, field
from enum import StrEnum

from sandbox.tiktok.calendar import Audience


class SellerType(StrEnum):
    """A LOCAL seller has exactly one shop, a CROSS_BORDER seller one in each market (fact sheet 1.1)."""

    LOCAL = "LOCAL"
    CROSS_BORDER = "CROSS_BORDER"


@dataclass(slots=True)
class App:
    """A registered app; `service_id` is used only in the authorize link."""

    key: str
    secret: str
    service_id: str


@dataclass(slots=True)
class Warehouse:
    """A place of stock or returns."""

    id: str
    entity_id: str
    name: str
    type: str
    sub_type: str
    region: str
    is_default: bool = True
    effect_status: str = "ENABLED"


@dataclass(slots=True)
class Subscription:
    """A webhook address of one shop and topic (fact sheet 4.5)."""

    event_type: str
    address: str
    create_time: int
    update_time: int


@dataclass(slots=True)
class Shop:
    """One shop in one market. `audience` says how early the new category tree reached it."""

    id: str
    open_id: str
    name: str
    region: str
    cipher: str
    code: str
    seller_type: SellerType
    is_active: bool = True
    is_on_probation: bool = False
    audience: Audience = Audience.EVERYONE
    warehouses: list[Warehouse] = field(default_factory=list)
    subscriptions: dict[str, Subscription] = field(default_factory=dict)

    @property
    def is_local(self) -> bool:
        """Whether prices are `amount` (local) rather than `sale_price` (global)."""
        return self.seller_type is SellerType.LOCAL


@dataclass(slots=True)
class Seller:
    """Somebody who can authorize an app; `user_type` 0 is a seller."""

    open_id: str
    name: str
    base_region: str
    seller_type: SellerType
    is_active: bool = True
    user_type: int = 0
    shop_ids: list[str] = field(default_factory=list)
