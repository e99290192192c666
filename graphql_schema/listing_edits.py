"""What concerns a listing's edits: who owns its fields, what would be sent, what happened to it."""

from datetime import datetime

import orjson
import strawberry

from graphql_schema.actors import Actor
from graphql_schema.context import Info
from graphql_schema.enums import publish
from graphql_schema.nodes import gid
from graphql_schema.paging import After, Before, Connection, First, Last, connection_of, page_args
from graphql_schema.problems import Problem
from server import tables
from server.domain.edits import FieldChange, Step
from server.domain.history import ChangeCause, ChangeKind
from server.domain.ownership import FieldGroup, Held, Owner, Ownership
from server.services.listings.editing import owning
from server.services.listings.editing import pending as pendings
from server.services.listings.editing import starting as editing
from server.services.listings.editing.pending import Pending

publish(
    Owner,
    "Whose value of a field counts once a product is on TikTok Shop.",
    {
        Owner.STORE: "The store's, with template and overrides: changes are sent. One made on TikTok Shop is held.",
        Owner.TIKTOK: "The one on TikTok Shop, whoever changed it: nothing of ours is sent after the creation.",
        Owner.LOCKED: "The one on TikTok Shop; a change made there is told as a problem.",
    },
    name="FieldOwner",
)
publish(FieldGroup, "Fields of a listing that are owned together.", {
    FieldGroup.STATUS: "Whether it is on sale: taken off when the store takes the product off, put back with it.",
    FieldGroup.TITLE: "The title.",
    FieldGroup.DESCRIPTION: "The description.",
    FieldGroup.PICTURES: "The pictures of the product.",
    FieldGroup.CATEGORY: "The category. A new one takes its attributes along.",
    FieldGroup.ATTRIBUTES: "The attributes.",
    FieldGroup.BRAND: "The brand.",
    FieldGroup.VARIANTS: "Which variants there are, with their options, pictures and SKUs.",
    FieldGroup.PRICE: "Prices and list prices.",
    FieldGroup.STOCK: "Quantities.",
    FieldGroup.SHIPPING: "Weight and size of the package.",
    FieldGroup.COMPLIANCE: "Certifications, size chart, manufacturers and responsible persons.",
})  # fmt: skip
publish(Step, "A call that an edit makes.", {
    Step.DEACTIVATE: "Takes the product off sale.",
    Step.STOCK: "Sends quantities, at once and without review.",
    Step.PRICE: "Sends prices, at once and without review.",
    Step.PARTIAL: "Sends the changed fields; the platform reviews them.",
    Step.FULL: "Reads the product and sends it back whole; the platform reviews it.",
    Step.ACTIVATE: "Puts the product on sale again, after a review.",
}, name="EditStep")  # fmt: skip
publish(ChangeKind, "What happened to a listing.", {
    ChangeKind.CREATED: "It was created on TikTok Shop.",
    ChangeKind.ADOPTED: "Its creation had no answer, and it was found again.",
    ChangeKind.LINKED: "A product that was there was tied to the store's.",
    ChangeKind.UNLINKED: "That tie was cut.",
    ChangeKind.EDITED: "Content was sent.",
    ChangeKind.PRICE_CHANGED: "Prices were sent.",
    ChangeKind.STOCK_CHANGED: "Quantities were sent.",
    ChangeKind.CATEGORY_CHANGED: "It moved to another category.",
    ChangeKind.CHANGED_ON_TIKTOK: "Somebody else changed it on TikTok Shop.",
    ChangeKind.OVERRIDDEN: "The merchant decided something for it alone.",
    ChangeKind.STATUS_CHANGED: "It moved to another status.",
    ChangeKind.REFUSED: "TikTok Shop refused what was sent.",
}, name="ListingChangeKind")  # fmt: skip
publish(ChangeCause, "Why it happened.", {
    ChangeCause.MERCHANT: "Somebody asked for it.",
    ChangeCause.STORE: "The product changed in the store.",
    ChangeCause.TEMPLATE: "Its template changed.",
    ChangeCause.MAPPING: "The mapping of its category changed.",
    ChangeCause.REVIEW: "TikTok Shop's review.",
    ChangeCause.PLATFORM: "TikTok Shop itself.",
    ChangeCause.SWEEP: "A sweep came upon it.",
    ChangeCause.UNKNOWN: "Nobody knows; for example the seller or another app.",
}, name="ListingChangeCause")  # fmt: skip


def said(value: object) -> str | None:
    """A value in words: text as it is, numbers and lists as JSON."""
    if value is None or isinstance(value, str):
        return value
    return orjson.dumps(value).decode()


@strawberry.type
class ListingFieldChange:
    """One field before and after."""

    field: str = strawberry.field(description="The field, in the platform's words.")
    variant_id: str | None = strawberry.field(description="Shopify's id of the variant, if it is a variant's field.")
    before: str | None = strawberry.field(description="What was there; lists and objects as JSON.")
    after: str | None = strawberry.field(description="What comes; null when the field is emptied.")


@strawberry.type
class PendingFieldChange(ListingFieldChange):
    """A field that differs from what TikTok Shop was told."""

    group: FieldGroup = strawberry.field(description="Which fields it is owned with.")
    owner: Owner = strawberry.field(description="Who owns it.")
    is_sent: bool = strawberry.field(description="Whether an edit sends it; false while somebody's change is held.")

    @classmethod
    def of_change(cls, change: FieldChange, ownership: Ownership, *, sent: bool) -> "PendingFieldChange":
        """A change of a plan as clients see it."""
        return cls(
            field=change.field,
            variant_id=change.sku or None,
            before=said(change.before),
            after=said(change.after),
            group=change.group,
            owner=ownership.owner(change.group),
            is_sent=sent,
        )


@strawberry.type
class PendingChanges:
    """What an edit of the listing would send now."""

    is_known: bool = strawberry.field(description="False for products of which we do not know yet what stands there.")
    steps: list[Step] = strawberry.field(description="The calls that it takes; none when nothing changed.")
    changes: list[PendingFieldChange] = strawberry.field(description="The fields that differ.")
    problems: list[Problem] = strawberry.field(description="What keeps the product from being sent as it is.")

    @classmethod
    def of(cls, found: Pending) -> "PendingChanges":
        """A plan as clients see it."""
        plan, ownership = found.plan, found.ownership
        return cls(
            is_known=found.is_known,
            steps=list(plan.steps),
            changes=[
                PendingFieldChange.of_change(one, ownership, sent=sent)
                for sent, changes in ((True, plan.changes), (False, plan.withheld))
                for one in changes
            ],
            problems=[Problem.of(problem.to_json()) for problem in found.problems],
        )


@strawberry.type
class HeldChange:
    """A change that somebody made on TikTok Shop and that waits for the merchant's word."""

    since: datetime = strawberry.field(description="When it was found.")
    fields: list[ListingFieldChange] = strawberry.field(description="What they wrote, beside what we had sent.")


@strawberry.type
class FieldGroupOwner:
    """Who owns a group of fields where a listing has no word of its own."""

    group: FieldGroup = strawberry.field(description="The fields.")
    owner: Owner = strawberry.field(description="Whose value counts.")


def defaults_of(row: tables.TikTokShop) -> list[FieldGroupOwner]:
    """Every group with a TikTok shop's default owner."""
    owners = Ownership.from_json({}, row.ownership)
    return [FieldGroupOwner(group=group, owner=owners.owner(group)) for group in FieldGroup]


@strawberry.type
class FieldOwnership:
    """Who owns a group of fields."""

    group: FieldGroup = strawberry.field(description="The fields.")
    owner: Owner = strawberry.field(description="Whose value counts.")
    is_own: bool = strawberry.field(description="Set for this listing; else it is the TikTok shop's default.")
    held: HeldChange | None = strawberry.field(description="A change on TikTok Shop that waits for a decision.")


def ownership_of(ownership: Ownership, row: tables.Listing) -> list[FieldOwnership]:
    """Every group, with what is held in it."""
    return [
        FieldOwnership(
            group=group,
            owner=ownership.owner(group),
            is_own=group in ownership.own,
            held=_held(ownership.held[group], row) if group in ownership.held else None,
        )
        for group in FieldGroup
    ]


def _held(held: Held, row: tables.Listing) -> HeldChange:
    sent = row.sent or {"fields": {}, "skus": {}}
    own = [ListingFieldChange(field=name, variant_id=None, before=said(sent["fields"].get(name)), after=said(value))
           for name, value in held.fields.items()]  # fmt: skip
    skus = [
        ListingFieldChange(
            field=name, variant_id=sku, before=said(sent["skus"].get(sku, {}).get(name)), after=said(value)
        )
        for sku, fields in held.skus.items()
        for name, value in fields.items()
    ]
    return HeldChange(since=held.since, fields=own + skus)


@strawberry.type
class ListingChange:
    """One line of a listing's history; lines are added and never changed."""

    at: datetime = strawberry.field(description="When.")
    kind: ChangeKind = strawberry.field(description="What happened.")
    cause: ChangeCause = strawberry.field(description="Why.")
    actor: Actor = strawberry.field(description="Who did it, or started the work that did.")
    task_id: strawberry.ID | None = strawberry.field(description="The task that did it, if one did.")
    request_id: str | None = strawberry.field(description="TikTok's number of the request, for its support.")
    fields: list[ListingFieldChange] = strawberry.field(description="What changed; long texts are cut.")

    @classmethod
    def of(cls, row: tables.ListingChange) -> "ListingChange":
        """A row as clients see it."""
        return cls(
            at=row.at,
            kind=row.kind,
            cause=row.cause,
            actor=Actor.of(row.actor),
            task_id=None if row.task_id is None else gid("Task", row.task_id),
            request_id=row.request_id,
            fields=[_field(name, change) for name, change in row.fields.items()],
        )


def _field(name: str, change: object) -> ListingFieldChange:
    """``field``, ``variant/field`` or ``owner/GROUP``; a line that has no before tells the present only."""
    sku, _, field = ("", "", name) if name.startswith("owner/") else name.rpartition("/")
    pair = change if isinstance(change, list) and len(change) == 2 else [None, change]
    return ListingFieldChange(field=field, variant_id=sku or None, before=said(pair[0]), after=said(pair[1]))


@strawberry.type
class ListingEdits:
    """The part of a listing that is about its edits."""

    row: strawberry.Private[tables.Listing]

    @strawberry.field
    async def ownership(self, info: Info) -> list[FieldOwnership]:
        """Who owns which of its fields, and what somebody else changed on TikTok Shop."""
        async with info.context.read() as session:
            found = await owning.of_listing(session, shop_id=info.context.shop_id, listing=self.row)
        return ownership_of(found, self.row)

    @strawberry.field
    async def pending_changes(self, info: Info) -> PendingChanges:
        """What an edit would send now, worked out on demand: ask for single listings."""
        context = info.context
        async with context.read() as session:
            ownership = await owning.of_listing(session, shop_id=context.shop_id, listing=self.row)
            found = await pendings.pending(
                session, shop_id=context.shop_id, listing=self.row, ownership=ownership, now=context.now
            )
        return PendingChanges.of(found)

    @strawberry.field
    async def history(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[ListingChange]:
        """Its log, newest first."""
        args = page_args(info, first, after, last, before)
        async with info.context.read() as session:
            page = await editing.history(session, shop_id=info.context.shop_id, listing_id=self.row.id, args=args)
        return connection_of(page, ListingChange.of)


def field_changes(owners: list["FieldOwnerInput"]) -> dict[FieldGroup, Owner | None]:
    """The wishes of an input."""
    return {one.group: one.owner for one in owners}


@strawberry.input
class FieldOwnerInput:
    """Who shall own a group of fields."""

    group: FieldGroup = strawberry.field(description="The fields.")
    owner: Owner | None = strawberry.field(
        default=None, description="Whose value counts; null goes back to the default."
    )
