"""Certifications that a leaf asks for: proof, expiry and number; and what it asks of the shop (fact sheet 3.8)."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from server.domain.findings import Findings
from server.domain.leaves import Leaf, LeafCertification, LeafRules
from server.domain.problems import Severity
from server.domain.template_content import Certification, CertificationFile, TemplateContent
from server.domain.template_json import content_from_json
from server.domain.validators.compliance import compliance
from tests.domain.drafting import content
from tests.domain.factories import LEAF, a_frame, terms

DAY = date(2026, 11, 21)
FILE = UUID(int=7)
LICENCE = LeafRules(certifications=(LeafCertification("602", "Licence"),))


def seconds(moment: str) -> int:
    return int(datetime.fromisoformat(moment).replace(tzinfo=UTC).timestamp())


def told(one: Certification, day: date | None = DAY) -> list[tuple[str, tuple[str, ...], str]]:
    found = Findings()
    sent, _ = compliance(TemplateContent(certifications=(one,)), [], LICENCE, found, day)
    assert sent == (one,)
    return [(problem.code, problem.path, problem.message) for problem in found.problems]


@pytest.mark.parametrize(
    "proof",
    [
        Certification("602", ("tos/1",)),
        Certification("602", image_file_ids=(FILE,)),
        Certification("602", files=(CertificationFile(None, "a.pdf", FILE),)),
    ],
)
def test_any_proof_will_do(proof: Certification) -> None:
    assert told(proof) == []


def test_a_certification_needs_a_proof() -> None:
    assert told(Certification("602")) == [
        (
            "CERTIFICATION_PROOF_MISSING",
            ("certifications", "602"),
            "“Licence” has neither a picture nor a document. Upload one to the template.",
        )
    ]
    made = a_frame(content(certifications=(Certification("602"),)), Leaf(LEAF, rules=LICENCE))
    assert (made.blocked, [one.code for one in made.problems]) == (True, ["CERTIFICATION_PROOF_MISSING"])


@pytest.mark.parametrize(
    ("ends", "is_over"),
    [
        (seconds("1970-01-01"), True),
        (seconds("2026-11-20T23:00"), True),
        (seconds("2026-11-21"), True),
        (seconds("2026-11-21T23:59:59"), True),
        (seconds("2026-11-22"), False),
        (10**12, False),
    ],
)
def test_a_certification_outlasts_the_day(ends: int, is_over: bool) -> None:
    paper = Certification("602", ("tos/1",), expires_at=ends)
    assert [code for code, _, _ in told(paper)] == (["CERTIFICATION_EXPIRED"] if is_over else [])
    assert told(paper, None) == []


def test_the_day_comes_with_the_shops_terms() -> None:
    papers = content(certifications=(Certification("602", ("tos/1",), expires_at=seconds("2026-11-20")),))
    leaf = Leaf(LEAF, rules=LICENCE)
    assert a_frame(papers, leaf).problems == ()
    made = a_frame(papers, leaf, terms=replace(terms(), day=DAY))
    assert [(one.code, one.message) for one in made.problems] == [
        (
            "CERTIFICATION_EXPIRED",
            "“Licence” expires on 2026-11-20. Upload a newer one to the template, with its expiry date.",
        )
    ]


def test_ten_certifications_at_most() -> None:
    rules = LeafRules(certifications=tuple(LeafCertification(str(at), str(at)) for at in range(12)))
    for amount, codes in ((10, []), (11, ["CERTIFICATIONS_TOO_MANY"])):
        found = Findings()
        papers = tuple(Certification(str(at), ("tos/1",)) for at in range(amount))
        compliance(TemplateContent(certifications=papers), [], rules, found)
        assert [one.code for one in found.problems] == codes


def test_saving_wants_a_proof_too() -> None:
    _, faults = content_from_json({"certifications": [{"id": "602"}, {"id": "603", "image_uris": ["tos/1"]}]})
    assert faults == [(("certifications", "0", "files"), "Add a document or a picture that proves it.")]


def test_a_registration_that_the_shop_needs_is_told() -> None:
    found = Findings()
    compliance(TemplateContent(), [], LeafRules(epr_required=True), found)
    assert [(one.code, one.severity) for one in found.problems] == [("EPR_REQUIRED", Severity.WARNING)]
