"""A product that another hand put on sale although the store took it off: it is held, until both agree again."""

from dataclasses import replace

from server.domain.listings import ListingStatus
from server.domain.ownership import FieldGroup, Held, Ownership
from server.domain.snapshots import Snapshot


def is_put_up(sent: Snapshot, ownership: Ownership, status: ListingStatus) -> bool:
    """It sells, and we took it off: the product is looked at, and the change is held and told."""
    return status is ListingStatus.LIVE and not sent.on_sale and FieldGroup.STATUS not in ownership.held


def is_down_again(ownership: Ownership, status: ListingStatus) -> bool:
    """It was held because it sold, which it does no more."""
    return FieldGroup.STATUS in ownership.held and status is not ListingStatus.LIVE


def agreed(sent: Snapshot, ownership: Ownership, status: ListingStatus, *, wanted: bool) -> tuple[Snapshot, Ownership]:
    """Nothing is held any more once the store wants it on sale too, or it is off sale again.

    ``wanted``: the store has it on sale.
    """
    held = FieldGroup.STATUS in ownership.held
    if not held or (status is ListingStatus.LIVE and not wanted):
        return sent, ownership
    left: dict[FieldGroup, Held] = {one: it for one, it in ownership.held.items() if one is not FieldGroup.STATUS}
    if status is ListingStatus.LIVE:
        sent = replace(sent, fields={**sent.fields, "on_sale": True})
    return sent, replace(ownership, held=left)
