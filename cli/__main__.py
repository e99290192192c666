"""The command line behind the root script `leafmark`. A command's module is imported only when it is called."""

import importlib
import sys
from dataclasses import dataclass

import typer

from cli.problems import SAID_BY_US, CannotRun


@dataclass(frozen=True, slots=True)
class Command:
    """What the overview says of a command; `passes_on`: options it does not know are for another program."""

    help: str
    passes_on: bool = False


COMMANDS = {
    "demo": Command("Import a store, list it on TikTok Shop, and show each step."),
    "up": Command("Start everything for development and write .leafmark/dev.json."),
    "serve": Command("Serve the GraphQL API."),
    "worker": Command("Run task workers."),
    "sandbox": Command("Run the TikTok Shop and Shopify stand-in."),
    "migrate": Command("Bring the database to the newest tables."),
    "schema": Command("Write or check the exported GraphQL schema."),
    "replay": Command("Make the decisions of a listing or edit task again from what was kept of them."),
    "mappings": Command("Export a TikTok shop's category decisions to a file, or import them."),
    "products": Command("Export products' own settings to a CSV file, or import them."),
    "rotate": Command("Seal stored secrets anew with the first key of SECRET_KEYS."),
    "test": Command("Lint, check types and imports, run the tests.", passes_on=True),
}


def build(chosen: str | None) -> typer.Typer:
    """The command line, with only the chosen command's module imported."""
    app = typer.Typer(
        name="leafmark",
        help="Leafmark puts a Shopify store's products on TikTok Shop, under the right category.",
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )
    app.callback()(_overview)
    for name, about in COMMANDS.items():
        passing = {"ignore_unknown_options": True, "allow_interspersed_args": False} if about.passes_on else {}
        function = importlib.import_module(f"cli.{name}").command if name == chosen else _overview
        app.command(name, help=about.help if name != chosen else None, short_help=about.help, context_settings=passing)(
            function
        )
    return app


def _overview() -> None:
    """Stands in for the commands that were not chosen, and for the options before a command: there are none."""


def main() -> None:
    """Run one command; what the user can mend ends with a sentence and its status, never with a traceback."""
    chosen = sys.argv[1] if len(sys.argv) > 1 and sys.argv[1] in COMMANDS else None
    try:
        build(chosen)(prog_name="leafmark")
    except CannotRun as problem:
        sys.stderr.write(f"{SAID_BY_US}{problem.sentence}\n")
        sys.exit(problem.status)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
