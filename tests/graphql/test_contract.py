"""The frontend contract: committed, complete and valid."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    OperationDefinitionNode,
    parse,
    validate,
)

from graphql_schema import errors, export, user_errors
from graphql_schema.limits import RULES
from graphql_schema.permissions import Needs
from graphql_schema.schema import schema

ROOT = Path(__file__).resolve().parents[2]
CONTRACT = ROOT / "frontend-contract"
OPERATIONS = sorted((CONTRACT / "operations").rglob("*.graphql"))
OURS = {name: kind for name, kind in schema._schema.type_map.items() if not name.startswith("__")}
BUILT_IN = {"String", "Int", "Float", "Boolean", "ID"}


def test_the_committed_schema_is_what_the_code_says() -> None:
    assert (CONTRACT / "schema.graphql").read_text("utf-8") == export.sdl(), "run ./leafmark schema"


def test_the_committed_codes_are_what_the_code_says() -> None:
    assert (CONTRACT / "error-codes.json").read_text("utf-8") == export.error_codes(), "run ./leafmark schema"


def test_every_code_has_a_meaning() -> None:
    assert set(errors.ERROR_CODES) == set(errors.ErrorCode)
    assert set(user_errors.USER_ERROR_CODES) == set(user_errors.UserErrorCode)


def test_every_refusal_of_a_service_has_a_published_code() -> None:
    rooms = [*(ROOT / "server" / "services").rglob("*.py"), *(ROOT / "server" / "kit").rglob("*.py")]
    said = {code for path in rooms for code in re.findall(r'\bcode="([A-Z_]+)"', path.read_text("utf-8"))}
    assert said - set(user_errors.UserErrorCode) == set()


@pytest.mark.parametrize("path", OPERATIONS, ids=lambda path: path.stem)
def test_every_operation_is_valid(path: Path) -> None:
    document = parse(path.read_text("utf-8"))
    assert validate(schema._schema, document, [*specified(), *RULES]) == []
    [operation] = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    assert operation.name is not None
    assert operation.name.value == path.stem


def specified() -> tuple[type, ...]:
    from graphql import specified_rules

    return tuple(specified_rules)


def test_operations_reach_every_root_field() -> None:
    used: set[str] = set()
    for path in OPERATIONS:
        for node in parse(path.read_text("utf-8")).definitions:
            if isinstance(node, OperationDefinitionNode):
                used |= {field.name.value for field in node.selection_set.selections if hasattr(field, "name")}
    assert roots() - used == {"node"}


def roots() -> set[str]:
    kinds = (schema._schema.query_type, schema._schema.mutation_type, schema._schema.subscription_type)
    return {name for kind in kinds if kind is not None for name in kind.fields}


def undescribed(kind: GraphQLNamedType) -> Iterator[str]:
    if not kind.description:
        yield kind.name
    if isinstance(kind, GraphQLEnumType):
        yield from (f"{kind.name}.{name}" for name, value in kind.values.items() if not value.description)
    if isinstance(kind, GraphQLInputObjectType):
        yield from (f"{kind.name}.{name}" for name, field in kind.fields.items() if not field.description)
    if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
        for name, field in kind.fields.items():
            if not field.description:
                yield f"{kind.name}.{name}"
            yield from (f"{kind.name}.{name}({a})" for a, arg in field.args.items() if not arg.description)


def test_everything_has_a_description() -> None:
    assert [name for kind in OURS.values() for name in undescribed(kind)] == []


def test_no_description_speaks_of_python() -> None:
    """Docstrings become descriptions: none may be the one that a dataclass writes for itself."""
    assert [kind.name for kind in OURS.values() if re.search(r"\w+\(\w+: ", kind.description or "")] == []


@pytest.mark.parametrize("name", sorted(roots()))
def test_every_root_field_has_a_permission(name: str) -> None:
    kinds = (schema._schema.query_type, schema._schema.mutation_type, schema._schema.subscription_type)
    [field] = [kind.fields[name] for kind in kinds if kind is not None and name in kind.fields]
    rules = field.extensions["strawberry-definition"].permission_classes
    assert [rule for rule in rules if issubclass(rule, Needs)] != []


def test_every_change_needs_a_scope() -> None:
    changes = schema._schema.mutation_type
    assert changes is not None
    loose = [
        name
        for name, field in changes.fields.items()
        if not all(rule.scope for rule in field.extensions["strawberry-definition"].permission_classes)
    ]
    assert loose == []


def test_names_follow_the_conventions() -> None:
    enums = [kind for kind in OURS.values() if isinstance(kind, GraphQLEnumType)]
    assert [value for kind in enums for value in kind.values if not re.fullmatch(r"[A-Z][A-Z0-9_]*", value)] == []
    objects = [kind for kind in OURS.values() if isinstance(kind, GraphQLObjectType)]
    fields = [name for kind in objects for name in kind.fields]
    assert [name for name in fields if not re.fullmatch(r"[a-z][A-Za-z0-9]*", name)] == []
    assert [name for name in OURS if name not in BUILT_IN and not re.fullmatch(r"[A-Z][A-Za-z]*", name)] == []


def test_payloads_are_named_after_their_mutations() -> None:
    changes = schema._schema.mutation_type
    assert changes is not None
    for name, field in changes.fields.items():
        assert str(field.type).lower() == f"{name}payload".lower(), name
        payload = field.type
        assert isinstance(payload, GraphQLObjectType)
        assert str(payload.fields["userErrors"].type) == "[UserError!]!"
