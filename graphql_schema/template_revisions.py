"""The history of templates, as clients read it."""

from datetime import datetime
from typing import Any

import strawberry

from graphql_schema.actors import Actor
from graphql_schema.enums import publish
from server import tables
from server.domain.template_history import Difference, TemplateAction
from server.kit.json import dumps_text

publish(
    TemplateAction,
    "What was done to a template.",
    {
        TemplateAction.CREATED: "It was made.",
        TemplateAction.CHANGED: "It was saved with something changed.",
        TemplateAction.DELETED: "It was removed; its history stays.",
    },
)


@strawberry.type
class TemplateDifference:
    """One value that a save changed."""

    path: list[str] = strawberry.field(description='Where it is, e.g. `["shipping", "weight", "value"]`.')
    before: str | None = strawberry.field(description="What stood there, as JSON; null for nothing.")
    after: str | None = strawberry.field(description="What stands there since, as JSON; null for nothing.")

    @classmethod
    def of(cls, stored: dict[str, Any]) -> "TemplateDifference":
        """A difference as rows keep it."""
        one = Difference.from_json(stored)
        return cls(path=list(one.path), before=_json(one.before), after=_json(one.after))


def _json(value: object) -> str | None:
    return None if value is None else dumps_text(value)


@strawberry.type
class TemplateRevision:
    """A template as one save left it."""

    revision: int = strawberry.field(description="Its number; 1 is the first.")
    action: TemplateAction = strawberry.field(description="What was done.")
    at: datetime = strawberry.field(description="When.")
    actor: Actor = strawberry.field(description="By whom.")
    name: str = strawberry.field(description="What the template was called.")
    differences: list[TemplateDifference] = strawberry.field(description="What the save changed.")

    @classmethod
    def of(cls, row: tables.TemplateRevision) -> "TemplateRevision":
        """A row as clients see it."""
        return cls(
            revision=row.revision,
            action=row.action,
            at=row.at,
            actor=Actor.of(row.actor),
            name=row.head["name"],
            differences=[TemplateDifference.of(one) for one in row.diff],
        )
