"""Names the operation a call is for, before any route runs, so that faults and the log can go by it."""

import re

from sandbox.open_calls import OPEN_CALLS
from sandbox.tiktok.operations import OPERATIONS

# The name in `query Name(...)` / `mutation Name`, inside a JSON body or as bare GraphQL.
GRAPHQL_NAME = re.compile(rb'"operationName"\s*:\s*"(\w+)"|\b(?:query|mutation)\s+(\w+)')
TEMPLATE = re.compile(r"\{\w+\}")
AFTER_VERSION = 3  # "", category and version come first; a version looks like an id otherwise


def _shape(path: str) -> str:
    """The path with every id (a segment of digits behind the version) written as `{}`."""
    parts = path.split("/")
    return "/".join("{}" if place >= AFTER_VERSION and part.isdigit() else part for place, part in enumerate(parts))


_TIKTOK = {(one.method, TEMPLATE.sub("{}", one.path)): one.name for one in OPERATIONS}
_TIKTOK.update({(one.method, one.path): one.name for one in OPEN_CALLS})


def operation_of(method: str, path: str, body: bytes) -> str:
    """The documented TikTok name, a GraphQL operation's own name, or nothing."""
    if path.endswith("/graphql.json"):
        found = GRAPHQL_NAME.search(body)
        return (found[1] or found[2]).decode() if found else ""
    return _TIKTOK.get((method, path)) or _TIKTOK.get((method, _shape(path)), "")
