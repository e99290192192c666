"""Who may use a field: one permission class a scope, on every root field."""

from typing import ClassVar

from strawberry.permission import BasePermission

from graphql_schema.context import Info
from graphql_schema.errors import ErrorCode, refusal
from server.services.access import Scope


class Needs(BasePermission):
    """The caller holds ``scope``. Fields without a scope of their own are open to every caller of the shop."""

    scope: ClassVar[Scope | None] = None

    def has_permission(self, source: object, info: Info, **_arguments: object) -> bool:
        """Checked before the resolver runs; nothing happens when it fails."""
        return self.scope is None or info.context.who.may(self.scope)

    def on_unauthorized(self) -> None:
        """Say which scope is missing."""
        name = self.scope.name if self.scope else ""
        raise refusal(ErrorCode.FORBIDDEN, f"This needs the scope {name}; create an API token that has it.", scope=name)

    @property
    def schema_directive(self) -> None:
        """Keep permissions out of the SDL's directives."""
        return


class AnyCaller(Needs):
    """Every caller of the shop."""


class ReadProducts(Needs):
    """Products, listings, categories, templates and tasks may be read."""

    scope = Scope.READ_PRODUCTS


class WriteListings(Needs):
    """Products may be imported and listed, tasks steered."""

    scope = Scope.WRITE_LISTINGS


class WriteTemplates(Needs):
    """Category templates may be changed."""

    scope = Scope.WRITE_TEMPLATES


class WriteFiles(WriteTemplates):
    """Files may be uploaded: by whoever may change what they are for, templates or listings."""

    def has_permission(self, source: object, info: Info, **_arguments: object) -> bool:
        """One of both scopes is enough."""
        return any(info.context.who.may(scope) for scope in (Scope.WRITE_TEMPLATES, Scope.WRITE_LISTINGS))


class ManageShop(Needs):
    """Connections and API tokens may be managed."""

    scope = Scope.MANAGE_SHOP
