"""Traces that somebody else works in a TikTok shop."""

import strawberry

import graphql_schema.linking_enums  # noqa: F401 - publishes the closed sets of these types
from server import tables
from server.domain.linking import Trace, TraceKind


@strawberry.type
class OtherConnectorEvidence:
    """One kind of trace, as the last sweep found it."""

    kind: TraceKind = strawberry.field(description="What was found.")
    count: int = strawberry.field(description="On how many products that no listing stands for.")
    remote_ids: list[str] = strawberry.field(description="TikTok's ids of the newest of them, five at most.")


def evidence_of(shelf: tables.RemoteShelf | None) -> list[OtherConnectorEvidence]:
    """Nothing before the first sweep."""
    traces = [Trace.from_json(one) for one in shelf.other_hands] if shelf else []
    return [OtherConnectorEvidence(kind=one.kind, count=one.amount, remote_ids=list(one.examples)) for one in traces]
