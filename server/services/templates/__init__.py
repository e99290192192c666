"""Category templates: written with a history, ordered, assigned by hand, switched on, previewed and explained."""

from server.services.templates.activating import activate, deactivate, sync_new
from server.services.templates.drafts import KEEP, TemplateDraft, TemplateInvalid, TemplatePatch
from server.services.templates.ordering import reorder
from server.services.templates.reading import by_ids, get, page, revisions
from server.services.templates.writing import create, delete, update

__all__ = [
    "KEEP",
    "TemplateDraft",
    "TemplateInvalid",
    "TemplatePatch",
    "activate",
    "by_ids",
    "create",
    "deactivate",
    "delete",
    "get",
    "page",
    "reorder",
    "revisions",
    "sync_new",
    "update",
]
