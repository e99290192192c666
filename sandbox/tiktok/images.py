"""Upload Product Image (fact sheet 3.4): the real bytes are measured."""

import io
import warnings

from PIL import Image as Pillow
from PIL import UnidentifiedImageError

from sandbox.tiktok.call import Call
from sandbox.tiktok.envelope import Refusal
from sandbox.tiktok.operation import BASIC, Body, Operation
from sandbox.tiktok.uploads import Image

USE_CASES = frozenset(
    {
        "MAIN_IMAGE",
        "ATTRIBUTE_IMAGE",
        "DESCRIPTION_IMAGE",
        "CERTIFICATION_IMAGE",
        "SIZE_CHART_IMAGE",
        "CUSTOMIZATION_IMAGE",
    }
)
SQUARED = frozenset({"MAIN_IMAGE", "ATTRIBUTE_IMAGE"})
FORMATS = frozenset({"JPEG", "PNG", "WEBP", "BMP"})
MAX_BYTES = 10 * 1024 * 1024
MIN_SIDE, MAX_SIDE = 100, 20_000
MAIN_MIN, MAIN_MAX = 300, 4000
CHART_MIN = 1024
HEIC_BRANDS = (b"heic", b"heix", b"mif1", b"hevc")
CDN = "https://p16-oec-sandbox.example"


def upload_image(call: Call) -> object:
    """Check, measure, convert the ratio, remember."""
    raw = call.form.get("data")
    use_case = str(call.form.get("use_case") or "MAIN_IMAGE")
    if not isinstance(raw, bytes):
        raise Refusal(11050001, "Invalid parameter: data must be a file")
    if use_case not in USE_CASES:
        raise Refusal(11050001, "Invalid parameter: use_case is unknown")
    if not raw:
        raise Refusal(12038002, "The image file is empty")
    if len(raw) > MAX_BYTES:
        raise Refusal(12038005, "The image file exceeds 10 MB")
    width, height = measure(raw)
    check_size(width, height, use_case)
    image = remember(call, use_case, *converted(width, height, use_case))
    return {
        "uri": image.uri,
        "url": image.url,
        "height": image.height,
        "width": image.width,
        "use_case": image.use_case,
    }


def measure(raw: bytes) -> tuple[int, int]:
    """Width and height by the file's own header; not an image or another format is refused."""
    if raw[4:8] == b"ftyp" and raw[8:12] in HEIC_BRANDS:
        return _heic_size(raw)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Pillow.DecompressionBombWarning)  # only the header is read
            picture = Pillow.open(io.BytesIO(raw))
        with picture:
            if picture.format not in FORMATS:
                raise Refusal(12038004, f"The image format {picture.format} is not supported")
            return picture.size
    except UnidentifiedImageError:
        raise Refusal(12038004, "The file is not an image of a supported format") from None
    except Pillow.DecompressionBombError:
        raise Refusal(12038014, "The image has too many pixels") from None
    except (OSError, SyntaxError, ValueError):
        raise Refusal(12038015, "The image content cannot be read") from None


def _heic_size(raw: bytes) -> tuple[int, int]:
    """The largest `ispe` box of the file holds width and height."""
    sizes, start = [], raw.find(b"ispe")
    while start >= 0 and start + 16 <= len(raw):
        sizes.append((int.from_bytes(raw[start + 8 : start + 12]), int.from_bytes(raw[start + 12 : start + 16])))
        start = raw.find(b"ispe", start + 4)
    if not sizes:
        raise Refusal(12038015, "The image content cannot be read")
    return max(sizes)


def check_size(width: int, height: int, use_case: str) -> None:
    """Pixels in general and by use case."""
    low, high = min(width, height), max(width, height)
    if low < MIN_SIDE or high > MAX_SIDE:
        raise Refusal(12038014, f"The image must be {MIN_SIDE} to {MAX_SIDE} px on each side")
    if use_case == "MAIN_IMAGE" and (low < MAIN_MIN or high > MAIN_MAX):
        raise Refusal(12019116, f"A main image must be {MAIN_MIN} to {MAIN_MAX} px on each side")
    if use_case == "SIZE_CHART_IMAGE" and low < CHART_MIN:
        raise Refusal(12019116, f"The shorter side of a size chart must be at least {CHART_MIN} px")


def converted(width: int, height: int, use_case: str) -> tuple[int, int]:
    """Main and variant images outside 3:4 to 4:3 become square."""
    if use_case in SQUARED and (width * 4 < height * 3 or width * 3 > height * 4):
        return max(width, height), max(width, height)
    return width, height


def remember(call: Call, use_case: str, width: int, height: int) -> Image:
    """Keep the measured picture under a new uri."""
    uri = "tos-sandbox-i-aphluv4xwc/" + call.state.ids.token("image", 32)
    image = Image(uri, f"{CDN}/{uri}~tplv-origin.jpeg", width, height, use_case, call.seller.open_id)
    call.state.add_image(image)
    return image


OPERATIONS = (
    Operation(
        "Upload Product Image",
        "POST",
        "/product/202309/images/upload",
        BASIC,
        upload_image,
        imitates="multipart, real format and size by the file's header, limits by use case, conversion to 1:1",
        leaves_out="the pictures themselves: urls lead nowhere",
        cipher=False,
        body=Body.FORM,
    ),
)
