"""What only some markets or categories ask for: size chart, EU entities, deposit, pre-sale, COD."""

from collections.abc import Iterator

from sandbox.tiktok.checks.ground import Fault, Ground
from sandbox.tiktok.checks.pictures import known_image
from sandbox.tiktok.checks.prices import is_amount
from sandbox.tiktok.content import Content, Fee
from sandbox.tiktok.markets import COD

MIN_CHART_SIDE = 1024
PACKAGING = frozenset({"SINGLE_USE", "REUSABLE", "NOT_APPLICABLE"})
FEE_MAX = 6300
DAY = 86_400
PRE_ORDER, MADE_TO_ORDER, CUSTOM = "PRE_ORDER", "MADE_TO_ORDER", "CUSTOM"
US_DAYS = {MADE_TO_ORDER: (3, 14), CUSTOM: (3, 30)}
US_RELEASE_DAYS = (3, 60)
OTHER_DAYS = {PRE_ORDER: (3, 30)}


def check_size_chart(content: Content, ground: Ground) -> Iterator[Fault]:
    """Required by some leaves; where unsupported it is dropped silently."""
    rules, chart = ground.leaf.rules, content.size_chart
    if chart is None or not (chart.image_uri or chart.template_id):
        if rules.size_chart_required:
            yield Fault(12052673, "A size chart is required in this category")
        return
    if not rules.size_chart_supported:
        return
    if chart.template_id:
        if chart.template_id not in ground.state.size_charts:
            yield Fault(12052128, f"The size chart template is unknown: {chart.template_id}")
        return
    image = known_image(chart.image_uri, ground)
    if image is None:
        yield Fault(12052670, f"The uri of the size chart image is unknown: {chart.image_uri}")
    elif min(image.width, image.height) < MIN_CHART_SIDE:
        yield Fault(12052671, f"The shorter side of the size chart image is under {MIN_CHART_SIDE} px")


def check_eu_entities(content: Content, ground: Ground) -> Iterator[Fault]:
    """Manufacturers and responsible persons, where the leaf demands them; named ones must exist."""
    state = ground.state
    if ground.leaf.rules.manufacturer and not content.manufacturer_ids:
        yield Fault(12052282, "A manufacturer is required in this category")
    if any(one not in state.manufacturers for one in content.manufacturer_ids):
        yield Fault(12052283, "A manufacturer id is unknown")
    if ground.leaf.rules.responsible_person and not content.responsible_person_ids:
        yield Fault(12052287, "A responsible person is required in this category")
    if any(one not in state.responsible_persons for one in content.responsible_person_ids):
        yield Fault(12052288, "A responsible person id is unknown")


def check_cod(content: Content, ground: Ground) -> Iterator[Fault]:
    """Cash on delivery only where market and leaf support it."""
    if content.is_cod_allowed and not (ground.market.region in COD and ground.leaf.rules.cod_supported):
        yield Fault(12052222, "Cash on delivery is not supported in this category")


def check_fees(content: Content, ground: Ground) -> Iterator[Fault]:
    """The German deposit."""
    allowed = ground.leaf.rules.fees
    for sku in content.skus:
        if any(fee.type not in allowed for fee in sku.fees):
            yield Fault(12052497, "Fees are not allowed in this country or category")
        elif allowed and not sku.fees:
            yield Fault(12052495, "The packaging type of the deposit fee is required in this category")
        else:
            yield from _deposit_faults(sku.fees)


def _deposit_faults(fees: tuple[Fee, ...]) -> Iterator[Fault]:
    for fee in fees:
        if fee.additional_attribute not in PACKAGING:
            yield Fault(12052495, f"The packaging type is invalid: {fee.additional_attribute or '(empty)'}")
        elif fee.additional_attribute == "NOT_APPLICABLE" and fee.amount:
            yield Fault(12052498, "No amount is wanted where the deposit does not apply")
        elif fee.amount and not (is_amount(fee.amount, 2) and float(fee.amount) <= FEE_MAX):
            yield Fault(12052498, f"The deposit must be between 0.00 and {FEE_MAX}.00")


def check_pre_sale(content: Content, ground: Ground) -> Iterator[Fault]:
    """Allowed types, one type for all SKUs, days in range."""
    types = {sku.pre_sale.type if sku.pre_sale else "NONE" for sku in content.skus}
    if types == {"NONE"}:
        return
    if len(types) > 1:
        yield Fault(12052269, "All SKUs must share one pre-sale type")
        return
    kind = types.pop()
    if kind not in ground.leaf.rules.special_types:
        yield Fault(12019095, f"The pre-sale type {kind} is not allowed for this seller and category")
        return
    for sku in content.skus:
        if sku.pre_sale:
            yield from _days_faults(kind, sku.pre_sale.handling_duration_days, sku.pre_sale.release_date, ground)


def _days_faults(kind: str, days: int | None, release: int | None, ground: Ground) -> Iterator[Fault]:
    if ground.market.region == "US" and kind == PRE_ORDER:
        ahead = ((release or 0) - ground.now) / DAY
        if not US_RELEASE_DAYS[0] <= ahead <= US_RELEASE_DAYS[1]:
            yield Fault(12052273, "The release date must be 3 to 60 days ahead")
        return
    ranges = US_DAYS if ground.market.region == "US" else OTHER_DAYS
    if kind not in ranges:
        yield Fault(12019095, f"The pre-sale type {kind} is not allowed in this market")
    elif days is None or not ranges[kind][0] <= days <= ranges[kind][1]:
        yield Fault(12052274, f"The handling time must be {ranges[kind][0]} to {ranges[kind][1]} days")
