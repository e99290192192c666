"""Sizes and habits that prose cannot keep."""

import ast
import re

import pytest

from tests.structure.source import ROOT, modules, name_of, tree_of

LINES_OF_A_MODULE = 300
LINES_OF_A_FUNCTION = 60

LONG_MODULES: frozenset[str] = frozenset()
"""Modules that may be longer. This list may only shrink."""

CLOCKS = frozenset({"server/kit/clock.py", "sandbox/clock.py"})
NOW = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"), ("time", "time")}


def test_no_module_is_too_long() -> None:
    long = {
        name_of(path): n for path in modules() if (n := len(path.read_text("utf-8").splitlines())) > LINES_OF_A_MODULE
    }
    assert set(long) == LONG_MODULES, long


def test_no_function_is_too_long() -> None:
    long = [
        f"{name_of(path)}:{node.lineno} {node.name}"
        for path in modules()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or node.lineno) - node.lineno >= LINES_OF_A_FUNCTION
    ]
    assert long == []


def test_only_the_clocks_ask_what_time_it_is() -> None:
    asked = [
        f"{name_of(path)}:{node.lineno}"
        for path in modules("server", "graphql_schema", "workers", "sandbox")
        if name_of(path) not in CLOCKS
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and (node.func.value.id, node.func.attr) in NOW
    ]
    assert asked == []


def test_no_import_hides_inside_a_function() -> None:
    hidden = [
        f"{name_of(path)}:{inner.lineno}"
        for path in modules("server", "graphql_schema", "workers", "sandbox")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]
    assert hidden == []


@pytest.mark.parametrize("word", ["utils", "helpers", "manager", "common", "misc"])
def test_no_file_has_a_name_that_says_nothing(word: str) -> None:
    assert [name_of(path) for path in modules() if word in path.stem.split("_")] == []


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        name_of(path) for path in modules() if path.read_text("utf-8").strip() and not ast.get_docstring(tree_of(path))
    ]
    assert silent == []


def test_nothing_waits_for_later() -> None:
    marks = re.compile(r"\b(TODO|FIXME|XXX|NotImplementedError)\b")
    waiting = [
        f"{name_of(path)}:{number}"
        for path in modules()
        if path.parent.name != "structure"
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if marks.search(line)
    ]
    assert waiting == []


def test_every_exception_from_a_rule_has_its_reason_beside_it() -> None:
    pragma = re.compile(r"# (noqa: [A-Z0-9, ]+|type: ignore\[[a-z-, ]+\]) +(-|#) \w")
    silent = [
        f"{name_of(path)}:{number}"
        for path in modules()
        if path.parent.name != "structure"
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if re.search(r"# (noqa|type: ignore)", line) and not pragma.search(line)
    ]
    assert silent == []


def test_the_root_holds_the_named_rooms_and_nothing_else() -> None:
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert packages == {"server", "graphql_schema", "workers", "migrations", "sandbox", "cli", "tests"} | (
        packages & {"benchmarks"}
    )
