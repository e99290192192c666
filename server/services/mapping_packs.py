"""A shop's decisions as a file: exported, and imported into another shop with a report of what does not fit."""

import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from server.domain.categories import CategoryRef
from server.domain.history import ChangeCause
from server.domain.mapping_packs import Pack, PackedLeaf, PackedMapping, PackedTemplate, PackRefused, read, write
from server.domain.mappings import MappingOrigin
from server.kit.errors import Invalid
from server.services import shops, templates, tiktok_shops
from server.services.leaf_judging import leaf_judge
from server.services.listings.editing import marking
from server.services.templates import TemplateDraft
from server.services.templates.drafts import category_of
from server.store import categories as trees
from server.store import leaf_paths, mapping_sources
from server.store import mappings as store
from server.store import templates as template_rows
from server.store.mappings import NewMapping
from server.store.session import Session
from server.tables import CategoryMapping, CategoryTemplate


@dataclass(slots=True)
class Tally:
    """What became of one kind of decisions. ``kept``: the shop has decided otherwise, and that stays."""

    same: int = 0
    written: int = 0
    kept: int = 0
    missing: int = 0


@dataclass(frozen=True, slots=True)
class Missing:
    """A decision whose leaf the shop cannot use."""

    name: str
    leaf: PackedLeaf
    reason: str


@dataclass(slots=True)
class Report:
    """What an import did, or would do. ``by_path`` leaves were found by their names: the tree lacks the id."""

    dry_run: bool
    mappings: Tally = field(default_factory=Tally)
    templates: Tally = field(default_factory=Tally)
    missing: list[Missing] = field(default_factory=list)
    by_path: int = 0

    @property
    def coverage(self) -> float:
        """The share of decisions whose leaf the shop has, 0 to 1; 1 for an empty file."""
        all_of = [self.mappings, self.templates]
        total = sum(one.same + one.written + one.kept + one.missing for one in all_of)
        return 1.0 if total == 0 else 1 - len(self.missing) / total


def signing_keys(secret_keys: Iterable[str]) -> list[bytes]:
    """Keys for files from the installation's own, newest first; a file gives nothing away about those."""
    return [hmac.new(key.encode(), b"leafmark mapping pack", hashlib.sha256).digest() for key in secret_keys]


async def export(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, secret_keys: Sequence[str], now: datetime
) -> tuple[str, Pack]:
    """The file of a TikTok shop's mappings and templates, and what is in it."""
    pack = await _packed(session, shop_id, tiktok_shop_id, ("tiktokShopId",), now)
    return write(pack, signing_keys(secret_keys)[0]), pack


async def _packed(session: Session, shop_id: UUID, tiktok_shop_id: UUID, field: tuple[str, ...], now: datetime) -> Pack:
    where = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id}
    shop = await shops.get(session, shop_id=shop_id)
    tiktok_shop = await tiktok_shops.get(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, field=field)
    mappings = await store.of_tiktok_shop(session, **where)
    every = await template_rows.of_tiktok_shop(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id)
    rows = [row for row in every if row.category_id is not None]
    kept = (await trees.trees_of(session, shop_id=shop_id, tiktok_shop_ids=[tiktok_shop_id]))[tiktok_shop_id]
    refs = list(dict.fromkeys([*map(_ref, mappings), *map(_ref, rows)]))
    nodes = await trees.by_refs(session, **where, refs=refs)
    leaves = {ref: PackedLeaf(ref.id, ref.version, tuple(nodes[ref].path) if ref in nodes else ()) for ref in refs}
    return Pack(
        store=shop.domain,
        tiktok_shop=tiktok_shop.name,
        market=tiktok_shop.market.value,
        made_at=now.isoformat(),
        trees={tree.version.value: tree.fetched_at.isoformat() for tree in reversed(kept)},
        mappings=tuple(
            PackedMapping(row.kind, row.key, row.name, leaves[_ref(row)], MappingOrigin(row.origin)) for row in mappings
        ),
        templates=tuple(_packed_template(row, leaves[_ref(row)]) for row in sorted(rows, key=lambda row: row.id)),
    )


def _ref(row: CategoryMapping | CategoryTemplate) -> CategoryRef:
    """Of a template that leaves its category open there is nothing to carry."""
    if row.category_id is None or row.category_version is None:
        raise LookupError(f"the template {row.name} has no category")
    return CategoryRef(row.category_id, row.category_version)


def _packed_template(row: CategoryTemplate, leaf: PackedLeaf) -> PackedTemplate:
    attributes, rules = row.content.get("attributes", []), row.content.get("rules", {})
    return PackedTemplate(row.name, row.rank, row.is_default, leaf, attributes, rules)


async def load(
    session: Session,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    content: str,
    secret_keys: Sequence[str],
    dry_run: bool,
    overwrite: bool,
    by: str,
    now: datetime,
) -> Report:
    """Take a file's decisions over. The shop's own templates stay, its mappings too without ``overwrite``."""
    try:
        pack = read(content, signing_keys(secret_keys))
    except PackRefused as refused:
        raise Invalid(str(refused), field=("input", "file")) from None
    await tiktok_shops.get(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id)
    target = _Target(session, shop_id, tiktok_shop_id, overwrite, by, now)
    return await target.take(pack, Report(dry_run))


async def copy(
    session: Session,
    *,
    shop_id: UUID,
    from_tiktok_shop_id: UUID,
    to_tiktok_shop_id: UUID,
    dry_run: bool,
    overwrite: bool,
    by: str,
    now: datetime,
) -> Report:
    """Take over what another TikTok shop of the same store decided."""
    if from_tiktok_shop_id == to_tiktok_shop_id:
        raise Invalid("Choose two different TikTok shops.", field=("input", "toTiktokShopId"))
    pack = await _packed(session, shop_id, from_tiktok_shop_id, ("input", "fromTiktokShopId"), now)
    await tiktok_shops.get(
        session, shop_id=shop_id, tiktok_shop_id=to_tiktok_shop_id, field=("input", "toTiktokShopId")
    )
    target = _Target(session, shop_id, to_tiktok_shop_id, overwrite, by, now)
    return await target.take(pack, Report(dry_run))


@dataclass(frozen=True, slots=True)
class _Target:
    """The shop that takes a pack over."""

    session: Session
    shop_id: UUID
    tiktok_shop_id: UUID
    overwrite: bool
    by: str
    now: datetime

    @property
    def where(self) -> dict[str, UUID]:
        return {"shop_id": self.shop_id, "tiktok_shop_id": self.tiktok_shop_id}

    async def take(self, pack: Pack, report: Report) -> Report:
        """Fill the report; write unless it is a dry run."""
        found = await self._leaves(
            [*(one.leaf for one in pack.mappings), *(one.leaf for one in pack.templates)], report
        )
        await self._mappings(pack.mappings, found, report)
        await self._templates(pack.templates, found, report)
        return report

    async def _leaves(self, leaves: Sequence[PackedLeaf], report: Report) -> Mapping[PackedLeaf, CategoryRef | str]:
        """Each leaf as this shop names it, or why it cannot be used."""
        known = await trees.by_refs(self.session, **self.where, refs=list({leaf.ref for leaf in leaves}))
        lost = {leaf for leaf in leaves if leaf.ref not in known}
        places = [(leaf.version, leaf.path) for leaf in lost]
        moved = await leaf_paths.by_paths(self.session, **self.where, places=places)
        named = {leaf: moved.get((leaf.version, leaf.path), leaf.ref) for leaf in leaves}
        named |= {leaf: leaf.ref for leaf in leaves if leaf not in lost}
        report.by_path = sum(leaf in lost and named[leaf] != leaf.ref for leaf in leaves)
        judge = await leaf_judge(self.session, **self.where, refs=list(named.values()), now=self.now)
        faults = {leaf: judge.fault(ref) for leaf, ref in named.items()}
        return {leaf: ref if (error := faults[leaf]) is None else error.message for leaf, ref in named.items()}

    async def _mappings(
        self, wanted: Sequence[PackedMapping], found: Mapping[PackedLeaf, CategoryRef | str], report: Report
    ) -> None:
        known = await store.by_sources(self.session, **self.where, sources=[one.source for one in wanted])
        rows: dict[MappingOrigin, list[NewMapping]] = {}
        for one in wanted:
            ref, row = found[one.leaf], known.get(one.source)
            if isinstance(ref, str):
                report.mappings.missing += 1
                report.missing.append(Missing(one.name, one.leaf, ref))
            elif row is not None and _ref(row) == ref:
                report.mappings.same += 1
            elif row is not None and not (self.overwrite and _gives_way(row, one.origin)):
                report.mappings.kept += 1
            else:
                report.mappings.written += 1
                rows.setdefault(one.origin, []).append(NewMapping(one.source, one.name, ref))
        if report.dry_run or not rows:
            return
        for origin, new in rows.items():
            await store.upsert(self.session, **self.where, mappings=new, origin=origin, set_by=self.by, now=self.now)
        sources = [one.source for new in rows.values() for one in new]
        listed = await mapping_sources.listed_products(self.session, **self.where, sources=sources)
        await marking.mark(
            self.session,
            **self.where,
            product_ids=listed,
            cause=ChangeCause.MAPPING,
            actor=self.by,
            now=self.now,
        )

    async def _templates(
        self, wanted: Sequence[PackedTemplate], found: Mapping[PackedLeaf, CategoryRef | str], report: Report
    ) -> None:
        rows = await template_rows.of_tiktok_shop(
            self.session, shop_id=self.shop_id, tiktok_shop_id=self.tiktok_shop_id
        )
        known = {row.name: row for row in rows}
        may_be_default = not any(row.is_default for row in rows)
        for one in wanted:
            ref, row = found[one.leaf], known.get(one.name)
            if isinstance(ref, str):
                report.templates.missing += 1
                report.missing.append(Missing(one.name, one.leaf, ref))
            elif row is not None:
                mine = _packed_template(row, one.leaf)
                same = category_of(row) == ref and mine == replace(one, rank=mine.rank, is_default=mine.is_default)
                report.templates.same += same
                report.templates.kept += not same
            else:
                report.templates.written += 1
                if not report.dry_run:
                    draft = TemplateDraft(one.name, ref, one.content, one.is_default and may_be_default, one.rank)
                    await templates.create(
                        self.session,
                        shop_id=self.shop_id,
                        tiktok_shop_id=self.tiktok_shop_id,
                        draft=draft,
                        actor=self.by,
                        now=self.now,
                    )


def _gives_way(row: CategoryMapping, origin: MappingOrigin) -> bool:
    """What was set by hand gives way only to what was set by hand."""
    return origin is MappingOrigin.MANUAL or row.origin is not MappingOrigin.MANUAL
