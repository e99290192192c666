"""`leafmark serve`: the GraphQL API in one process."""

from pathlib import Path
from typing import Annotated

import typer
import uvicorn.importer

from cli import environment, listening


def command(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on; 0 takes a free one.", min=0, max=65535)] = 8000,
    ready_file: Annotated[
        Path | None, typer.Option(help="Write the address here as JSON once connections are accepted.")
    ] = None,
    fd: Annotated[int | None, typer.Option(help="Use this inherited listening socket instead.", hidden=True)] = None,
) -> None:
    """Serve until SIGTERM or Ctrl-C."""
    settings = environment.read_settings()
    listener = listening.bind(host, port) if fd is None else listening.handed_down(fd)
    environment.must_answer(settings)
    create = uvicorn.importer.import_from_string("graphql_schema.asgi:create")
    listening.run(create(), listener, ready_file, log_level=settings.log_level)
