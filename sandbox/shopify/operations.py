"""Which documented calls are imitated, and what is left out: read by the call log's names and the coverage page."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Operation:
    """One documented call. `path` is a template (`/product/202309/products/{product_id}`)."""

    name: str
    method: str
    path: str
    version: str
    cipher: bool
    scope: str
    imitates: str
    leaves_out: str = ""


OPERATIONS: tuple[Operation, ...] = ()
