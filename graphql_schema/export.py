"""The frontend contract as text: the schema, and every code a client may meet. Sorted, so a diff shows what changed."""

import json
from collections.abc import Callable, Mapping

from graphql import lexicographic_sort_schema, print_schema

from graphql_schema.errors import ERROR_CODES
from graphql_schema.schema import schema
from graphql_schema.user_errors import USER_ERROR_CODES
from server.clients.verdicts import CODES
from server.domain.problem_codes import PROBLEM_CODES

_OF_TASKS = {
    "INTERNAL": "Our fault; it was logged. Try again, and ask support when it comes back.",
    "SECRET_UNREADABLE": "A stored token cannot be read any more; connect again.",
}
"""Why a whole task had to stop; the codes of user errors can be met there too."""


def sdl() -> str:
    """The schema in GraphQL's own language. Sorted in a copy: sorting the schema itself breaks its execution."""
    return print_schema(lexicographic_sort_schema(schema._schema)) + "\n"


def error_codes() -> str:
    """``errors[].extensions.code``, ``userErrors[].code`` and ``Problem.code`` with what they mean, as JSON."""
    platform = {code: verdict.text for code, verdict in CODES.items()}
    groups: dict[str, Mapping[str, str]] = {
        "errors": {str(code): text for code, text in ERROR_CODES.items()},
        "userErrors": {str(code): text for code, text in USER_ERROR_CODES.items()},
        "problems": platform | dict(PROBLEM_CODES) | _OF_TASKS,
    }
    return json.dumps({name: dict(sorted(codes.items())) for name, codes in groups.items()}, indent=2) + "\n"


FILES: Mapping[str, Callable[[], str]] = {"schema.graphql": sdl, "error-codes.json": error_codes}
"""The generated files of ``frontend-contract/`` and what makes each."""
