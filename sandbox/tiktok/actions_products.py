"""Control actions about products: verdicts, interventions by the platform, other hands at work in the shop."""

from typing import TYPE_CHECKING

from sandbox.actions import Action, Answer, BadControl
from sandbox.tiktok import audit, news
from sandbox.tiktok.asking import Asked, an_object, flag, product_of, shop_of, text, texts
from sandbox.tiktok.calendar import TreeVersion
from sandbox.tiktok.editing import edit
from sandbox.tiktok.envelope import Refusal
from sandbox.tiktok.fields import Fields
from sandbox.tiktok.leaves import read_version
from sandbox.tiktok.lifecycle import Audit, Event
from sandbox.tiktok.listing import Author, create
from sandbox.tiktok.product import OPEN_API, SELLER_CENTER, Product, Verdict
from sandbox.tiktok.reading import CREATE, read_changes, read_content

if TYPE_CHECKING:
    from sandbox.world import World

OUTCOMES = (audit.PASS, audit.FAIL, audit.PRE_APPROVE)
BY_PLATFORM = {"remove": Event.REMOVE, "freeze": Event.FREEZE, "unfreeze": Event.UNFREEZE}


def _verdict(world: "World", asked: Asked) -> Answer:
    product, verdict = product_of(world, asked), _read_verdict(asked)
    world.tiktok.verdicts[product.id] = verdict
    return {"product_id": product.id, "verdict": verdict.outcome}


def _judge(world: "World", asked: Asked) -> Answer:
    product = product_of(world, asked)
    if product.audit not in (Audit.AUDITING, Audit.PRE_APPROVED):
        raise BadControl(f"Product {product.id} is not in audit: {product.audit.value}.", "product_id")
    audit.judge(world, product, _read_verdict(asked))
    return _state(product)


def _read_verdict(asked: Asked) -> Verdict:
    outcome = text(asked, "verdict", audit.PASS)
    if outcome not in OUTCOMES:
        raise BadControl("verdict is pass, fail or pre_approve.", "verdict")
    fallback = {audit.FAIL: ["violate listing rules"], audit.PRE_APPROVE: [audit.KYC]}.get(outcome, [])
    return Verdict(outcome, tuple(texts(asked, "reasons") or fallback))


def _intervene(world: "World", asked: Asked) -> Answer:
    product, name = product_of(world, asked), text(asked, "event")
    if name not in BY_PLATFORM:
        raise BadControl("event is remove, freeze or unfreeze.", "event")
    if not product.apply(BY_PLATFORM[name], world.clock.unix()):
        raise BadControl(f"A product in {product.status.value} cannot be told to {name}.", "event")
    world.ripening.cancel(audit.KIND, product.id)
    world.tiktok.put(product)
    news.status_changed(world, product, "PRODUCT_STATUS_CHANGED", text(asked, "reason"))
    return _state(product)


def _other_hand(world: "World", asked: Asked) -> Answer:
    """Create or edit in Seller Center, or through another app: the same rules and webhooks as for ours."""
    made_by = text(asked, "made_by")
    author = Author(OPEN_API, made_by) if made_by else Author(SELLER_CENTER, "seller")
    body = Fields(an_object(asked, "body"))
    try:
        product = _edited(world, asked, author, body) if "product_id" in asked else _created(world, asked, author, body)
    except Refusal as refused:
        raise BadControl(f"The platform refuses this: {refused}.", "body") from None
    if unknown := body.unknown():
        raise BadControl(f"Unknown fields: {', '.join(unknown)}.", "body")
    return _state(product)


def _created(world: "World", asked: Asked, author: Author, body: Fields) -> Product:
    version = read_version(body.text("category_version"))
    as_draft = flag(asked, "as_draft", default=False)
    return create(world, shop_of(world, asked), read_content(body, CREATE, version), author, as_draft=as_draft)


def _edited(world: "World", asked: Asked, author: Author, body: Fields) -> Product:
    """A partial edit; unlike the API's it may change the category, as Seller Center can."""
    product = product_of(world, asked)
    content = read_changes(body, product.newest)
    if category_id := body.text("category_id"):
        version = TreeVersion(body.text("category_version") or TreeVersion.V2)
        content = content.moved_to(category_id, version.value)
    edit(world, product, content, author, as_draft=False)
    return product


def _state(product: Product) -> Answer:
    return {"product_id": product.id, "status": product.status.value, "audit": product.audit.value}


PRODUCT = {"product_id": "required"}
VERDICT = {**PRODUCT, "verdict": "pass (default), fail or pre_approve", "reasons": "list of reasons"}
ACTIONS = (
    Action("verdict", "Choose the outcome of a product's next audit", _verdict, VERDICT),
    Action("judge", "End a product's audit now", _judge, VERDICT),
    Action(
        "intervene",
        "The platform removes, freezes or unfreezes a product; webhook 5 follows",
        _intervene,
        {**PRODUCT, "event": "required: remove, freeze or unfreeze", "reason": "suspended_reason of the webhook"},
    ),
    Action(
        "other-hand",
        "The seller, or another connector, creates a product (without product_id) or edits one",
        _other_hand,
        {
            "shop_id": "the first shop by default",
            "product_id": "the product to edit",
            "body": "required: fields of Create Product, or those to change",
            "made_by": "name of another connector; without it Seller Center",
            "as_draft": "true leaves a new product in draft",
        },
    ),
)
