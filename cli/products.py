"""`leafmark products export|import`: products' own settings as a CSV file, through the public API."""

import json
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import httpx
import typer

from cli import up
from cli.client import SECONDS, Client, Json
from cli.problems import CannotRun
from cli.product_files import import_file

_EXPORT = """
query Export($shop: ID!, $after: String, $all: Boolean!) {
  productOverridesExport(tiktokShopId: $shop, first: 500, after: $after, allProducts: $all) {
    csv productsCount endCursor
  }
}
"""
_SHOPS = "{ shop { tiktokShops { id name market } } }"


class Action(StrEnum):
    """What to do with the file."""

    EXPORT = "export"
    IMPORT = "import"


def command(
    action: Annotated[Action, typer.Argument(help="export writes the file, import applies it.")],
    file: Annotated[Path, typer.Argument(help="The file.")],
    url: Annotated[str | None, typer.Option(help="The API's address; without it, that of `leafmark up`.")] = None,
    token: Annotated[
        str | None, typer.Option(envvar="LEAFMARK_API_TOKEN", help="An API token; without it, that of `leafmark up`.")
    ] = None,
    tiktok_shop: Annotated[
        str | None, typer.Option(help="The TikTok shop's id; needed when there are several.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Export products without anything of their own, too.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what an import would do.")] = False,
) -> None:
    """Products' own settings as a CSV file. An import checks all of it first; with one fault nothing is applied."""
    with httpx.Client(timeout=SECONDS * 4) as http:
        client = _client(http, url, token)
        shop = _shop(client, tiktok_shop)
        if action is Action.EXPORT:
            typer.echo(f"{_export(client, shop, file, every=every)} products written to {file}.")
        else:
            typer.echo(import_file(client, shop, _text(file), dry_run=dry_run, tell=_told))


def _export(client: Client, shop: str, file: Path, *, every: bool) -> int:
    """Write the file, with the mark by which spreadsheets know UTF-8; how many products are in it."""
    amount = 0
    try:
        with file.open("w", encoding="utf-8-sig", newline="") as out:
            for part in _parts_of(client, shop, every=every):
                out.write(part["csv"])
                amount += part["productsCount"]
    except OSError as error:
        raise CannotRun(f"{file} cannot be written: {error.strerror}.", status=2) from None
    return amount


def _told(sentence: str) -> None:
    typer.echo(sentence, err=True)


def _client(http: httpx.Client, url: str | None, token: str | None) -> Client:
    if url is None or token is None:
        if not up.DEV_FILE.is_file():
            raise CannotRun("Give --url and --token, or start `leafmark up` first.", status=2)
        known = json.loads(up.DEV_FILE.read_text("utf-8"))
        url, token = url or known["graphql_url"], token or known["api_token"]
    return Client(http, url, token)


def _shop(client: Client, wanted: str | None) -> str:
    if wanted is not None:
        return wanted
    shops: list[Json] = client.ask(_SHOPS)["shop"]["tiktokShops"]
    if len(shops) != 1:
        told = ", ".join(f"{one['id']} ({one['name']}, {one['market']})" for one in shops) or "none is connected"
        raise CannotRun(f"Say with --tiktok-shop which TikTok shop is meant: {told}.", status=2)
    return str(shops[0]["id"])


def _parts_of(client: Client, shop: str, *, every: bool) -> Iterator[Json]:
    after: str | None = None
    while True:
        part: Json = client.ask(_EXPORT, shop=shop, after=after, all=every)["productOverridesExport"]
        yield part
        after = part["endCursor"]
        if after is None:
            return


def _text(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise CannotRun(f"{file} cannot be read: {error.strerror}.", status=2) from None
    except UnicodeDecodeError:
        raise CannotRun(f"{file} is not UTF-8: save it as “CSV UTF-8”.", status=2) from None
