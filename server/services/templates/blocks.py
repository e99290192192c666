"""Reusable blocks: shipping, size chart and papers that several templates share (capability X3)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from server.domain.paging import Page, PageArgs
from server.domain.template_blocks import BLOCK_PARTS, BlockKind
from server.domain.template_json import content_from_json, content_to_json
from server.kit.errors import Conflict, Invalid, NotFound
from server.services import tiktok_shops
from server.services.templates.drafts import TemplateInvalid, checked_name
from server.services.templates.naming_files import check_files
from server.store import template_blocks as store
from server.store.session import Session
from server.tables import CategoryTemplate, TemplateBlock

_NAMED_USERS = 5


@dataclass(frozen=True, slots=True)
class BlockDraft:
    """What a block shall be: only the parts that its kind has (``domain.template_blocks``)."""

    kind: BlockKind
    name: str
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class BlockPatch:
    """What of a block shall become another. Each part that is given replaces that part whole."""

    name: str | None = None
    content: Mapping[str, Any] | None = None


async def create(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, draft: BlockDraft, now: datetime
) -> TemplateBlock:
    """A new block that no template uses yet. ``Invalid`` names the faulty field."""
    await tiktok_shops.get(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id)
    content = checked_content(draft.kind, draft.content)
    await check_files(session, shop_id=shop_id, content=content_from_json(content)[0], before={})
    row = TemplateBlock(
        shop_id=shop_id,
        tiktok_shop_id=tiktok_shop_id,
        kind=draft.kind,
        name=checked_name(draft.name),
        content=content,
        created_at=now,
        updated_at=now,
    )
    return await store.save(session, shop_id=shop_id, row=row)


async def update(session: Session, *, shop_id: UUID, block_id: UUID, patch: BlockPatch, now: datetime) -> TemplateBlock:
    """The block with the patch over what it is at this moment, for all templates that use it."""
    row = await _locked(session, shop_id, block_id)
    if patch.name is not None:
        row.name = checked_name(patch.name)
    if patch.content:
        content = checked_content(row.kind, {**row.content, **patch.content})
        await check_files(session, shop_id=shop_id, content=content_from_json(content)[0], before=row.content)
        row.content = content
    row.revision += 1
    row.updated_at = now
    return await store.save(session, shop_id=shop_id, row=row)


async def delete(session: Session, *, shop_id: UUID, block_id: UUID) -> TemplateBlock:
    """Remove a block that no template uses; ``Conflict`` names those that do."""
    row = await _locked(session, shop_id, block_id)
    using = (await store.users(session, shop_id=shop_id, block_ids=[block_id]))[block_id]
    if using:
        raise Conflict(f"“{row.name}” is used by {_names(using)}. Take it out of them first.", field=("id",))
    await store.remove(session, shop_id=shop_id, row=row)
    return row


async def get(session: Session, *, shop_id: UUID, block_id: UUID) -> TemplateBlock:
    """One block; ``NotFound`` when the shop has none such."""
    found = await store.by_ids(session, shop_id=shop_id, ids=[block_id])
    if block_id not in found:
        raise _unknown()
    return found[block_id]


async def by_ids(session: Session, *, shop_id: UUID, ids: Sequence[UUID]) -> dict[UUID, TemplateBlock]:
    """Those of the blocks that are the shop's; for loaders."""
    return await store.by_ids(session, shop_id=shop_id, ids=ids)


async def users(session: Session, *, shop_id: UUID, ids: Sequence[UUID]) -> dict[UUID, list[CategoryTemplate]]:
    """The templates that use each block; for loaders."""
    return await store.users(session, shop_id=shop_id, block_ids=ids)


async def page(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, kinds: Sequence[BlockKind] = (), args: PageArgs
) -> Page[TemplateBlock]:
    """A TikTok shop's blocks in the order they were made; no kinds means all."""
    return await store.page(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, kinds=kinds, args=args)


def checked_content(kind: BlockKind, given: Mapping[str, Any]) -> dict[str, Any]:
    """A block's content as it is kept: its kind's parts, read as templates' are. ``Invalid`` tells every fault."""
    foreign = [(name,) for name, value in given.items() if name not in BLOCK_PARTS[kind] and value is not None]
    if foreign:
        name = kind.replace("_", " ").lower()
        raise TemplateInvalid([(path, f"A {name} block has no such part.") for path in foreign])
    content, faults = content_from_json(given)
    if faults:
        raise TemplateInvalid(faults)
    kept = {name: value for name, value in content_to_json(content).items() if name in BLOCK_PARTS[kind] and value}
    if not kept:
        raise Invalid("Say something in the block: it would change nothing.", field=("input",))
    return kept


def _names(using: Sequence[CategoryTemplate]) -> str:
    named = [f"“{row.name}”" for row in using[:_NAMED_USERS]]
    more = len(using) - len(named)
    return ", ".join(named) + (f" and {more} more templates" if more else "")


async def _locked(session: Session, shop_id: UUID, block_id: UUID) -> TemplateBlock:
    row = await store.lock(session, shop_id=shop_id, block_id=block_id)
    if row is None:
        raise _unknown()
    return row


def _unknown() -> NotFound:
    return NotFound("There is no such block in this shop.", field=("id",))
