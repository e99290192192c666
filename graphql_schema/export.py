"""The frontend contract as text: the schema, and every code a client may meet. Sorted, so a diff shows what changed."""

import json
from collections.abc import Callable, Mapping

from graphql import lexicographic_sort_schema, print_schema

from graphql_schema.errors import ERROR_CODES
from graphql_schema.problem_texts import PROBLEM_TEXTS
from graphql_schema.schema import schema
from graphql_schema.user_errors import USER_ERROR_CODES


def sdl() -> str:
    """The schema in GraphQL's own language. Sorted in a copy: sorting the schema itself breaks its execution."""
    return print_schema(lexicographic_sort_schema(schema._schema)) + "\n"


def error_codes() -> str:
    """``errors[].extensions.code``, ``userErrors[].code`` and ``Problem.code`` with what they mean, as JSON."""
    groups: dict[str, Mapping[str, str]] = {
        "errors": {str(code): text for code, text in ERROR_CODES.items()},
        "userErrors": {str(code): text for code, text in USER_ERROR_CODES.items()},
        "problems": PROBLEM_TEXTS,
    }
    return json.dumps({name: dict(sorted(codes.items())) for name, codes in groups.items()}, indent=2) + "\n"


FILES: Mapping[str, Callable[[], str]] = {"schema.graphql": sdl, "error-codes.json": error_codes}
"""The generated files of ``frontend-contract/`` and what makes each."""
