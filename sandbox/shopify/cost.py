"""What a query costs (Shopify fact sheet 3.5): objects 1, connections by size, mutations 10, lists and scalars nothing.

How a connection's size counts is not published. Measured by others on the live platform in 2025: a product with
`variants(first: 250)` and an inventory item in each node asks 25 points, so size grows by the logarithm:
`2 ln 250 = 11.04`, rounded up 12, times the 2 objects of a node, plus 1 for the product.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import cast

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    VariableNode,
    get_named_type,
)

MAX_COST = 1000
MUTATION_COST = 10
FREE = frozenset({"PageInfo"})  # part of a connection, paid with it
Objects = GraphQLObjectType | GraphQLInterfaceType


def sized(number: int) -> int:
    """What `number` nodes count: one each up to three, then by the logarithm."""
    return number if number <= 3 else max(3, math.ceil(2 * math.log(number)))


class Costing:
    """Costs of one operation, asked (by its arguments) and actual (by its answer)."""

    def __init__(
        self,
        schema: GraphQLSchema,
        operation: OperationDefinitionNode,
        fragments: Mapping[str, FragmentDefinitionNode],
        variables: Mapping[str, object],
    ) -> None:
        self._schema = schema
        self._operation = operation
        self._fragments = fragments
        self._variables = variables

    def requested(self) -> int:
        """The most the operation can cost."""
        return self._total(None)

    def actual(self, data: Mapping[str, object] | None) -> int:
        """What the answer was worth; at least 1."""
        return max(1, self._total(data or {}))

    def _total(self, data: Mapping[str, object] | None) -> int:
        is_mutation = self._operation.operation is OperationType.MUTATION
        root = self._schema.mutation_type if is_mutation else self._schema.query_type
        fields = list(self._fields(self._operation.selection_set, cast("Objects", root)))
        inside = sum(self._field(owner, one, data) for owner, one in fields)
        return inside + (MUTATION_COST * len(fields) if is_mutation else 0)

    def _field(self, owner: Objects, node: FieldNode, data: Mapping[str, object] | None) -> int:
        if node.name.value.startswith("__") or node.selection_set is None:
            return 0
        named = get_named_type(owner.fields[node.name.value].type)
        value: object = None
        if data is not None:
            value = data.get(node.alias.value if node.alias else node.name.value)
            if value is None:
                return 1 if named.name not in FREE else 0
        if named.name.endswith("Connection"):
            return self._connection(cast("Objects", named), node, value)
        if named.name in FREE:
            return 0
        return self._object(named, node.selection_set, _first(value))

    def _object(self, named: GraphQLNamedType, selections: SelectionSetNode, data: Mapping[str, object] | None) -> int:
        """1 and what is inside; for abstract types the dearest concrete one."""
        if isinstance(named, GraphQLObjectType):
            return 1 + sum(self._field(owner, one, data) for owner, one in self._fields(selections, named))
        possible = self._schema.get_possible_types(cast("GraphQLInterfaceType | GraphQLUnionType", named))
        return max((self._object(one, selections, data) for one in possible), default=1)

    def _connection(self, named: Objects, node: FieldNode, value: object) -> int:
        selections = cast("SelectionSetNode", node.selection_set)
        nodes = self._nodes(named, selections)
        if value is None:
            return max(1, sized(self._asked(node)) * sum(self._object(kind, inner, None) for kind, inner, _ in nodes))
        answer = cast("Mapping[str, object]", value)
        total = 0
        for kind, inner, read in nodes:
            found = read(answer)
            total += sized(len(found)) * (self._object(kind, inner, found[0]) if found else 0)
        return max(1, total)

    def _nodes(
        self, named: Objects, selections: SelectionSetNode
    ) -> list[tuple[GraphQLNamedType, SelectionSetNode, Reader]]:
        """The node selections of a connection, with how to find the nodes in an answer."""
        kind = get_named_type(named.fields["nodes"].type)
        found: list[tuple[GraphQLNamedType, SelectionSetNode, Reader]] = []
        for owner, one in self._fields(selections, named):
            if one.selection_set is None:
                continue
            key = one.alias.value if one.alias else one.name.value
            if one.name.value == "nodes":
                found.append((kind, one.selection_set, Reader(key)))
            elif one.name.value == "edges":
                edge = cast("Objects", get_named_type(owner.fields["edges"].type))
                for _, inner in self._fields(one.selection_set, edge):
                    if inner.name.value == "node" and inner.selection_set:
                        within = inner.alias.value if inner.alias else "node"
                        found.append((kind, inner.selection_set, Reader(key, within)))
        return found

    def _asked(self, node: FieldNode) -> int:
        for argument in node.arguments or ():
            if argument.name.value in {"first", "last"}:
                value = argument.value
                if isinstance(value, IntValueNode):
                    return max(0, int(value.value))
                if isinstance(value, VariableNode):
                    given = self._variables.get(value.name.value)
                    return max(0, given) if isinstance(given, int) else 0
        return 0

    def _fields(self, selections: SelectionSetNode, owner: Objects) -> Iterator[tuple[Objects, FieldNode]]:
        for one in selections.selections:
            if isinstance(one, FieldNode):
                yield owner, one
                continue
            inner, condition = self._opened(one)
            kind = self._schema.type_map[condition] if condition else owner
            if isinstance(kind, GraphQLObjectType) and isinstance(owner, GraphQLObjectType) and kind is not owner:
                continue
            yield from self._fields(inner, owner if isinstance(owner, GraphQLObjectType) else cast("Objects", kind))

    def _opened(self, one: object) -> tuple[SelectionSetNode, str | None]:
        if isinstance(one, FragmentSpreadNode):
            fragment = self._fragments[one.name.value]
            return fragment.selection_set, fragment.type_condition.name.value
        inline = cast("InlineFragmentNode", one)
        return inline.selection_set, inline.type_condition.name.value if inline.type_condition else None


class Reader:
    """Finds the nodes of a connection in an answer, by the keys the query gave them."""

    def __init__(self, key: str, within: str | None = None) -> None:
        self._key = key
        self._within = within

    def __call__(self, answer: Mapping[str, object]) -> list[Mapping[str, object]]:
        """The nodes."""
        rows = cast("list[Mapping[str, object]]", answer.get(self._key) or [])
        return rows if self._within is None else [cast("Mapping[str, object]", row[self._within]) for row in rows]


def _first(value: object) -> Mapping[str, object] | None:
    """An object of the answer; of a plain list its first one stands for all."""
    if isinstance(value, list):
        return _first(next((one for one in value if one is not None), {}))
    return cast("Mapping[str, object] | None", value)
