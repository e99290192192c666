"""Pictures of variants: on one option, and then every value of it has one (TikTok fact sheet 3.10.1, code 12052522)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from server.domain.comparing import key_of
from server.domain.drafts import Axis, Picture, PictureNeed, PictureUse, Shelf, SkuDraft
from server.domain.facts import VariantFacts
from server.domain.findings import Findings
from server.domain.problems import Problem

_RULE = "TikTok Shop takes one picture for each value of one option, or none at all."
_NAMED = 3


@dataclass(frozen=True, slots=True)
class Carrier:
    """The option that carries the pictures, by its place, and the picture of each of its values by comparable name."""

    at: int
    pictures: Mapping[str, str]

    def picture(self, at: int, value: str) -> str | None:
        """The store's address of what stands beside a value; nothing on other options."""
        return self.pictures.get(key_of(value)) if at == self.at else None


NO_CARRIER = Carrier(-1, {})


def carrier(sent: Sequence[VariantFacts], variants: Sequence[VariantFacts], found: Findings) -> Carrier:
    """The first option whose values never have two pictures, if each of its values has one; else none, and a warning.

    A value's picture may stand at any of ``variants``, so also at one that is sold out and not ``sent``: pictures do
    not come and go with the stock. A later option would not do for one that lacks pictures: "M" is no red shirt.
    """
    if not sent or not any(one.picture_url for one in variants):
        return NO_CARRIER
    for at, (name, _) in enumerate(sent[0].options):
        pictures = _of_values(name, variants)
        if any(len(urls) > 1 for urls in pictures.values()):
            continue
        lacking: dict[str, VariantFacts] = {}
        for one in sent:
            if not pictures[key_of(one.options[at][1])]:
                lacking.setdefault(key_of(one.options[at][1]), one)
        if not lacking:
            return Carrier(at, {value: next(iter(urls)) for value, urls in pictures.items() if urls})
        values = _quoted([one.options[at][1] for one in lacking.values()])
        cause = f"of “{name}” {values} has none. Add what is missing in the store."
        _left_out(next(iter(lacking.values())).position, cause, found)
        return NO_CARRIER
    first = next((one for one in sent if one.picture_url), sent[0])
    cause = "they differ within the values of each option. Use one for each value of an option in the store."
    _left_out(first.position, cause, found)
    return NO_CARRIER


def _quoted(values: Sequence[str]) -> str:
    more = f" and {len(values) - _NAMED} more" if len(values) > _NAMED else ""
    return ", ".join(f"“{value}”" for value in values[:_NAMED]) + more


def _of_values(name: str, variants: Sequence[VariantFacts]) -> dict[str, dict[str, None]]:
    """The different pictures of each value of an option, in their order."""
    pictures: dict[str, dict[str, None]] = {}
    for one in variants:
        for option, value in one.options:
            if option == name:
                urls = pictures.setdefault(key_of(value), {})
                if one.picture_url:
                    urls[one.picture_url] = None
    return pictures


def with_pictures(skus: tuple[SkuDraft, ...], shelf: Shelf, found: Findings) -> tuple[SkuDraft, ...]:
    """All variants' pictures as they were uploaded, or none and a warning: a value without one is not taken."""
    needs = {axis.picture for sku in skus for axis in sku.axes if axis.picture is not None}
    if not needs:
        return skus
    uploaded = {url: shelf[PictureNeed(url, PictureUse.ATTRIBUTE_IMAGE)] for url in needs}
    uris = {url: one.uri for url, one in uploaded.items() if isinstance(one, Picture)}
    if len(uris) < len(needs):
        uris = {}
        _tell_broken(skus, uploaded, found)
    return tuple(replace(sku, axes=tuple(_axis(axis, uris) for axis in sku.axes)) for sku in skus)


def _axis(axis: Axis, uris: Mapping[str, str]) -> Axis:
    return axis if axis.picture is None else replace(axis, picture=uris.get(axis.picture))


def _tell_broken(skus: Sequence[SkuDraft], uploaded: Mapping[str, Picture | Problem], found: Findings) -> None:
    for sku in skus:
        for axis in sku.axes:
            broken = uploaded[axis.picture] if axis.picture is not None else None
            if isinstance(broken, Problem):
                _left_out(sku.position, f"that of “{axis.value}” cannot be used. {broken.message}", found)
                return


def _left_out(position: int, cause: str, found: Findings) -> None:
    found.warning(
        "VARIANT_IMAGES_LEFT_OUT",
        ("variants", str(position), "picture_url"),
        f"The variants' pictures were not sent: {cause} {_RULE}",
    )
