"""The last touch to a built schema: docstrings become descriptions, and ``= null`` defaults go."""

import inspect

from graphql import (
    GraphQLArgument,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    Undefined,
)

from graphql_schema.permissions import Needs


def finish(schema: GraphQLSchema) -> None:
    """One text for readers of the code and of the API; an argument that may be left out has no default to print."""
    for kind in schema.type_map.values():
        origin = getattr(kind.extensions.get("strawberry-definition"), "origin", None)
        if kind.description is None and origin is not None:
            kind.description = inspect.getdoc(origin)
        if isinstance(kind, GraphQLInputObjectType):
            _drop_nulls(kind.fields)
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            for field in kind.fields.values():
                _describe(field)
                _drop_nulls(field.args)


def _describe(field: GraphQLField) -> None:
    definition = field.extensions.get("strawberry-definition")
    resolver = getattr(definition, "base_resolver", None)
    if field.description is None and resolver is not None:
        field.description = inspect.getdoc(resolver.wrapped_func)
    for rule in getattr(definition, "permission_classes", ()):
        if issubclass(rule, Needs) and rule.scope is not None:
            field.description = f"{field.description}\n\nNeeds the scope `{rule.scope.name}`."


def _drop_nulls(values: dict[str, GraphQLArgument] | dict[str, GraphQLInputField]) -> None:
    for value in values.values():
        if value.default_value is None:
            value.default_value = Undefined
