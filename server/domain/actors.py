"""Who did something, as kept with tasks, templates, mappings, histories: ``user:42``, ``token:ERP``, ``system``."""

SYSTEM = "system"
"""Leafmark itself; what follows a colon, as in ``system:sweep``, says which part of it."""

OUTSIDE = "tiktok"
"""Somebody on TikTok Shop: the seller in Seller Center, another app, or the platform."""


def is_system(actor: str) -> bool:
    """Whether no person or client asked for it."""
    return actor.partition(":")[0] == SYSTEM
