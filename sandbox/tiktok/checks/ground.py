"""What the checks may look at beside the product, and what they answer with."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sandbox.tiktok.content import Content
from sandbox.tiktok.leaves import Leaf
from sandbox.tiktok.markets import Market
from sandbox.tiktok.product import Product
from sandbox.tiktok.sellers import Shop
from sandbox.tiktok.state import TikTokState


@dataclass(frozen=True, slots=True)
class Fault:
    """One broken rule: a code of fact sheet 5.4 and what is wrong."""

    code: int
    message: str


@dataclass(frozen=True, slots=True)
class Ground:
    """The shop, its market, the leaf, the time, the product that is edited, if any, and a rule that may be off."""

    state: TikTokState
    shop: Shop
    market: Market
    leaf: Leaf
    now: int
    old: Product | None = None
    external_ids_unique: bool = True

    @property
    def is_edit(self) -> bool:
        """Whether the product exists already, so that price and stock may be left out."""
        return self.old is not None


Check = Callable[[Content, Ground], Iterable[Fault]]
