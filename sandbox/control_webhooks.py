"""Control of webhooks: listing, addresses, rules, pausing, sending by hand."""

from sandbox.actions import Answer, BadControl
from sandbox.asked import Asked
from sandbox.control_calls import OCCASION
from sandbox.control_kit import Control, NotHere, Visit
from sandbox.deliveries import Delivery, Platform, State, shown
from sandbox.webhook_rules import read_rule
from sandbox.webhook_rules import shown as rule_shown

LONGEST_WAIT = 60.0


def _webhooks(visit: Visit) -> Answer:
    """The newest that fit, oldest of them first."""
    query, since, limit = visit.query, visit.whole("since", 0), visit.limit()
    wanted: list[Delivery] = []
    for one in reversed(visit.world.outbox.kept):
        if len(wanted) == limit:
            break
        if (
            one.id > since
            and query.get("platform", one.platform) == one.platform
            and query.get("topic", one.topic) == one.topic
            and query.get("state", one.state) == one.state
            and query.get("shop", one.shop) == one.shop
        ):
            wanted.append(one)
    return {"webhooks": [shown(one) for one in reversed(wanted)]}


def _summary(visit: Visit) -> Answer:
    outbox = visit.world.outbox
    ended = [
        {"platform": platform, "topic": topic, "state": state, "count": count}
        for (platform, topic, state), count in sorted(outbox.counts.items())
    ]
    return {"ended": ended, "due_now": outbox.open_count(), "paused": outbox.paused, "next_due": outbox.next_due()}


def _targets(visit: Visit) -> Answer:
    targets = visit.world.outbox.targets
    return {"tiktok": targets.tiktok, "shopify": targets.shopify}


def _set_targets(visit: Visit) -> Answer:
    asked = Asked(visit.body)
    given = {name: asked.text(name) for name in visit.body if name in set(Platform)}
    asked.finish()
    for name, url in given.items():
        if url is not None and not url.startswith(("http://", "https://")):
            raise BadControl(f"The address {url!r} must begin with http:// or https://.", name)
        setattr(visit.world.outbox.targets, name, url)
    return _targets(visit)


def _send(visit: Visit) -> Answer:
    asked = Asked(visit.body)
    platform = asked.choice("platform", [one.value for one in Platform])
    topic, shop = asked.digits_or_text("topic"), asked.text("shop")
    url, data = asked.text("url"), asked.mapping("data")
    asked.finish()
    if platform is None or topic is None:
        raise asked.wrong("platform" if platform is None else "topic", "is required")
    outbox = visit.world.outbox
    if platform == Platform.SHOPIFY:
        outbox.shopify(topic, shop or visit.world.config.shopify_shop, data, url=url)
    else:
        if not topic.isdigit():
            raise asked.wrong("topic", "must be a TikTok webhook type, a whole number")
        if shop is None:
            raise asked.wrong("shop", "is required for a TikTok webhook: the shop's id")
        outbox.tiktok(int(topic), shop, data, url=url)
    return {"webhook": shown(outbox.kept[-1])}


def _resend(visit: Visit) -> Answer:
    number = visit.number("id")
    if not visit.world.outbox.resend(number):
        raise NotHere(f"There is no webhook {number} in memory.", "id")
    return {"resent": number}


def _pause(visit: Visit) -> Answer:
    asked = Asked(visit.body)
    paused = asked.flag("paused") if "paused" in visit.body else True
    asked.finish()
    visit.world.outbox.pause(paused=paused)
    return _summary(visit)


def _flush(visit: Visit) -> Answer:
    return {"due": visit.world.outbox.flush()}


async def _settle(visit: Visit) -> Answer:
    asked = Asked(visit.body)
    wait = asked.number("timeout_s", least=0, most=LONGEST_WAIT)
    asked.finish()
    settled = await visit.world.pulse.settled(5.0 if wait is None else wait)
    return {"settled": settled, **_summary(visit)}


def _rules(visit: Visit) -> Answer:
    return {"rules": visit.world.outbox.rules.dump()}


def _add_rule(visit: Visit) -> Answer:
    return rule_shown(visit.world.outbox.rules.add(read_rule(visit.body, visit.world.clock.now())))


def _clear_rules(visit: Visit) -> Answer:
    for rule in list(visit.world.outbox.rules.rules):
        visit.world.outbox.release_rule(rule.id)
    return {"rules": []}


def _remove_rule(visit: Visit) -> Answer:
    number = visit.number("id")
    if not visit.world.outbox.release_rule(number):
        raise NotHere(f"There is no webhook rule {number}.", "id")
    return _rules(visit)


FILTERS = {
    "platform": "tiktok or shopify",
    "topic": "TikTok type or Shopify topic",
    "state": ", ".join(State),
    "shop": "TikTok shop id or Shopify domain",
    "since": "only webhooks after this id",
    "limit": "at most so many, the newest",
}
RULE = {
    "trick": "required: drop, delay, double, reorder, corrupt_signature or corrupt_body",
    "platform": "tiktok or shopify",
    "topics": 'list of TikTok types ("18") or Shopify topics; empty: all',
    "shop": "TikTok shop id or Shopify domain",
    "seconds": "how long (delay)",
    "window": "how many are held and shuffled (reorder)",
    **OCCASION,
}
MESSAGE = {
    "platform": "required: tiktok or shopify",
    "topic": "required: TikTok type or Shopify topic",
    "shop": "TikTok shop id (required) or Shopify domain",
    "data": "TikTok's `data` or Shopify's whole payload",
    "url": "another address than the target",
}
CONTROLS = (
    Control("GET", "webhooks", "Webhooks with their attempts and answers", _webhooks, query=FILTERS),
    Control("GET", "webhooks/summary", "How many ended how, and what is due", _summary),
    Control("GET", "webhooks/targets", "Where webhooks go", _targets),
    Control("PUT", "webhooks/targets", "Say where they go", _set_targets, dict.fromkeys(Platform, "address, or null")),
    Control("POST", "webhooks/send", "Send one by hand, signed", _send, MESSAGE),
    Control("POST", "webhooks/pause", "Stop sending, or go on", _pause, {"paused": "false: go on"}),
    Control("POST", "webhooks/flush", "Make everything due now: windows, delays, retries", _flush),
    Control(
        "POST", "webhooks/settle", "Wait until all that is due is answered", _settle, {"timeout_s": "real seconds"}
    ),
    Control("GET", "webhooks/rules", "The webhook rules in force", _rules),
    Control("POST", "webhooks/rules", "Put a webhook rule in force", _add_rule, RULE),
    Control("DELETE", "webhooks/rules", "No rules any more; what was held is sent", _clear_rules),
    Control("DELETE", "webhooks/rules/{id}", "Take one rule out of force", _remove_rule),
    Control("POST", "webhooks/{id}/resend", "Send one once more, with the same ids", _resend),
)
