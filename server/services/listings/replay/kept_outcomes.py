"""What was met after a decision and what came of it, kept beside it: pictures, the product as read, the answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from uuid import UUID

from pydantic import TypeAdapter

from server.clients.errors import Upstream, UpstreamKind, classify, to_problem
from server.clients.tiktok_listing_check import ListingCheck
from server.clients.tiktok_product_answers import CreatedProduct, ProductSku
from server.clients.verdicts import Verdict
from server.domain.drafts import Built, Picture, ProductDraft, Shelf
from server.domain.edits import EditPlan
from server.domain.listings import ListingStatus
from server.domain.ownership import FieldGroup
from server.domain.problems import Problem, noticed
from server.services.listings.editing.deciding import Decided
from server.services.listings.replay.decisions import SHAPE, packed
from server.store import decisions as store
from server.store.session import Session

MADE = "MADE"
"""The platform took the product. Any other end is the kind of a refusal, or ``HELD``."""

HELD = "HELD"
"""It may be there already, so it was not created."""

Pictures = tuple[Picture | Problem, ...]
"""What became of a draft's needs, in their order."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A call that failed. Without ``status`` the platform never answered, and nothing can be classified again."""

    kind: UpstreamKind
    problem: str
    path: tuple[str, ...]
    platform: str
    status: int | None
    code: int | None
    message: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The platform's answer to a creation: its product, or a refusal; the id to quote to its support."""

    remote_id: str = ""
    request_id: str = ""
    warnings: tuple[str, ...] = ()
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Ending:
    """What an answer meant: ``MADE`` or the kind of the refusal, and what was told of it."""

    kind: str
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Completed:
    """The draft with its pictures, as it was sent."""

    draft: ProductDraft | None
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class ListingOutcome:
    """Of a creation. ``check`` and ``found``: the platform's own check, where it was asked, and what it meant.

    ``twins`` are products on TikTok Shop that may be the same: then nothing was asked of it.
    """

    pictures: Pictures | None = None
    completed: Completed | None = None
    check: ListingCheck | None = None
    found: tuple[Problem, ...] = ()
    answer: Answer | None = None
    ending: Ending | None = None
    twins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Intended:
    """What an edit was to send, and what it left to another hand."""

    plan: EditPlan
    status: ListingStatus
    waits: bool
    held: tuple[FieldGroup, ...]


@dataclass(frozen=True, slots=True)
class EditMet:
    """Of an edit: the product as it was read (``read`` as it came), the variants that buyers saw, and the plan.

    ``answers`` are those that refused one of its calls, ``endings`` what they meant.
    """

    at: datetime
    pictures: Pictures | None
    read: Mapping[str, object] | None
    shown: tuple[ProductSku, ...] | None
    intended: Intended
    answers: tuple[Answer, ...] = ()
    endings: tuple[Ending, ...] = ()


LISTING = TypeAdapter(ListingOutcome)
EDIT = TypeAdapter(EditMet)


@dataclass(slots=True)
class ListingNotes:
    """What is met of a slice's creations, item by item."""

    by_item: dict[UUID, ListingOutcome] = field(default_factory=dict)

    def completed(self, item_id: UUID, built: Built, shelf: Shelf, done: Built) -> None:
        """The pictures are up, or broken."""
        self.by_item[item_id] = ListingOutcome(pictures_of(built, shelf), Completed(done.draft, done.problems))

    def checked(self, item_id: UUID, answer: ListingCheck, found: tuple[Problem, ...]) -> None:
        """The platform looked at the draft."""
        self.by_item[item_id] = replace(self._of(item_id), check=answer, found=found)

    def made(self, item_id: UUID, made: CreatedProduct) -> None:
        """The platform took the product."""
        self._answered(item_id, Answer(made.product_id, made.request_id, tuple(one.message for one in made.warnings)))

    def refused(self, item_id: UUID, error: Upstream) -> None:
        """A call for the product failed."""
        self._answered(item_id, refusal_of(error))

    def _answered(self, item_id: UUID, answer: Answer) -> None:
        self.by_item[item_id] = replace(self._of(item_id), answer=answer, ending=ending_of(answer))

    def _of(self, item_id: UUID) -> ListingOutcome:
        return self.by_item.get(item_id, ListingOutcome())


def refusal_of(error: Upstream) -> Answer:
    """A failed call as it is kept."""
    said = (error.platform, error.status, error.platform_code, error.platform_message)
    return Answer(request_id=error.request_id, refusal=Refusal(error.kind, error.code, error.path, *said))


def ending_of(answer: Answer) -> Ending:
    """What an answer means. How a refusal is classified is looked up anew where the platform said anything."""
    refusal = answer.refusal
    if refusal is None:
        return Ending(MADE, tuple(noticed(text) for text in answer.warnings))
    verdict = Verdict(refusal.kind, refusal.problem, refusal.path)
    if refusal.status is not None:
        verdict = classify(refusal.status, refusal.code, refusal.message, {}, now=_ANY_TIME).verdict
    error = Upstream(verdict, platform=refusal.platform, platform_code=refusal.code, platform_message=refusal.message)
    return Ending(error.kind, (to_problem(error),))


_ANY_TIME = datetime(2026, 1, 1, tzinfo=UTC)
"""A moment only says how long to wait after an answer with such a header; none is kept."""


def pictures_of(built: Built, shelf: Shelf) -> Pictures:
    """What became of the draft's needs."""
    return tuple(shelf[need] for need in built.needs)


def intended(decided: Decided) -> Intended:
    """The part of an edit's decision that counts."""
    return Intended(decided.plan, decided.status, decided.waits, tuple(sorted(decided.ownership.held)))


async def keep_listings(session: Session, *, shop_id: UUID, notes: ListingNotes) -> None:
    """Keep what came of a slice's creations, in one statement."""
    outcomes = {item_id: packed(LISTING, one) for item_id, one in notes.by_item.items()}
    await store.keep_outcomes(session, shop_id=shop_id, shape=SHAPE, outcomes=outcomes)


async def keep_held(
    session: Session, *, shop_id: UUID, held: Mapping[UUID, tuple[tuple[str, ...], tuple[Problem, ...]]]
) -> None:
    """Keep the possible twins for which products were not created, and what was told of them."""
    outcomes = {
        item_id: packed(LISTING, ListingOutcome(ending=Ending(HELD, problems), twins=twins))
        for item_id, (twins, problems) in held.items()
    }
    await store.keep_outcomes(session, shop_id=shop_id, shape=SHAPE, outcomes=outcomes)


async def keep_edits(
    session: Session,
    *,
    shop_id: UUID,
    decided: Sequence[Decided],
    pictures: Mapping[UUID, Pictures],
    refusals: Mapping[UUID, Sequence[Upstream]],
) -> None:
    """Keep what a slice's edits met and what they were to send, in one statement. Pictures and refusals by item."""
    outcomes = {
        (item_id := one.ready.item.id): packed(EDIT, _met(one, pictures.get(item_id), refusals.get(item_id, ())))
        for one in decided
    }
    await store.keep_outcomes(session, shop_id=shop_id, shape=SHAPE, outcomes=outcomes)


def _met(one: Decided, pictures: Pictures | None, refusals: Sequence[Upstream]) -> EditMet:
    read = None if one.read is None else one.read.data
    shown = one.shown if one.is_shown else None
    answers = tuple(refusal_of(error) for error in refusals)
    return EditMet(one.at, pictures, read, shown, intended(one), answers, tuple(ending_of(said) for said in answers))
