"""Products' own settings out to a CSV file and in from one."""

from typing import Annotated

import strawberry

from graphql_schema.context import Info
from graphql_schema.mutations import attempt
from graphql_schema.nodes import row_id
from graphql_schema.permissions import ReadProducts, WriteTemplates
from graphql_schema.user_errors import UserError, all_of
from server.deps import Session
from server.domain.override_csv import MAX_PRODUCTS
from server.kit.errors import AppError, Conflict, Invalid
from server.services import override_files
from server.services.override_files import MAX_FAULTS, ImportReport

MAX_PAGE = 1_000


@strawberry.type
class ProductOverridesCsv:
    """A part of the file. The parts one after another are the whole; all have the columns that the first has."""

    csv: str = strawberry.field(description="CSV with CRLF line ends; only the first part has the header.")
    products_count: int = strawberry.field(description="How many products this part holds.")
    end_cursor: str | None = strawberry.field(description="Pass it as `after` for the next part; null at the end.")


@strawberry.type
class CsvFault:
    """What is wrong at one place of a file."""

    row: int = strawberry.field(description="The line; 1 is the header.")
    column: str = strawberry.field(description="The column's name; empty when the whole line is meant.")
    message: str = strawberry.field(description="Cause and next step.")


@strawberry.type
class ProductOverridesReport:
    """What a file would do, or did."""

    applied: bool = strawberry.field(description="Whether it was done; never with faults, never on a dry run.")
    products_count: int = strawberry.field(description="Products in the file.")
    changed_count: int = strawberry.field(description="Products whose own settings become others.")
    cleared_count: int = strawberry.field(description="Products that have nothing of their own any more.")
    unchanged_count: int = strawberry.field(description="Products that have it so already.")
    faults: list[CsvFault] = strawberry.field(description=f"What is wrong, the first {MAX_FAULTS} in line order.")

    @classmethod
    def of(cls, report: ImportReport, *, applied: bool) -> "ProductOverridesReport":
        """A report as clients see it."""
        return cls(
            applied=applied,
            products_count=report.products,
            changed_count=report.changed,
            cleared_count=report.cleared,
            unchanged_count=report.unchanged,
            faults=[CsvFault(row=one.row, column=one.column, message=one.message) for one in report.faults],
        )


@strawberry.input
class ProductOverridesImportInput:
    """A file of products' own settings."""

    tiktok_shop_id: strawberry.ID = strawberry.field(name="tiktokShopId", description="The TikTok shop.")
    csv: str = strawberry.field(
        description=f"The file, with its header; at most {MAX_PRODUCTS} products, and 1 MB with the request."
    )
    dry_run: bool = strawberry.field(default=True, description="Only tell what it would do.")


@strawberry.type
class ProductOverridesImportPayload:
    """Answer of `productOverridesImport`."""

    report: ProductOverridesReport | None = strawberry.field(description="Null when the file was not even read.")
    user_errors: list[UserError] = strawberry.field(description="Why it was not read; what is in it is in the report.")


@strawberry.type
class OverrideFileQuery:
    """Products' own settings as a file."""

    @strawberry.field(permission_classes=[ReadProducts])
    async def product_overrides_export(
        self,
        info: Info,
        tiktok_shop_id: Annotated[
            strawberry.ID, strawberry.argument(name="tiktokShopId", description="The TikTok shop.")
        ],
        first: Annotated[int, strawberry.argument(description=f"Products in this part, 1 to {MAX_PAGE}.")],
        after: Annotated[str | None, strawberry.argument(description="Go on from here.")] = None,
        all_products: Annotated[
            bool, strawberry.argument(description="Products without anything of their own, too.")
        ] = False,
    ) -> ProductOverridesCsv:
        """Products' own settings as CSV, to be edited in a spreadsheet and imported again."""
        if not 1 <= first <= MAX_PAGE:
            raise Invalid(f"first is 1 to {MAX_PAGE}.", code="BAD_USER_INPUT", field=("first",))
        async with info.context.read() as session:
            page = await override_files.export(
                session,
                shop_id=info.context.shop_id,
                tiktok_shop_id=row_id("TikTokShop", tiktok_shop_id, "tiktokShopId"),
                overridden=not all_products,
                after=after,
                amount=first,
            )
        return ProductOverridesCsv(csv=page.csv, products_count=page.products, end_cursor=page.after)


@strawberry.type
class OverrideFileMutation:
    """Products' own settings from a file."""

    @strawberry.mutation(permission_classes=[WriteTemplates])
    async def product_overrides_import(
        self, info: Info, input: Annotated[ProductOverridesImportInput, strawberry.argument(description="The file.")]
    ) -> ProductOverridesImportPayload | None:
        """Check a whole file, and apply all of it when nothing is wrong. Products that it leaves out stay as they are.

        An empty cell means that the product has nothing of its own there; what the file has no column for stays as it
        is, and a line with fewer cells than the header is a fault.
        """
        try:
            async with info.context.deps.database.read() as session:
                looked = await _take_in(session, info, input)
        except AppError as error:
            return ProductOverridesImportPayload(report=None, user_errors=all_of(error))
        if looked.faults or input.dry_run:
            return ProductOverridesImportPayload(
                report=ProductOverridesReport.of(looked, applied=False), user_errors=[]
            )
        done, errors = await attempt(info, lambda session: _applied(session, info, input))
        report = None if done is None else ProductOverridesReport.of(done, applied=True)
        return ProductOverridesImportPayload(report=report, user_errors=errors)


async def _applied(session: Session, info: Info, asked: ProductOverridesImportInput) -> ImportReport:
    report = await _take_in(session, info, asked)
    if report.faults:
        raise Conflict("The shop changed while the file was looked at: try again.", field=("input", "csv"))
    return report


async def _take_in(session: Session, info: Info, asked: ProductOverridesImportInput) -> ImportReport:
    context = info.context
    return await override_files.take_in(
        session,
        shop_id=context.shop_id,
        tiktok_shop_id=row_id("TikTokShop", asked.tiktok_shop_id, "input", "tiktokShopId"),
        text=asked.csv,
        actor=context.who.started_by,
        now=context.now,
    )
