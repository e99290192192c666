"""Upload Product File (fact sheet 3.5): PDFs and videos."""

import re

from sandbox.tiktok.call import Call
from sandbox.tiktok.envelope import Refusal
from sandbox.tiktok.operation import BASIC, Body, Operation
from sandbox.tiktok.uploads import File

NAME = re.compile(r"[A-Za-z0-9][^\s.]*\.([A-Za-z0-9]+)")
VIDEOS = frozenset({"MP4", "MOV", "MKV", "WMV", "WEBM", "AVI", "3GP", "FLV", "MPEG"})
MEGABYTE = 1024 * 1024
MAX_PDF, MAX_VIDEO = 20 * MEGABYTE, 100 * MEGABYTE


def upload_file(call: Call) -> object:
    """The name decides the format; a PDF must begin as one."""
    raw, name = call.form.get("data"), call.form.get("name")
    if not isinstance(raw, bytes) or not raw:
        raise Refusal(12019103, "The file is empty")
    if not isinstance(name, str) or not name:
        raise Refusal(12019104, "The file name is empty")
    kind = _format(name)
    if kind == "PDF" and not raw.startswith(b"%PDF-"):
        raise Refusal(12038004, "The file is not a PDF")
    if len(raw) > (MAX_PDF if kind == "PDF" else MAX_VIDEO):
        raise Refusal(12038005, "The file exceeds 20 MB (PDF) or 100 MB (video)")
    file_id = "v09ea0g40000" + call.state.ids.token("file", 20)
    file = File(file_id, f"https://p16-oec-sandbox.example/files/{file_id}", name, kind, call.seller.open_id)
    call.state.files[file.id] = file
    return {"id": file.id, "url": file.url, "name": file.name, "format": file.format}


def _format(name: str) -> str:
    found = NAME.fullmatch(name)
    kind = found[1].upper() if found else ""
    if kind != "PDF" and kind not in VIDEOS:
        raise Refusal(12019105, "The file name must be like `proof.pdf`: one dot, no spaces, PDF or a video format")
    return kind


OPERATIONS = (
    Operation(
        "Upload Product File",
        "POST",
        "/product/202309/files/upload",
        BASIC,
        upload_file,
        imitates="name rule, formats, size limits",
        leaves_out="the aspect of videos (12019122) and the files themselves: urls lead nowhere",
        cipher=False,
        body=Body.FORM,
    ),
)
