"""Stored files that prove something: certificates and size charts, uploaded when a product needs them (I6, L15)."""

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

from server.domain.drafts import Picture, PictureNeed, PictureUse, ProductDraft, Shelf
from server.domain.files import StoredFileRef
from server.domain.findings import Findings
from server.domain.template_content import Certification, CertificationFile, SizeChart


def needs_of(draft: ProductDraft) -> Iterator[PictureNeed]:
    """Every stored file that the draft mentions, by its use."""
    for one in draft.certifications:
        yield from (_need(file_id, PictureUse.CERTIFICATION_IMAGE) for file_id in one.image_file_ids)
        yield from (_need(file.file_id, PictureUse.CERTIFICATION_FILE) for file in one.files if file.file_id)
    if (chart := draft.size_chart) is not None and _is_ours(chart) and chart.file_id is not None:
        yield _need(chart.file_id, PictureUse.SIZE_CHART_IMAGE)


def with_papers(draft: ProductDraft, shelf: Shelf, found: Findings) -> ProductDraft:
    """The draft with TikTok's ids in place of ours. A file that cannot be used is an error: a paper is not left out."""
    if not draft.certifications and draft.size_chart is None:
        return draft
    certifications = tuple(_certification(one, shelf, found) for one in draft.certifications)
    chart = draft.size_chart
    if chart is not None and _is_ours(chart) and chart.file_id is not None:
        uri = _uploaded(_need(chart.file_id, PictureUse.SIZE_CHART_IMAGE), ("size_chart",), shelf, found)
        chart = replace(chart, image_uri=uri, file_id=None)
    return replace(draft, certifications=certifications, size_chart=chart)


def _certification(one: Certification, shelf: Shelf, found: Findings) -> Certification:
    path = ("certifications", one.id)
    images = [
        _uploaded(_need(file_id, PictureUse.CERTIFICATION_IMAGE), path, shelf, found) for file_id in one.image_file_ids
    ]
    files = tuple(_file(file, path, shelf, found) for file in one.files)
    return replace(one, image_uris=(*one.image_uris, *filter(None, images)), image_file_ids=(), files=files)


def _file(file: CertificationFile, path: tuple[str, ...], shelf: Shelf, found: Findings) -> CertificationFile:
    if file.file_id is None:
        return file
    uploaded = _uploaded(_need(file.file_id, PictureUse.CERTIFICATION_FILE), path, shelf, found)
    return CertificationFile(uploaded, file.name)


def _uploaded(need: PictureNeed, path: tuple[str, ...], shelf: Shelf, found: Findings) -> str | None:
    result = shelf[need]
    if isinstance(result, Picture):
        return result.uri
    found.extend([replace(result, path=path)])
    return None


def _is_ours(chart: SizeChart) -> bool:
    """A chart of Seller Center, and a picture that is there already, go before our file."""
    return chart.template_id is None and chart.image_uri is None


def _need(file_id: UUID, use: PictureUse) -> PictureNeed:
    return PictureNeed(StoredFileRef(file_id).address, use)
