"""What a test script may do to this platform (`POST /_sandbox/shopify/...`)."""

from sandbox.actions import Action

ACTIONS: tuple[Action, ...] = ()
