"""Pictures as handhelds send them."""

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from fleet.models import Device
from handoffs.models import Photo
from handoffs.photos import keep_photo
from handoffs.pictures import Picture, reencode
from tests.base import ApiClient


def a_picture(
    width: int = 40, height: int = 30, *, format: str = "JPEG", mode: str = "RGB", **options: Any
) -> bytes:
    """A picture of these pixels, its left half red and its right half blue."""
    image = Image.new(mode, (width, height), "blue")
    image.paste("red", (0, 0, width // 2, height))
    written = BytesIO()
    image.save(written, format, **options)
    return written.getvalue()


def opened(jpeg: bytes | memoryview | None) -> Image.Image:
    assert jpeg is not None
    return Image.open(BytesIO(bytes(jpeg)))


def send_photo(api: ApiClient, picture: bytes | None = None, *, key: str | None = None, **parts: Any) -> Any:
    """POST /courier/photos, of a small picture unless told which. `parts` are sent besides, or instead."""
    file = SimpleUploadedFile("door.jpg", a_picture() if picture is None else picture, "image/jpeg")
    headers = {"Idempotency-Key": key} if key else {}
    return api.post("/api/v1/courier/photos", {"photo": file} | parts, headers=headers)


def a_photo(api: ApiClient) -> str:
    """The id of a photo just sent."""
    answer = send_photo(api)
    assert answer.status_code == 201, answer.content
    public_id: str = answer.json()["id"]
    return public_id


def kept_photo(device: Device) -> Photo:
    """A photo as it is after it was sent from this handheld."""
    picture = reencode(a_picture())
    assert isinstance(picture, Picture), picture
    kept = keep_photo(device=device, picture=picture)
    assert isinstance(kept, Photo), kept
    return kept
