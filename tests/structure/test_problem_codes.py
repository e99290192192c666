"""Every problem code is published with its meaning, and something can raise it, always with the same remedy."""

import ast
import re
from collections.abc import Iterator

import pytest

from graphql_schema.export import error_codes
from server.clients.verdicts import CODES
from server.clients.verdicts import PROBLEM_CODES as PLATFORM_CODES
from server.domain.problem_codes import PROBLEM_CODES
from server.domain.remedies import REMEDIES, remedy_of
from tests.structure.source import modules, name_of, tree_of

DEFINED_IN = {"server/domain/problem_codes.py", "server/domain/remedies.py", "server/clients/verdicts.py"}
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


def raised_with() -> Iterator[tuple[str, str, str | None]]:
    """Where a problem is made, its code, and the remedy that is said there."""
    for path in modules("server", "workers"):
        for call in (one for one in ast.walk(tree_of(path)) if isinstance(one, ast.Call)):
            given = [*call.args, *(one.value for one in call.keywords)]
            texts = [str(one.value) for one in given[:2] if isinstance(one, ast.Constant)]
            said = [ast.unparse(one) for one in given if ast.unparse(one).startswith("Remedy.")]
            for code in texts:
                if code in REMEDIES or (code in CODES and ast.unparse(call.func) == "Problem"):
                    yield f"{name_of(path)}:{call.lineno}", code, said[0].removeprefix("Remedy.") if said else None


def test_a_code_has_one_remedy_wherever_it_is_raised() -> None:
    found = list(raised_with())
    assert len(found) > 80
    wanted = {**REMEDIES, **{code: entry.remedy for code, entry in CODES.items()}}
    wrong = [(at, code, said) for at, code, said in found if (said or remedy_of(code)) != wanted[code]]
    assert wrong == []
