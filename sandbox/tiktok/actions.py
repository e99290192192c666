"""What a test script may do to this platform (`POST /_sandbox/tiktok/...`)."""

from sandbox.actions import Action
from sandbox.tiktok import actions_access, actions_products, actions_shops

ACTIONS: tuple[Action, ...] = (*actions_access.ACTIONS, *actions_shops.ACTIONS, *actions_products.ACTIONS)
