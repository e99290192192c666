"""Papers a leaf asks for: certifications, size chart, maker, responsible person, fees (TikTok fact sheet 3.8)."""

from collections.abc import Sequence

from server.domain.findings import Findings
from server.domain.leaves import LeafCertification, LeafRules
from server.domain.problems import Remedy
from server.domain.requirements import Chosen, met
from server.domain.template_content import AttributeChoice, Certification, SizeChart, TemplateContent


def compliance(
    content: TemplateContent, sent: Sequence[AttributeChoice], rules: LeafRules, found: Findings
) -> tuple[tuple[Certification, ...], SizeChart | None]:
    """What to send of certifications and size chart; a chart the leaf does not support is left out."""
    chosen = {one.id: frozenset(value.id for value in one.values if value.id) for one in sent}
    certifications = _certifications(content, rules, chosen, found)
    if rules.size_chart_required and content.size_chart is None:
        _needs(found, "SIZE_CHART_REQUIRED", "size_chart", "a size chart")
    if rules.manufacturer_required and not content.manufacturer_ids:
        _needs(found, "MANUFACTURER_REQUIRED", "manufacturers", "a manufacturer")
    if rules.responsible_person_required and not content.responsible_person_ids:
        _needs(found, "RESPONSIBLE_PERSON_REQUIRED", "responsible_persons", "a responsible person")
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
    content: TemplateContent, rules: LeafRules, chosen: Chosen, found: Findings
) -> tuple[Certification, ...]:
    given = {one.id: one for one in content.certifications}
    sent = []
    for wanted in rules.certifications:
        one = given.get(wanted.id)
        if one is not None:
            _expiry(one, wanted, found)
            sent.append(one)
        elif wanted.is_required or met(wanted.conditions, chosen):
            found.error(
                "CERTIFICATION_REQUIRED",
                ("certifications", wanted.id),
                f"The category demands “{wanted.name}”. Upload it to the template.",
                Remedy.FIX_TEMPLATE,
            )
    return tuple(sent)


def _expiry(one: Certification, wanted: LeafCertification, found: Findings) -> None:
    if wanted.needs_expiry and one.expires_at is None:
        found.error(
            "CERTIFICATION_EXPIRY_REQUIRED",
            ("certifications", wanted.id),
            f"“{wanted.name}” needs its expiry date. Enter it in the template.",
            Remedy.FIX_TEMPLATE,
        )
