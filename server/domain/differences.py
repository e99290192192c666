"""What differs between two JSON values, path by path."""

from collections.abc import Iterator, Mapping
from itertools import zip_longest

_NOTHING = object()


def differences(before: object, after: object) -> dict[str, tuple[object, object]]:
    """Path, as in ``skus.0.price``, to what stands there in each; None where one has nothing. Empty: they are equal."""
    return dict(_walk(before, after, ()))


def _walk(before: object, after: object, path: tuple[str, ...]) -> Iterator[tuple[str, tuple[object, object]]]:
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for name in [*before, *(name for name in after if name not in before)]:
            yield from _walk(before.get(name, _NOTHING), after.get(name, _NOTHING), (*path, str(name)))
    elif isinstance(before, list) and isinstance(after, list):
        for at, (one, other) in enumerate(zip_longest(before, after, fillvalue=_NOTHING)):
            yield from _walk(one, other, (*path, str(at)))
    elif before != after:
        yield ".".join(path), (_shown(before), _shown(after))


def _shown(value: object) -> object:
    return None if value is _NOTHING else value
