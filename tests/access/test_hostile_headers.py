"""Whatever a header says: no error of ours, no link to another host, nothing of it in the answer's own."""

import socket
from contextlib import suppress
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tests.customers.stories import own_path
from tests.handoffs.stories import out_for_delivery
from tests.servers import Service

EVIL = "evil.example"
NAMES = ["Host", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-For", "X-Forwarded-Port", "Forwarded"]
NAMES += (
    "X-Request-Id",
    "X-Original-URL",
    "X-Rewrite-URL",
    "X-HTTP-Method-Override",
    "Content-Type",
    "Accept",
)
NAMES += ["Accept-Language", "Accept-Encoding", "Range", "If-None-Match", "If-Modified-Since", "Cookie"]
NAMES += ["Idempotency-Key", "Authorization", "Origin", "Referer", "Content-Encoding", "Expect"]
HOSTILE = st.sampled_from(
    [
        *(EVIL, f"http://{EVIL}/", f"127.0.0.1:8000@{EVIL}", f"127.0.0.1,{EVIL}", f"for=1;host={EVIL}"),
        *(
            "",
            " ",
            "\t",
            "x" * 4000,
            "127.0.0.1:99999999",
            "[::1",
            "%0d%0aX-Evil: 1",
            "é",
            "\xff\xfe",
            "'\"<>",
        ),
        *(
            "bytes=0-,1-,2-",
            "bytes=-1",
            "*;q=nan",
            "xx-" * 300,
            "application/xml",
            "sessionid=\x01; csrftoken=",
        ),
        *("Bearer", "Bearer " + "ct_" + "x" * 43, "Basic !!!!", "gzip", "100-continue", "../../etc/passwd"),
    ]
) | st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=60)
HEADERS = st.dictionaries(st.sampled_from(NAMES), HOSTILE, max_size=6)
ADDRESSES = [
    "/",
    "/admin/",
    "/admin/login/",
    "/proof/",
    "/sandbox/messages.json",
    "/api/docs/",
    "/static/base.css",
]
ADDRESSES += [
    "/api/v1/orders",
    "/api/v1/courier/route",
    "/courier/",
    "/livez",
    "/o/AAAAAAAAAAA/",
    "/no/such",
    "own",
]


@pytest.mark.django_db
@hypothesis_settings(
    max_examples=300,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(address=st.sampled_from(ADDRESSES), method=st.sampled_from(["GET", "POST", "HEAD"]), headers=HEADERS)
@example(address="own", method="GET", headers={"X-Forwarded-Host": EVIL, "Forwarded": f"host={EVIL}"})
@example(address="/admin/", method="GET", headers={"X-Forwarded-Proto": "https", "X-Forwarded-Host": EVIL})
@example(address="/api/v1/orders", method="POST", headers={"X-Request-Id": f"a\tb {EVIL}"})
def test_no_header_breaks_or_bends_an_answer(
    own: str, address: str, method: str, headers: dict[str, str]
) -> None:
    client = Client(raise_request_exception=False)
    environment: dict[str, Any] = {_key(name): value for name, value in headers.items()}
    answer = client.generic(method, own if address == "own" else address, b"{}", **environment)
    assert answer.status_code < 500, (address, headers)
    headers_told = {name: value for name, value in answer.headers.items() if name != "X-Request-Id"}
    assert not [name for name, value in headers_told.items() if EVIL in value or "X-Evil" in name]
    assert f"//{EVIL}".encode() not in answer.content
    assert f"@{EVIL}".encode() not in answer.content
    assert answer.headers.get("X-Request-Id", "").replace("-", "").replace(".", "").replace("_", "").isalnum()


@pytest.fixture
def own(db: None) -> str:
    return own_path(out_for_delivery()[0])


def _key(name: str) -> str:
    plain = name.upper().replace("-", "_")
    return plain if plain in ("CONTENT_TYPE",) else f"HTTP_{plain}"


LIES = {
    "a length that is too long": b"Content-Length: 1000\r\n\r\n{}",
    "a length that is none": b"Content-Length: abc\r\n\r\n{}",
    "a negative length": b"Content-Length: -1\r\n\r\n{}",
    "two lengths": b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
    "a length and chunks": b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "chunks that are none": b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
    "an unknown encoding": b"Transfer-Encoding: xyz\r\n\r\n{}",
    "a folded header": b"X-A: b\r\n c\r\nContent-Length: 2\r\n\r\n{}",
    "a header without a colon": b"nonsense\r\n\r\n",
    "a NUL": b"X-A: \x00\r\n\r\n",
    "a thousand headers": b"".join(b"X-%d: 1\r\n" % number for number in range(1000)) + b"\r\n",
    "a huge header": b"X-A: " + b"a" * 100_000 + b"\r\n\r\n",
    "two hosts": f"Host: {EVIL}\r\n\r\n".encode(),
}

HEAD = b"POST /api/v1/orders HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_about_the_request_is_a_4xx_or_a_closed_line(lie: str, service: Service) -> None:
    with socket.create_connection(("127.0.0.1", service.port), timeout=60) as line:
        answer = b""
        with suppress(ConnectionError):  # closed before it was all read
            line.sendall(HEAD + LIES[lie])
            line.shutdown(socket.SHUT_WR)
            while part := line.recv(65536):
                answer += part
    # 501 is for an encoding that the server does not know (RFC 9112, 6.1).
    assert answer == b"" or answer.split(b" ", 2)[1][:1] == b"4" or b" 501 " in answer[:20], answer[:200]
    assert EVIL.encode() not in answer


def test_an_address_that_is_too_long_is_a_4xx(service: Service) -> None:
    with socket.create_connection(("127.0.0.1", service.port), timeout=60) as line:
        line.sendall(b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        assert line.recv(65536).split(b" ", 2)[1][:1] == b"4"
