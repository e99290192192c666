"""Making a picture fit the platform: kind, size in pixels, size in bytes (TikTok fact sheet 3.4)."""

import io
import logging
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

from server.domain.drafts import PictureUse
from server.domain.market_rules import MAX_DESCRIPTION_SIDE
from server.domain.problems import Problem, Remedy

_LOG = logging.getLogger(__name__)

MOST_PIXELS: Final = 80_000_000
"""A picture that unpacks to more is not opened: a small file can be a bomb."""

Image.MAX_IMAGE_PIXELS = None
"""Pillow's own guard only warns up to twice its limit; ours is checked on the head, before anything is unpacked."""
MOST_BYTES: Final = 5_000_000
"""An older page names 5 MB, the reference 10 MB: stay under both."""

_KINDS = frozenset({"JPEG", "PNG", "WEBP", "BMP"})
_SMALLEST = dict.fromkeys(PictureUse, 100) | {PictureUse.MAIN_IMAGE: 300, PictureUse.SIZE_CHART_IMAGE: 1024}
_LARGEST = dict.fromkeys(PictureUse, 20000) | {
    PictureUse.MAIN_IMAGE: 4000,
    PictureUse.DESCRIPTION_IMAGE: MAX_DESCRIPTION_SIDE,
}
_ENLARGED: Final = 2
"""Enlarging to more than twice the size makes mud of a picture."""
_SHRINKING: Final = Image.Resampling.HAMMING
"""As sharp as bicubic for a smaller picture, at a third of the time of Lanczos."""
_QUALITIES = (90, 80, 65)
"""Of JPEG, tried in turn until the file is small enough: from looking the same down to where blocks begin to show."""
_ORIENTATION: Final = 0x0112
_ON_ITS_SIDE: Final = 5
"""Orientations from this one on swap width and height."""
BROKEN: Final = (
    *(UnidentifiedImageError, OSError, EOFError, ValueError, SyntaxError, TypeError, LookupError, ArithmeticError),
    *(struct.error, zlib.error),
)
"""What Pillow raises for files that are no pictures, or broken ones: it lets through whatever its parsers met."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What a picture's head tells. ``width`` and ``height`` are as people see it, turned upright."""

    data: bytes
    kind: str
    width: int
    height: int


class Unusable(Exception):
    """The picture cannot be sent; ``problem`` says why and what to do."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


@contextmanager
def _reading() -> Iterator[None]:
    """Whatever breaks inside is the picture's fault: one file must not end the work on all others."""
    try:
        yield
    except (Unusable, *BROKEN) as error:
        raise (error if isinstance(error, Unusable) else Unusable(_damaged())) from None
    except Exception:  # noqa: BLE001 - logged whole; whatever it was, it was this one picture
        _LOG.exception("a picture broke its reader in a way not seen before")
        raise Unusable(_damaged()) from None


def check(data: bytes) -> Checked:
    """Read the head only, which takes a fraction of a millisecond. HEIC goes as it is: we cannot open it."""
    if data[4:8] == b"ftyp":
        return Checked(data, "HEIC", 0, 0)
    with _reading(), Image.open(io.BytesIO(data)) as image:
        width, height = image.size
        kind = image.format or ""
        if width * height > MOST_PIXELS:
            raise Unusable(_too_large(width, height))
        turned = _is_on_its_side(image)
    return Checked(data, kind, height, width) if turned else Checked(data, kind, width, height)


def _is_on_its_side(image: Image.Image) -> bool:
    """Asking a PNG whose head has no such data would unpack it whole."""
    if image.format == "PNG" and "exif" not in image.info:
        return False
    return bool(image.getexif().get(_ORIENTATION, 1) >= _ON_ITS_SIDE)


def fits(picture: Checked, use: PictureUse) -> bool:
    """Whether it can go as it is."""
    if picture.kind == "HEIC":
        return len(picture.data) <= MOST_BYTES
    shorter, longer = sorted((picture.width, picture.height))
    return (
        picture.kind in _KINDS
        and len(picture.data) <= MOST_BYTES
        and shorter >= _SMALLEST[use]
        and longer <= _LARGEST[use]
    )


def converted(picture: Checked, use: PictureUse) -> bytes:
    """A JPEG that fits. Takes tens of milliseconds: call it in a thread. Raises ``Unusable``."""
    if picture.kind == "HEIC":
        raise Unusable(_problem("IMAGE_TOO_LARGE", "The HEIC picture was refused as it is. Save it as JPEG."))
    if min(picture.width, picture.height) * _ENLARGED < _SMALLEST[use]:
        message = (
            f"The picture has {picture.width} x {picture.height} pixels; TikTok Shop asks for {_SMALLEST[use]} on "
            "the shorter side. Replace it with a bigger one."
        )
        raise Unusable(_problem("IMAGE_TOO_SMALL", message))
    with _reading(), Image.open(io.BytesIO(picture.data)) as image:
        image.draft("RGB", _fitting(image.size, use)[1])  # a JPEG twice as large, or more, is not unpacked whole
        ImageOps.exif_transpose(image, in_place=True)
        return _written(_scaled(_flat(image), use))


def _flat(image: Image.Image) -> Image.Image:
    """On white where it is see-through; the first frame where it moves."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        see_through = image.convert("RGBA")
        ground = Image.new("RGBA", see_through.size, "white")
        return Image.alpha_composite(ground, see_through).convert("RGB")
    return image if image.mode == "RGB" else image.convert("RGB")


def _scaled(image: Image.Image, use: PictureUse) -> Image.Image:
    factor, size = _fitting(image.size, use)
    if size == image.size:
        return image
    return image.resize(size, _SHRINKING if factor < 1 else Image.Resampling.LANCZOS)


def _fitting(size: tuple[int, int], use: PictureUse) -> tuple[float, tuple[int, int]]:
    """By how much a picture is enlarged or shrunk, and the sides it has then."""
    factor = min(max(1.0, _SMALLEST[use] / min(size)), _LARGEST[use] / max(size))
    width, height = (max(1, round(side * factor)) for side in size)
    return factor, (width, height)


def _written(image: Image.Image) -> bytes:
    for quality in _QUALITIES:
        file = io.BytesIO()
        image.save(file, "JPEG", quality=quality)
        if file.tell() <= MOST_BYTES:
            return file.getvalue()
    half = (max(1, image.width // 2), max(1, image.height // 2))
    return _written(image.resize(half, _SHRINKING))


def _too_large(width: int, height: int) -> Problem:
    message = f"The picture has {width} x {height} pixels, more than can be sent. Replace it with a smaller one."
    return _problem("IMAGE_TOO_LARGE", message)


def _damaged() -> Problem:
    return _problem("IMAGE_DAMAGED", "The picture's file is damaged or of a kind that cannot be read. Replace it.")


def _problem(code: str, message: str) -> Problem:
    return Problem(code, ("images",), message, remedy=Remedy.FIX_PRODUCT)
