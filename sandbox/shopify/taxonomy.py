"""The part of Shopify's Standard Product Taxonomy that the built-in store uses (ids and names as published, MIT)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "taxonomy.tsv"


@dataclass(frozen=True, slots=True)
class TaxonomyCategory:
    """A node: `code` is the last part of its GID, `full_name` the path of names."""

    code: str
    full_name: str
    is_leaf: bool

    @property
    def gid(self) -> str:
        """The id."""
        return f"gid://shopify/TaxonomyCategory/{self.code}"

    @property
    def name(self) -> str:
        """The last name of the path."""
        return self.full_name.rsplit(" > ", 1)[-1]

    @property
    def ancestors(self) -> list[str]:
        """Codes from the parent up to the root."""
        parts = self.code.split("-")
        return ["-".join(parts[:length]) for length in range(len(parts) - 1, 0, -1)]


@cache
def taxonomy() -> dict[str, TaxonomyCategory]:
    """Every known node by code, in file order."""
    nodes = {}
    for line in DATA.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            code, full_name, leaf = line.split("\t")
            nodes[code] = TaxonomyCategory(code, full_name, leaf == "leaf")
    return nodes


def category(code: str | None) -> TaxonomyCategory | None:
    """A node by code or by full name; None for an unknown one."""
    if not code:
        return None
    return taxonomy().get(code) or _by_name().get(code.lower())


def children(code: str) -> list[TaxonomyCategory]:
    """The known nodes directly below."""
    return [node for node in taxonomy().values() if node.ancestors[:1] == [code]]


@cache
def _by_name() -> dict[str, TaxonomyCategory]:
    return {node.full_name.lower(): node for node in taxonomy().values()}
