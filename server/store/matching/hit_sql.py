"""Which templates' rules hold for which products, as one query of pairs ``(product_id, n)``.

A few templates are tried on every product. Of many, each is tried only where one of its anchors stands: products are
joined by hash with all anchors of a kind at once, and the rule is looked up by its number in a tree of comparisons.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from server.domain.rules import RuleGroup
from server.store.matching.bound_values import BoundValues
from server.store.matching.rule_anchors import VALUES, Anchor, anchors, by_kind
from server.store.matching.rule_sql import NEVER, group_sql

Numbered = Mapping[int, RuleGroup]
"""Rules by the number of their template; the lower goes first."""


def anchored_hits(rules: Numbered, shop_id: UUID, values: BoundValues) -> str:
    """Pairs of products of the shop and templates, some twice, for rules that all have anchors."""
    found = [(n, anchors(group) or ()) for n, group in rules.items()]
    queries = [_anchored(kind, pairs, rules, shop_id, values) for kind, pairs in by_kind(found).items()]
    nothing = "SELECT CAST(NULL AS uuid) AS product_id, CAST(NULL AS int) AS n WHERE false"
    return " UNION ALL ".join(queries) or nothing


def hits_everywhere(rules: Numbered, shop_id: UUID, values: BoundValues) -> str:
    """The same by trying each of the rules on each product."""
    tests = ", ".join(f"CASE WHEN {group_sql(group, values)} THEN {n} END" for n, group in rules.items())
    return f"""SELECT t.product_id, unnest(array_remove(ARRAY[{tests}], NULL)) AS n
        FROM product_traits AS t WHERE t.shop_id = {values.whole(shop_id, "uuid")}"""  # noqa: S608  # put together from our own words; values are bound


def _anchored(
    kind: str, pairs: Sequence[tuple[int, Anchor]], rules: Numbered, shop_id: UUID, values: BoundValues
) -> str:
    """The set is returned by the target list, not by a lateral join, so that products can be probed one by one."""
    numbers = sorted({n for n, _ in pairs})
    check = _tree([(n, group_sql(rules[n], values)) for n in numbers])
    here = f"t.shop_id = {values.whole(shop_id, 'uuid')}"
    products = f"SELECT t.*, {VALUES[kind]} AS value FROM product_traits AS t WHERE {here}"  # noqa: S608  # as above
    return f"""SELECT t.product_id, anchor.n FROM ({products}) AS t
        JOIN ({_anchor_rows(kind, pairs, shop_id, values)}) AS anchor ON anchor.value = t.value WHERE {check}"""  # noqa: S608  # as above


def _anchor_rows(kind: str, pairs: Sequence[tuple[int, Anchor]], shop_id: UUID, values: BoundValues) -> str:
    """The values to look for with the numbers of templates; patterns as the different values that are like them."""
    queries = []
    if plain := [(n, one.text) for n, one in pairs if not one.is_pattern]:
        queries.append(f"SELECT value, n FROM {_given(plain, values)} AS given(value, n)")  # noqa: S608  # as above
    if patterns := [(n, one.text) for n, one in pairs if one.is_pattern]:
        here = f"t.shop_id = {values.whole(shop_id, 'uuid')}"
        known = f"SELECT DISTINCT {VALUES[kind]} AS value FROM product_traits AS t WHERE {here}"  # noqa: S608  # as above
        queries.append(f"""SELECT DISTINCT known.value, given.n FROM ({known}) AS known
            JOIN {_given(patterns, values)} AS given(pattern, n) ON known.value LIKE given.pattern""")  # noqa: S608  # as above
    return " UNION ".join(queries)


def _given(pairs: Sequence[tuple[int, str]], values: BoundValues) -> str:
    texts, numbers = values.texts([text for _, text in pairs]), values.whole([n for n, _ in pairs], "int[]")
    return f"unnest({texts}, {numbers})"


def _tree(tests: Sequence[tuple[int, str]]) -> str:
    """The test of the template ``anchor.n``, found by halving."""
    if len(tests) <= 1:
        return tests[0][1] if tests else NEVER
    middle = len(tests) // 2
    low, high = tests[:middle], tests[middle:]
    return f"CASE WHEN anchor.n < {high[0][0]} THEN {_tree(low)} ELSE {_tree(high)} END"
