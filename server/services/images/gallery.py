"""One TikTok shop's pictures: those already there, and the rest fetched and uploaded, each content once."""

import hashlib
from collections.abc import Awaitable, Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

import anyio
import structlog

from server.clients.errors import Upstream, UpstreamKind, to_problem
from server.clients.fetch import FetchedFile
from server.clients.tiktok import Access, TikTokClient
from server.clients.tiktok_media import UploadedImage as Answer
from server.clients.tiktok_media import UseCase
from server.clients.verdicts import Verdict
from server.domain.drafts import Picture, PictureNeed
from server.domain.problems import Problem
from server.kit.clock import Clock
from server.services.images.conversion import Checked, Unusable, check, converted, fits
from server.store import images as store
from server.store.images import LearnedImage, Place, UploadedImage
from server.store.session import Database

log = structlog.get_logger()

Result = Picture | Problem | Upstream
"""Uploaded; broken, and why; or something in the way (busy, a limit, authorization) that tells nothing of it."""

Fetch = Callable[[str], Awaitable[FetchedFile]]

_GROUP = 16
"""Pictures held in memory at once."""
_STALE = timedelta(seconds=8)
"""A claim that was not renewed for so long was lost with its worker: whoever waits for the picture uploads it."""
_RENEW_EVERY = 2.0
"""Seconds. Uploads wait for slots and for the pace, then take up to two minutes: all that time they are claimed."""
_PATIENCE = 130.0
"""Seconds that others' uploads are waited for: longer than one takes (``UPLOAD_TIMEOUT``)."""
_LOOK_FIRST, _LOOK_LATER = 0.1, 1.0
_DESK = anyio.CapacityLimiter(1)
"""Pictures are converted one at a time in a process: each is unpacked whole, up to a quarter of a gigabyte."""
_ELSEWHERE = Verdict(UpstreamKind.RETRYABLE, "PLATFORM_BUSY")
_CONTENT_REFUSED = "FILE_REFUSED"


@dataclass(slots=True)
class _Group:
    """Some needs on their way: what each address holds, and what came of each need."""

    needs: Collection[PictureNeed]
    contents: dict[str, tuple[str, Checked]] = field(default_factory=dict)
    results: dict[PictureNeed, Result] = field(default_factory=dict)

    @property
    def places(self) -> dict[Place, list[PictureNeed]]:
        """Where the uploads of the open needs belong; two addresses with the same picture share one."""
        found: dict[Place, list[PictureNeed]] = {}
        for need in self.needs:
            if need not in self.results:
                found.setdefault((need.use.value, self.contents[need.url][0]), []).append(need)
        return found

    @property
    def learned(self) -> list[LearnedImage]:
        """What was found out about each address."""
        return [
            LearnedImage(url, digest, picture.width, picture.height) for url, (digest, picture) in self.contents.items()
        ]

    def settle(self, needs: Iterable[PictureNeed], result: Result) -> None:
        """All of these needs end the same."""
        self.results.update(dict.fromkeys(needs, result))


@dataclass(frozen=True, slots=True)
class Gallery:
    """Opens its own short transactions, none across a call: what it writes is true whatever becomes of the task.

    ``slots`` bounds the calls in flight.
    """

    database: Database
    tiktok: TikTokClient
    access: Access
    fetch: Fetch
    shop_id: UUID
    tiktok_shop_id: UUID
    clock: Clock
    slots: anyio.Semaphore

    async def shelve(self, needs: Iterable[PictureNeed]) -> dict[PictureNeed, Result]:
        """What became of each need. Broken pictures are ``Problem``; nothing is raised for one picture's sake."""
        wanted = list(dict.fromkeys(needs))
        done: dict[PictureNeed, Result] = {**await self.known(wanted)}
        open_needs = sorted((need for need in wanted if need not in done), key=lambda need: need.url)
        for group in _groups(open_needs):
            done |= await self._fill(_Group(group))
        return done

    async def known(self, needs: Collection[PictureNeed]) -> dict[PictureNeed, Picture]:
        """Those that are uploaded already; nothing is fetched."""
        if not needs:
            return {}
        async with self.database.read() as session:
            rows = await store.known(
                session,
                shop_id=self.shop_id,
                tiktok_shop_id=self.tiktok_shop_id,
                urls={need.url for need in needs},
            )
        there = {(row.local_url, row.image.use_case): _picture(row.image) for row in rows}
        return {need: picture for need in needs if (picture := there.get((need.url, need.use.value)))}

    async def _fill(self, group: _Group) -> dict[PictureNeed, Result]:
        async with anyio.create_task_group() as calls:
            for url in {need.url for need in group.needs}:
                calls.start_soon(self._read, group, url)
        places = group.places
        if places:
            mine = await self._claim(places, group.learned)
            await self._upload_all(group, {place: places[place] for place in mine})
            await self._wait_for_others(group, {place: places[place] for place in places.keys() - mine})
        return group.results

    async def _read(self, group: _Group, url: str) -> None:
        needs = [need for need in group.needs if need.url == url]
        try:
            async with self.slots:
                file = await self.fetch(url)
            group.contents[url] = hashlib.sha256(file.data).hexdigest(), check(file.data)
        except Upstream as error:
            broken = error.kind is UpstreamKind.MERCHANT_MUST_FIX
            group.settle(needs, to_problem(error) if broken else error)
        except Unusable as error:
            group.settle(needs, error.problem)

    async def _claim(self, places: Collection[Place], learned: Collection[LearnedImage] = ()) -> set[Place]:
        """Those of the places that are ours to upload now."""
        now = self.clock()
        async with self.database.write() as session:
            if learned:
                await store.learn(session, shop_id=self.shop_id, images=list(learned))
            return await store.claim(
                session,
                shop_id=self.shop_id,
                tiktok_shop_id=self.tiktok_shop_id,
                places=places,
                now=now,
                stale=now - _STALE,
            )

    async def _upload_all(self, group: _Group, mine: dict[Place, list[PictureNeed]]) -> None:
        if not mine:
            return
        made: list[UploadedImage] = []
        done = anyio.Event()
        try:
            async with anyio.create_task_group() as around:
                around.start_soon(self._keep_claimed, mine, done)
                try:
                    async with anyio.create_task_group() as calls:
                        for place, needs in mine.items():
                            calls.start_soon(self._upload, group, place, needs, made)
                finally:
                    done.set()
        finally:
            with anyio.CancelScope(shield=True):
                await self._remember(made, mine)

    async def _keep_claimed(self, mine: Collection[Place], done: anyio.Event) -> None:
        while True:
            with anyio.move_on_after(_RENEW_EVERY):
                await done.wait()
            if done.is_set():
                return
            where = {"shop_id": self.shop_id, "tiktok_shop_id": self.tiktok_shop_id}
            try:
                async with self.database.write() as session:
                    await store.renew(session, **where, places=mine, now=self.clock())
            except Exception as error:  # noqa: BLE001 - a database that restarts must not end the uploads
                log.warning("images.claim_not_renewed", error=str(error))

    async def _upload(self, group: _Group, place: Place, needs: list[PictureNeed], made: list[UploadedImage]) -> None:
        picture, use = group.contents[needs[0].url][1], needs[0].use
        try:
            answer = await self._sent(picture, needs[0])
        except Unusable as error:
            group.settle(needs, error.problem)
        except Upstream as error:
            broken = error.kind is UpstreamKind.MERCHANT_MUST_FIX and not error.stops_shop
            group.settle(needs, to_problem(error) if broken else error)
        else:
            done = UploadedImage(use.value, place[1], answer.uri, answer.url, answer.width, answer.height)
            made.append(done)
            group.settle(needs, _picture(done))

    async def _sent(self, picture: Checked, need: PictureNeed) -> Answer:
        """As it is where it fits; converted where it does not, or where the platform refused it."""
        use = UseCase(need.use.value)
        if fits(picture, need.use):
            try:
                async with self.slots:
                    return await self.tiktok.media.upload_image(self.access, picture.data, use)
            except Upstream as error:
                if error.code != _CONTENT_REFUSED:
                    raise
        data = await anyio.to_thread.run_sync(converted, picture, need.use, limiter=_DESK)
        async with self.slots:
            return await self.tiktok.media.upload_image(self.access, data, use)

    async def _remember(self, made: list[UploadedImage], mine: Collection[Place]) -> None:
        lost = set(mine) - {(one.use_case, one.content_hash) for one in made}
        where = {"shop_id": self.shop_id, "tiktok_shop_id": self.tiktok_shop_id}
        async with self.database.write() as session:
            await store.fill(session, **where, images=made, now=self.clock())
            await store.give_up(session, **where, places=lost)

    async def _wait_for_others(self, group: _Group, others: dict[Place, list[PictureNeed]]) -> None:
        """Another worker is uploading the same pictures: its result serves us too. If it gives up, it is our turn."""
        waited, pause = 0.0, _LOOK_FIRST
        while others:
            await self._take_or_do(group, others)
            if not others or waited >= _PATIENCE:
                break
            await anyio.sleep(pause)
            waited, pause = waited + pause, min(pause * 1.5, _LOOK_LATER)
        for needs in others.values():
            group.settle(needs, Upstream(_ELSEWHERE, operation="Upload Product Image", retry_after=2.0))

    async def _take_or_do(self, group: _Group, others: dict[Place, list[PictureNeed]]) -> None:
        """What is uploaded by now is taken; what nobody is at any more is uploaded here. Both leave ``others``."""
        async with self.database.read() as session:
            there = await store.uploaded(
                session, shop_id=self.shop_id, tiktok_shop_id=self.tiktok_shop_id, places=others.keys()
            )
        for place, image in there.items():
            group.settle(others.pop(place), _picture(image))
        mine = await self._claim(others.keys()) if others else set()
        await self._upload_all(group, {place: others.pop(place) for place in mine})


def _groups(needs: list[PictureNeed]) -> Iterable[tuple[PictureNeed, ...]]:
    for start in range(0, len(needs), _GROUP):
        yield tuple(needs[start : start + _GROUP])


def _picture(image: UploadedImage) -> Picture:
    return Picture(image.uri, image.url, image.width, image.height)
