"""One kept decision made again, part by part, each by the code that made it; no row, no call."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from server.clients.tiktok_product_answers import TikTokProduct, WholeProduct
from server.domain.category_choices import CategoryChoice, Taken, TakenBy, choose_category
from server.domain.drafting import Frame, ShopTerms, complete
from server.domain.drafts import Built, Shelf
from server.domain.facts import ProductFacts
from server.domain.templates import Template
from server.services.listings.creating.check_verdicts import judged
from server.services.listings.creating.framing import terms_of
from server.services.listings.creating.planning import FrameKey, Planned
from server.services.listings.creating.preparing import built_with
from server.services.listings.editing.deciding import Decided, Look, decide, with_shown
from server.services.listings.editing.preparing import EditReady, built_for, is_unchanged
from server.services.listings.mirror.existing import undecided
from server.services.listings.replay.competing import Competition
from server.services.listings.replay.decisions import Chosen, Common, EditBasis, Own, Used, Verdict
from server.services.listings.replay.kept_outcomes import (
    HELD,
    Completed,
    EditMet,
    Ending,
    ListingOutcome,
    Pictures,
    ending_of,
    intended,
)
from server.tables import Listing, TaskItem


def terms_again(common: Common) -> ShopTerms:
    """What the calendar and the market's rules give the shop on the day of then."""
    then = common.terms
    if then.day is None:
        return then
    return terms_of(then.rules.market, then.seller_type, then.day, common.enforced, then.warehouse_id)


def verdict_again(
    frame: Frame, common: Common, own: Own, then: Verdict, competition: Competition | None
) -> tuple[Verdict, EditReady | None]:
    """What was decided before any call; for edits also what the edit itself is decided from."""
    template, chosen = template_again(own, then, competition), category_again(frame, common, own, then)
    if own.basis is None:
        built = built_with(frame, own.facts, own.override, has_template=then.template is not None)
        return Verdict(built, template, chosen), None
    ready = _ready(frame, common, own, own.basis)
    return Verdict(ready.built, template, chosen, is_unchanged(ready)), ready


def template_then(own: Own, then: Verdict, competition: Competition | None) -> UUID | None:
    """Which template took the product when the task began, whatever became of that template before its turn."""
    return then.template if competition is None or competition.given is None else own.settled


def template_again(own: Own, then: Verdict, competition: Competition | None) -> UUID | None:
    """Which template takes the product. One that was named competes with none; nor is a product judged anew by rules

    of which we read something else between the start of the task and its turn.
    """
    if competition is None or competition.given is None or own.traits is None:
        return template_then(own, then, competition)
    return competition.winner(own.facts.id, own.traits)


def category_again(frame: Frame, common: Common, own: Own, then: Verdict) -> Chosen:
    """The category, by the order of precedence."""
    said = own.considered
    if said is None:
        return then.category
    taken = Taken(_template(common.template), said.by, said.override)
    choice = choose_category(taken, said.automatic, said.fallback, frame.terms.listable)
    return Chosen(choice.ref, choice.source, choice.because)


def listing_again(built: Built | None, then_needed: Built | None, met: ListingOutcome) -> ListingOutcome:
    """What came of a creation: the draft with its pictures, the platform's check and its answer, all judged anew."""
    completed, found = met.completed, met.found
    done = _completed(built, then_needed, met.pictures)
    if done is not None:
        completed = Completed(done.draft, done.problems)
    if met.check is not None and completed is not None and completed.draft is not None:
        found = judged(met.check, completed.draft.category)
    ending = None if met.answer is None else ending_of(met.answer)
    if met.twins:
        ending = Ending(HELD, (undecided(met.twins),))
    return replace(met, completed=completed, found=found, ending=ending)


def edit_again(ready: EditReady, then_needed: Built | None, met: EditMet) -> EditMet:
    """What an edit was to send, and what refusals of its calls meant."""
    done = _completed(ready.built, then_needed, met.pictures)
    if done is not None and done.draft is None:
        ready = replace(ready, built=done)
    endings = tuple(ending_of(answer) for answer in met.answers)
    return replace(met, intended=intended(_decided(ready, done, met)), endings=endings)


def _decided(ready: EditReady, done: Built | None, met: EditMet) -> Decided:
    draft = None if done is None else done.draft
    if met.read is not None:
        look = Look(WholeProduct(TikTokProduct.model_validate(met.read), met.read), met.shown or ())
        return decide(ready, draft, look, met.at)
    decided = decide(ready, draft, None, met.at)
    return decided if met.shown is None else with_shown(decided, met.shown)


def _completed(built: Built | None, needed: Built | None, pictures: Pictures | None) -> Built | None:
    """With the pictures of then; nothing where none were asked for, or others would be asked for today."""
    if built is None or needed is None or pictures is None:
        return None
    shelf: Shelf = dict(zip(needed.needs, pictures, strict=True))
    return complete(built, shelf) if shelf.keys() >= {*built.needs} else None


def _ready(frame: Frame, common: Common, own: Own, basis: EditBasis) -> EditReady:
    built = None
    if own.facts.status == "ACTIVE":
        built = built_for(_planned(common, own), frame, own.facts, frozenset(basis.listed))
    return EditReady(
        item=_item(own.facts),
        row=_row(own.facts, basis),
        facts=own.facts,
        frame=frame,
        built=built,
        ownership=basis.ownership,
        marks=0,
        key="",
        sent=basis.sent,
        interrupted=basis.interrupted,
        mine=basis.mine,
    )


def _planned(common: Common, own: Own) -> Planned:
    by = TakenBy.DEFAULT if own.considered is None else own.considered.by
    choice = CategoryChoice(common.place.category, common.place.source, common.place.because)
    key = FrameKey(None, choice.ref, choice.source)
    return Planned(_template(common.template), by, choice, common.effective, own.override, key)


def _template(used: Used | None) -> Template | None:
    return None if used is None else Template(used.id, used.name, used.category, revision=used.revision)


def _item(product: ProductFacts) -> TaskItem:
    """Nothing of an item has a say; it is never written."""
    return TaskItem(task_id=product.id, shop_id=product.id, position=0, chunk=0, subject_id=product.id)


def _row(product: ProductFacts, basis: EditBasis) -> Listing:
    """What has a say of a listing; it is never written."""
    row = Listing(shop_id=product.id, tiktok_shop_id=product.id, product_id=product.id, updated_at=_ANY_TIME)
    row.status, row.remote_skus = basis.status, [dict(one) for one in basis.remote_skus]
    row.category_id, row.category_version = basis.category_id, basis.category_version
    row.elsewhere_at = basis.elsewhere_at
    return row


_ANY_TIME = datetime(2026, 1, 1, tzinfo=UTC)
"""When the row was written has no say."""
