"""What workers use of editing: the parts of one slice of work."""

from server.services.listings.edit_bodies import price_body, stock_body
from server.services.listings.edit_deciding import OFFERS, Decided, Look, decide, partial_of, whole_body, with_shown
from server.services.listings.edit_intending import forget_cancelled, intend, seen
from server.services.listings.edit_outcomes import EditOutcome, record
from server.services.listings.edit_preparing import EditReady, EditSlice, prepare, refused
from server.services.listings.edit_progress import Progress, failed, finished, later, of_failure, set_aside
from server.services.listings.edit_setting import setting_for
from server.services.listings.elsewhere import is_repriced
from server.services.listings.kept_outcomes import Pictures, keep_edits, pictures_of

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
    "forget_cancelled",
    "intend",
    "is_repriced",
    "keep_edits",
    "later",
    "of_failure",
    "partial_of",
    "pictures_of",
    "prepare",
    "price_body",
    "record",
    "refused",
    "seen",
    "set_aside",
    "setting_for",
    "stock_body",
    "whole_body",
    "with_shown",
]
