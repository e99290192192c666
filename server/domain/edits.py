"""The smallest edit from what the platform was told to what we want it to show (TikTok fact sheet 3.11, 3.14)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from server.domain.ownership import FieldGroup, Ownership
from server.domain.snapshots import GROUPS, SKU_GROUPS, Fields, Snapshot

WHOLE = "variant"
"""The field of a change that adds or removes a variant; of the product, with the names of all that are there."""

FIXED = frozenset({"identifier_code"})
"""Can be told with a new variant only (code 12052593): a later change in the store is not sent."""

OFFER = frozenset({FieldGroup.PRICE, FieldGroup.STOCK})


class Step(StrEnum):
    """One call of an edit, in the order in which they are made."""

    DEACTIVATE = "DEACTIVATE"
    STOCK = "STOCK"
    PRICE = "PRICE"
    PARTIAL = "PARTIAL"
    """Partial Edit: the changed fields only."""
    FULL = "FULL"
    """Edit: the product is read first, and sent back whole."""
    ACTIVATE = "ACTIVATE"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field before and after, both as in snapshots. ``sku`` is the store's variant id, empty for the product."""

    group: FieldGroup
    field: str
    before: object
    after: object
    sku: str = ""


@dataclass(frozen=True, slots=True)
class EditPlan:
    """What to send, and what stays behind because the field is not the store's (now) or can never change."""

    changes: tuple[FieldChange, ...] = ()
    withheld: tuple[FieldChange, ...] = ()
    whole: bool = False
    """What is live lacks what was told last, so a change of the content takes all of it along."""
    prices_whole: bool = False
    """In the product's state prices have no call of their own, but the whole product takes them along."""

    @property
    def steps(self) -> tuple[Step, ...]:
        """The calls that it takes: none when nothing changed."""
        return tuple(step for step in Step if self.of(step))

    def of(self, step: Step) -> tuple[FieldChange, ...]:
        """What a step tells. A full edit takes prices along; stock goes by its own call, which alone can say zero."""
        if step in (Step.ACTIVATE, Step.DEACTIVATE):
            wanted = step is Step.ACTIVATE
            return tuple(one for one in self.changes if one.group is FieldGroup.STATUS and one.after is wanted)
        told = tuple(one for one in self.changes if one.group is not FieldGroup.STATUS)
        stock = tuple(one for one in told if one.group is FieldGroup.STOCK)
        if step is Step.STOCK:
            return stock
        if any(self._needs_whole(one) for one in told):
            return tuple(one for one in told if one not in stock) if step is Step.FULL else ()
        match step:
            case Step.PRICE:
                return tuple(one for one in told if one.group is FieldGroup.PRICE)
            case Step.PARTIAL:
                return tuple(one for one in told if one.group not in OFFER)
            case _:
                return ()

    def _needs_whole(self, change: FieldChange) -> bool:
        if change.group is FieldGroup.PRICE and self.prices_whole:
            return True
        return needs_whole(change) or (self.whole and change.group not in OFFER)

    def without(self, steps: Iterable[Step]) -> "EditPlan":
        """The same without what these steps tell: it is withheld."""
        return self.withholding([one for step in steps for one in self.of(step)])

    def withholding(self, left: Collection[FieldChange]) -> "EditPlan":
        """The same without these changes: they are withheld."""
        return replace(
            self, changes=tuple(one for one in self.changes if one not in left), withheld=(*self.withheld, *left)
        )


def needs_whole(change: FieldChange) -> bool:
    """Partial Edit has no category, replaces all variants at once, and has no way to say that a field is gone."""
    if change.group in (FieldGroup.CATEGORY, FieldGroup.VARIANTS):
        return True
    return change.after is None and change.group is not FieldGroup.STATUS


def plan_edit(sent: Snapshot, wanted: Snapshot, ownership: Ownership) -> EditPlan:
    """Compare, and part what may be sent from what may not. A product that goes off sale is not edited besides.

    A new category takes its attributes along, whoever owns them: those of another leaf would be refused. A variant that
    is gone is offered with none, whoever owns the variants: until it is removed, if it ever is, it would be sold.
    """
    found = tuple(_differences(sent, wanted))
    if not wanted.on_sale:
        found = tuple(one for one in found if one.group is FieldGroup.STATUS)
    moves = any(one.group is FieldGroup.CATEGORY for one in found) and ownership.sends(FieldGroup.CATEGORY)
    free = {group for group in FieldGroup if ownership.sends(group)}
    if moves:
        free.add(FieldGroup.ATTRIBUTES)
    plan: tuple[list[FieldChange], list[FieldChange]] = [], []
    for one in found:
        plan[one.group not in free or one.field in FIXED].append(one)
    return EditPlan(tuple(plan[0]), tuple(plan[1]), whole=sent.refused)


def told(sent: Snapshot, changes: Iterable[FieldChange]) -> Snapshot:
    """What the platform knows after it took these changes.

    Variants that another hand added are there, and nothing is known of them.
    """
    fields: dict[str, object] = dict(sent.fields)
    skus: dict[str, dict[str, object]] = {name: dict(sku) for name, sku in sent.skus.items()}
    for one in changes:
        if one.field == WHOLE and isinstance(one.after, list):
            skus = {name: skus.get(name, {}) for name in one.after}
            continue
        if one.field == WHOLE:
            skus.pop(one.sku, None)
            if isinstance(one.after, Mapping):
                skus[one.sku] = dict(one.after)
            continue
        place = skus.setdefault(one.sku, {}) if one.sku else fields
        place.pop(one.field, None)
        if one.after is not None:
            place[one.field] = one.after
    return replace(sent, fields=fields, skus=skus)


def _differences(sent: Snapshot, wanted: Snapshot) -> Iterable[FieldChange]:
    yield from _fields(sent.fields, wanted.fields, GROUPS, "")
    for name, after in wanted.skus.items():
        before = sent.skus.get(name)
        if before is None:
            yield FieldChange(FieldGroup.VARIANTS, WHOLE, None, after, name)
        else:
            yield from _fields(before, after, SKU_GROUPS, name)
    for name, before in sent.skus.items():
        if name not in wanted.skus:
            yield from _emptied(name, before)
            yield FieldChange(FieldGroup.VARIANTS, WHOLE, before, None, name)


def _emptied(name: str, sku: Fields) -> Iterable[FieldChange]:
    """The last stock of a variant that is gone; nothing where none is left, or where we never told any."""
    stock = sku.get("stock")
    if isinstance(stock, Mapping) and any(stock.values()):
        yield FieldChange(FieldGroup.STOCK, "stock", stock, dict.fromkeys(stock, 0), name)


def _fields(before: Fields, after: Fields, groups: Mapping[str, FieldGroup], sku: str) -> Iterable[FieldChange]:
    for name, group in groups.items():
        was, now = before.get(name), after.get(name)
        if was != now:
            yield FieldChange(group, name, was, now, sku)
