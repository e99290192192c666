"""Product pictures, drawn when asked for: the same bytes for the same picture, and others for every other one."""

import hashlib
import io
from functools import lru_cache

from PIL import Image, ImageDraw

MIME = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp", "gif": "image/gif"}
FORMATS = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP", "gif": "GIF"}
COLOURED = 1_100_000  # pixels; larger photographs are grey, which takes half the time
TILE = 24  # drawn small and enlarged without smoothing, so that even a huge picture costs little


@lru_cache(maxsize=2048)
def draw(name: str, kind: str, width: int, height: int) -> bytes:
    """A picture of exactly this size, its pattern and colours made from `name`."""
    digest = hashlib.sha256(name.encode()).digest()
    tile = Image.new("P", (TILE, TILE), 0)
    tile.putpalette(list(digest[:24]) * 2)
    pen = ImageDraw.Draw(tile)
    for number in range(6):
        left, top, right, bottom = (byte % TILE for byte in digest[4 * number : 4 * number + 4])
        pen.rectangle((min(left, right), min(top, bottom), max(left, right), max(top, bottom)), fill=number % 8 + 1)
    picture = tile.resize((width, height), Image.Resampling.NEAREST)
    buffer = io.BytesIO()
    options: dict[str, int] = {}
    if kind in {"jpg", "webp"}:
        picture = picture.convert("L" if width * height > COLOURED else "RGB")
        options = {"quality": 40, "subsampling": 2} if kind == "jpg" else {"quality": 40, "method": 0}
    elif kind == "png":
        options = {"compress_level": 1}
    picture.save(buffer, FORMATS[kind], **options)
    return buffer.getvalue()
