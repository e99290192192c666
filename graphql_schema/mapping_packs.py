"""Mapping packs: a shop's decisions as a signed file, and what becomes of them in another shop."""

from typing import Annotated

import strawberry

from graphql_schema.categories import CategoryRefOutput
from graphql_schema.context import Info
from graphql_schema.mutations import attempt
from graphql_schema.nodes import row_id
from graphql_schema.permissions import ReadProducts, WriteTemplates
from graphql_schema.user_errors import UserError
from server.deps import Session
from server.domain.mapping_packs import LONGEST
from server.services import mapping_packs
from server.services.mapping_packs import Missing, Report, Tally

_DRY_RUN = "Only say what would happen. This is the default: look at the report, then import."
_OVERWRITE = "Replace mappings that the shop has; what was set by hand gives way only to what was set by hand."
_ERRORS = "Why nothing was done; empty when it was."


@strawberry.type
class CategoryMappingPack:
    """The decisions of one TikTok shop as a file: mappings, and of templates leaf, attributes and rules."""

    file: str = strawberry.field(description="The file: JSON, versioned, with checksum and signature. Keep it as is.")
    mappings_count: int = strawberry.field(description="How many mappings are in it.")
    templates_count: int = strawberry.field(description="How many templates are in it.")


@strawberry.type
class MappingPackTally:
    """What became of the mappings, or of the templates, of a file."""

    same: int = strawberry.field(description="The shop has decided the same.")
    written: int = strawberry.field(description="Taken over; in a dry run: would be.")
    kept: int = strawberry.field(description="The shop has decided otherwise, and that stays.")
    missing: int = strawberry.field(description="The shop cannot use the leaf.")

    @classmethod
    def of(cls, tally: Tally) -> "MappingPackTally":
        """As clients see it."""
        return cls(same=tally.same, written=tally.written, kept=tally.kept, missing=tally.missing)


@strawberry.type
class MissingLeaf:
    """A decision whose leaf the shop cannot use."""

    name: str = strawberry.field(description="The source category or template that went there.")
    category_ref: CategoryRefOutput = strawberry.field(description="The leaf in the tree of the exporting shop.")
    path: list[str] = strawberry.field(description="Its names from the root down; empty if that shop had it no longer.")
    reason: str = strawberry.field(description="Why this shop cannot use it, for people.")

    @classmethod
    def of(cls, missing: Missing) -> "MissingLeaf":
        """As clients see it."""
        leaf = missing.leaf
        return cls(
            name=missing.name, category_ref=CategoryRefOutput.of(leaf.ref), path=list(leaf.path), reason=missing.reason
        )


@strawberry.type
class MappingPackReport:
    """What an import did, or would do."""

    dry_run: bool = strawberry.field(description="Whether nothing was written.")
    coverage: float = strawberry.field(description="The share of decisions whose leaf the shop has, 0 to 1.")
    found_by_path: int = strawberry.field(description="Leaves found by their names, because the tree lacks the id.")
    mappings: MappingPackTally = strawberry.field(description="What became of the mappings.")
    templates: MappingPackTally = strawberry.field(description="What became of the templates; new ones are inactive.")
    missing: list[MissingLeaf] = strawberry.field(description="Decisions whose leaf the shop cannot use.")

    @classmethod
    def of(cls, report: Report) -> "MappingPackReport":
        """As clients see it."""
        return cls(
            dry_run=report.dry_run,
            coverage=report.coverage,
            found_by_path=report.by_path,
            mappings=MappingPackTally.of(report.mappings),
            templates=MappingPackTally.of(report.templates),
            missing=[MissingLeaf.of(one) for one in report.missing],
        )


@strawberry.input
class CategoryMappingPackImportInput:
    """A file, and the shop that takes it over."""

    tiktok_shop_id: strawberry.ID = strawberry.field(name="tiktokShopId", description="The TikTok shop to import into.")
    file: str = strawberry.field(description=f"The file as it was exported, at most {LONGEST} characters.")
    dry_run: bool = strawberry.field(default=True, description=_DRY_RUN)
    overwrite: bool = strawberry.field(default=False, description=_OVERWRITE)


@strawberry.type
class CategoryMappingPackImportPayload:
    """Answer of `categoryMappingPackImport`."""

    report: MappingPackReport | None = strawberry.field(description="What became of each decision; null if refused.")
    user_errors: list[UserError] = strawberry.field(description=_ERRORS)


@strawberry.input
class CategoryMappingsCopyInput:
    """Two TikTok shops of the store."""

    from_tiktok_shop_id: strawberry.ID = strawberry.field(name="fromTiktokShopId", description="Whose decisions.")
    to_tiktok_shop_id: strawberry.ID = strawberry.field(name="toTiktokShopId", description="Who takes them over.")
    dry_run: bool = strawberry.field(default=True, description=_DRY_RUN)
    overwrite: bool = strawberry.field(default=False, description=_OVERWRITE)


@strawberry.type
class CategoryMappingsCopyPayload:
    """Answer of `categoryMappingsCopy`."""

    report: MappingPackReport | None = strawberry.field(description="What became of each decision; null if refused.")
    user_errors: list[UserError] = strawberry.field(description=_ERRORS)


@strawberry.type
class MappingPackQuery:
    """A shop's decisions as a file."""

    @strawberry.field(permission_classes=[ReadProducts])
    async def category_mapping_pack(
        self,
        info: Info,
        tiktok_shop_id: Annotated[
            strawberry.ID, strawberry.argument(name="tiktokShopId", description="The TikTok shop to export.")
        ],
    ) -> CategoryMappingPack:
        """The decisions of a TikTok shop, to be kept or imported into another one."""
        context = info.context
        async with context.read() as session:
            content, pack = await mapping_packs.export(
                session,
                shop_id=context.shop_id,
                tiktok_shop_id=row_id("TikTokShop", tiktok_shop_id, "tiktokShopId"),
                secret_keys=context.deps.settings.secret_keys,
                now=context.now,
            )
        return CategoryMappingPack(file=content, mappings_count=len(pack.mappings), templates_count=len(pack.templates))


@strawberry.type
class MappingPackMutation:
    """Taking decisions over from a file or from another shop."""

    @strawberry.mutation(permission_classes=[WriteTemplates])
    async def category_mapping_pack_import(
        self,
        info: Info,
        input: Annotated[CategoryMappingPackImportInput, strawberry.argument(description="The file and the shop.")],
    ) -> CategoryMappingPackImportPayload | None:
        """Take a file's decisions over; again changes nothing. Only files of this installation are read."""
        context = info.context

        async def work(session: Session) -> Report:
            return await mapping_packs.load(
                session,
                shop_id=context.shop_id,
                tiktok_shop_id=row_id("TikTokShop", input.tiktok_shop_id, "input", "tiktokShopId"),
                content=input.file,
                secret_keys=context.deps.settings.secret_keys,
                dry_run=input.dry_run,
                overwrite=input.overwrite,
                by=context.who.started_by,
                now=context.now,
            )

        report, errors = await attempt(info, work)
        shown = None if report is None else MappingPackReport.of(report)
        return CategoryMappingPackImportPayload(report=shown, user_errors=errors)

    @strawberry.mutation(permission_classes=[WriteTemplates])
    async def category_mappings_copy(
        self, info: Info, input: Annotated[CategoryMappingsCopyInput, strawberry.argument(description="The two shops.")]
    ) -> CategoryMappingsCopyPayload | None:
        """Take over what another TikTok shop of the store decided; again changes nothing."""
        context = info.context

        async def work(session: Session) -> Report:
            return await mapping_packs.copy(
                session,
                shop_id=context.shop_id,
                from_tiktok_shop_id=row_id("TikTokShop", input.from_tiktok_shop_id, "input", "fromTiktokShopId"),
                to_tiktok_shop_id=row_id("TikTokShop", input.to_tiktok_shop_id, "input", "toTiktokShopId"),
                dry_run=input.dry_run,
                overwrite=input.overwrite,
                by=context.who.started_by,
                now=context.now,
            )

        report, errors = await attempt(info, work)
        shown = None if report is None else MappingPackReport.of(report)
        return CategoryMappingsCopyPayload(report=shown, user_errors=errors)
