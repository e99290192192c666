"""Every problem code is published with its meaning, and something can raise it, always with the same remedy."""

import ast
from collections.abc import Iterator, Mapping, Sequence

import pytest

from graphql_schema.export import error_codes
from server.clients.verdicts import CODES
from server.clients.verdicts import PROBLEM_CODES as PLATFORM_CODES
from server.domain.problem_codes import PROBLEM_CODES
from server.domain.remedies import REMEDIES, remedy_of
from tests.structure.source import modules, name_of, tree_of

DEFINED_IN = {"server/domain/problem_codes.py", "server/domain/remedies.py", "server/clients/verdicts.py"}
MAKERS = {
    *("Problem", "_problem", "_Misfit", "Unusable", "error", "warning", "_needs"),  # what becomes of a product
    *("Verdict", "_fix", "Upstream"),  # what a platform's answer means
    *("Invalid", "Conflict", "NotFound"),  # what a caller is told
}
"""Calls that make a problem or a refusal; a code that stands elsewhere is compared, not raised."""


def constants() -> dict[str, str]:
    """Codes that modules of ours give a name."""
    return {
        one.targets[0].id: one.value.value
        for path in modules("server", "workers")
        for one in tree_of(path).body
        if isinstance(one, ast.Assign) and isinstance(one.targets[0], ast.Name)
        if isinstance(one.value, ast.Constant) and isinstance(one.value.value, str)
    }


def raised() -> Iterator[str]:
    """Every code that is given to a maker, by itself, by its name or as one of two."""
    named = constants()
    for path in modules("server", "workers"):
        if name_of(path) in DEFINED_IN:
            continue
        for call in (one for one in ast.walk(tree_of(path)) if isinstance(one, ast.Call)):
            if ast.unparse(call.func).rpartition(".")[2] in MAKERS:
                yield from codes_in([*call.args, *(one.value for one in call.keywords)], named)


def codes_in(given: Sequence[ast.expr], named: Mapping[str, str]) -> Iterator[str]:
    for one in given:
        if isinstance(one, ast.IfExp):
            yield from codes_in([one.body, one.orelse], named)
        elif isinstance(one, ast.Constant) and isinstance(one.value, str):
            yield one.value
        elif isinstance(one, ast.Name) and one.id in named:
            yield named[one.id]


RAISED = {*raised()}


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
