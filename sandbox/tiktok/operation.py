"""What one call of the platform is: its place, its demands, and how far the sandbox imitates it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from sandbox.tiktok.call import Call

Handler = Callable[[Call], object]


class Body(StrEnum):
    """What the body must be."""

    JSON = "json"
    FORM = "form"
    NONE = "none"


BASIC = "seller.product.basic"
WRITE = "seller.product.write"
DELETE = "seller.product.delete"
LOGISTICS = "seller.logistics"
OPTIMIZE = "serller.product.optimize"
AUTHORIZATION = "seller.authorization.info"
SHOP_INFO = "seller.shop.info"


@dataclass(frozen=True, slots=True)
class Operation:
    """One row of the table of calls. A row without a handler is retired (36009014).

    `cipher` says whether `shop_cipher` belongs in the query: wanted, or refused when present (column c of 3.1).
    """

    name: str
    method: str
    path: str
    scope: str
    handler: Handler | None
    imitates: str
    leaves_out: str = ""
    cipher: bool = True
    query: tuple[str, ...] = ()
    body: Body = Body.NONE
    answers_closed_shops: bool = False

    @property
    def version(self) -> str:
        """The `YYYYMM` inside the path."""
        return self.path.split("/")[2]

    @property
    def any_version(self) -> str:
        """The same path with its version left open."""
        return self.path.replace(f"/{self.version}/", "/{version:int}/", 1)
