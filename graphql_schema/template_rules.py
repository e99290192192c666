"""A template's rules: which products it takes, as clients write and read them."""

import strawberry

from graphql_schema.enums import publish
from server.domain.rule_fields import FIELDS
from server.domain.rules import MAX_CONDITIONS, MAX_DEPTH, Condition, RuleField, RuleGroup, RuleMatch, RuleOperator
from server.domain.weights import WeightUnit

UNSET = strawberry.UNSET

publish(
    RuleField,
    "What of a product a condition looks at. Of several values it is enough that one fits.",
    {field: rule.meaning for field, rule in FIELDS.items()},
)
publish(
    RuleOperator,
    "How a condition looks; upper and lower case are the same. A negative one wants that no value fits.",
    {
        RuleOperator.EQUALS: "It is the value.",
        RuleOperator.NOT_EQUALS: "It is not the value.",
        RuleOperator.CONTAINS: "The value is somewhere in the text.",
        RuleOperator.NOT_CONTAINS: "The value is nowhere in the text.",
        RuleOperator.STARTS_WITH: "The text begins with the value.",
        RuleOperator.ENDS_WITH: "The text ends with the value.",
        RuleOperator.IN: "It is one of the values.",
        RuleOperator.BETWEEN: "It lies between the two values, or is one of them.",
        RuleOperator.GREATER: "It is more, or later, than the value.",
        RuleOperator.LESS: "It is less, or earlier, than the value.",
        RuleOperator.EXISTS: "There is any value.",
        RuleOperator.NOT_EXISTS: "There is no value.",
        RuleOperator.IS_OR_BELOW: "It is the category, or one below it.",
    },
)
publish(
    RuleMatch,
    "How the conditions and groups of a group combine.",
    {RuleMatch.ALL: "Every one must hold.", RuleMatch.ANY: "One is enough."},
)


@strawberry.input
class TemplateConditionInput:
    """One condition of a template's rules."""

    field: RuleField = strawberry.field(description="What it looks at.")
    operator: RuleOperator = strawberry.field(description="How it looks.")
    value: str | None = strawberry.field(
        default=UNSET, description="What it looks for; numbers and moments (ISO 8601) are written as text."
    )
    values: list[str] | None = strawberry.field(
        default=UNSET, description="For IN the values, for BETWEEN the lowest and the highest."
    )
    key: str | None = strawberry.field(default=UNSET, description="The metafield, `namespace.key`.")
    unit: WeightUnit | None = strawberry.field(default=UNSET, description="The unit of a weight.")


@strawberry.input
class TemplateRulesInput:
    """Which products a template takes. An empty group takes none; of all templates only the default needs no rules."""

    match: RuleMatch = strawberry.field(default=RuleMatch.ALL, description="How conditions and groups combine.")
    conditions: list[TemplateConditionInput] = strawberry.field(
        default_factory=list, description=f"The conditions; at most {MAX_CONDITIONS}, those of inner groups counted."
    )
    groups: list["TemplateRulesInput"] | None = strawberry.field(
        default=UNSET, description=f"Groups inside this one, at most {MAX_DEPTH} deep."
    )


@strawberry.type
class TemplateCondition:
    """One condition of a template's rules."""

    field: RuleField = strawberry.field(description="What it looks at.")
    operator: RuleOperator = strawberry.field(description="How it looks.")
    value: str | None = strawberry.field(description="What it looks for, where the operator takes one value.")
    values: list[str] = strawberry.field(description="For IN the values, for BETWEEN the lowest and the highest.")
    key: str | None = strawberry.field(description="The metafield, if it looks at one.")
    unit: WeightUnit | None = strawberry.field(description="The unit of a weight.")

    @classmethod
    def of(cls, one: Condition) -> "TemplateCondition":
        """The domain's value as clients see it."""
        return cls(
            field=one.field,
            operator=one.operator,
            value=one.value or None,
            values=list(one.values),
            key=one.key,
            unit=one.unit,
        )


@strawberry.type
class TemplateRules:
    """Which products a template takes. An empty group takes none."""

    match: RuleMatch = strawberry.field(description="How conditions and groups combine.")
    conditions: list[TemplateCondition] = strawberry.field(description="The conditions.")
    groups: list["TemplateRules"] = strawberry.field(description="Groups inside this one.")

    @classmethod
    def of(cls, rules: RuleGroup) -> "TemplateRules":
        """The domain's value as clients see it."""
        return cls(
            match=rules.match,
            conditions=[TemplateCondition.of(one) for one in rules.conditions],
            groups=[cls.of(group) for group in rules.groups],
        )
