"""What becomes of a picture before it is kept: decoded within bounds, upright, small, without metadata."""

import threading
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps

from api.refusals import Refusal
from orders.checking import Fault, validation_failed

MAX_PIXELS = 25_000_000  # as many as a phone's camera makes by itself
MAX_SCANS = 100  # of a progressive JPEG; each costs a pass over all pixels
MAX_SIDE = 1_600
MAX_BYTES = 300_000
FORMATS = ("JPEG", "PNG", "WEBP")
_JPEG = b"\xff\xd8\xff"
_SCAN = b"\xff\xda"
# Side and quality, tried in this order until the picture is small enough; the last one always is.
_STEPS = ((MAX_SIDE, 82), (MAX_SIDE, 68), (MAX_SIDE, 52), (1_200, 50), (900, 45), (640, 40))
_one_at_a_time = threading.Lock()  # A decoded picture takes up to some 200 MB.


@dataclass(frozen=True)
class Picture:
    """A JPEG that holds pixels and nothing else; sides in pixels."""

    jpeg: bytes
    width: int
    height: int


def reencode(sent: bytes) -> Picture | Refusal:
    """The picture that was sent, turned upright, at most MAX_SIDE wide and high and MAX_BYTES large.

    Where it was taken, when and with what (EXIF, XMP, comments, colour profile) is not copied. Refuses with
    unsupported_media_type (it does not begin like a JPEG, PNG or WebP) or validation_failed (too many pixels,
    or it cannot be decoded).
    """
    if not _begins_like_a_picture(sent):
        return Refusal("unsupported_media_type", "The photo has to be a JPEG, a PNG or a WebP.")
    with _one_at_a_time:
        try:
            pixels = _pixels(sent)
            return pixels if isinstance(pixels, Refusal) else _encoded(pixels)
        except Image.DecompressionBombError:
            return _too_many_pixels()
        except Exception:  # Decoders raise whatever they like; of a picture that they open none is ours.
            return _refused("not_a_picture", "This cannot be read as a picture.")


def _begins_like_a_picture(sent: bytes) -> bool:
    return sent.startswith((_JPEG, b"\x89PNG\r\n\x1a\n")) or (
        sent.startswith(b"RIFF") and sent[8:12] == b"WEBP"
    )


def _pixels(sent: bytes) -> Image.Image | Refusal:
    """Nothing is decoded before the header said how many pixels there are."""
    with Image.open(BytesIO(sent), formats=FORMATS) as opened:
        width, height = opened.size
        # By its first bytes: Pillow calls a JPEG that holds a list of pictures "MPO", and decodes it alike.
        is_jpeg = sent.startswith(_JPEG)
        if width * height > MAX_PIXELS or (is_jpeg and sent.count(_SCAN) > MAX_SCANS):
            return _too_many_pixels()
        opened.draft("RGB", (MAX_SIDE, MAX_SIDE))  # of a JPEG, decodes a fraction of the pixels
        opened.thumbnail((MAX_SIDE, MAX_SIDE))
        upright = ImageOps.exif_transpose(opened)
        flat = Image.new("RGB", upright.size, "white")
        if upright.has_transparency_data:
            upright = upright.convert("RGBA")
            flat.paste(upright, mask=upright)
        else:
            flat.paste(upright.convert("RGB"))
        return flat


def _encoded(pixels: Image.Image) -> Picture:
    for side, quality in _STEPS:
        pixels.thumbnail((side, side))
        jpeg = BytesIO()
        pixels.save(jpeg, "JPEG", quality=quality, optimize=True)
        if jpeg.tell() <= MAX_BYTES:
            break
    return Picture(jpeg.getvalue(), *pixels.size)


def _too_many_pixels() -> Refusal:
    return _refused("too_many_pixels", f"At most {MAX_PIXELS // 1_000_000} megapixels.")


def _refused(code: str, detail: str) -> Refusal:
    return validation_failed(Fault("/photo", code, detail))
