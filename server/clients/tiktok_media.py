"""``client.media``: the only way to an image ``uri`` or a file id (TikTok fact sheet 3.4, 3.5)."""

import re
from enum import StrEnum

from server.clients.retry import Effect
from server.clients.tiktok_access import Access
from server.clients.tiktok_calls import Ask, Operation, TikTokCalls, Upload
from server.clients.tiktok_wire import Text, Wire

IMAGE = Operation("Upload Product Image", "POST", "/product/202309/images/upload", Effect.REPEATABLE, cipher=False)
FILE = Operation("Upload Product File", "POST", "/product/202309/files/upload", Effect.REPEATABLE, cipher=False)
_FILE_NAME = re.compile(r"[A-Za-z0-9][^.\s]*\.[A-Za-z0-9]+")


class UseCase(StrEnum):
    """What an image is for; each has its own size rules."""

    MAIN_IMAGE = "MAIN_IMAGE"
    ATTRIBUTE_IMAGE = "ATTRIBUTE_IMAGE"
    DESCRIPTION_IMAGE = "DESCRIPTION_IMAGE"
    CERTIFICATION_IMAGE = "CERTIFICATION_IMAGE"
    SIZE_CHART_IMAGE = "SIZE_CHART_IMAGE"


class UploadedImage(Wire):
    """``uri`` goes into product calls, ``url`` into description HTML; sizes are those after conversion."""

    uri: str
    url: Text = ""
    width: int = 0
    height: int = 0
    use_case: Text = ""


class UploadedFile(Wire):
    """``id`` goes into certifications and videos."""

    id: str
    url: Text = ""
    name: Text = ""
    format: Text = ""


class TikTokMedia:
    """Uploads may be repeated freely: a second copy only makes another uri."""

    def __init__(self, calls: TikTokCalls) -> None:
        self._calls = calls

    async def upload_image(
        self, access: Access, data: bytes, use_case: UseCase = UseCase.MAIN_IMAGE, filename: str = "image.jpg"
    ) -> UploadedImage:
        """One picture of at most 10 MB."""
        upload = Upload({"data": (filename, data)}, {"use_case": use_case.value})
        answer = await self._calls.send(access, Ask(IMAGE, upload=upload))
        return answer.read(UploadedImage)

    async def upload_file(self, access: Access, data: bytes, filename: str) -> UploadedFile:
        """A PDF or video. The name has one dot, no blank and starts with a letter or digit."""
        if not _FILE_NAME.fullmatch(filename):
            raise ValueError("a file name has one dot, no blank, and starts with a letter or digit")
        upload = Upload({"data": (filename, data)}, {"name": filename})
        answer = await self._calls.send(access, Ask(FILE, upload=upload))
        return answer.read(UploadedFile)
