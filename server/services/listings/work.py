"""What workers use of listing: the parts of one slice of work."""

from server.services.listings.audits import standing_of
from server.services.listings.bodies import create_body
from server.services.listings.finding import Known, Lost, adopted_as, find_created, listed_as
from server.services.listings.framing import Frames, Setting, setting
from server.services.listings.judging import judged
from server.services.listings.kept_outcomes import ListingNotes, keep_listings
from server.services.listings.outcomes import Effect, Outcome, record
from server.services.listings.preparing import Ready, Slice, prepare, refused
from server.services.listings.settling import known_remote_ids, open_items, settle

__all__ = [
    "Effect",
    "Frames",
    "Known",
    "ListingNotes",
    "Lost",
    "Outcome",
    "Ready",
    "Setting",
    "Slice",
    "adopted_as",
    "create_body",
    "find_created",
    "judged",
    "keep_listings",
    "known_remote_ids",
    "listed_as",
    "open_items",
    "prepare",
    "record",
    "refused",
    "setting",
    "settle",
    "standing_of",
]
