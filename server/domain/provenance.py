"""Where each value that is sent came from, and why better sources were refused (N13)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from server.domain.layers import Layer
from server.domain.origins import Origin


@dataclass(frozen=True, slots=True)
class Refused:
    """A source that goes before the one taken, and why it was not taken."""

    origin: Origin
    why: str


@dataclass(frozen=True, slots=True)
class Provenance:
    """One field of the draft: ``title``, ``attributes.100392``, ``package.weight``, ``variants.<remote id>.price``.

    ``detail`` names the place inside the origin: the vendor, a metafield's key.
    """

    field: str
    layer: Layer
    origin: Origin
    detail: str = ""
    refused: tuple[Refused, ...] = ()


def provenance_to_json(told: Iterable[Provenance]) -> dict[str, list[Any]]:
    """Compact, for rows: field to ``[layer, origin]``, then detail and refusals where there are any."""
    return {one.field: _short(one) for one in told}


def _short(one: Provenance) -> list[Any]:
    short: list[Any] = [one.layer.value, one.origin.value]
    if one.detail or one.refused:
        short.append(one.detail)
    if one.refused:
        short.append([[refused.origin.value, refused.why] for refused in one.refused])
    return short


def provenance_from_json(data: dict[str, list[Any]]) -> tuple[Provenance, ...]:
    """Read back what ``provenance_to_json`` wrote."""
    return tuple(_long(name, *short) for name, short in data.items())


def _long(name: str, layer: str, origin: str, detail: str = "", refused: Iterable[list[str]] = ()) -> Provenance:
    reasons = tuple(Refused(Origin(place), why) for place, why in refused)
    return Provenance(name, Layer(layer), Origin(origin), detail, reasons)
