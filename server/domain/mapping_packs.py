"""A shop's decisions as a file: format, version, checksum and signature, and how it is read back."""

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from server.domain.categories import CategoryRef, CategoryVersion
from server.domain.mappings import MappingOrigin, Source, SourceKind

FORMAT = "leafmark-mappings"
VERSION = 1
LONGEST = 900_000
"""Characters of a file that is read; a request holds 1 MiB."""


class PackRefused(Exception):
    """The file is not used; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class PackedLeaf:
    """A leaf as the exporting shop saw it; the path finds it again in a tree that lacks the id."""

    id: str
    version: CategoryVersion
    path: tuple[str, ...]

    @property
    def ref(self) -> CategoryRef:
        """What names it in calls."""
        return CategoryRef(self.id, self.version)


@dataclass(frozen=True, slots=True)
class PackedMapping:
    """One mapping."""

    kind: SourceKind
    key: str
    name: str
    leaf: PackedLeaf
    origin: MappingOrigin

    @property
    def source(self) -> Source:
        """What is mapped."""
        return Source(self.kind, self.key)


@dataclass(frozen=True, slots=True)
class PackedTemplate:
    """What a template decides about categories: leaf, attributes and rules, both as in ``domain.template_json``."""

    name: str
    rank: int
    is_default: bool
    leaf: PackedLeaf
    attributes: Sequence[Mapping[str, Any]]
    rules: Mapping[str, Any]

    @property
    def content(self) -> dict[str, Any]:
        """The part of a template's content that travels. Weights, prices and documents are each shop's own."""
        return {"attributes": list(self.attributes), "rules": dict(self.rules)}


@dataclass(frozen=True, slots=True)
class Pack:
    """The decisions of one TikTok shop. ``trees`` tells when the tree of a version was read, as RFC 3339."""

    store: str
    tiktok_shop: str
    market: str
    made_at: str
    trees: Mapping[str, str]
    mappings: tuple[PackedMapping, ...]
    templates: tuple[PackedTemplate, ...]


def write(pack: Pack, key: bytes) -> str:
    """The file. The same pack gives the same text."""
    counts = {"mappings": len(pack.mappings), "templates": len(pack.templates)}
    body = asdict(pack) | {"counts": counts}
    said = _canonical(body)
    document = {
        "format": FORMAT,
        "version": VERSION,
        "checksum": hashlib.sha256(said).hexdigest(),
        "signature": _signature(said, key),
        "body": body,
    }
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True)


def read(text: str, keys: Sequence[bytes]) -> Pack:
    """The pack in a file that was signed with one of ``keys``; else ``PackRefused``."""
    document = _opened(text)
    body = document.get("body")
    said = _canonical(body)
    if not _is_same(document.get("checksum"), hashlib.sha256(said).hexdigest()):
        raise PackRefused("The file was changed or cut off after it was made: export it again.")
    if not any(_is_same(document.get("signature"), _signature(said, key)) for key in keys):
        raise PackRefused(
            "This installation did not sign the file, or its key is gone from SECRET_KEYS: export it again."
        )
    try:
        return _pack(body)
    except (KeyError, TypeError, ValueError):
        raise PackRefused("The file lacks something that this version of Leafmark needs: export it again.") from None


def _opened(text: str) -> Mapping[str, Any]:
    if len(text) > LONGEST:
        raise PackRefused(f"The file has more than {LONGEST} characters.")
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise PackRefused("This is not a file of mappings: export one with categoryMappingPack.")
    if document.get("version") != VERSION:
        raise PackRefused(f"The file has format version {document.get('version')}; this Leafmark reads {VERSION}.")
    return document


def _canonical(body: object) -> bytes:
    return json.dumps(body, sort_keys=True, separators=(",", ":")).encode()


def _signature(said: bytes, key: bytes) -> str:
    return hmac.new(key, f"{FORMAT} {VERSION}\n".encode() + said, hashlib.sha256).hexdigest()


def _is_same(said: object, wanted: str) -> bool:
    return isinstance(said, str) and hmac.compare_digest(said.encode(), wanted.encode())


def _pack(body: object) -> Pack:
    if not isinstance(body, dict):
        raise TypeError("a pack is an object")
    return Pack(
        store=body["store"],
        tiktok_shop=body["tiktok_shop"],
        market=body["market"],
        made_at=body["made_at"],
        trees=dict(body["trees"]),
        mappings=tuple(_mapping(one) for one in body["mappings"]),
        templates=tuple(PackedTemplate(**{**one, "leaf": _leaf(one["leaf"])}) for one in body["templates"]),
    )


def _mapping(one: Mapping[str, Any]) -> PackedMapping:
    kind, origin = SourceKind(one["kind"]), MappingOrigin(one["origin"])
    return PackedMapping(kind, one["key"], one["name"], _leaf(one["leaf"]), origin)


def _leaf(one: Mapping[str, Any]) -> PackedLeaf:
    return PackedLeaf(one["id"], CategoryVersion(one["version"]), tuple(one["path"]))
