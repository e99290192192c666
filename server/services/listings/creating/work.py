"""What workers use of listing: the parts of one slice of work."""

from server.services.listings.creating.bodies import create_body
from server.services.listings.creating.check_verdicts import asked, judged
from server.services.listings.creating.finding import Known, Lost, adopted_as, find_created, listed_as
from server.services.listings.creating.framing import Frames, Setting, setting
from server.services.listings.creating.outcomes import Effect, Outcome, record
from server.services.listings.creating.preparing import Ready, Slice, prepare, refused
from server.services.listings.creating.settling import known_remote_ids, open_items, settle
from server.services.listings.news.audits import standing_of
from server.services.listings.replay.kept_outcomes import ListingNotes, keep_listings

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
    "asked",
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
