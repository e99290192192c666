"""What an operation costs before it runs, and what it did cost: points by objects, as Shopify counts them.

An object is 1 point, a connection 1 more than its entries, a scalar nothing; a root field that changes or follows
something is 10. ``first``/``last`` say how many entries are reckoned with; a plain list is reckoned with 10.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
    is_list_type,
)

from server.domain.paging import MAX_PAGE

LIST_SIZE = 10
"""How many entries a list without paging is reckoned with."""

CHANGE_COST = 10

_FREE = frozenset({"PageInfo", "Edge"})


@dataclass(slots=True)
class Reckoner:
    """Walks one operation. Fragments are reckoned once each, so nesting them does not multiply the work."""

    schema: GraphQLSchema
    document: DocumentNode
    variables: Mapping[str, object]
    _fragments: dict[str, FragmentDefinitionNode] = field(init=False)
    _known: dict[tuple[int, str, int], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        definitions = self.document.definitions
        self._fragments = {d.name.value: d for d in definitions if isinstance(d, FragmentDefinitionNode)}

    def requested(self, operation: OperationDefinitionNode) -> int:
        """The most that the operation can cost."""
        root = self.schema.get_root_type(operation.operation)
        if root is None:
            return 0
        return self._base(operation) + self._selections(operation.selection_set, root, MAX_PAGE)

    def actual(self, operation: OperationDefinitionNode, data: Mapping[str, object] | None) -> int:
        """What the operation did cost, counted in its answer."""
        root = self.schema.get_root_type(operation.operation)
        if root is None or data is None:
            return self._base(operation)
        return self._base(operation) + self._answered(operation.selection_set, root, data)

    def _base(self, operation: OperationDefinitionNode) -> int:
        changes = operation.operation is not OperationType.QUERY
        return CHANGE_COST * len(operation.selection_set.selections) if changes else 0

    def _selections(self, selections: SelectionSetNode, parent: GraphQLNamedType, page: int) -> int:
        key = (id(selections), parent.name, page)
        if key not in self._known:
            fields = self._fields(selections, parent)
            self._known[key] = sum(self._field(node, owner, page) for node, owner in fields)
        return self._known[key]

    def _field(self, node: FieldNode, owner: GraphQLNamedType, page: int) -> int:
        kind = _field_type(owner, node)
        if kind is None or node.selection_set is None:
            return 0
        inner, is_list, weight = kind
        if inner.name.endswith("Connection"):
            return 1 + self._selections(node.selection_set, inner, self._page_size(node))
        each = weight + self._selections(node.selection_set, inner, 1)
        if not is_list:
            return each
        return each * (page if owner.name.endswith("Connection") else LIST_SIZE)

    def _answered(self, selections: SelectionSetNode, parent: GraphQLNamedType, data: Mapping[str, object]) -> int:
        total, seen = 0, set()
        for node, owner in self._fields(selections, parent):
            key = node.alias.value if node.alias else node.name.value
            kind = _field_type(owner, node)
            if kind is None or node.selection_set is None or key in seen or data.get(key) is None:
                continue
            seen.add(key)
            inner, _, weight = kind
            values = data[key]
            for value in values if isinstance(values, list) else (values,):
                if isinstance(value, dict):
                    total += weight + self._answered(node.selection_set, inner, value)
        return total

    def _fields(
        self, selections: SelectionSetNode, parent: GraphQLNamedType, seen: set[str] | None = None
    ) -> Iterator[tuple[FieldNode, GraphQLNamedType]]:
        """The fields of a selection set with the types that own them, each fragment once."""
        seen = set() if seen is None else seen
        for node in selections.selections:
            if isinstance(node, FieldNode):
                yield node, parent
            elif isinstance(node, InlineFragmentNode):
                yield from self._fields(node.selection_set, self._on(node, parent), seen)
            elif isinstance(node, FragmentSpreadNode) and node.name.value not in seen:
                seen.add(node.name.value)
                fragment = self._fragments[node.name.value]
                yield from self._fields(fragment.selection_set, self._on(fragment, parent), seen)

    def _on(self, node: InlineFragmentNode | FragmentDefinitionNode, parent: GraphQLNamedType) -> GraphQLNamedType:
        condition = node.type_condition
        return self.schema.type_map[condition.name.value] if condition else parent

    def _page_size(self, node: FieldNode) -> int:
        for argument in node.arguments or ():
            if argument.name.value not in ("first", "last"):
                continue
            value: object = MAX_PAGE
            if isinstance(argument.value, IntValueNode):
                value = int(argument.value.value)
            elif isinstance(argument.value, VariableNode):
                value = self.variables.get(argument.value.name.value, MAX_PAGE)
            if isinstance(value, int):
                return max(0, min(value, MAX_PAGE))
        return MAX_PAGE


def _field_type(owner: GraphQLNamedType, node: FieldNode) -> tuple[GraphQLNamedType, bool, int] | None:
    """The type of a field's objects, whether it is a list of them, and the points of one; nothing for scalars."""
    if not isinstance(owner, GraphQLObjectType | GraphQLInterfaceType) or node.name.value not in owner.fields:
        return None
    kind = owner.fields[node.name.value].type
    inner = get_named_type(kind)
    if is_leaf_type(inner):
        return None
    weight = 0 if inner.name in _FREE or inner.name.endswith("Edge") else 1
    return inner, is_list_type(get_nullable_type(kind)), weight
