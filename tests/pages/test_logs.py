"""The proof in a recipient's link opens their page, so no log may have it."""

import contextlib
import io
import logging
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import Client
from gunicorn.config import Config

from delivery_otp.logs import ServerLog, without_proofs
from tests.customers.stories import own_path
from tests.handoffs.stories import living_code, out_for_delivery
from tests.servers import Service

TRACKING, PROOF = "ABCDEFGHJKM", "s3cr3t-Pr0of_123"
LINK = f"/o/{TRACKING}.{PROOF}/"


@pytest.fixture
def console() -> Iterator[io.StringIO]:
    """What our own handler writes."""
    handlers = [h for h in logging.getLogger().handlers if type(h) is logging.StreamHandler]
    ours = next(h for h in handlers if type(h.formatter).__module__ == "delivery_otp.logs")
    written = io.StringIO()
    before = ours.setStream(written)
    yield written
    if before:
        ours.setStream(before)


@pytest.mark.django_db
@pytest.mark.parametrize("after", ["nothing/", "resend/"])
def test_what_django_says_of_a_refused_request_is_cut(console: io.StringIO, after: str) -> None:
    shipment, _ = out_for_delivery()
    proof = living_code(shipment).link_proof_of()
    Client(enforce_csrf_checks=True).post(own_path(shipment) + after)
    Client().get(own_path(shipment) + after)
    assert f"/o/{shipment.tracking_number}.…/{after}" in console.getvalue()
    assert proof not in console.getvalue()


def test_a_traceback_is_cut_too(console: io.StringIO) -> None:
    try:
        raise ValueError(f"cannot open {LINK}")
    except ValueError:
        logging.getLogger("anything").exception("GET %s broke", LINK)
    assert console.getvalue().count(f"/o/{TRACKING}.…/") == 2
    assert PROOF not in console.getvalue()


@pytest.mark.parametrize(
    "line",
    [LINK, LINK[:-1], LINK.replace(".", "%2E"), LINK.replace(".", "%2e"), f'"GET {LINK}?x=1 HTTP/1.1"'],
)
def test_however_the_address_is_written(line: str) -> None:
    cut = without_proofs(line)
    assert PROOF not in cut
    assert TRACKING in cut


def test_what_is_no_link_stays_as_it_is() -> None:
    line = f"GET /o/{TRACKING}/ and /static/site.css took 3.2 s"
    assert without_proofs(line) == line


def test_the_server_s_own_log_is_cut(tmp_path: Path) -> None:
    config = Config()
    config.set("errorlog", str(tmp_path / "error.log"))
    config.set("accesslog", str(tmp_path / "access.log"))
    log = ServerLog(config)
    log.error("Error handling request %s", LINK)
    log.access_log.info("GET %s", LINK)
    for name in ("error.log", "access.log"):
        written = (tmp_path / name).read_text()
        assert TRACKING in written
        assert PROOF not in written


def test_a_running_service_writes_no_proof(make_service: Callable[..., Service]) -> None:
    service = make_service(
        "sqlite", environment={"GUNICORN_CMD_ARGS": "--access-logfile -", "LOG_LEVEL": "DEBUG"}
    )
    for path in (LINK, LINK + "resend/", LINK + "nothing/"):
        for data in (None, b"channel=sms"):
            with contextlib.suppress(urllib.error.HTTPError):
                urllib.request.urlopen(service.url + path, data=data, timeout=60)
    written = service.log.read_text()
    assert f'"GET /o/{TRACKING}.…/' in written
    assert f"Not Found: /o/{TRACKING}.…/" in written
    assert PROOF not in written
