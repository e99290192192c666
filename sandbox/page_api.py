"""The short page about the control API, for people; the same table as the OpenAPI document."""

from collections.abc import Iterable, Mapping
from html import escape

from sandbox.control_kit import Control

ERROR = escape('{"error": {"message": ..., "field": ...}}')


def render(controls: Iterable[Control]) -> str:
    """One section for each group of paths."""
    groups: dict[str, list[Control]] = {}
    for control in controls:
        groups.setdefault(control.path.partition("/")[0], []).append(control)
    sections = "".join(f"<h2>{escape(name)}</h2>{_table(group)}" for name, group in groups.items())
    return (
        "<!doctype html><html lang=en><meta charset=utf-8><title>Sandbox control API</title>"
        "<meta name=viewport content='width=device-width'><link rel=stylesheet href=page.css>"
        "<h1>Sandbox control API <small><a href=openapi.json>OpenAPI</a>, <a href=./>page for people</a></small></h1>"
        "<p>Send and receive JSON. What cannot be followed is answered 400 with"
        f" <code>{ERROR}</code>.</p>{sections}</html>"
    )


def _table(controls: Iterable[Control]) -> str:
    rows = "".join(
        f"<tr><td><code>{control.method}</code></td><td><code>/_sandbox/{escape(control.path)}</code></td>"
        f"<td>{escape(control.summary)}{_names('query', control.query)}{_names('body', control.fields)}</td></tr>"
        for control in controls
    )
    return f"<table>{rows}</table>"


def _names(place: str, known: Mapping[str, str]) -> str:
    if not known:
        return ""
    items = "".join(f"<div><code>{escape(name)}</code> {escape(meaning)}</div>" for name, meaning in known.items())
    return f"<details><summary class=dim>{place}: {escape(', '.join(known))}</summary>{items}</details>"
