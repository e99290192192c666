"""A category upgrade run as the platform remembers it (fact sheet 3.15); no id of it ever leaves the platform."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class UpgradeRun:
    """One run over the products that were live long enough when it began."""

    id: str
    shop_id: str
    started: int
    product_ids: list[str] = field(default_factory=list)
    finished: bool = False
