"""The schema that answers requests: reading and mutations together."""

from functools import cache
from typing import cast

from graphql import GraphQLObjectType, GraphQLSchema

from sandbox.shopify.mutations import MUTATION
from sandbox.shopify.schema import admin_schema, fill


@cache
def executable_schema() -> GraphQLSchema:
    """Built once. Apart from `schema`, because bulk mutations read it."""
    schema = admin_schema()
    fill(cast("GraphQLObjectType", schema.mutation_type), MUTATION)
    return schema
