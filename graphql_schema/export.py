"""The schema as text, for clients: sorted, so that a diff shows what changed and nothing else."""

from graphql import lexicographic_sort_schema, print_schema

from graphql_schema.schema import schema


def sdl() -> str:
    """The schema in GraphQL's own language. Sorted in a copy: sorting the schema itself breaks its execution."""
    return print_schema(lexicographic_sort_schema(schema._schema)) + "\n"
