"""Stored files that a layer names must be the shop's, and pictures or documents as is wanted there (I6, L15)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from server.domain.files import ref_of
from server.domain.json_reading import Faults
from server.domain.overrides import Override, override_from_json
from server.domain.template_content import TemplateContent
from server.domain.template_json import content_from_json
from server.services import files
from server.services.templates.drafts import TemplateInvalid
from server.store.session import Session
from server.tables import StoredFile

_Named = tuple[tuple[str, ...], UUID, bool]
"""Where in the content, which file, whether a document belongs there."""


async def check_files(session: Session, *, shop_id: UUID, content: TemplateContent, before: Mapping[str, Any]) -> None:
    """``TemplateInvalid`` tells every file at fault. What ``before`` named may stay: it is told when it is needed."""
    old = _named(content_from_json(before)[0]) if before else ()
    (faults,) = await _told(session, shop_id, [_added(_named(content), old)])
    if faults:
        raise TemplateInvalid(faults)


async def override_faults(
    session: Session, *, shop_id: UUID, changes: Sequence[tuple[Override, Mapping[str, Any]]]
) -> list[Faults]:
    """The files at fault of each override that shall be, beside what was kept before; one statement for all."""
    added = [_added(_of(now), _of(override_from_json(before)[0]) if before else ()) for now, before in changes]
    return await _told(session, shop_id, added)


def _added(now: Iterable[_Named], before: Iterable[_Named]) -> list[_Named]:
    old = {file_id for _, file_id, _ in before}
    return [one for one in now if one[1] not in old]


async def _told(session: Session, shop_id: UUID, rows: Sequence[Sequence[_Named]]) -> list[Faults]:
    ids = {file_id for row in rows for _, file_id, _ in row}
    known = await files.by_ids(session, shop_id=shop_id, ids=sorted(ids)) if ids else {}
    return [[(one[0], text) for one in row if (text := _fault(known, one))] for row in rows]


def _fault(known: Mapping[UUID, StoredFile], named: _Named) -> str | None:
    _, file_id, is_document = named
    row = known.get(file_id)
    if row is None:
        return "There is no such file in this shop: upload it first, with stagedUploadCreate."
    if row.purpose.is_document is not is_document:
        return f"“{row.name}” is {'no document' if is_document else 'no picture'}; name one."
    return None


def _of(override: Override) -> Iterator[_Named]:
    for at, address in enumerate(override.pictures):
        if stored := ref_of(address):
            yield ("pictures", str(at)), stored.file_id, False
    yield from _named(override.content)


def _named(content: TemplateContent) -> Iterator[_Named]:
    if content.size_chart is not None and content.size_chart.file_id is not None:
        yield ("size_chart", "file_id"), content.size_chart.file_id, False
    for at, one in enumerate(content.certifications):
        place = ("certifications", str(at))
        for number, file_id in enumerate(one.image_file_ids):
            yield (*place, "image_file_ids", str(number)), file_id, False
        for number, file in enumerate(one.files):
            if file.file_id is not None:
                yield (*place, "files", str(number), "file_id"), file.file_id, True
