"""How much one operation may ask for: its text, its depth, its aliases and its cost."""

from collections.abc import Iterator

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValidationContext,
    ValidationRule,
    get_operation_ast,
)
from strawberry.extensions import ParserCache, SchemaExtension

from graphql_schema.context import Context
from graphql_schema.cost import Reckoner
from graphql_schema.errors import ErrorCode, refusal
from graphql_schema.texts import TextRule

MAX_DEPTH = 12
MAX_ALIASES = 30
MAX_TOKENS = 2_000
MAX_COST = 5_000
"""Points of one operation; a full bucket pays for several."""

CACHED_TEXT = 20_000
"""Longer texts are parsed each time, so that nobody fills the memory with them."""


_INT_DIGITS = 11
"""Of GraphQL's Int, with its sign."""


class ShapeRule(ValidationRule):
    """Depth and aliases of a document. Each fragment is measured once, however often it is used."""

    def __init__(self, context: ValidationContext) -> None:
        super().__init__(context)
        for operation in context.document.definitions:
            if isinstance(operation, OperationDefinitionNode):
                self._judge(operation)

    def _judge(self, operation: OperationDefinitionNode) -> None:
        depth, aliases = _Measure(self.context.document).of(operation.selection_set)
        if depth > MAX_DEPTH:
            self.report_error(GraphQLError(f"The operation is {depth} levels deep; at most {MAX_DEPTH} are allowed."))
        if aliases > MAX_ALIASES:
            self.report_error(GraphQLError(f"The operation has {aliases} aliases; at most {MAX_ALIASES} are allowed."))


class _Measure:
    def __init__(self, document: DocumentNode) -> None:
        self._fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
        self._known: dict[str, tuple[int, int]] = {}

    def of(self, selections: SelectionSetNode | None) -> tuple[int, int]:
        """Levels below here, and aliases. Introspection is not counted."""
        depth = aliases = 0
        for node in selections.selections if selections else ():
            if isinstance(node, FragmentSpreadNode):
                below, more = self._fragment(node.name.value)
            elif isinstance(node, FieldNode):
                if node.name.value.startswith("__"):
                    continue
                below, more = self.of(node.selection_set)
                below, more = below + 1, more + (node.alias is not None)
            elif isinstance(node, InlineFragmentNode):
                below, more = self.of(node.selection_set)
            else:
                continue
            depth, aliases = max(depth, below), aliases + more
        return depth, aliases

    def _fragment(self, name: str) -> tuple[int, int]:
        if name not in self._known:
            self._known[name] = (0, 0)  # a cycle ends here; another rule refuses it
            if fragment := self._fragments.get(name):
                self._known[name] = self.of(fragment.selection_set)
        return self._known[name]


RULES: tuple[type[ValidationRule], ...] = (ShapeRule, TextRule)
"""Made once: the validation cache is keyed by them."""


class SafeParserCache(ParserCache):
    """Keeps parsed texts. A syntax error is left to the core parser, which reports it where clients hear it."""

    def on_parse(self) -> Iterator[None]:
        """Parse before the core does, if the text is worth keeping."""
        operation = self.execution_context
        text = operation.query
        if text is not None and len(text) <= CACHED_TEXT:
            try:
                operation.graphql_document = self.cached_parse_document(text, **operation.parse_options)
            except GraphQLError:
                operation.graphql_document = None
        yield


class CostLimit(SchemaExtension):
    """Reckons an operation before it runs, refuses it when it is too dear, and says what it cost."""

    _reckoner: Reckoner | None = None
    _operation: OperationDefinitionNode | None = None
    _requested = 0
    _paid = False
    _told = False

    def on_validate(self) -> Iterator[None]:
        """Runs behind the validation cache: only valid operations are reckoned."""
        if not self.execution_context.pre_execution_errors:
            error = self._refusal()
            if error is not None:
                self.execution_context.pre_execution_errors = [error]
        yield

    def get_results(self) -> dict[str, object]:
        """``extensions.cost``, with the first answer of a subscription only."""
        if self._reckoner is None or self._told:
            return {}
        self._told = True
        context: Context = self.execution_context.context
        actual = self._actual() if self._paid else None
        unused = self._requested - actual if actual is not None else 0
        status = context.buckets.give_back(context.bucket, unused, context.now)
        return {
            "cost": {
                "requestedQueryCost": self._requested,
                "actualQueryCost": actual,
                "throttleStatus": status.to_json(),
            }
        }

    def _actual(self) -> int:
        result = self.execution_context.result
        if self._reckoner is None or self._operation is None or result is None:
            return self._requested
        data = getattr(result, "data", None)
        return min(self._requested, self._reckoner.actual(self._operation, data))

    def _refusal(self) -> GraphQLError | None:
        document = self.execution_context.graphql_document
        operation = get_operation_ast(document, self.execution_context.operation_name) if document else None
        if document is None or operation is None:
            return None
        context: Context = self.execution_context.context
        variables = _defaults(operation) | (self.execution_context.variables or {})
        self._operation = operation
        self._reckoner = Reckoner(self.execution_context.schema._schema, document, variables)
        self._requested = self._reckoner.requested(operation)
        if self._requested > MAX_COST:
            message = f"The operation may cost {self._requested} points; at most {MAX_COST} are allowed in one."
            return refusal(ErrorCode.MAX_COST_EXCEEDED, message, maxCost=MAX_COST)
        self._paid = context.buckets.spend(context.bucket, self._requested, context.now)
        if not self._paid:
            return refusal(ErrorCode.THROTTLED, f"Wait until {self._requested} points are available, then repeat.")
        return None


def _defaults(operation: OperationDefinitionNode) -> dict[str, object]:
    """Variables that count unless the client sends others; an id may be written as a number of any length."""
    return {
        definition.variable.name.value: int(definition.default_value.value)
        for definition in operation.variable_definitions or ()
        if isinstance(definition.default_value, IntValueNode) and len(definition.default_value.value) <= _INT_DIGITS
    }
