"""Stored files that a template names must be the shop's, and pictures or documents as is wanted there (I6, L15)."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from server.domain.template_content import TemplateContent
from server.domain.template_json import content_from_json
from server.services import files
from server.services.templates.drafts import TemplateInvalid
from server.store.session import Session

_Named = tuple[tuple[str, ...], UUID, bool]
"""Where in the content, which file, whether a document belongs there."""


async def check_files(session: Session, *, shop_id: UUID, content: TemplateContent, before: Mapping[str, Any]) -> None:
    """``TemplateInvalid`` tells every file at fault. What ``before`` named may stay: it is told when it is needed."""
    old = {file_id for _, file_id, _ in _named(content_from_json(before)[0])} if before else set()
    wanted = [one for one in _named(content) if one[1] not in old]
    if not wanted:
        return
    known = await files.by_ids(session, shop_id=shop_id, ids=[file_id for _, file_id, _ in wanted])
    faults = []
    for path, file_id, is_document in wanted:
        row = known.get(file_id)
        if row is None:
            faults.append((path, "There is no such file in this shop: upload it first, with stagedUploadCreate."))
        elif row.purpose.is_document is not is_document:
            faults.append((path, f"“{row.name}” is {'no document' if is_document else 'no picture'}; name one."))
    if faults:
        raise TemplateInvalid(faults)


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
