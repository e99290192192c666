"""What the demonstration asks of the sandbox's control path: the store to sell from, its remarks, the calls it saw."""

from pathlib import Path

import httpx

from cli.bootstrap import good
from cli.problems import CannotRun
from sandbox.catalogue.csv_reader import UnreadableFile, read_products

SHOWN_REMARKS = 10


def options(*, products: Path | None, market: str, size: int | None) -> tuple[str, ...]:
    """The sandbox's own options for this store. Raises CannotRun for a file that is no product export."""
    made = ["--market", market.upper()]
    if products is not None:
        made += ["--products", str(_readable(products).absolute())]
    if size is not None:
        made += ["--size", str(size)]
    return tuple(made)


def _readable(products: Path) -> Path:
    """The same file, once it was read: what is wrong with it is told before anything is started."""
    try:
        read_products(products)
    except UnreadableFile as error:
        raise CannotRun(str(error)) from None
    return products


def remarks(http: httpx.Client, sandbox: str) -> list[str]:
    """What could not be used of the product CSV, with line and column; the first few and how many more."""
    answer = good(http.post(f"{sandbox}/_sandbox/shopify/csv-errors", json={})).json()
    found = [_remark(each["line"], each["column"], each["message"]) for each in answer["errors"]]
    rest = len(found) - SHOWN_REMARKS
    return found[:SHOWN_REMARKS] + ([f"... and {rest} more remarks about the file."] if rest > 0 else [])


def _remark(line: int, column: str, message: str) -> str:
    place = f"Line {line}, column {column}" if column else f"Line {line}"
    return f"{place}: {message}"


def calls_made(http: httpx.Client, sandbox: str) -> int:
    """How many calls both platforms saw."""
    total: int = good(http.get(f"{sandbox}/_sandbox/calls/summary")).json()["total"]
    return total
