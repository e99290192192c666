"""The Event API: webhook addresses by shop and topic (fact sheet 4.5)."""

import re

from sandbox.tiktok.call import Call
from sandbox.tiktok.envelope import bad_parameter
from sandbox.tiktok.news import EVENT_NAMES
from sandbox.tiktok.operation import AUTHORIZATION, Body, Operation
from sandbox.tiktok.sellers import Subscription

# The platform takes https and no port; plain http to this machine is allowed so that tests can listen.
ADDRESS = re.compile(
    r"https://[A-Za-z0-9.-]*[A-Za-z][A-Za-z0-9.-]*(?:/\S*)?"
    r"|http://(?:127\.0\.0\.1|localhost)(?::\d+)?(?:/\S*)?"
)
MAX_ADDRESS = 255


def put_webhook(call: Call) -> object:
    """Set or replace the address of one topic."""
    address, event_type = call.body.text("address") or "", _event_type(call)
    if len(address) > MAX_ADDRESS or not ADDRESS.fullmatch(address):
        raise bad_parameter("Invalid parameter: address must be an https URL of up to 255 characters without a port")
    old = call.shop.subscriptions.get(event_type)
    created = old.create_time if old else call.now
    call.shop.subscriptions[event_type] = Subscription(event_type, address, created, call.now)
    return {}


def get_webhooks(call: Call) -> object:
    """All addresses of the shop."""
    found = [
        {
            "event_type": one.event_type,
            "address": one.address,
            "create_time": one.create_time,
            "update_time": one.update_time,
        }
        for one in call.shop.subscriptions.values()
    ]
    return {"webhooks": found, "total_count": len(found)}


def delete_webhook(call: Call) -> object:
    """Succeeds whether or not one was set."""
    call.shop.subscriptions.pop(_event_type(call), None)
    return {}


def _event_type(call: Call) -> str:
    event_type = call.body.text("event_type") or ""
    if event_type not in EVENT_NAMES.values():
        raise bad_parameter(f"Invalid parameter: event_type {event_type or '(empty)'} cannot be subscribed")
    return event_type


PATH = "/event/202309/webhooks"
OPERATIONS = (
    Operation(
        "Update Shop Webhook",
        "PUT",
        PATH,
        AUTHORIZATION,
        put_webhook,
        imitates="address by shop and topic; product topics are then sent there",
        leaves_out="non-product topics are kept but never happen; http to this machine is allowed for tests",
        body=Body.JSON,
    ),
    Operation(
        "Get Shop Webhooks",
        "GET",
        PATH,
        AUTHORIZATION,
        get_webhooks,
        imitates="all addresses of the shop",
        answers_closed_shops=True,
    ),
    Operation(
        "Delete Shop Webhook",
        "DELETE",
        PATH,
        AUTHORIZATION,
        delete_webhook,
        imitates="succeeds whether or not one was set",
        body=Body.JSON,
        answers_closed_shops=True,
    ),
)
