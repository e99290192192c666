"""The auditors: when a submitted version is judged, how, and what everybody hears of it."""

from hashlib import blake2b
from typing import TYPE_CHECKING

from sandbox.catalogue.tree import Permission
from sandbox.tiktok import news
from sandbox.tiktok.calendar import TreeVersion
from sandbox.tiktok.content import Content
from sandbox.tiktok.leaves import permissions_of
from sandbox.tiktok.lifecycle import Audit, Event, Status
from sandbox.tiktok.product import FailedReason, Product, Verdict

if TYPE_CHECKING:
    from sandbox.world import World

KIND = "tiktok_audit"
PASS, FAIL, PRE_APPROVE = "pass", "fail", "pre_approve"
KYC, RESTRICTED = "KYC_PENDING", "RESTRICTED_CATEGORY_PENDING"


def register(world: "World") -> None:
    """Judge a product when its audit is ripe."""

    def ripe(product_id: str, _data: dict[str, object]) -> None:
        product = world.tiktok.products.get(product_id)
        if product is not None:
            judge(world, product)

    world.ripening.on(KIND, ripe)


def submit(world: "World", product: Product) -> None:
    """Begin an audit of the newest version; it ripens by the setting `audit`."""
    product.rounds += 1
    product.pre_approved_reasons, product.failed_reasons = [], []
    world.ripening.schedule(KIND, product.id, world.settings.audit)


def judge(world: "World", product: Product, verdict: Verdict | None = None) -> None:
    """Apply the verdict given, chosen before, or following from settings and category."""
    if product.audit not in (Audit.AUDITING, Audit.PRE_APPROVED):
        return
    world.ripening.cancel(KIND, product.id)
    verdict = verdict or world.tiktok.verdicts.pop(product.id, None) or _verdict(world, product)
    if verdict.outcome == FAIL:
        _fail(world, product, verdict)
    elif verdict.outcome == PRE_APPROVE:
        _pre_approve(world, product, verdict)
    else:
        _pass(world, product)
    world.tiktok.put(product)
    news.audited(world, product)


def _verdict(world: "World", product: Product) -> Verdict:
    settings = world.settings
    reasons = tuple(settings.audit_fail_reasons)
    if settings.audit_verdict == FAIL or _falls_into(settings.audit_fail_share, world, product):
        return Verdict(FAIL, reasons)
    pending: tuple[str, ...] = (KYC,) if settings.kyc_pending else ()
    if _is_restricted(world, product):
        pending += (RESTRICTED,)
    if pending or settings.audit_verdict == PRE_APPROVE:
        return Verdict(PRE_APPROVE, pending or (KYC,))
    return Verdict(PASS)


def _falls_into(share: float, world: "World", product: Product) -> bool:
    """A share of products by seed, the same ones in every run."""
    seed = f"{world.seed}/{product.number}/{product.rounds}".encode()
    return int.from_bytes(blake2b(seed, digest_size=4).digest(), "big") / 2**32 < share


def _is_restricted(world: "World", product: Product) -> bool:
    content, shop = product.newest, world.tiktok.shops[product.shop_id]
    version = TreeVersion(content.category_version)
    category = world.tiktok.trees.tree(version).get(content.category_id)
    if category is None:
        return False
    found = permissions_of(world.tiktok, world.settings, version, category, shop.region)
    return Permission.INVITE_ONLY in found


def _pass(world: "World", product: Product) -> None:
    first, before = not product.was_live, product.status
    now = world.clock.unix()
    product.apply(Event.PASS, now)
    product.pre_approved_reasons = []
    if product.under_review is not None:
        replace_base(world, product, product.under_review)
        product.under_review = None
    if first:
        news.status_changed(world, product, "PRODUCT_FIRST_PASS_REVIEW")
    elif before is not Status.ACTIVATE:
        news.status_changed(world, product, "PRODUCT_STATUS_CHANGED")


def _pre_approve(world: "World", product: Product, verdict: Verdict) -> None:
    product.apply(Event.PRE_APPROVE, world.clock.unix())
    product.pre_approved_reasons = list(verdict.reasons)


def _fail(world: "World", product: Product, verdict: Verdict) -> None:
    """A live product keeps its old version; the refused one is forgotten."""
    product.apply(Event.FAIL, world.clock.unix())
    product.under_review = None
    product.failed_reasons = [FailedReason("product", verdict.reasons, ("Correct the product and submit it again.",))]
    news.status_changed(world, product, "PRODUCT_AUDIT_FAILURE", "; ".join(verdict.reasons))


def replace_base(world: "World", product: Product, content: Content) -> None:
    """Make another version the one that counts; live changes and category changes are told."""
    old, product.base = product.base, content
    keep = {sku.id for sku in content.skus}
    product.prices = {sku_id: price for sku_id, price in product.prices.items() if sku_id in keep}
    product.stock = {sku_id: stock for sku_id, stock in product.stock.items() if sku_id in keep}
    world.tiktok.put(product)
    if product.status is Status.ACTIVATE and (fields := changed_fields(old, content)):
        news.content_changed(world, product, fields, product.source)
    if old.category_id != content.category_id:
        news.category_changed(world, product, old.category_id)


def changed_fields(old: Content, new: Content) -> list[str]:
    """The names webhook 15 uses; everything else together is `others`."""
    found = [
        name
        for name in ("title", "description", "main_images", "product_attributes")
        if getattr(old, name) != getattr(new, name)
    ]
    if old.size_chart != new.size_chart:
        found.append("size_chart_template" if new.size_chart and new.size_chart.template_id else "size_chart_image")
    told = {"title", "description", "main_images", "product_attributes", "size_chart"}
    rest = (name for name in Content.__slots__ if name not in told)
    if any(getattr(old, name) != getattr(new, name) for name in rest):
        found.append("others")
    return found
