"""Papers a leaf asks for: certifications, size chart, maker, responsible person, fees (TikTok fact sheet 3.8)."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from server.domain.findings import Findings
from server.domain.leaves import LeafCertification, LeafRules
from server.domain.market_rules import MAX_CERTIFICATIONS
from server.domain.problems import Remedy
from server.domain.requirements import Chosen, met
from server.domain.template_content import AttributeChoice, Certification, SizeChart, TemplateContent


def compliance(
    content: TemplateContent,
    sent: Sequence[AttributeChoice],
    rules: LeafRules,
    found: Findings,
    day: date | None = None,
) -> tuple[tuple[Certification, ...], SizeChart | None]:
    """What to send of certifications and size chart; a chart the leaf does not support is left out.

    ``day`` is the one on which they are sent: a certification must outlast it.
    """
    chosen = {one.id: frozenset(value.id for value in one.values if value.id) for one in sent}
    certifications = _certifications(content, rules, chosen, found, day)
    if rules.size_chart_required and content.size_chart is None:
        _needs(found, "SIZE_CHART_REQUIRED", "size_chart", "a size chart")
    if rules.manufacturer_required and not content.manufacturer_ids:
        _needs(found, "MANUFACTURER_REQUIRED", "manufacturers", "a manufacturer")
    if rules.responsible_person_required and not content.responsible_person_ids:
        _needs(found, "RESPONSIBLE_PERSON_REQUIRED", "responsible_persons", "a responsible person")
    if rules.epr_required:
        found.warning(
            "EPR_REQUIRED",
            ("epr",),
            "The category demands a registration for extended producer responsibility, which goes by the shop and not "
            "by the product. See to it in Seller Center, else the review may refuse the product.",
            Remedy.FIX_SHOP,
        )
    if rules.fees_required:
        fees = ", ".join(rules.fees_required)
        found.error(
            "FEE_REQUIRED",
            ("fees",),
            f"The category demands the deposit fee {fees}, which cannot be sent yet. List it in Seller Center.",
            Remedy.CONTACT_SUPPORT,
        )
    return certifications, content.size_chart if rules.size_chart_supported or rules.size_chart_required else None


def _needs(found: Findings, code: str, field: str, what: str) -> None:
    found.error(code, (field,), f"The category demands {what}. Add it to the template.", Remedy.FIX_TEMPLATE)


def _certifications(
    content: TemplateContent, rules: LeafRules, chosen: Chosen, found: Findings, day: date | None
) -> tuple[Certification, ...]:
    given = {one.id: one for one in content.certifications}
    sent = []
    for wanted in rules.certifications:
        one = given.get(wanted.id)
        if one is not None:
            _proof(one, wanted, found)
            _expiry(one, wanted, found, day)
            sent.append(one)
        elif wanted.is_required or met(wanted.conditions, chosen):
            found.error(
                "CERTIFICATION_REQUIRED",
                ("certifications", wanted.id),
                f"The category demands “{wanted.name}”. Upload it to the template.",
                Remedy.FIX_TEMPLATE,
            )
    if len(sent) > MAX_CERTIFICATIONS:
        found.error(
            "CERTIFICATIONS_TOO_MANY",
            ("certifications",),
            f"The template has {len(sent)} certifications for this category; TikTok Shop takes {MAX_CERTIFICATIONS}. "
            "Remove those that are not required.",
            Remedy.FIX_TEMPLATE,
        )
    return tuple(sent)


def _proof(one: Certification, wanted: LeafCertification, found: Findings) -> None:
    """Named without a picture or a document it counts as missing (code 12052105)."""
    if not (one.image_uris or one.image_file_ids or one.files):
        found.error(
            "CERTIFICATION_PROOF_MISSING",
            ("certifications", wanted.id),
            f"“{wanted.name}” has neither a picture nor a document. Upload one to the template.",
            Remedy.FIX_TEMPLATE,
        )


def _expiry(one: Certification, wanted: LeafCertification, found: Findings, day: date | None) -> None:
    """Given where it is demanded, and not over when the product is sent (code 12052385)."""
    if one.expires_at is not None and day is not None and one.expires_at < _end_of(day):
        over = datetime.fromtimestamp(one.expires_at, UTC).date()
        found.error(
            "CERTIFICATION_EXPIRED",
            ("certifications", wanted.id),
            f"“{wanted.name}” expires on {over}. Upload a newer one to the template, with its expiry date.",
            Remedy.FIX_TEMPLATE,
        )
    if wanted.needs_expiry and one.expires_at is None:
        found.error(
            "CERTIFICATION_EXPIRY_REQUIRED",
            ("certifications", wanted.id),
            f"“{wanted.name}” needs its expiry date. Enter it in the template.",
            Remedy.FIX_TEMPLATE,
        )


def _end_of(day: date) -> int:
    """In Unix seconds. What ends within the day is over before the platform has looked at it."""
    return int(datetime.combine(day + timedelta(days=1), time(), UTC).timestamp())
