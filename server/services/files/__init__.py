"""Sellers' own files: announced, received and checked, read, put on TikTok once, removed (I2, I5, I6)."""

from server.services.files.placing import Cabinet, Uploads, uploads
from server.services.files.reading import VIEWED_FOR, Right, address_of, by_ids, copies, get, page, viewable
from server.services.files.receiving import Received, awaited, receive
from server.services.files.removing import clean, delete
from server.services.files.sources import source
from server.services.files.staging import MAX_ROWS, Outcome, stage

__all__ = [
    "MAX_ROWS",
    "VIEWED_FOR",
    "Cabinet",
    "Outcome",
    "Received",
    "Right",
    "Uploads",
    "address_of",
    "awaited",
    "by_ids",
    "clean",
    "copies",
    "delete",
    "get",
    "page",
    "receive",
    "source",
    "stage",
    "uploads",
    "viewable",
]
