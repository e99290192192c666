"""`leafmark products export|import`: products' own settings as a CSV file, through the public API."""

import csv
import io
import json
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import httpx
import typer

from cli.client import SECONDS, Client, Json
from cli.problems import CannotRun

DEV_FILE = Path(".leafmark") / "dev.json"
PART = 600_000
"""Bytes of a file in one request; the API takes 1 MB, and quotes cost."""

_EXPORT = """
query Export($shop: ID!, $after: String, $all: Boolean!) {
  productOverridesExport(tiktokShopId: $shop, first: 500, after: $after, allProducts: $all) {
    csv productsCount endCursor
  }
}
"""
_IMPORT = """
mutation Import($input: ProductOverridesImportInput!) {
  productOverridesImport(input: $input) {
    report { applied changedCount clearedCount unchangedCount faults { row column message } }
    userErrors { code field message }
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
            typer.echo(_import(client, shop, _text(file), dry_run=dry_run))


def _export(client: Client, shop: str, file: Path, *, every: bool) -> int:
    amount = 0
    try:
        with file.open("w", encoding="utf-8", newline="") as out:
            for part in _parts_of(client, shop, every=every):
                out.write(part["csv"])
                amount += part["productsCount"]
    except OSError as error:
        raise CannotRun(f"{file} cannot be written: {error.strerror}.", status=2) from None
    return amount


def _import(client: Client, shop: str, text: str, *, dry_run: bool) -> str:
    try:
        parts = list(_cut(text))
    except csv.Error as error:
        raise CannotRun(f"This is no CSV file: {error}.", status=2) from None
    looked = [_sent(client, shop, part, dry_run=True) for _, part in parts]
    faults = [(start, fault) for (start, _), one in zip(parts, looked, strict=True) for fault in one["faults"]]
    for start, fault in faults:
        typer.echo(f"line {fault['row'] + start}, {fault['column'] or 'the line'}: {fault['message']}", err=True)
    if faults:
        raise CannotRun("Nothing was applied.", status=1)
    done = looked if dry_run else [_sent(client, shop, part, dry_run=False) for _, part in parts]
    changed, cleared, same = (
        sum(one[name] for one in done) for name in ("changedCount", "clearedCount", "unchangedCount")
    )
    said = "would be changed" if dry_run else "changed"
    return f"{changed} products {said}, {cleared} cleared, {same} as they are already."


def _client(http: httpx.Client, url: str | None, token: str | None) -> Client:
    if url is None or token is None:
        if not DEV_FILE.is_file():
            raise CannotRun("Give --url and --token, or start `leafmark up` first.", status=2)
        known = json.loads(DEV_FILE.read_text("utf-8"))
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


def _sent(client: Client, shop: str, text: str, *, dry_run: bool) -> Json:
    asked = {"tiktokShopId": shop, "csv": text, "dryRun": dry_run}
    report: Json = client.do(_IMPORT, input=asked)["report"]
    return report


def _text(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise CannotRun(f"{file} cannot be read: {error.strerror}.", status=2) from None
    except UnicodeDecodeError:
        raise CannotRun(f"{file} is not UTF-8: save it as “CSV UTF-8”.", status=2) from None


def _cut(text: str) -> Iterator[tuple[int, str]]:
    """Parts that a request can carry, cut between products, each with the header and how many lines stand before."""
    reader = csv.reader(io.StringIO(text, newline=""))
    header = next(reader, [])
    place = header.index("product_id") if "product_id" in header else None
    rows: list[list[str]] = []
    size, start, last = 0, 0, reader.line_num
    for row in reader:
        key = row[place] if place is not None and place < len(row) else None
        if size > PART and key != (rows[-1][place] if place is not None and place < len(rows[-1]) else None):
            yield start, _written(header, rows)
            rows, size, start = [], 0, last - 1
        rows.append(row)
        size += sum(map(len, row))
        last = reader.line_num
    yield start, _written(header, rows)


def _written(header: list[str], rows: list[list[str]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows([header, *rows])
    return out.getvalue()
