"""The life of a product as a table (fact sheet 3.14). Arrows marked O are ours: the platform is silent there."""

from collections.abc import Mapping
from enum import StrEnum


class Status(StrEnum):
    """Product state and audit state in one word, as search and get show it."""

    DRAFT = "DRAFT"
    PENDING = "PENDING"
    FAILED = "FAILED"
    ACTIVATE = "ACTIVATE"
    SELLER_DEACTIVATED = "SELLER_DEACTIVATED"
    PLATFORM_DEACTIVATED = "PLATFORM_DEACTIVATED"
    FREEZE = "FREEZE"
    DELETED = "DELETED"


class Audit(StrEnum):
    """Where the newest version stands with the auditors."""

    NONE = "NONE"
    AUDITING = "AUDITING"
    FAILED = "FAILED"
    PRE_APPROVED = "PRE_APPROVED"
    APPROVED = "APPROVED"


class Event(StrEnum):
    """What can happen to a product."""

    SUBMIT = "submit"  # create or edit with save_mode LISTING
    SAVE_DRAFT = "save_draft"
    PASS = "pass"  # noqa: S105  # an audit verdict, not a password
    PRE_APPROVE = "pre_approve"
    FAIL = "fail"
    PRICE_OR_STOCK = "price_or_stock"
    ACTIVATE = "activate"
    DEACTIVATE = "deactivate"
    REMOVE = "remove"  # the platform takes it down
    FREEZE = "freeze"
    UNFREEZE = "unfreeze"
    DELETE = "delete"
    RECOVER = "recover"


Move = tuple[Status, Audit]
_AUDITED: Mapping[Event, Move] = {
    Event.PASS: (Status.ACTIVATE, Audit.APPROVED),
    Event.PRE_APPROVE: (Status.PENDING, Audit.PRE_APPROVED),
    Event.FAIL: (Status.FAILED, Audit.FAILED),
}
_FROZEN: Mapping[Event, Move] = {Event.FREEZE: (Status.FREEZE, Audit.NONE)}
_GONE: Mapping[Event, Move] = {Event.DELETE: (Status.DELETED, Audit.NONE)}
_SUBMITTED: Mapping[Event, Move] = {Event.SUBMIT: (Status.PENDING, Audit.AUDITING)}

MOVES: Mapping[Status, Mapping[Event, Move]] = {
    Status.DRAFT: {**_SUBMITTED, Event.SAVE_DRAFT: (Status.DRAFT, Audit.NONE), **_FROZEN, **_GONE},
    Status.PENDING: {**_SUBMITTED, **_AUDITED, **_FROZEN, **_GONE},
    Status.FAILED: {**_SUBMITTED, Event.SAVE_DRAFT: (Status.FAILED, Audit.FAILED), **_FROZEN, **_GONE},
    Status.ACTIVATE: {
        Event.SUBMIT: (Status.ACTIVATE, Audit.AUDITING),
        Event.SAVE_DRAFT: (Status.ACTIVATE, Audit.APPROVED),
        Event.PASS: (Status.ACTIVATE, Audit.APPROVED),
        Event.PRE_APPROVE: (Status.ACTIVATE, Audit.PRE_APPROVED),
        Event.FAIL: (Status.ACTIVATE, Audit.FAILED),
        Event.PRICE_OR_STOCK: (Status.ACTIVATE, Audit.APPROVED),
        Event.DEACTIVATE: (Status.SELLER_DEACTIVATED, Audit.NONE),
        Event.REMOVE: (Status.PLATFORM_DEACTIVATED, Audit.NONE),
        **_FROZEN,
        **_GONE,
    },
    Status.SELLER_DEACTIVATED: {
        Event.ACTIVATE: (Status.PENDING, Audit.AUDITING),
        Event.SUBMIT: (Status.PENDING, Audit.AUDITING),  # O
        Event.SAVE_DRAFT: (Status.SELLER_DEACTIVATED, Audit.NONE),
        Event.REMOVE: (Status.PLATFORM_DEACTIVATED, Audit.NONE),  # O
        **_FROZEN,
        **_GONE,
    },
    Status.PLATFORM_DEACTIVATED: {
        Event.ACTIVATE: (Status.PENDING, Audit.AUDITING),
        **_SUBMITTED,
        Event.SAVE_DRAFT: (Status.PLATFORM_DEACTIVATED, Audit.NONE),
        **_FROZEN,
        **_GONE,
    },
    Status.FREEZE: {Event.UNFREEZE: (Status.PLATFORM_DEACTIVATED, Audit.NONE)},
    Status.DELETED: {Event.RECOVER: (Status.SELLER_DEACTIVATED, Audit.NONE)},
}


def move(status: Status, event: Event) -> Move | None:
    """Where the event leads, or None where the state does not allow it (12052901)."""
    return MOVES[status].get(event)
