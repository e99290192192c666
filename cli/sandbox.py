"""`leafmark sandbox`: the TikTok Shop and Shopify stand-in, on a port of its own."""

import dataclasses
from pathlib import Path
from typing import Annotated

import typer

from cli import listening
from cli.problems import CannotRun
from sandbox.app import Sandbox, create_app
from sandbox.catalogue.csv_reader import UnreadableFile
from sandbox.config import BadConfig, SandboxConfig


def command(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int | None, typer.Option(help="Port to listen on; 0 (the default) takes a free one.", min=0, max=65535)
    ] = None,
    market: Annotated[str | None, typer.Option(help="Market of the TikTok shop: US, GB, ...")] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of everything made up.")] = None,
    size: Annotated[int | None, typer.Option(help="Number of generated products.", min=1)] = None,
    products: Annotated[Path | None, typer.Option(help="Shopify product CSV export that fills the store.")] = None,
    categories: Annotated[Path | None, typer.Option(help="Category tree: id,parent_id,name rows, gz accepted.")] = None,
    state: Annotated[Path | None, typer.Option(help="File that keeps the sandbox's world between runs.")] = None,
    audit: Annotated[
        str | None, typer.Option(help="How reviews ripen: immediate, 'after 3 looks', 'after 90s', never.")
    ] = None,
    latency_ms: Annotated[int | None, typer.Option(help="Milliseconds every call takes.", min=0)] = None,
    strict_versions: Annotated[
        bool | None, typer.Option(help="Whether the calendar decides which category version is accepted.")
    ] = None,
    redirect_url: Annotated[str | None, typer.Option(help="The TikTok app's registered redirect.")] = None,
    tiktok_webhook_url: Annotated[str | None, typer.Option(help="Where TikTok webhooks go.")] = None,
    shopify_webhook_url: Annotated[str | None, typer.Option(help="Where Shopify webhooks go.")] = None,
    ready_file: Annotated[
        Path | None, typer.Option(help="Write the address here as JSON once connections are accepted.")
    ] = None,
    fd: Annotated[int | None, typer.Option(help="Use this inherited listening socket instead.", hidden=True)] = None,
) -> None:
    """Run until SIGTERM or Ctrl-C. Every option can also be set as SANDBOX_<NAME>, credentials only there."""
    given: dict[str, object] = {
        "port": port,
        "market": market,
        "seed": seed,
        "size": size,
        "products": _readable(products),
        "categories": _readable(categories),
        "state": state,
        "audit": audit,
        "latency_ms": latency_ms,
        "strict_versions": strict_versions,
        "redirect_url": redirect_url,
        "tiktok_webhook_url": tiktok_webhook_url,
        "shopify_webhook_url": shopify_webhook_url,
    }
    config = configure({name: value for name, value in given.items() if value is not None})
    listener = listening.bind(host, config.port) if fd is None else listening.handed_down(fd)
    app = open_world(config)
    address = listening.origin(listener)
    typer.echo(f"Sandbox on {address} (control page: {address}/_sandbox/)", err=True)
    listening.run(app, listener, ready_file, log_level="warning")


def open_world(config: SandboxConfig) -> Sandbox:
    """The app; rows of the product CSV that cannot be used are named and left out. Raises CannotRun."""
    try:
        app = create_app(config)
    except (BadConfig, UnreadableFile) as error:
        raise CannotRun(str(error)) from None
    for row in app.world.shopify.errors:
        typer.echo(f"{config.products}: {row}", err=True)
    return app


def configure(given: dict[str, object]) -> SandboxConfig:
    """The environment's settings with the options on top. Raises CannotRun."""
    try:
        return dataclasses.replace(SandboxConfig.from_env(), **given)  # type: ignore[arg-type]  # names and types are the options' above
    except BadConfig as error:
        raise CannotRun(str(error)) from None


def _readable(path: Path | None) -> Path | None:
    """The path, if it names a file we may read. Raises CannotRun."""
    if path is not None:
        try:
            path.open("rb").close()
        except OSError as error:
            raise CannotRun(f"{path} cannot be read: {error.strerror}.") from None
    return path
