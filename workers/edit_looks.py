"""Before anything of ours goes over a product: what stands there now, and so what is to be sent; no transaction."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from uuid import UUID

import anyio

from server.clients.errors import Upstream
from server.clients.tiktok import Access
from server.clients.tiktok_product_answers import FoundProduct
from server.clients.tiktok_products import SEARCHED_SKUS, ProductFilter, TikTokProducts
from server.domain.audits import status_of_product
from server.domain.drafting import complete
from server.domain.drafts import Built, PictureNeed, ProductDraft, not_uploaded
from server.domain.edits import Step
from server.domain.ownership import Owner
from server.domain.snapshots import PICTURE_GROUPS
from server.domain.tasks import MAX_ATTEMPTS
from server.services.files import Uploads
from server.services.images import Result
from server.services.listings.editing import work as edits
from server.services.listings.editing.work import Decided, EditOutcome, EditReady, Look, Pictures, Progress
from workers.answers import sorted_out

_READ_FIRST = frozenset({Step.PARTIAL, Step.FULL})
"""Words and pictures are read before ours go over them; of prices and stock alone one search shows ten products."""


@dataclass(frozen=True, slots=True)
class EditDesk:
    """What the calls of a chunk share; ``slots`` bounds those in flight."""

    access: Access
    uploads: Uploads
    slots: anyio.Semaphore


@dataclass(slots=True)
class EditLooks:
    """The looks of one slice. ``fail`` is told of each listing that could not be looked at.

    No webhook tells of a price that the seller changed, and others may be lost: so nothing is sent unseen. A quantity
    is sent with what stands in the SKU's other warehouses.
    """

    products: TikTokProducts
    desk: EditDesk
    now: Callable[[], datetime]
    fail: Callable[[Progress, Upstream], None]
    decided: list[Decided] = field(default_factory=list)
    pictures: dict[UUID, Pictures] = field(default_factory=dict)
    refused: list[EditOutcome] = field(default_factory=list)

    async def over(self, ready: Sequence[EditReady]) -> list[Decided]:
        """The plans of those that could be looked at; ``refused`` are those whose product cannot be sent."""
        shelf = await self._shelf(ready)
        async with anyio.create_task_group() as looks:
            for one in ready:
                looks.start_soon(self._look, one, shelf)
        planned, self.decided = self.decided, []
        self.decided += [one for one in planned if not _is_unseen(one)]
        async with anyio.create_task_group() as looks:
            for group in _groups([one for one in planned if _is_unseen(one)]):
                looks.start_soon(self._see_offers, group)
        return self.decided

    async def _shelf(self, ready: Sequence[EditReady]) -> dict[PictureNeed, Result]:
        """The slice's pictures. Those of fields that are not the store's are never sent, so none is uploaded for them.

        What is held is not theirs yet: a look may find that the other hand took its change back.
        """
        wanted = {need: None for one in ready for need in _needs(one) if _is_the_stores(need, one)}
        spare = {need: None for one in ready for need in _needs(one)}.keys() - wanted.keys()
        there = await self.desk.uploads.known(spare)
        return {need: there.get(need, not_uploaded(need)) for need in spare} | await self.desk.uploads.shelve(wanted)

    async def _look(self, one: EditReady, shelf: Mapping[PictureNeed, Result]) -> None:
        built = one.built
        if built is not None and built.draft is not None:
            built = self._with_pictures(one, built, shelf)
            if built is None:
                return
        if built is not None and built.draft is None:
            if built.offers is None:
                self.refused.append(edits.refused(one, built.problems))
                return
            one = replace(one, built=built)
        draft = built.draft if built is not None else None
        plan = None if one.must_read else edits.decide(one, draft, None, self.now())
        if plan is None or _READ_FIRST & {*plan.plan.steps} or plan.offers_nameless:
            await self._read_and_decide(one, draft)
        else:
            self.decided.append(plan)

    def _with_pictures(self, one: EditReady, built: Built, shelf: Mapping[PictureNeed, Result]) -> Built | None:
        pictures, obstacle = sorted_out(built, shelf, last_try=one.item.attempts + 1 >= MAX_ATTEMPTS)
        if obstacle is not None:
            self.fail(Progress(one), obstacle)
            return None
        self.pictures[one.item.id] = edits.pictures_of(built, pictures)
        return complete(built, pictures)

    async def _read_and_decide(self, one: EditReady, draft: ProductDraft | None) -> None:
        try:
            look = await self._read(one)
        except Upstream as error:
            self.fail(Progress(one), error)
            return
        self.decided.append(edits.decide(one, draft, look, self.now()))

    async def _read(self, one: EditReady) -> Look:
        """The newest version, the one in review where there is one, and the variants that buyers see meanwhile."""
        async with self.desk.slots:
            found = await self.products.get_whole(self.desk.access, one.remote_id)
            live, audit = found.product.skus, found.product.audit
            if found.product.status == "ACTIVATE" and audit is not None and audit.status == "AUDITING":
                found = await self.products.get_whole(self.desk.access, one.remote_id, under_review=True)
        return Look(found, live)

    async def _see_offers(self, group: Sequence[Decided]) -> None:
        """What stands where we think, at the prices that we told, goes out as planned; the rest is read first."""
        wanted = ProductFilter(None, sku_ids=tuple(next(iter(one.names)) for one in group))
        try:
            async with self.desk.slots:
                page = await self.products.search(self.desk.access, wanted)
        except Upstream as error:
            for one in group:
                self.fail(Progress(one.ready), error)
            return
        shown = {hit.id: hit for hit in page.products}
        async with anyio.create_task_group() as looks:
            for one in group:
                hit = shown.get(one.ready.remote_id)
                if hit is None or _differs(hit, one):
                    looks.start_soon(self._read_and_decide, one.ready, one.draft)
                else:
                    self.decided.append(edits.with_shown(one, hit.skus))


def _needs(one: EditReady) -> tuple[PictureNeed, ...]:
    return () if one.built is None else one.built.needs


def _is_the_stores(need: PictureNeed, one: EditReady) -> bool:
    return one.ownership.owner(PICTURE_GROUPS[need.use]) is Owner.STORE


def _is_unseen(one: Decided) -> bool:
    """It would set prices or stock of a product that was not read."""
    return one.read is None and not {*edits.OFFERS}.isdisjoint(one.plan.steps)


def _differs(hit: FoundProduct, one: Decided) -> bool:
    """Another hand took it off sale, or set a price, or we missed news of it."""
    return status_of_product(hit.status) is not one.status or edits.is_repriced(
        hit, one.sent, one.ready.row.remote_skus
    )


def _groups(waiting: Sequence[Decided]) -> Iterator[list[Decided]]:
    """As many at a time as one search may name."""
    rest = iter(waiting)
    while group := list(islice(rest, SEARCHED_SKUS)):
        yield group
