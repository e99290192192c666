"""The JSONL of a bulk operation: the query compiled once into projections, then streamed (Shopify fact sheet 3.6)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import cast

import orjson
from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLObjectType,
    GraphQLUnionType,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    get_argument_values,
    get_named_type,
    get_nullable_type,
    parse,
)

from sandbox.shopify.connections import LISTS
from sandbox.shopify.context import Args, Context, Resolver
from sandbox.shopify.roots import all_products, all_variants
from sandbox.shopify.schema import TABLES, admin_schema, kind_of

GROUP = 25  # roots written before their children, when lines are not grouped
BLOCK = 65_536
Line = tuple[dict[str, object], bool]
ROOT_LISTS: dict[str, Callable[[Context, Args], Iterable[object]]] = {
    "products": all_products,
    "productVariants": all_variants,
    "collections": lambda context, _args: context.shop.store.collections.values(),
}


@dataclass(slots=True)
class Field:
    """One asked field: how to read it and, for objects, what to read inside."""

    key: str
    read: Callable[[object, Context], object]
    inside: Selection | None = None
    is_list: bool = False


@dataclass(slots=True)
class Projection:
    """The fields asked of one concrete type, and the connections below it."""

    fields: list[Field] = field(default_factory=list)
    connections: list[tuple[Callable[..., Iterable[object]], Selection]] = field(default_factory=list)
    asks_typename: str | None = None

    def values(self, source: object, context: Context) -> dict[str, object]:
        """The object's own line (or sub-object), connections left out."""
        answer: dict[str, object] = {}
        for one in self.fields:
            value = one.read(source, context)
            if one.inside is not None and value is not None:
                inside = one.inside
                if one.is_list:
                    value = [inside.values(item, context) for item in cast("list[object]", value)]
                else:
                    value = inside.values(value, context)
            answer[one.key] = value
        if self.asks_typename is not None:
            answer[self.asks_typename] = kind_of(source)
        return answer


class Selection:
    """What is asked of a field; compiled for each concrete type when it is first met."""

    def __init__(self, nodes: list[SelectionSetNode], declared: object, fragments: Fragments) -> None:
        self._nodes = nodes
        self._declared = declared
        self._fragments = fragments
        self._compiled: dict[str, Projection] = {}

    def projection(self, source: object) -> Projection:
        """For the concrete type of an object."""
        declared = self._declared
        abstract = isinstance(declared, GraphQLInterfaceType | GraphQLUnionType)
        name = kind_of(source) if abstract else cast("GraphQLObjectType", declared).name
        if name not in self._compiled:
            self._compiled[name] = _compile(name, self._nodes, self._fragments)
        return self._compiled[name]

    def values(self, source: object, context: Context) -> dict[str, object]:
        """A sub-object."""
        return self.projection(source).values(source, context)


Fragments = dict[str, FragmentDefinitionNode]


@dataclass(frozen=True, slots=True)
class Export:
    """A compiled bulk query."""

    roots: Callable[[Context], Iterable[object]]
    selection: Selection

    def lines(self, context: Context, *, grouped: bool) -> Iterator[Line]:
        """Every line with whether it is a root. Ungrouped: children follow their parents, but not at once."""
        roots = iter(self.roots(context))
        while chunk := list(islice(roots, 1 if grouped else GROUP)):
            todo: list[tuple[object, Selection, str | None]] = [(one, self.selection, None) for one in chunk]
            while todo:
                later: list[tuple[object, Selection, str | None]] = []
                for source, selection, parent in todo:
                    projection = selection.projection(source)
                    line = projection.values(source, context)
                    if parent is not None:
                        line["__parentId"] = parent
                    yield line, parent is None
                    if projection.connections:
                        own = _id(source, context)
                        later += [
                            (child, below, own)
                            for lister, below in projection.connections
                            for child in lister(source, context)
                        ]
                todo = later

    def every(self, step: int) -> Export:
        """The same for every `step`th root only."""
        return Export(lambda context: islice(self.roots(context), 0, None, step), self.selection)

    def count(self, context: Context) -> tuple[int, int]:
        """How many lines there are and how many of them are roots, without making them."""
        roots = lines = 0
        for root in self.roots(context):
            roots += 1
            lines += _lines_of(root, self.selection, context)
        return lines, roots

    def blocks(self, context: Context, *, grouped: bool) -> Iterator[bytes]:
        """The file in blocks of about 64 KiB."""
        parts: list[bytes] = []
        size = 0
        for line, _ in self.lines(context, grouped=grouped):
            parts.append(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))
            size += len(parts[-1])
            if size >= BLOCK:
                yield b"".join(parts)
                parts, size = [], 0
        if parts:
            yield b"".join(parts)


def compile_export(query: str) -> Export:
    """Compile a valid bulk query (`bulk_rules` has checked it)."""
    document = parse(query)
    fragments = {one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)}
    operation = next(one for one in document.definitions if isinstance(one, OperationDefinitionNode))
    top = cast("FieldNode", operation.selection_set.selections[0])
    definition = cast("GraphQLObjectType", admin_schema().query_type).fields[top.name.value]
    args = get_argument_values(definition, top)
    lister = ROOT_LISTS[top.name.value]
    selection = _below(top, get_named_type(definition.type), fragments)
    return Export(lambda context: lister(context, args), selection)


def _below(node: FieldNode, connection: object, fragments: Fragments) -> Selection:
    """What is asked of a connection's nodes, whether through `nodes` or `edges { node }`."""
    nodes_type = get_named_type(cast("GraphQLObjectType", connection).fields["nodes"].type)
    found: list[SelectionSetNode] = []
    for one in _fields_of(cast("SelectionSetNode", node.selection_set), None, fragments):
        if one.name.value == "nodes" and one.selection_set:
            found.append(one.selection_set)
        if one.name.value == "edges" and one.selection_set:
            inner = _fields_of(one.selection_set, None, fragments)
            found += [edge.selection_set for edge in inner if edge.name.value == "node" and edge.selection_set]
    return Selection(found, nodes_type, fragments)


def _compile(name: str, nodes: list[SelectionSetNode], fragments: Fragments) -> Projection:
    graphql_type = cast("GraphQLObjectType", admin_schema().type_map[name])
    table = TABLES.get(name, {})
    projection = Projection()
    merged: dict[str, list[FieldNode]] = {}
    for selections in nodes:
        for one in _fields_of(selections, graphql_type, fragments):
            merged.setdefault(one.alias.value if one.alias else one.name.value, []).append(one)
    for key, same in merged.items():
        _add(projection, graphql_type, key, same, table, fragments)
    return projection


def _add(
    projection: Projection,
    owner: GraphQLObjectType,
    key: str,
    same: list[FieldNode],
    table: object,
    fragments: Fragments,
) -> None:
    first, name = same[0], same[0].name.value
    if name == "__typename":
        projection.asks_typename = key
        return
    definition = owner.fields[name]
    named = get_named_type(definition.type)
    if (owner.name, name) in LISTS:
        projection.connections.append((LISTS[owner.name, name], _below(first, named, fragments)))
        return
    inside = [one.selection_set for one in same if one.selection_set]
    resolver = cast("dict[str, Resolver]", table).get(name)
    projection.fields.append(
        Field(
            key,
            _reader(resolver, get_argument_values(definition, first), name),
            Selection(inside, named, fragments) if inside else None,
            isinstance(get_nullable_type(definition.type), GraphQLList),
        )
    )


def _reader(resolver: Resolver | None, args: Args, name: str) -> Callable[[object, Context], object]:
    if resolver is None:
        return lambda source, _context: cast("dict[str, object]", source).get(name)
    return lambda source, context: resolver(source, context, args)


def _fields_of(
    selections: SelectionSetNode, owner: GraphQLObjectType | None, fragments: Fragments
) -> Iterator[FieldNode]:
    """Fields that apply to `owner`, fragments opened; without an owner all of them."""
    for one in selections.selections:
        if isinstance(one, FieldNode):
            yield one
            continue
        if isinstance(one, FragmentSpreadNode):
            fragment = fragments[one.name.value]
            condition, inner = fragment.type_condition.name.value, fragment.selection_set
        else:
            inline = cast("InlineFragmentNode", one)
            condition = inline.type_condition.name.value if inline.type_condition else ""
            inner = inline.selection_set
        if owner is None or _applies(condition, owner):
            yield from _fields_of(inner, owner, fragments)


def _applies(condition: str, owner: GraphQLObjectType) -> bool:
    return condition in {"", owner.name} or any(one.name == condition for one in owner.interfaces)


def _id(source: object, context: Context) -> str:
    return str(TABLES[kind_of(source)]["id"](source, context, {}))


def _lines_of(source: object, selection: Selection, context: Context) -> int:
    below = selection.projection(source).connections
    return 1 + sum(_lines_of(child, inner, context) for lister, inner in below for child in lister(source, context))
