"""The control API as an OpenAPI 3.1 document, made from its own table."""

import re
from collections.abc import Iterable, Mapping

from sandbox.control_kit import Control

NAME_IN_PATH = re.compile(r"\{(\w+)\}")
ERROR = {
    "type": "object",
    "properties": {
        "error": {
            "type": "object",
            "properties": {"message": {"type": "string"}, "field": {"type": ["string", "null"]}},
        }
    },
}


def document(controls: Iterable[Control]) -> dict[str, object]:
    """One operation for each control path."""
    paths: dict[str, dict[str, object]] = {}
    for control in controls:
        paths.setdefault(f"/_sandbox/{control.path}", {})[control.method.lower()] = _operation(control)
    info = {
        "title": "Leafmark sandbox control",
        "version": "1",
        "description": "Clock, faults, webhooks, calls and settings of an imitated TikTok Shop and Shopify Admin.",
    }
    return {"openapi": "3.1.0", "info": info, "paths": paths, "components": {"schemas": {"Error": ERROR}}}


def _operation(control: Control) -> dict[str, object]:
    found: dict[str, object] = {
        "operationId": f"{control.method.lower()}-{control.path}".replace("/", "-").replace("{", "").replace("}", ""),
        "summary": control.summary,
        "tags": [control.path.partition("/")[0]],
        "responses": _responses(),
    }
    parameters = [_parameter(name, "path", "as listed") for name in NAME_IN_PATH.findall(control.path)]
    parameters += [_parameter(name, "query", meaning) for name, meaning in control.query.items()]
    if parameters:
        found["parameters"] = parameters
    if control.fields:
        found["requestBody"] = {"content": {"application/json": {"schema": _schema(control.fields)}}}
    return found


def _parameter(name: str, place: str, meaning: str) -> dict[str, object]:
    known: dict[str, object] = {"name": name, "in": place, "description": meaning, "schema": {"type": "string"}}
    return known | ({"required": True} if place == "path" else {})


def _schema(fields: Mapping[str, str]) -> dict[str, object]:
    required = [name for name, meaning in fields.items() if meaning.startswith("required")]
    schema: dict[str, object] = {
        "type": "object",
        "additionalProperties": False,
        "properties": {name: {"description": meaning} for name, meaning in fields.items()},
    }
    return {**schema, "required": required} if required else schema


def _responses() -> dict[str, object]:
    wrong = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    return {
        "200": {"description": "Done", "content": {"application/json": {"schema": {"type": "object"}}}},
        "400": {"description": "The input cannot be followed", "content": wrong},
    }
