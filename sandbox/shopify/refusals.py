"""GraphQL errors in the platform's own words (Shopify fact sheet 3.5)."""

import re
from collections.abc import Sequence

from graphql import FieldNode, FragmentDefinitionNode, GraphQLError, InlineFragmentNode, Node, OperationDefinitionNode
from graphql.validation import ASTValidationRule, ValidationContext, ValidationRule, specified_rules
from graphql.validation.rules.fields_on_correct_type import FieldsOnCorrectTypeRule

UNKNOWN_ARGUMENT = re.compile(
    r"Unknown argument '(?P<argument>\w+)' on field '(?P<type>\w+)\.(?P<field>\w+)'.*", re.DOTALL
)
MISSING_ARGUMENT = re.compile(
    r"Argument '(?P<type>\w+)\.(?P<field>\w+)\((?P<argument>\w+):\)' of type .* is required.*", re.DOTALL
)
VARIABLE = re.compile(r"Variable '\$(?P<name>\w+)' has invalid value(?: at '(?P<at>[^']+)')?: (?P<why>.*)", re.DOTALL)


class UnknownFields(ValidationRule):
    """Fields the type does not have, with the path into the document."""

    context: ValidationContext

    def enter_field(
        self, node: FieldNode, _key: object, _parent: object, _path: object, ancestors: Sequence[object]
    ) -> None:
        """Report one unknown field."""
        owner = self.context.get_parent_type()
        if owner is None or self.context.get_field_def() is not None:
            return
        name = node.name.value
        message = f"Field '{name}' doesn't exist on type '{owner.name}'"
        extensions = {"code": "undefinedField", "typeName": owner.name, "fieldName": name}
        error = GraphQLError(message, node, extensions=extensions)
        error.path = [*_document_path(ancestors), name]
        self.report_error(error)


RULES: list[type[ASTValidationRule]] = [
    UnknownFields,
    *(rule for rule in specified_rules if rule is not FieldsOnCorrectTypeRule),
]


def wire(error: GraphQLError) -> dict[str, object]:
    """One entry of `errors`."""
    message, extensions = _words(error)
    answer: dict[str, object] = {"message": message}
    if error.locations:
        answer["locations"] = [{"line": one.line, "column": one.column} for one in error.locations]
    if error.path:
        answer["path"] = list(error.path)
    if extensions:
        answer["extensions"] = extensions
    return answer


def throttled() -> dict[str, object]:
    """The bucket is empty."""
    extensions = {"code": "THROTTLED", "documentation": "https://shopify.dev/api/usage/rate-limits"}
    return {"message": "Throttled", "extensions": extensions}


def too_dear(cost: int, most: int) -> dict[str, object]:
    """One query costs more than any may."""
    message = (
        f"Query cost is {cost}, which exceeds the single query max cost limit ({most}). "
        "See https://shopify.dev/concepts/about-apis/rate-limits for more information on how the cost of a query is "
        "calculated. To query larger amounts of data with fewer limits, bulk operations should be used instead."
    )
    return {"message": message, "extensions": {"code": "MAX_COST_EXCEEDED", "cost": cost, "maxCost": most}}


def _words(error: GraphQLError) -> tuple[str, dict[str, object]]:
    extensions = dict(error.extensions or {})
    if extensions:
        return error.message, extensions
    if found := UNKNOWN_ARGUMENT.fullmatch(error.message):
        known = {
            "code": "argumentNotAccepted",
            "name": found["field"],
            "typeName": "Field",
            "argumentName": found["argument"],
        }
        return f"Field '{found['field']}' doesn't accept argument '{found['argument']}'", known
    if found := MISSING_ARGUMENT.fullmatch(error.message):
        missing = {
            "code": "missingRequiredArguments",
            "className": "Field",
            "name": found["field"],
            "arguments": found["argument"],
        }
        return f"Field '{found['field']}' is missing required arguments: {found['argument']}", missing
    if found := VARIABLE.fullmatch(error.message):
        at = [step for step in (found["at"] or "").split(".")[1:] if step]
        problems = [{"path": at, "explanation": found["why"]}]
        return f"Variable ${found['name']} was provided invalid value", {"value": None, "problems": problems}
    return error.message, {}


def _document_path(ancestors: Sequence[object]) -> list[str | int]:
    return [step for one in ancestors if isinstance(one, Node) for step in _step(one)]


def _step(node: Node) -> list[str | int]:
    if isinstance(node, OperationDefinitionNode):
        return [f"{node.operation.value} {node.name.value}" if node.name else node.operation.value]
    if isinstance(node, FragmentDefinitionNode):
        return [f"fragment {node.name.value}"]
    if isinstance(node, InlineFragmentNode):
        return [f"... on {node.type_condition.name.value}"] if node.type_condition else ["..."]
    if isinstance(node, FieldNode):
        return [node.alias.value if node.alias else node.name.value]
    return []
