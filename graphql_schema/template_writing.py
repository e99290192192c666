"""From a template's input to what the services of saving and of looking read."""

from graphql_schema.template_inputs import CategoryTemplateInput, blocks_of, content_of
from server.services.templates import KEEP, TemplateDraft, TemplatePatch


def draft_of(wanted: CategoryTemplateInput) -> TemplateDraft:
    """A new template: what was given, and the usual for the rest. Without a category it is decided by product."""
    return TemplateDraft(
        name=wanted.name if isinstance(wanted.name, str) else "",
        category=wanted.category.read("input", "category") if wanted.category else None,
        content=content_of(wanted),
        is_default=wanted.is_default is True,
        rank=wanted.rank if isinstance(wanted.rank, int) else 0,
        blocks={kind: block_id for kind, block_id in blocks_of(wanted).items() if block_id is not None},
    )


def patch_of(wanted: CategoryTemplateInput) -> TemplatePatch:
    """What shall change: null leaves name, rank and the like as they are, and opens the category."""
    opened = None if wanted.category is None else KEEP
    return TemplatePatch(
        name=wanted.name if isinstance(wanted.name, str) else None,
        category=wanted.category.read("input", "category") if wanted.category else opened,
        content=content_of(wanted),
        blocks=blocks_of(wanted),
        is_default=wanted.is_default if isinstance(wanted.is_default, bool) else None,
        rank=wanted.rank if isinstance(wanted.rank, int) else None,
    )
