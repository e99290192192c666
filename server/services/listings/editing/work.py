"""What workers use of editing: the parts of one slice of work."""

from server.services.listings.editing.bodies import price_body, stock_body
from server.services.listings.editing.deciding import OFFERS, Decided, Look, decide, partial_of, whole_body, with_shown
from server.services.listings.editing.elsewhere import is_repriced
from server.services.listings.editing.intending import intend, seen, settle
from server.services.listings.editing.outcomes import EditOutcome, record
from server.services.listings.editing.preparing import EditReady, EditSlice, prepare, refused
from server.services.listings.editing.progress import Progress, failed, finished, later, refused_within, set_aside
from server.services.listings.editing.setting import setting_for
from server.services.listings.replay.kept_outcomes import Pictures, keep_edits, pictures_of

__all__ = [
    "OFFERS",
    "Decided",
    "EditOutcome",
    "EditReady",
    "EditSlice",
    "Look",
    "Pictures",
    "Progress",
    "decide",
    "failed",
    "finished",
    "intend",
    "is_repriced",
    "keep_edits",
    "later",
    "partial_of",
    "pictures_of",
    "prepare",
    "price_body",
    "record",
    "refused",
    "refused_within",
    "seen",
    "set_aside",
    "setting_for",
    "settle",
    "stock_body",
    "whole_body",
    "with_shown",
]
