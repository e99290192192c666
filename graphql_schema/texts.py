"""No text that clients send holds NUL: PostgreSQL can keep it nowhere. Refused here once, for every argument."""

from collections.abc import Iterator

from graphql import GraphQLError, StringValueNode, ValidationRule
from strawberry.extensions import SchemaExtension

from graphql_schema.errors import ErrorCode, refusal

_NUL = "\0"
_TOLD = "A text holds the character NUL (U+0000), which we cannot keep. Leave it out."


class TextRule(ValidationRule):
    """The texts that stand in the document itself."""

    def enter_string_value(self, node: StringValueNode, *_place: object) -> None:
        """Each text, however deep it stands."""
        if _NUL in node.value:
            self.report_error(GraphQLError(_TOLD, node, extensions={"code": ErrorCode.BAD_USER_INPUT.value}))


class TextCheck(SchemaExtension):
    """The texts in an operation's variables; ``extensions.field`` is the way to the first that cannot be kept."""

    def on_validate(self) -> Iterator[None]:
        """Runs behind the validation cache, which would overwrite the refusal."""
        if not self.execution_context.pre_execution_errors:
            place = place_of_nul(self.execution_context.variables or {})
            if place is not None:
                error = refusal(ErrorCode.BAD_USER_INPUT, _TOLD, field=list(place))
                self.execution_context.pre_execution_errors = [error]
        yield


def place_of_nul(variables: object) -> tuple[str, ...] | None:
    """The way to the first text with NUL, from the variable inwards. A loop: who sends it chooses how deep it is."""
    left: list[tuple[tuple[str, ...], object]] = [((), variables)]
    while left:
        place, value = left.pop()
        if isinstance(value, str):
            if _NUL in value:
                return place
        elif isinstance(value, dict):
            left += [((*place, str(name)), part) for name, part in reversed(value.items())]
        elif isinstance(value, list):
            left += [((*place, str(at)), value[at]) for at in reversed(range(len(value)))]
    return None
