"""What a resolver is given besides its object."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sandbox.shopify.shops import Shop
from sandbox.world import World

Args = Mapping[str, object]
# A resolver takes (object, context, arguments); objects differ by type, so only the answer is named here.
Resolver = Callable[..., object]


@dataclass(slots=True)
class Context:
    """One request (or one bulk operation). `base` is the sandbox's address as the client knows it.

    `lists_products` is set once a list of products was asked for: only a single product may give 2,000 variants.
    """

    world: World
    shop: Shop
    base: str
    scopes: frozenset[str]
    version: str = "2026-10"
    lists_products: bool = False

    @property
    def now(self) -> float:
        """The sandbox's time."""
        return self.world.clock.now()
