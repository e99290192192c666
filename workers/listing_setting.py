"""What a chunk's products have in common, and what of it had to be asked of the platform first: leaves and brands."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from server.clients.errors import Upstream, UpstreamKind, to_problem
from server.clients.tiktok import Access
from server.domain.categories import CategoryRef
from server.domain.leaves import Leaf
from server.domain.problems import Problem
from server.services import brands, leaves
from server.services.listings.creating import work
from workers.runtime import ChunkRun

Fetched = Mapping[CategoryRef, Leaf | Problem]


async def read_setting(run: ChunkRun, access: Access, tiktok_shop_id: UUID) -> tuple[work.Setting, Fetched]:
    """What rows tell, and leaves that had to be asked for. ``Upstream`` when the platform is not there to ask."""
    where = {"shop_id": run.claim.shop_id, "tiktok_shop_id": tiktok_shop_id}
    async with run.step() as session:
        setting = await work.setting(
            session, **where, task_id=run.claim.task_id, chunk=run.claim.position, now=run.now()
        )
    return await complete_setting(run, access, tiktok_shop_id, setting)


async def complete_setting(
    run: ChunkRun, access: Access, tiktok_shop_id: UUID, setting: work.Setting
) -> tuple[work.Setting, Fetched]:
    """Ask for what rows did not tell and keep the answers. A leaf that is refused is its templates' problem."""
    fetched: dict[CategoryRef, Leaf | Problem] = {}
    for ref in setting.missing:
        try:
            leaf = await leaves.fetch(run.deps.tiktok, access, ref)
        except Upstream as error:
            if _stops(error):
                raise
            fetched[ref] = to_problem(error)
        else:
            fetched[ref] = leaf
            async with run.step() as session:
                await leaves.keep(
                    session, shop_id=run.claim.shop_id, tiktok_shop_id=tiktok_shop_id, leaf=leaf, now=run.now()
                )
    return await _with_brands(run, access, tiktok_shop_id, setting), fetched


async def _with_brands(run: ChunkRun, access: Access, tiktok_shop_id: UUID, setting: work.Setting) -> work.Setting:
    """Vendors' names looked up among each leaf's brands, each once a day."""
    known = dict(setting.brands)
    for ref, name in setting.unasked:
        try:
            answer = await brands.look_up(run.deps.tiktok, access, ref, name)
        except Upstream as error:
            if _stops(error):
                raise
            continue
        known[ref] = brands.with_answers(known, ref, [answer])
        async with run.step() as session:
            await brands.keep(
                session,
                shop_id=run.claim.shop_id,
                tiktok_shop_id=tiktok_shop_id,
                ref=ref,
                answers=[answer],
                now=run.now(),
            )
    return replace(setting, brands=known)


def _stops(error: Upstream) -> bool:
    """Not about the category asked for: every further question would end the same."""
    return error.kind is not UpstreamKind.MERCHANT_MUST_FIX or error.stops_shop
