"""Which operation of a document runs, and whether the road it came by can carry its answers."""

from collections.abc import AsyncIterator

from graphql import GraphQLError, OperationDefinitionNode, OperationType
from strawberry.extensions import SchemaExtension

from graphql_schema.context import Context
from graphql_schema.errors import ErrorCode, refusal

_UNNAMED = "The document holds several operations. Say in operationName which of them to run."
_NO_STREAM = (
    "A subscription has more than one answer. Open it on a WebSocket (graphql-transport-ws), or ask with "
    "Accept: text/event-stream."
)


class OneOperation(SchemaExtension):
    """Refuses a document whose operation nobody chose, and a subscription where one answer is all there is."""

    async def on_validate(self) -> AsyncIterator[None]:
        """Runs behind the validation cache, which would overwrite the refusal."""
        if (refused := self._refusal()) is not None:
            self.execution_context.pre_execution_errors = [refused]
        yield

    def _refusal(self) -> GraphQLError | None:
        document = self.execution_context.graphql_document
        if document is None or self.execution_context.pre_execution_errors:
            return None
        found = [one for one in document.definitions if isinstance(one, OperationDefinitionNode)]
        named = self.execution_context.operation_name if len(found) > 1 else None
        if len(found) > 1 and not self._was_named():
            return refusal(ErrorCode.BAD_USER_INPUT, _UNNAMED)
        chosen = next((one for one in found if named is None or (one.name and one.name.value == named)), None)
        context: Context = self.execution_context.context
        if chosen is not None and chosen.operation is OperationType.SUBSCRIPTION and not context.streams:
            return refusal(ErrorCode.BAD_USER_INPUT, _NO_STREAM)
        return None

    def _was_named(self) -> bool:
        """Strawberry falls back to the first operation's name when the client gave none."""
        return self.execution_context._provided_operation_name is not None
