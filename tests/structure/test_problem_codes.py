"""Every problem code is published with its meaning, and something can raise it."""

import re

import pytest

from graphql_schema.export import error_codes
from server.clients.verdicts import PROBLEM_CODES as PLATFORM_CODES
from server.domain.problem_codes import PROBLEM_CODES
from tests.structure.source import modules, name_of

DEFINED_IN = {"server/domain/problem_codes.py", "server/clients/verdicts.py"}
RAISED = {
    code
    for path in modules("server", "workers")
    if name_of(path) not in DEFINED_IN
    for code in re.findall(r"\"([A-Z][A-Z0-9_]{3,})\"", path.read_text("utf-8"))
}


@pytest.mark.parametrize("code", sorted({*PROBLEM_CODES, *PLATFORM_CODES}))
def test_every_problem_code_can_be_raised(code: str) -> None:
    assert code in RAISED


def test_every_problem_code_is_published() -> None:
    published = error_codes()
    assert [code for code in {*PROBLEM_CODES, *PLATFORM_CODES} if f'"{code}"' not in published] == []
