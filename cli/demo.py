"""`leafmark demo`: the main job in front of the reader, through the public API, with progress bars."""

import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import httpx
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from cli import bootstrap, store, story
from cli.client import Client, Json
from cli.processes import Plan, Stack, stopped_by_signals
from cli.story import Outcome

DATA = Path(__file__).resolve().parent.parent / ".leafmark" / "demo"
WATCH_SECONDS = 0.5
SHOWN_PER_REASON = 2


def command(
    leave: Annotated[bool, typer.Option("--exit", help="End after the story instead of staying up.")] = False,
    products: Annotated[Path | None, typer.Option(help="A Shopify product CSV export to fill the store with.")] = None,
    market: Annotated[str, typer.Option(help="The TikTok shop's market, e.g. US or GB.")] = "US",
    size: Annotated[int | None, typer.Option(help="How many products the store has.", min=1, max=100_000)] = None,
    keep: Annotated[bool, typer.Option("--keep", help="Keep the data in .leafmark/demo and go on with it.")] = False,
) -> None:
    """Import a store, activate a template, list its products on TikTok Shop, and show what came of each."""
    console = Console()
    with stopped_by_signals():
        data = DATA if keep else Path(tempfile.mkdtemp(prefix="leafmark-demo-"))
        plan = Plan(
            data=data,
            fresh=not keep,
            temporary=not keep,
            workers=2,
            sandbox_options=store.options(products=products, market=market, size=size),
        )
        try:
            done = _demonstrate(Stack(plan, console.print), console, market, leave=leave)
        except KeyboardInterrupt:
            console.print("Stopped.")
            return
    raise typer.Exit(0 if done.is_true else 1)


def _demonstrate(stack: Stack, console: Console, market: str, *, leave: bool) -> Outcome:
    """Start, play, tell; then, unless told to leave, stay until an interrupt."""
    console.print("Starting PostgreSQL, Redis, the sandbox, the API and two workers ...")
    with stack:
        known = bootstrap.connect(stack, market=market)
        with httpx.Client(timeout=30.0) as http:
            for sentence in store.remarks(http, known["sandbox_url"]):
                console.print(sentence, style="yellow")
            client = Client(http, known["graphql_url"], known["api_token"])
            outcome = story.play(client, lambda title, looks: _watch(console, title, looks))
            calls = store.calls_made(http, known["sandbox_url"])
        _tell(console, outcome, calls)
        if not leave:
            _stay(stack, console, known)
    return outcome


def _watch(console: Console, title: str, looks: Iterator[Json]) -> Json:
    """A bar that follows the subscription to the task's end."""
    columns = (
        TextColumn("{task.description:<34}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[told]}"),
    )
    last: Json = {}
    with Progress(*columns, TimeElapsedColumn(), console=console) as progress:
        bar = progress.add_task(title, total=None, told="")
        for last in looks:
            counts = last["task"]["counts"]
            ended = counts["succeeded"] + counts["skipped"] + counts["failed"]
            told = f"{counts['failed']} need attention" if counts["failed"] else ""
            progress.update(bar, total=counts["total"] or None, completed=ended, told=told)
    return last


def _tell(console: Console, outcome: Outcome, calls: int) -> None:
    table = Table(title="What came of it", show_header=False)
    table.add_row("Products imported", str(outcome.imported))
    for status, amount in sorted(outcome.statuses.items()):
        table.add_row(f"Listings {status}", str(amount))
    left_out = outcome.imported - sum(outcome.statuses.values())
    table.add_row("Left out (draft, archived, gift card)", str(left_out))
    table.add_row("Need attention", str(len(outcome.needing)))
    table.add_row("Calls to the platforms", str(calls))
    table.add_row("Seconds", f"{outcome.seconds:.1f}")
    console.print(table)
    if outcome.needing:
        console.print(_reasons(outcome))


def _reasons(outcome: Outcome) -> Table:
    table = Table(title="Products that need attention", show_lines=True)
    table.add_column("reason")
    table.add_column("products", justify="right")
    table.add_column("for example")
    for reason, amount in Counter(reason for _, reason in outcome.needing).most_common():
        titles = [title[:40] or "(no title)" for title, why in outcome.needing if why == reason][:SHOWN_PER_REASON]
        table.add_row(reason, str(amount), "\n".join(titles))
    return table


def _stay(stack: Stack, console: Console, known: dict[str, str]) -> None:
    console.print(f"GraphiQL   {known['graphql_url']}")
    console.print(f"Sandbox    {known['sandbox_url']}/_sandbox/")
    console.print(f"Health     {stack.addresses.api}/readyz")
    console.print("Ctrl-C stops everything.")
    while True:
        stack.check()
        time.sleep(WATCH_SECONDS)
