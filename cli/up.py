"""`leafmark up`: everything for development in one go, with the addresses and keys in a file."""

import json
import os
import time
from pathlib import Path
from typing import Annotated

import typer

from cli import bootstrap
from cli.credentials import write_private
from cli.processes import Plan, Stack, stopped_by_signals

DATA = Path(__file__).resolve().parent.parent / ".leafmark"
DEV_FILE = DATA / "dev.json"
"""Beside the script, whatever folder a command is called from."""
WATCH_SECONDS = 0.5


def command(
    port: Annotated[int, typer.Option(help="Port of the API; 0 takes a free one.", min=0, max=65535)] = 0,
    data: Annotated[Path, typer.Option(help="Folder for data, logs and dev.json.", show_default=False)] = DATA,
    fresh: Annotated[bool, typer.Option("--fresh", help="Forget what an earlier run left in the data folder.")] = False,
    workers: Annotated[int, typer.Option(help="Worker processes.", min=1, max=16)] = 1,
) -> None:
    """Start PostgreSQL, Redis, the sandbox, the API and a worker; connect a development shop; stay until Ctrl-C."""
    plan = Plan(
        data=data.absolute(),
        port=port,
        workers=workers,
        fresh=fresh,
        database_url=os.environ.get("DATABASE_URL"),
        redis_url=os.environ.get("REDIS_URL"),
    )
    with stopped_by_signals():
        try:
            develop(Stack(plan, typer.echo))
        except KeyboardInterrupt:
            typer.echo("Stopped.")


def develop(stack: Stack) -> None:
    """Start, connect, tell, watch. Ends by an interrupt, or with CannotRun when a process ended by itself."""
    with stack:
        known = bootstrap.connect(stack)
        file = stack.plan.data / DEV_FILE.name
        write_private(file, json.dumps(known, indent=2) + "\n")
        typer.echo(f"GraphQL   {known['graphql_url']}  (GraphiQL in a browser)")
        typer.echo(f"Sandbox   {known['sandbox_url']}/_sandbox/")
        typer.echo(f"Keys      {file}")
        typer.echo("Ctrl-C stops everything.")
        while True:
            stack.check()
            time.sleep(WATCH_SECONDS)
