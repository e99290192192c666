"""`leafmark mappings`: a TikTok shop's decisions about categories into a signed file, and from a file into a shop."""

import asyncio
from enum import StrEnum
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from cli import environment
from cli.problems import CannotRun
from server.domain.mapping_packs import LONGEST
from server.domain.paging import MAX_PAGE, PageArgs
from server.kit.clock import system_clock
from server.kit.errors import AppError
from server.kit.ids import to_gid
from server.services import mapping_packs, tiktok_shops
from server.services.mapping_coverage import covered
from server.services.mapping_packs import Report, Tally
from server.settings import Settings
from server.store import shops as shop_rows
from server.store.session import Database, Session
from server.tables import TikTokShop

ACTOR = "cli"


class Action(StrEnum):
    """What to do with the file."""

    EXPORT = "export"
    IMPORT = "import"


def command(
    action: Annotated[Action, typer.Argument(help="export writes the file, import takes it over.")],
    file: Annotated[Path, typer.Argument(help="The file.")],
    shop: Annotated[str, typer.Option(help="The store's domain, e.g. one.myshopify.com.")],
    tiktok_shop: Annotated[
        str, typer.Option(help="Which of its TikTok shops: our id or TikTok's. Not needed when there is only one.")
    ] = "",
    write: Annotated[bool, typer.Option("--write", help="Import for real; without it, only the report.")] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace mappings that the shop has.")] = False,
) -> None:
    """Mappings and templates' decisions as a versioned file. An import tells what it covers and what is missing."""
    settings = environment.read_settings()
    environment.must_answer(settings)
    try:
        if action is Action.EXPORT:
            asyncio.run(_export(settings, shop, tiktok_shop, file))
        else:
            asyncio.run(_import(settings, shop, tiktok_shop, _read(file), write=write, overwrite=overwrite))
    except AppError as error:
        raise CannotRun(error.message.rstrip(".") + ".", status=1) from None


def _read(file: Path) -> str:
    try:
        if file.stat().st_size > 4 * LONGEST:
            raise CannotRun(f"{file} is too large to be a file of mappings.", status=1)
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CannotRun(f"{file} cannot be read: {getattr(error, 'strerror', None) or 'it is no text'}.") from None


def _keep(file: Path, content: str) -> None:
    try:
        file.write_text(content, "utf-8")
    except OSError as error:
        raise CannotRun(f"{file} cannot be written: {error.strerror}.") from None


async def _export(settings: Settings, domain: str, tiktok_shop: str, file: Path) -> None:
    database = Database(settings.database_url)
    try:
        async with database.read() as session:
            row = await _tiktok_shop(session, domain, tiktok_shop)
            content, pack = await mapping_packs.export(
                session, **_where(row), secret_keys=settings.secret_keys, now=system_clock()
            )
            view = await covered(session, shop_id=row.shop_id, tiktok_shop_id=row.id)
    finally:
        await database.close()
    _keep(file, content)
    typer.echo(f"{file}: {len(pack.mappings)} mappings and {len(pack.templates)} templates of {row.name}.")
    typer.echo(f"Mapped products: {view.mapped} of {view.products} ({view.share:.0%}).")
    for one in view.unmapped:
        typer.echo(f"  unmapped: {one.kind} {one.name} ({one.products} products)")


async def _import(
    settings: Settings, domain: str, tiktok_shop: str, content: str, *, write: bool, overwrite: bool
) -> None:
    database = Database(settings.database_url)
    try:
        async with database.write() as session:
            row = await _tiktok_shop(session, domain, tiktok_shop)
            report = await mapping_packs.load(
                session,
                **_where(row),
                content=content,
                secret_keys=settings.secret_keys,
                dry_run=not write,
                overwrite=overwrite,
                by=ACTOR,
                now=system_clock(),
            )
    finally:
        await database.close()
    _tell(report)


def _tell(report: Report) -> None:
    for name, tally in (("Mappings", report.mappings), ("Templates", report.templates)):
        typer.echo(f"{name}: {_counts(tally)}")
    typer.echo(f"Coverage: {report.coverage:.0%}; {report.by_path} leaves found by their names.")
    for one in report.missing:
        typer.echo(f"  missing: {one.name} -> {' > '.join(one.leaf.path) or one.leaf.id}: {one.reason}")
    if report.dry_run:
        typer.echo("Nothing was written; add --write to do it.")


def _counts(tally: Tally) -> str:
    return f"{tally.written} written, {tally.same} the same, {tally.kept} kept as they are, {tally.missing} missing"


async def _tiktok_shop(session: Session, domain: str, named: str) -> TikTokShop:
    shop = await shop_rows.by_domain(session, domain=domain)
    if shop is None:
        raise CannotRun(f"No store {domain} is installed here.", status=1)
    page = await tiktok_shops.page(session, shop_id=shop.id, args=PageArgs(first=MAX_PAGE))
    fitting = [row for row in page.nodes if named in ("", row.remote_id, str(row.id), to_gid("TikTokShop", row.id))]
    if len(fitting) == 1:
        return fitting[0]
    there = ", ".join(f"{row.remote_id} ({row.name})" for row in page.nodes) or "none"
    raise CannotRun(f"Name one of the store's TikTok shops with --tiktok-shop: {there}.", status=1)


def _where(row: TikTokShop) -> dict[str, UUID]:
    return {"shop_id": row.shop_id, "tiktok_shop_id": row.id}
