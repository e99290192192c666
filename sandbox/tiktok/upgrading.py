"""Create Category Upgrade Task (fact sheet 3.15): moves live products from the old tree to the new one, in batches."""

from collections.abc import Iterable
from dataclasses import replace
from hashlib import blake2b
from typing import TYPE_CHECKING

from sandbox.ripening import parse
from sandbox.tiktok import news
from sandbox.tiktok.calendar import TreeVersion
from sandbox.tiktok.call import Call
from sandbox.tiktok.content import Content
from sandbox.tiktok.envelope import Refusal
from sandbox.tiktok.lifecycle import Status
from sandbox.tiktok.matching import ranked
from sandbox.tiktok.operation import BASIC, Operation
from sandbox.tiktok.product import Product
from sandbox.tiktok.sellers import Shop
from sandbox.tiktok.state import TikTokState
from sandbox.tiktok.upgrades import UpgradeRun

if TYPE_CHECKING:
    from sandbox.world import World

KIND = "tiktok_upgrade"
BATCHES = 20
HOUR = 3600
LIVE, OLD_TREE = frozenset({Status.ACTIVATE}), frozenset({TreeVersion.V1.value})


def register(world: "World") -> None:
    """Upgrade a batch when it is ripe; the last batch ends the run."""

    def ripe(_key: str, data: dict[str, object]) -> None:
        run = world.tiktok.upgrade_runs.get(str(data["run"]))
        if run is None:
            return
        start, end = int(str(data["start"])), int(str(data["end"]))
        upgrade(world, run.product_ids[start:end])
        run.finished = run.finished or end >= len(run.product_ids)

    world.ripening.on(KIND, ripe)


def create_task(call: Call) -> object:
    """Starts a run and says nothing about it: `data` is empty."""
    settings = call.world.settings
    if not settings.upgrade_available:
        raise Refusal(12052265, "The category upgrade is not available for this shop")
    if len(running(call.state, call.shop)) >= settings.upgrade_running_limit:
        raise Refusal(12052234, "Too many running category upgrade tasks")
    start(call.world, call.shop)
    return {}


def running(state: TikTokState, shop: Shop) -> list[UpgradeRun]:
    """Runs of a shop that have not ended."""
    return [run for run in state.upgrade_runs.values() if run.shop_id == shop.id and not run.finished]


def start(world: "World", shop: Shop) -> UpgradeRun:
    """A run over the live products of the old tree that were live long enough; some are left behind by setting."""
    state, settings, now = world.tiktok, world.settings, world.clock.unix()
    oldest = now - settings.upgrade_min_live_hours * HOUR
    seen = [
        product.id
        for product in state.shelf(shop.id).newest_first(LIVE, OLD_TREE)
        if product.live_since is not None and product.live_since <= oldest
    ]
    run = UpgradeRun(state.ids.token("upgrade", 16), shop.id, now)
    run.product_ids = [one for one in reversed(seen) if not _left_behind(world, run, one)]
    state.upgrade_runs[run.id] = run
    _plan(world, run)
    return run


def _plan(world: "World", run: UpgradeRun) -> None:
    """Time rules spread the batches over the whole time; looks and the rest bring all at once."""
    text, count = world.settings.upgrade, len(run.product_ids)
    seconds = parse(text).seconds
    batches = min(BATCHES, max(1, count)) if seconds else 1
    for number in range(1, batches + 1):
        data: dict[str, object] = {
            "run": run.id,
            "start": count * (number - 1) // batches,
            "end": count * number // batches,
        }
        rule = f"after {seconds * number / batches:.0f}s" if seconds else text
        world.ripening.schedule(KIND, f"{run.id}/{number}", rule, data)


def look(world: "World", shop: Shop) -> None:
    """A search has looked: counts for rules of looks."""
    for run in running(world.tiktok, shop):
        world.ripening.look(KIND, f"{run.id}/1")


def _left_behind(world: "World", run: UpgradeRun, product_id: str) -> bool:
    seed = f"{world.seed}/{run.id}/{product_id}".encode()
    drawn = int.from_bytes(blake2b(seed, digest_size=4).digest(), "big") / 2**32
    return drawn < world.settings.upgrade_left_behind


def upgrade(world: "World", product_ids: Iterable[str]) -> list[str]:
    """Move these products now, one webhook 18 each; ids of those moved."""
    moved = []
    for product_id in product_ids:
        product = world.tiktok.products[product_id]
        if product.status is Status.ACTIVATE and _move(world, product):
            moved.append(product_id)
    return moved


def _move(world: "World", product: Product) -> bool:
    before = product.base.category_id
    content = _moved(world.tiktok, product.base)
    if content is None:
        return False
    product.base = content
    if product.under_review is not None:
        product.under_review = _moved(world.tiktok, product.under_review) or product.under_review
    product.update_time = world.clock.unix()
    world.tiktok.put(product)
    news.category_changed(world, product, before)
    return True


def _moved(state: TikTokState, content: Content) -> Content | None:
    """In the leaf the old one became; of several the best match of the title; a vanished leaf stays behind."""
    if content.category_version != TreeVersion.V1:
        return None
    targets = state.trees.becomes.get(content.category_id, ())
    if not targets:
        return None
    best = next((leaf.id for leaf in ranked(state.trees.v2, content.title) if leaf.id in targets), targets[0])
    return replace(content, category_id=best, category_version=TreeVersion.V2.value)


OPERATIONS = (
    Operation(
        "Create Category Upgrade Task",
        "POST",
        "/product/202407/products/category_upgrade_task",
        BASIC,
        create_task,
        imitates="24-hour rule, live products only, up to two hours in batches, split and vanished leaves, products "
        "left behind by setting, 12052234 while running, 12052265 by setting, webhook 18 each, empty answer",
    ),
)
