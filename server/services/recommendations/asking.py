"""Asking TikTok Shop for a slice of products: one good picture each, then one call each; no transaction is open."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

import anyio

from server.clients.errors import Upstream, UpstreamKind
from server.clients.tiktok import TikTokClient, TokenSource
from server.clients.tiktok_category_answers import Recommendation
from server.clients.tiktok_codes import NO_RECOMMENDATION
from server.domain.candidates import Place
from server.domain.categories import CategoryVersion
from server.domain.category_tree import TreeNode
from server.domain.drafts import Picture, PictureNeed, PictureUse
from server.domain.policy_rows import RecommendInput
from server.domain.recommendations import PlatformAnswer
from server.kit.errors import AppError
from server.services.images import Gallery
from server.services.recommendations.preparing import Subject

_TRIES = 3
"""Pictures of one product that are tried before it goes without."""
_AT_ONCE = 16
_FAULTS = 3
"""Calls the platform may fail in a row before the rest of the slice is spared the wait."""
_KINDS: Mapping[UpstreamKind, PlatformAnswer] = {
    UpstreamKind.RETRYABLE: PlatformAnswer.UNREACHABLE,
    UpstreamKind.PLATFORM_LIMIT: PlatformAnswer.LIMITED,
    UpstreamKind.NEEDS_AUTHORIZATION: PlatformAnswer.NOT_AUTHORIZED,
    UpstreamKind.NEEDS_PERMISSION: PlatformAnswer.NOT_AUTHORIZED,
}

WRONG_LANGUAGE = frozenset({12052262, 12052266})
"""The title is not in the market's language (TikTok fact sheet 5.4)."""
_NAMES: Mapping[RecommendInput, str] = {
    RecommendInput.TITLE: "title",
    RecommendInput.DESCRIPTION: "description",
    RecommendInput.IMAGE: "usable picture",
}


@dataclass(frozen=True, slots=True)
class Said:
    """What the platform said about one product. ``chain`` is what it named, from the root to the leaf."""

    answer: PlatformAnswer
    code: int | None = None
    message: str = ""
    request_id: str = ""
    leaf: Place | None = None
    chain: tuple[TreeNode, ...] = ()
    inputs: tuple[RecommendInput, ...] = ()


@dataclass(slots=True)
class Asking:
    """One chunk's talk with the platform, which is asked only about products that have what the day's policy demands.

    ``closed`` is the answer that every further call would get too.

    ``version_code`` is the platform's number when it refused our tree (12052217, 12052230).
    """

    tiktok: TikTokClient
    access: TokenSource
    version: CategoryVersion
    demanded: frozenset[RecommendInput]
    gallery: Gallery
    slots: anyio.Semaphore
    closed: Said | None = None
    version_code: int | None = None
    _faults: int = 0
    _said: dict[UUID, Said] = field(default_factory=dict)
    _hindered: dict[UUID, Upstream] = field(default_factory=dict)

    async def about(self, subjects: Sequence[Subject]) -> dict[UUID, Said]:
        """An answer for each product, whatever happens."""
        await self._knock()
        pictures = await self._pictures([one for one in subjects if not self._lacks(one)])
        self._said = {}
        async with anyio.create_task_group() as calls:
            for subject in subjects:
                calls.start_soon(self._ask, subject, pictures.get(subject.product_id))
        return self._said

    async def _knock(self) -> None:
        """Without a token there is nothing to call with: the shop is disconnected, or its authorization has ended."""
        try:
            await self.access.current()
        except Upstream as error:
            self._heard(error)
        except AppError as error:
            self.closed = self.closed or Said(PlatformAnswer.NOT_AUTHORIZED, message=error.message)

    async def _pictures(self, subjects: Sequence[Subject]) -> dict[UUID, str]:
        """The first usable picture of each product, uploaded once for all uses as a main image."""
        found: dict[UUID, str] = {}
        for at in range(_TRIES):
            missing = [one for one in subjects if one.product_id not in found and len(one.pictures) > at]
            for start in range(0, len(missing), _AT_ONCE):
                if self.closed is not None:
                    return found
                found |= await self._shelved(missing[start : start + _AT_ONCE], at)
        return found

    async def _shelved(self, subjects: Sequence[Subject], at: int) -> dict[UUID, str]:
        needs = {one.product_id: PictureNeed(one.pictures[at], PictureUse.MAIN_IMAGE) for one in subjects}
        shelf = await self.gallery.shelve(needs.values())
        refused = [one for one in shelf.values() if isinstance(one, Upstream) and one.operation != "fetch"]
        if refused:
            self._heard(refused[0])
        pictures = {product_id: shelf[need] for product_id, need in needs.items()}
        for product_id, one in pictures.items():
            if isinstance(one, Upstream) and one.operation != "fetch" and one.kind in _KINDS:
                self._hindered[product_id] = one
        return {product_id: one.uri for product_id, one in pictures.items() if isinstance(one, Picture)}

    async def _ask(self, subject: Subject, uri: str | None) -> None:
        inputs = _inputs(subject, uri)
        if self.closed is None and (missing := self._lacks(subject) or self._missing(inputs)):
            hindrance = self._hindered.get(subject.product_id)
            said = _not_asked(missing, inputs) if hindrance is None else _refusal(hindrance, inputs)
            self._said[subject.product_id] = said
            return
        async with self.slots:
            if self.closed is not None:
                self._said[subject.product_id] = self.closed
                return
            try:
                found = await self.tiktok.categories.advise(
                    self.access,
                    self.version,
                    title=subject.title,
                    description=subject.description,
                    image_uris=[uri] if uri else [],
                )
            except Upstream as error:
                self._heard(error)
                self._said[subject.product_id] = _refusal(error, inputs)
            else:
                self._faults = 0
                self._said[subject.product_id] = _answer(found, inputs)

    def _lacks(self, subject: Subject) -> list[RecommendInput]:
        """What is seen to be missing before any picture is tried."""
        return self._missing(_inputs(subject, next(iter(subject.pictures), None)))

    def _missing(self, inputs: Collection[RecommendInput]) -> list[RecommendInput]:
        return [one for one in RecommendInput if one in self.demanded and one not in inputs]

    def _heard(self, error: Upstream) -> None:
        """Learn from a failed call what the next ones can expect."""
        if error.code in ("CATEGORY_VERSION_OUTDATED", "CATEGORY_VERSION_MISMATCH"):
            self.version_code = error.platform_code
        if error.kind is UpstreamKind.RETRYABLE:
            self._faults += 1
            over = self._faults >= _FAULTS
        else:
            over = error.stops_shop or error.kind is UpstreamKind.PLATFORM_LIMIT
        if over and self.closed is None:
            self.closed = replace(_refusal(error, ()), request_id="")


def _inputs(subject: Subject, uri: str | None) -> tuple[RecommendInput, ...]:
    given = {RecommendInput.DESCRIPTION: subject.description, RecommendInput.IMAGE: uri}
    return (RecommendInput.TITLE, *(name for name, value in given.items() if value))


def _not_asked(missing: Sequence[RecommendInput], inputs: tuple[RecommendInput, ...]) -> Said:
    names = " and ".join(_NAMES[one] for one in missing)
    return Said(PlatformAnswer.INPUT_MISSING, message=f"Not asked: the product has no {names}.", inputs=inputs)


def _refusal(error: Upstream, inputs: tuple[RecommendInput, ...]) -> Said:
    none = PlatformAnswer.NO_MATCH if error.platform_code in NO_RECOMMENDATION else None
    language = PlatformAnswer.WRONG_LANGUAGE if error.platform_code in WRONG_LANGUAGE else None
    answer = none or language or _KINDS.get(error.kind, PlatformAnswer.REFUSED)
    return Said(answer, error.platform_code, error.message, error.request_id, inputs=inputs)


def _answer(found: Recommendation | None, inputs: tuple[RecommendInput, ...]) -> Said:
    """An answer without a leaf is a "no match" too."""
    if found is None:
        return Said(PlatformAnswer.NO_MATCH, inputs=inputs)
    chain: list[TreeNode] = []
    for node in sorted(found.chain, key=lambda node: node.level):
        above = chain[-1] if chain else None
        path = (*above.path, node.name) if above else (node.name,)
        is_leaf = node.id == found.leaf.id
        chain.append(
            TreeNode(node.id, above.id if above else None, node.name, path, is_leaf, tuple(node.permission_statuses))
        )
    named = next((node for node in chain if node.is_leaf), None)
    leaf = Place(found.leaf, named.path if named else (), named.permissions if named else ())
    return Said(PlatformAnswer.RECOMMENDED, None, "", found.request_id, leaf, tuple(chain), inputs)
