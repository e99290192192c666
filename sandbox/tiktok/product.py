"""One product as the platform remembers it: its versions, prices, stock, state and history."""

from dataclasses import dataclass, field

from sandbox.tiktok.content import Content, Price, Sku, Stock
from sandbox.tiktok.lifecycle import Audit, Event, Status, move

SELLER_CENTER = "SELLER_CENTER"
OPEN_API = "OPEN_API"


@dataclass(frozen=True, slots=True)
class FailedReason:
    """Why an audit failed, and where."""

    position: str
    reasons: tuple[str, ...]
    suggestions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the auditors will say: `pass`, `fail` or `pre_approve`, and why."""

    outcome: str
    reasons: tuple[str, ...] = ()


@dataclass(slots=True)
class Product:
    """`base` is the version that counts; `under_review` waits for the auditors; `draft` was saved after going live.

    Prices and stock belong to SKU ids, not to versions, since they take effect at once (fact sheet 3.11).
    """

    id: str
    number: int
    shop_id: str
    base: Content
    status: Status
    audit: Audit
    create_time: int
    update_time: int
    source: str = OPEN_API
    made_by: str = ""
    under_review: Content | None = None
    draft: Content | None = None
    prices: dict[str, Price] = field(default_factory=dict)
    stock: dict[str, tuple[Stock, ...]] = field(default_factory=dict)
    live_since: int | None = None
    was_live: bool = False
    rounds: int = 0
    pre_approved_reasons: list[str] = field(default_factory=list)
    failed_reasons: list[FailedReason] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def newest(self) -> Content:
        """What an edit starts from: the version under review, else the base."""
        return self.under_review or self.base

    @property
    def product_status(self) -> str:
        """The state without the audit (fact sheet 3.14)."""
        return "INITIAL" if self.status in (Status.PENDING, Status.FAILED) else self.status.value

    def sku(self, sku_id: str) -> Sku | None:
        """A variant of the base version by its id."""
        return next((sku for sku in self.base.skus if sku.id == sku_id), None)

    def apply(self, event: Event, now: int) -> bool:
        """Move by the table; False where the state does not allow the event."""
        led = move(self.status, event)
        if led is None:
            return False
        before = self.status
        self.status, self.audit = led
        self.update_time = now
        if self.status is not Status.ACTIVATE:
            self.live_since = None
        elif before is not Status.ACTIVATE:
            self.live_since = now
            self.was_live = True
        return True
