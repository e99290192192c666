"""A bulk query operation and its states (Shopify fact sheet 3.6)."""

from dataclasses import dataclass
from enum import StrEnum

KIND = "bulk_operation"  # in the ripening; the key is `{shop}/{number}`


class BulkStatus(StrEnum):
    """`BulkOperationStatus`."""

    CREATED = "CREATED"
    RUNNING = "RUNNING"
    COMPLETED = "COMPLETED"
    CANCELING = "CANCELING"
    CANCELED = "CANCELED"
    FAILED = "FAILED"
    EXPIRED = "EXPIRED"


OPEN = frozenset({BulkStatus.CREATED, BulkStatus.RUNNING, BulkStatus.CANCELING})


@dataclass(slots=True)
class BulkOperation:
    """One operation. `base` is the sandbox's address as the asking client knows it; counts are final when completed."""

    number: int
    query: str
    group_objects: bool
    base: str
    created: float
    status: str = BulkStatus.CREATED
    completed: float | None = None
    error_code: str | None = None
    objects: int = 0
    roots: int = 0
    size: int = 0

    @property
    def gid(self) -> str:
        """The id."""
        return f"gid://shopify/BulkOperation/{self.number}"

    @property
    def is_open(self) -> bool:
        """Whether it counts against the limit of running operations."""
        return self.status in OPEN
