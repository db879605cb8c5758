"""doctor asks at the address that is in every message."""

import pytest
from pytest_django import Settings

from delivery_otp.doctor import Level, limits
from fleet.models import Depot
from handoffs import promise
from tests.doctor.conftest import said
from tests.handoffs.every_message import LONGEST_PUBLIC_URL
from tests.servers import Service
from tests.servers.process import free_port


@pytest.fixture
def live(settings: Settings, service: Service, tmp_path: object) -> Settings:
    """As if it served real people at the address of a running service."""
    settings.PUBLIC_URL, settings.DEVELOPMENT = service.url, False
    settings.STATIC_ROOT = tmp_path
    (settings.STATIC_ROOT / "staticfiles.json").write_text("{}")
    return settings


def test_a_service_that_answers_is_well(live: Settings) -> None:
    assert said("address") == []
    assert f"{live.PUBLIC_URL} answers." in said("address", Level.OK)


def test_an_address_where_nobody_answers_is_found(live: Settings) -> None:
    live.PUBLIC_URL = f"http://127.0.0.1:{free_port()}"
    assert said("address") == [
        f"{live.PUBLIC_URL}/livez does not answer as it should (ConnectionRefusedError)."
    ]


def test_an_address_where_something_else_answers_is_found(live: Settings) -> None:
    live.PUBLIC_URL += "/api/schema"
    assert any("HTTP 404" in says for says in said("address"))


def test_a_public_address_without_https_is_found(live: Settings) -> None:
    live.PUBLIC_HOST = "codes.example.com"
    assert said("address")[0].startswith("PUBLIC_URL is not https")


def test_any_host_let_through_is_found(live: Settings) -> None:
    live.ALLOWED_HOSTS = ["*"]
    assert said("address") == ["ALLOWED_HOSTS lets any host through."]


def test_static_files_that_were_not_collected_are_found(live: Settings) -> None:
    (live.STATIC_ROOT / "staticfiles.json").unlink()
    assert said("address") == ["The pages' static files are not collected."]


def test_the_configured_limits_keep_the_promise(monkeypatch: pytest.MonkeyPatch) -> None:
    assert promise.chance_a_year() == pytest.approx(9.6e-5, rel=1e-3)
    assert said("limits") == []
    loose = promise.chance_a_year(((1, 15), (90, 48)))
    assert loose == pytest.approx(2.4e-4, rel=1e-3)
    monkeypatch.setattr(limits, "chance_a_year", lambda: loose)
    assert len(said("limits")) == 1


@pytest.mark.django_db
def test_a_time_zone_that_is_not_known_is_found() -> None:
    assert said("time zones") == []
    Depot.objects.create(name="Nowhere", timezone="Europe/Atlantis")
    assert said("time zones") == ["These time zones are not known here: Europe/Atlantis."]


def test_an_address_too_long_for_text_messages_is_a_warning(settings: Settings) -> None:
    settings.PUBLIC_URL = LONGEST_PUBLIC_URL
    assert not any("characters" in says for says in said("address", Level.WARNING))
    settings.PUBLIC_URL = LONGEST_PUBLIC_URL + "s"
    assert any("37 characters" in says for says in said("address", Level.WARNING))
