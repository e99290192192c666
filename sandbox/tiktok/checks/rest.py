"""The smaller fields: video, delivery options, shipping template, terms, minimum order, scheduled sale."""

from collections.abc import Iterator

from sandbox.tiktok.checks.ground import Fault, Ground
from sandbox.tiktok.content import Content
from sandbox.tiktok.logistics import delivery_option_ids, template_ids
from sandbox.tiktok.markets import DELIVERY_OPTIONS

PLATFORMS = frozenset({"TIKTOK_SHOP", "TOKOPEDIA"})
MAX_TERMS, MAX_TERM_CHARACTERS = 15, 250
MAX_FEATURES, MAX_FEATURE_CHARACTERS = 5, 1500
MAX_ORDER = 20
SALE_AHEAD_MS = 90 * 86_400 * 1000


def check_rest(content: Content, ground: Ground) -> Iterator[Fault]:
    """Everything generic; what has no code of its own is 12052910."""
    yield from _media_faults(content, ground)
    yield from _shipping_faults(content, ground)
    yield from _terms_faults(content)
    yield from _sale_faults(content, ground)


def _media_faults(content: Content, ground: Ground) -> Iterator[Fault]:
    video = ground.state.files.get(content.video_id)
    if content.video_id and (video is None or not video.is_video):
        yield Fault(12052910, f"Invalid input: the video is unknown: {content.video_id}")
    if not PLATFORMS.issuperset(content.listing_platforms):
        yield Fault(12052910, "Invalid input: listing_platforms takes TIKTOK_SHOP and TOKOPEDIA")


def _shipping_faults(content: Content, ground: Ground) -> Iterator[Fault]:
    if content.delivery_option_ids and ground.market.region in DELIVERY_OPTIONS:
        known = delivery_option_ids(ground.shop)
        if not known.issuperset(content.delivery_option_ids):
            yield Fault(12052403, "A delivery option does not serve this shop")
    if content.shipping_template_id and content.shipping_template_id not in template_ids(ground.shop):
        yield Fault(12052402, f"The shipping template is unknown: {content.shipping_template_id}")


def _terms_faults(content: Content) -> Iterator[Fault]:
    terms, features = content.search_terms, content.key_product_features
    if len(terms) > MAX_TERMS or sum(map(len, terms)) > MAX_TERM_CHARACTERS:
        yield Fault(12052910, f"Invalid input: up to {MAX_TERMS} search terms of {MAX_TERM_CHARACTERS} characters")
    if len(features) > MAX_FEATURES or sum(map(len, features)) > MAX_FEATURE_CHARACTERS:
        yield Fault(12052910, f"Invalid input: up to {MAX_FEATURES} features of {MAX_FEATURE_CHARACTERS} characters")


def _sale_faults(content: Content, ground: Ground) -> Iterator[Fault]:
    least = content.minimum_order_quantity
    if least is not None and not 1 <= least <= MAX_ORDER:
        yield Fault(12052910, f"Invalid input: minimum_order_quantity must be 1 to {MAX_ORDER}")
    moment = content.scheduled_sale_time
    if moment is not None and not 0 < moment - ground.now * 1000 <= SALE_AHEAD_MS:
        yield Fault(12052910, "Invalid input: schedule_sale_time must be in milliseconds within 90 days")
