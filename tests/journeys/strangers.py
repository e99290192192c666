"""Every place of the API that takes an id, found in the schema that the running service tells of itself."""

from collections.abc import Iterator
from dataclasses import dataclass

from graphql import (
    GraphQLArgument,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLSchema,
    build_client_schema,
    get_introspection_query,
    get_named_type,
)

from tests.journeys.asking import Caller


@dataclass(frozen=True, slots=True)
class Place:
    """Where an id goes: root field, then the path of the argument, e.g. ``productsList input.tiktokShopId``."""

    kind: str
    field: str
    path: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.field} {'.'.join(self.path)}"


def told_schema(caller: Caller) -> GraphQLSchema:
    """The service's own word on what it offers."""
    return build_client_schema(caller.ask(get_introspection_query(descriptions=False)).data)  # type: ignore[arg-type]  # the answer is the library's own shape


def places(schema: GraphQLSchema) -> Iterator[Place]:
    """Each argument, or field of an input, that is an ID or a list of IDs."""
    roots = (("query", schema.query_type), ("mutation", schema.mutation_type))
    for kind, root in roots:
        assert root is not None
        for name, field in root.fields.items():
            for argument, given in field.args.items():
                for path in _ids((argument,), given):
                    yield Place(kind, name, path)


def _ids(path: tuple[str, ...], given: GraphQLArgument | GraphQLInputField) -> Iterator[tuple[str, ...]]:
    named = get_named_type(given.type)
    if named.name == "ID":
        yield path
    if isinstance(named, GraphQLInputObjectType):
        for name, inner in named.fields.items():
            if get_named_type(inner.type).name == "ID":
                yield (*path, name)
            elif name == "filter":
                yield from _ids((*path, name), inner)
