"""A product's metafields as texts: plain ones, lists, measures and rich text (Shopify fact sheet 2)."""

import html
import json
from collections.abc import Iterator, Mapping
from typing import Any

_MEASURES = ("weight", "dimension", "volume", "rating", "money")
_LIST = "list."


def texts_of(field: Mapping[str, Any] | None) -> list[str]:
    """What a metafield (``{type, value}``, the value as Shopify's text) says; nothing for references and damage."""
    if not field:
        return []
    kind, raw = str(field.get("type", "")), field.get("value")
    if not isinstance(raw, str) or "reference" in kind:
        return []
    if kind.startswith(_LIST):
        entries = _json(raw)
        return [_plain(kind.removeprefix(_LIST), one) for one in entries] if isinstance(entries, list) else []
    if kind in _MEASURES:
        return [_plain(kind, _json(raw))]
    if kind == "rich_text_field":
        return [" ".join(_words(_json(raw)))]
    return [raw]


def html_of(field: Mapping[str, Any] | None) -> str:
    """The same as HTML, for descriptions: plain text keeps its lines, text that has tags is HTML already."""
    texts = texts_of(field)
    if not texts:
        return ""
    text = "\n".join(texts)
    if "<" in text and ">" in text:
        return text
    return "".join(f"<p>{html.escape(line, quote=False)}</p>" for line in text.splitlines() if line.strip())


def _json(raw: str) -> Any:
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None


def _plain(kind: str, value: object) -> str:
    if kind in _MEASURES and isinstance(value, Mapping):
        figure = value.get("value", value.get("amount", ""))
        unit = value.get("unit", value.get("currency_code", ""))
        return f"{figure} {unit}".strip()
    return value if isinstance(value, str) else "" if value is None else str(value)


def _words(node: object) -> Iterator[str]:
    """The words of a rich text's tree, in order."""
    if isinstance(node, Mapping):
        if isinstance(node.get("value"), str):
            yield node["value"]
        children = node.get("children")
        for child in children if isinstance(children, list) else ():
            yield from _words(child)
