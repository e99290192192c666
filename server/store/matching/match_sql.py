"""The parts of statements that place a shop's products: which rows to look at, and which template takes each."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from server.domain.templates import Template, ordered
from server.store.matching.bound_values import BoundValues
from server.store.matching.hit_sql import Numbered, anchored_hits, hits_everywhere
from server.store.matching.rule_anchors import anchors
from server.store.matching.rule_sql import NEVER, group_sql

_FEW = 40
"""So many templates are tried on every product; beyond, anchors pay (measured with 100,000 products)."""

BITS = 62
"""The highest number of a rule in ``held_bits``."""

_FEW_PRODUCTS = 1000
"""And so many products are tried with every template."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The products to look at: all that the store has, the named ones, or those that may be listed and never were."""

    shop_id: UUID
    tiktok_shop_id: UUID
    product_ids: Sequence[UUID] | None = None
    only_not_synced: bool = False

    def rows(self, values: BoundValues) -> tuple[str, str]:
        """``FROM`` and ``WHERE``: traits as ``t``, with ``given``, the template that it was given to by hand."""
        here = values.whole(self.tiktok_shop_id, "uuid")
        tables = f"""product_traits AS t LEFT JOIN template_assignment AS given
            ON given.product_id = t.product_id AND given.tiktok_shop_id = {here}"""
        parts = [f"t.shop_id = {values.whole(self.shop_id, 'uuid')}"]
        if self.product_ids is not None:
            parts.append(f"t.product_id = ANY({values.ids(self.product_ids)})")
        if self.only_not_synced:
            listed = f"""SELECT FROM listing WHERE listing.product_id = t.product_id
                AND listing.tiktok_shop_id = {here} AND listing.status <> 'NOT_SYNCED'"""
            parts += ["t.status = 'active'", "NOT t.is_gift_card", f"NOT EXISTS ({listed})"]
        return tables, " AND ".join(parts)


class Placing:
    """Templates in the order in which they are asked, numbered from 1, and SQL that tells which of them takes ``t``.

    With few templates, or products, each rule is an expression over ``t``. Of many templates those with anchors are
    found apart and joined to ``t`` under ``name``; the others are tried in their order, up to the one found.
    """

    def __init__(self, templates: Sequence[Template], scope: Scope, values: BoundValues, name: str = "best") -> None:
        self.asked = ordered(templates)
        self.values = values
        self.name = name
        self.rules: Numbered = {n: one.content.rules for n, one in enumerate(self.asked, 1) if not one.is_default}
        self.default = next((n for n, one in enumerate(self.asked, 1) if one.is_default), None)
        few = scope.product_ids is not None and len(scope.product_ids) <= _FEW_PRODUCTS
        self.each = few or len(self.rules) <= _FEW
        self._shop_id = scope.shop_id
        held = {} if self.each else {n: group for n, group in self.rules.items() if anchors(group) is not None}
        self._anchored: Numbered = held
        self._everywhere: Numbered = {n: group for n, group in self.rules.items() if n not in held}

    def place(self) -> str:
        """The number of the template that takes ``t``: by hand, by rules, or as the default; or NULL."""
        rest = "NULL" if self.default is None else str(self.default)
        tests, found = [], f"{self.name}.n"
        for n, group in self._everywhere.items():
            if not self.each:
                tests.append(f"WHEN {found} < {n} THEN {found}")
            tests.append(f"WHEN {group_sql(group, self.values)} THEN {n}")
        rest = rest if self.each else f"coalesce({found}, {rest})"
        return f"CASE {self.by_hand()} {' '.join(tests)} ELSE {rest} END"

    def winner(self, assigned: UUID | None, held: Sequence[int]) -> int | None:
        """What ``place`` says of a product, told from the numbers of the rules that hold for it, in order."""
        if assigned is not None:
            return next((n for n, one in enumerate(self.asked, 1) if one.id == assigned), None)
        return next(iter(held), self.default)

    def by_hand(self) -> str:
        """The first branch of a ``CASE``: a template that is not asked for leaves the product to none."""
        ids = self.values.ids([one.id for one in self.asked])
        return f"WHEN given.template_id IS NOT NULL THEN array_position({ids}, given.template_id)"

    def join(self) -> str:
        """What ``place`` needs beside ``t`` and ``given``."""
        if self.each:
            return ""
        hits = anchored_hits(self._anchored, self._shop_id, self.values)
        lowest = f"SELECT product_id, min(n) AS n FROM ({hits}) AS hit GROUP BY product_id"  # noqa: S608  # our own words
        return f"LEFT JOIN ({lowest}) AS {self.name} ON {self.name}.product_id = t.product_id"

    def hits(self) -> str:
        """Pairs of products and templates whose rules hold; some pairs stand there twice."""
        queries = [anchored_hits(self._anchored, self._shop_id, self.values)] if self._anchored else []
        queries += [hits_everywhere(self._everywhere, self._shop_id, self.values)] if self._everywhere else []
        return " UNION ALL ".join(queries)

    def held(self) -> str:
        """Whether each template's rules hold for ``t``, in order, as an array of truth values."""
        tests = ", ".join(group_sql(group, self.values) for group in self.rules.values())
        return f"ARRAY[{tests or NEVER}]"


def held_bits(rules: Numbered, values: BoundValues) -> str:
    """Which rules hold for ``t`` as one whole number, that of rule ``n`` in its bit ``n``; at most ``BITS`` fit."""
    each = (
        f"CASE WHEN {group_sql(rule, values)} THEN CAST({1 << n} AS bigint) ELSE 0 END" for n, rule in rules.items()
    )
    return " | ".join(each) or "CAST(0 AS bigint)"
