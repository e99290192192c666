"""A patch laid over what a layer says already: single attributes, papers and figures, the rest stays as it is."""

from collections.abc import Callable, Mapping
from typing import Any

_Named = Callable[[Mapping[str, Any]], object]


def laid_over(content: Mapping[str, Any], patch: Mapping[str, Any]) -> dict[str, Any]:
    """The parts of the patch, joined with what ``content`` (a layer's JSON) says of the same parts.

    Attributes and certifications are joined by their ids, variants by what they are named by; of the last two also the
    fields of one entry, and of shipping weight and size. Every other part is replaced whole; null forgets a part. The
    patch's own entries come first, so paths of faults fit it; what cannot be joined is left for ``Reading`` to refuse.
    """
    return {name: _JOINED[name](content.get(name), said) if name in _JOINED else said for name, said in patch.items()}


def _entries(named: _Named, *, deep: bool) -> Callable[[Any, Any], Any]:
    def joined(before: Any, said: Any) -> Any:
        if not isinstance(said, list) or not all(isinstance(one, Mapping) for one in said):
            return said
        there = {named(one): one for one in before or ()}
        over = [{**there.get(named(one), {}), **one} for one in said] if deep else said
        mentioned = {named(one) for one in said}
        return [*over, *(one for name, one in there.items() if name not in mentioned)]

    return joined


def _object(before: Any, said: Any) -> Any:
    return {**(before or {}), **said} if isinstance(said, Mapping) else said


def _id(entry: Mapping[str, Any]) -> object:
    return str(entry.get("id"))


def _variant(entry: Mapping[str, Any]) -> object:
    return str(entry.get("remote_id") or ""), str(entry.get("sku") or "")


_JOINED: Mapping[str, Callable[[Any, Any], Any]] = {
    "attributes": _entries(_id, deep=False),
    "certifications": _entries(_id, deep=True),
    "variants": _entries(_variant, deep=True),
    "shipping": _object,
}
"""How each part is joined that holds several things a patch may mean one of."""
