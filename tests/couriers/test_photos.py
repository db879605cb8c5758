"""Sending photos: what is taken, what is kept of it, and what is refused."""

import os
import zlib
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.utils import timezone
from PIL import Image

from fleet.models import Device
from handoffs.limits import PHOTOS_PER_DAY
from handoffs.models import Photo
from handoffs.photos import sweep_photos
from tests.base import ApiClient
from tests.couriers.pictures import a_photo, a_picture, opened, send_photo
from tests.couriers.stories import pointers, problem

ORIENTATION, MAKE, GPS = 0x0112, 0x010F, 0x8825


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_a_photo_is_kept_as_a_jpeg(api: ApiClient, device: Device, format: str) -> None:
    answer = send_photo(api, a_picture(format=format))
    assert answer.status_code == 201, answer.content
    photo = Photo.objects.get()
    assert answer.json() == {"id": photo.public_id}
    assert photo.public_id.startswith("pho_")
    assert (photo.device, photo.courier, photo.used_at) == (device, device.courier, None)
    kept = opened(photo.picture)
    assert (kept.format, kept.size) == ("JPEG", (40, 30))
    assert (photo.width, photo.height) == (40, 30)


def test_a_large_photo_is_made_smaller(api: ApiClient) -> None:
    noise = Image.frombytes("RGB", (2000, 1500), os.urandom(9_000_000))
    send_photo(api, _saved(noise, "JPEG", quality=85))
    photo = Photo.objects.get()
    assert max(opened(photo.picture).size) <= 1_600
    assert len(photo.picture or b"") <= 300_000


def _saved(image: Image.Image, format: str, **options: Any) -> bytes:
    from io import BytesIO

    written = BytesIO()
    image.save(written, format, **options)
    return written.getvalue()


def test_where_and_with_what_it_was_taken_is_thrown_away(api: ApiClient) -> None:
    exif = Image.Exif()
    exif[MAKE] = "SecretCamera"
    exif.get_ifd(GPS)[2] = (51.0, 30.0, 4.0)
    sent = a_picture(exif=exif, comment=b"SecretComment", xmp=b"<SecretXmp/>", icc_profile=b"SecretProfile")
    assert sent.count(b"Secret") == 4
    send_photo(api, sent)
    kept = bytes(Photo.objects.get().picture or b"")
    assert b"Secret" not in kept
    assert not opened(kept).getexif()
    assert set(opened(kept).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_a_photo_taken_sideways_is_kept_upright(api: ApiClient) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    send_photo(api, a_picture(exif=exif))
    assert opened(Photo.objects.get().picture).size == (30, 40)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "L", "1", "I;16", "CMYK"])
def test_every_kind_of_pixels_is_taken(api: ApiClient, mode: str) -> None:
    format = "JPEG" if mode == "CMYK" else "PNG"
    image = Image.new("RGB", (8, 8)).convert("L" if mode == "I;16" else mode)
    image = image.convert("I").convert("I;16") if mode == "I;16" else image
    assert send_photo(api, _saved(image, format)).status_code == 201


# --- What is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sent",
    [
        a_picture(format="GIF"),
        a_picture(format="BMP"),
        a_picture(format="TIFF"),
        b"%PDF-1.7",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<script>alert(1)</script>",
    ],
    ids=["gif", "bmp", "tiff", "pdf", "svg", "script"],
)
def test_another_kind_of_file_is_refused(api: ApiClient, sent: bytes) -> None:
    answer = send_photo(api, sent)
    assert problem(answer) == (415, "unsupported_media_type")
    assert "JPEG" in answer.json()["detail"]
    assert not Photo.objects.exists()


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_a_photo_cut_off_is_refused(api: ApiClient, format: str) -> None:
    whole = a_picture(400, 300, format=format)
    assert pointers(send_photo(api, whole[: len(whole) // 2])) == ["/photo"]


def bomb(side: int) -> bytes:
    """A PNG of some bytes that says it has as many pixels each way."""
    from struct import pack

    def chunk(kind: bytes, content: bytes) -> bytes:
        return pack(">I", len(content)) + kind + content + pack(">I", zlib.crc32(kind + content))

    head = chunk(b"IHDR", pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [5_001, 60_000])
def test_more_pixels_than_a_camera_makes_are_refused_before_decoding(api: ApiClient, side: int) -> None:
    answer = send_photo(api, bomb(side))
    assert pointers(answer) == ["/photo"]
    assert answer.json()["errors"][0]["code"] == "too_many_pixels"


@pytest.mark.parametrize("format", ["JPEG", "MPO"])  # MPO: a JPEG that holds several pictures
def test_a_jpeg_of_endless_scans_is_refused(api: ApiClient, format: str) -> None:
    several: dict[str, Any] = {}
    if format == "MPO":
        several = {"save_all": True, "append_images": [Image.new("RGB", (4, 4))]}
    sent = a_picture(format=format, progressive=True, **several)
    scan = sent[sent.rindex(b"\xff\xda") : -2]
    answer = send_photo(api, sent[:-2] + scan * 200 + sent[-2:])
    assert answer.json()["errors"][0]["code"] == "too_many_pixels"


def test_more_than_eight_mebibytes_are_refused(api: ApiClient) -> None:
    assert problem(send_photo(api, b"\xff\xd8\xff" + bytes(8 * 1_048_576))) == (413, "payload_too_large")


def test_other_endpoints_do_not_take_files(api: ApiClient) -> None:
    answer = api.post("/api/v1/courier/route/start", {"photo": "x"})
    assert problem(answer) == (415, "unsupported_media_type")


def test_photos_do_not_take_json(api: ApiClient) -> None:
    answer = api.send("POST", "/courier/photos", {"photo": "x"})
    assert problem(answer) == (415, "unsupported_media_type")


def test_a_text_in_place_of_the_file_is_refused(api: ApiClient) -> None:
    answer = api.post("/api/v1/courier/photos", {"photo": "text"})
    assert pointers(answer) == ["/photo"]


def test_no_file_an_empty_one_and_two_are_refused(api: ApiClient) -> None:
    assert pointers(api.post("/api/v1/courier/photos", {"x": "y"})) == ["/x", "/photo"]
    assert pointers(send_photo(api, b"")) == ["/photo"]
    assert pointers(send_photo(api, photo=[_file(), _file()])) == [""]
    assert pointers(send_photo(api, note="x")) == ["/note"]


def _file() -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile("door.jpg", a_picture(), "image/jpeg")


def test_a_body_that_is_no_multipart_is_refused(api: ApiClient) -> None:
    for boundary in ("", "; boundary=é", "; boundary=x"):
        media_type = f"multipart/form-data{boundary}"
        answer = api.generic("POST", "/api/v1/courier/photos", b"rubbish", content_type=media_type)
        assert problem(answer) == (400, "validation_failed"), media_type


# --- How often ------------------------------------------------------------------------------------


def test_the_same_key_keeps_a_photo_once(api: ApiClient) -> None:
    first, again = (send_photo(api, key="k") for _ in range(2))
    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert again["Idempotent-Replayed"] == "true"
    assert Photo.objects.count() == 1


def test_the_same_key_with_another_photo_is_refused(api: ApiClient) -> None:
    send_photo(api, key="k")
    assert problem(send_photo(api, a_picture(41), key="k")) == (422, "idempotency_key_reused")


def test_a_refused_photo_does_not_use_the_key_up(api: ApiClient) -> None:
    assert send_photo(api, b"rubbish", key="k").status_code == 415
    assert send_photo(api, key="k").status_code == 201


def test_a_courier_sends_a_limited_number_a_day(api: ApiClient, device: Device) -> None:
    now = timezone.now()
    Photo.objects.bulk_create(
        Photo(courier=device.courier, device=device, created_at=now, width=1, height=1)
        for _ in range(PHOTOS_PER_DAY - 1)
    )
    assert send_photo(api).status_code == 201
    answer = send_photo(api)
    assert problem(answer) == (429, "rate_limited")
    assert 86_000 < int(answer["Retry-After"]) <= 86_400
    with time_machine.travel(now + timedelta(days=1, seconds=5)):
        assert send_photo(api).status_code == 201


def test_a_handheld_sends_thirty_a_minute(api: ApiClient) -> None:
    for _ in range(30):
        answer = send_photo(api, b"rubbish")
    assert answer["RateLimit"].startswith('"photos";r=0')
    assert problem(send_photo(api, b"rubbish")) == (429, "rate_limited")
    cache.clear()


# --- How long -------------------------------------------------------------------------------------


def test_a_photo_that_nobody_uses_goes_after_two_days(api: ApiClient) -> None:
    a_photo(api)
    assert sweep_photos() == 0
    with time_machine.travel(timezone.now() + timedelta(days=2, minutes=1)):
        assert sweep_photos() == 1
    assert not Photo.objects.exists()
