"""What a bulk query may look like (Shopify fact sheet 3.6)."""

from graphql import (
    FieldNode,
    GraphQLError,
    GraphQLObjectType,
    OperationDefinitionNode,
    OperationType,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    VisitorAction,
    get_named_type,
    parse,
    validate,
    visit,
)

from sandbox.shopify.bulk_export import ROOT_LISTS
from sandbox.shopify.schema import admin_schema

MAX_CONNECTIONS = 5
MAX_DEPTH = 2


def faults(query: str) -> list[str]:
    """Why a query cannot run in bulk; empty when it can."""
    try:
        document = parse(query)
    except GraphQLError as error:
        return [f"Invalid bulk query: {error.message}"]
    operations = [one for one in document.definitions if isinstance(one, OperationDefinitionNode)]
    if len(operations) != 1 or operations[0].operation is not OperationType.QUERY:
        return ["Bulk queries must contain exactly one query operation."]
    if errors := validate(admin_schema(), document):
        return [f"Invalid bulk query: {error.message}" for error in errors]
    if operations[0].variable_definitions:
        return ["Bulk queries cannot use variables."]
    fields = [one for one in operations[0].selection_set.selections if isinstance(one, FieldNode)]
    if len(fields) != 1 or len(operations[0].selection_set.selections) != 1:
        return ["Bulk queries must have exactly one top-level field."]
    if fields[0].name.value not in ROOT_LISTS:
        return ["Bulk queries must contain at least one connection."]
    counter = _Counter(TypeInfo(admin_schema()))
    visit(document, TypeInfoVisitor(counter.types, counter))
    return counter.faults()


class _Counter(Visitor):
    """Counts connections and how deep they stand in each other."""

    def __init__(self, types: TypeInfo) -> None:
        super().__init__()
        self.types = types
        self._depth = 0
        self._count = 0
        self._deepest = 0

    def enter_field(self, _node: FieldNode, *_args: object) -> VisitorAction:
        """Go into a connection."""
        if self._is_connection():
            self._depth += 1
            self._count += 1
            self._deepest = max(self._deepest, self._depth)
        return None

    def leave_field(self, _node: FieldNode, *_args: object) -> VisitorAction:
        """Come out of a connection."""
        if self._is_connection():
            self._depth -= 1
        return None

    def faults(self) -> list[str]:
        """What is too much."""
        found = []
        if self._count > MAX_CONNECTIONS:
            found.append(f"Bulk queries cannot contain more than {MAX_CONNECTIONS} connections.")
        if self._deepest > MAX_DEPTH:
            found.append(f"Bulk queries cannot contain connections nested deeper than {MAX_DEPTH} levels.")
        return found

    def _is_connection(self) -> bool:
        named = get_named_type(self.types.get_type())
        return isinstance(named, GraphQLObjectType) and named.name.endswith("Connection")
