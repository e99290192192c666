"""Certifications: those the leaf demands, and the evidence given."""

from collections.abc import Iterator

from sandbox.catalogue.rules import Certification as Demand
from sandbox.tiktok.checks.attributes import Chosen, chosen_values, product_properties
from sandbox.tiktok.checks.ground import Fault, Ground
from sandbox.tiktok.checks.pictures import known_image
from sandbox.tiktok.content import Certification, Content

MAX_CERTIFICATIONS = 10


def check_certifications(content: Content, ground: Ground) -> Iterator[Fault]:
    """Required ones are there; given ones are known, once each, with evidence that was uploaded."""
    demands = {one.id: one for one in ground.leaf.rules.certifications}
    given = {one.id for one in content.certifications}
    chosen = chosen_values(content, product_properties(ground.leaf.attributes))
    for demand in demands.values():
        if demand.id not in given and is_demanded(demand, chosen):
            yield Fault(12052105, f"The certification {demand.name} ({demand.id}) is required")
    if len(content.certifications) > MAX_CERTIFICATIONS:
        yield Fault(12052657, f"{len(content.certifications)} certifications; {MAX_CERTIFICATIONS} are allowed")
    if len(given) < len(content.certifications):
        yield Fault(12052656, "A certification is given twice")
    for one in content.certifications:
        if one.id not in demands:
            yield Fault(12052655, f"The certification id is unknown in this category: {one.id}")
        else:
            yield from _evidence_faults(one, demands[one.id], ground)


def is_demanded(demand: Demand, chosen: Chosen) -> bool:
    """Always, or by one met condition."""
    return demand.is_required or any(
        condition.value_id in chosen.get(condition.attribute_id, frozenset()) for condition in demand.conditions
    )


def _evidence_faults(given: Certification, demand: Demand, ground: Ground) -> Iterator[Fault]:
    if any(known_image(uri, ground) is None for uri in given.images):
        yield Fault(12052650, f"An image uri of the certification {demand.name} is unknown")
    files = ground.state.files
    if any(file.id not in files or files[file.id].is_video for file in given.files):
        yield Fault(12052658, f"A file of the certification {demand.name} is unknown or no PDF")
    if not given.images and not given.files:
        yield Fault(12052105, f"The certification {demand.name} needs an image or a file")
    if (demand.expires and given.expiration_date is None) or (given.expiration_date or ground.now) < ground.now:
        yield Fault(12052385, f"The certification {demand.name} needs an expiration date in the future")
