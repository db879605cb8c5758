"""Guessing at a password: each try is charged before anybody looks at it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client

from accounts.guesses import (
    BROWSER_COOKIE,
    PER_ACCOUNT,
    PER_ACCOUNT_AND_NETWORK,
    PER_KNOWN_BROWSER,
    PER_NETWORK,
)
from accounts.models import User
from api.guesses import forget_old_counts
from api.models import GuessCount
from tests.accounts.stories import newest_code, type_code

pytestmark = pytest.mark.django_db

RIGHT, WRONG = "correct horse battery", "wrong horse"
SUE = "sue@example.com"
START = datetime(2026, 11, 22, 12, 0, 5, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=False) as travelled:
        yield travelled


@pytest.fixture
def sue() -> User:
    return User.objects.create_user(SUE, RIGHT, is_staff=True, is_superuser=True)


def sign_in(
    password: str = WRONG, *, email: str = SUE, network: str = "192.0.2.1", browser: Client | None = None
) -> Any:
    fields = {"email": email, "password": password}
    return (browser or Client()).post("/account/login/", fields, REMOTE_ADDR=network)


def signed_in(email: str = SUE) -> Client:
    """A browser that has been through with it, code and all."""
    browser = Client()
    assert sign_in(RIGHT, email=email, browser=browser).status_code == 302
    assert type_code(browser, newest_code()).status_code == 302
    return browser


def statuses(tries: int, **how: Any) -> list[int]:
    return [sign_in(**how).status_code for _ in range(tries)]


def another_network(number: int) -> str:
    return f"198.51.{number // 250}.{number % 250 + 1}"


def test_after_five_wrong_ones_the_right_one_is_not_looked_at(sue: User) -> None:
    assert statuses(6) == [200] * 5 + [429]
    refused = sign_in(RIGHT)
    assert (refused.status_code, refused["Retry-After"]) == (429, "895")
    assert b"Too many tries" in refused.content
    assert "sessionid" not in refused.cookies


def test_the_next_window_begins_anew(sue: User, clock: time_machine.Traveller) -> None:
    statuses(6)
    clock.shift(timedelta(minutes=15))
    assert sign_in(RIGHT).status_code == 302


def test_a_right_password_gives_back_its_own_charge_and_no_other(sue: User) -> None:
    statuses(4)
    assert [sign_in(RIGHT).status_code for _ in range(3)] == [302] * 3
    assert statuses(2) == [200, 429]


@pytest.mark.parametrize("written", ["SUE@example.com", "  sue@example.com ", "ｓｕｅ@example.com"])  # noqa: RUF001
def test_another_way_to_write_the_address_is_the_same_account(sue: User, written: str) -> None:
    statuses(5)
    assert sign_in(RIGHT, email=written).status_code == 429


def test_guesses_from_many_networks_count_together(sue: User) -> None:
    answers = [sign_in(network=another_network(number)).status_code for number in range(60)]
    assert answers == [200] * PER_ACCOUNT.most + [429] * (60 - PER_ACCOUNT.most)
    assert sign_in(RIGHT, network="203.0.113.9").status_code == 429


def test_who_has_signed_in_with_a_browser_before_is_not_kept_out_of_it(sue: User) -> None:
    own = signed_in()
    for number in range(60):
        sign_in(network=another_network(number))
    statuses(6)
    own.post("/account/logout/")
    assert sign_in(RIGHT).status_code == 429
    assert sign_in(RIGHT, browser=own).status_code == 302


def test_a_known_browser_has_limits_of_its_own(sue: User) -> None:
    own = signed_in()
    own.post("/account/logout/")
    answers = statuses(PER_KNOWN_BROWSER.most + 1, browser=own)
    assert answers == [200] * PER_KNOWN_BROWSER.most + [429]


def test_a_browser_that_another_account_knows_is_nothing_special(sue: User) -> None:
    User.objects.create_user("eve@example.com", RIGHT, is_staff=True)
    eves = signed_in("eve@example.com")
    eves.post("/account/logout/")
    assert statuses(6, browser=eves) == [200] * 5 + [429]


def test_a_made_up_browser_is_nothing_special(sue: User) -> None:
    made_up = Client()
    answers = []
    for number in range(6):
        made_up.cookies[BROWSER_COOKIE] = f"made-up:{number}"
        answers.append(sign_in(browser=made_up).status_code)
    assert answers == [200] * 5 + [429]


def test_one_network_does_not_try_a_password_on_account_after_account(sue: User) -> None:
    tries = [sign_in(email=f"{number}@example.com").status_code for number in range(PER_NETWORK.most + 1)]
    assert tries == [200] * PER_NETWORK.most + [429]
    assert sign_in(RIGHT, network="203.0.113.9").status_code == 302


def test_an_account_that_is_none_is_answered_alike_with_as_much_work(
    sue: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[int] = []
    encode = MD5PasswordHasher.encode

    def counted(self: MD5PasswordHasher, password: str, salt: str) -> str:
        hashed.append(1)
        return encode(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)

    def told(email: str) -> list[tuple[int, int, str | None]]:
        answers = []
        for _ in range(PER_ACCOUNT_AND_NETWORK.most + 1):
            hashed.clear()
            answer = sign_in(email=email, network="203.0.113.7")
            answers.append((answer.status_code, len(hashed), answer.get("Retry-After")))
        return answers

    User.objects.create_user("left@example.com", RIGHT, is_staff=True, is_active=False)
    User.objects.create_user("none@example.com", None, is_staff=True)
    expected = told(SUE)
    assert expected[0][:2] == (200, 1)
    assert expected[-1][:2] == (429, 0)
    for other in ("nobody@example.com", "left@example.com", "none@example.com"):
        assert told(other) == expected


def test_the_present_password_is_guessed_ten_times_an_hour(sue: User) -> None:
    client = signed_in()
    fields = {"password": "a quite new secret"}
    answers = [client.post("/account/password/", {**fields, "present": WRONG}).status_code for _ in range(11)]
    assert answers == [200] * 10 + [429]
    assert client.post("/account/password/", {**fields, "present": RIGHT}).status_code == 429
    sue.refresh_from_db()
    assert sue.check_password(RIGHT)


def test_neither_the_account_nor_the_network_is_kept_and_counts_are_forgotten(
    sue: User, clock: time_machine.Traveller
) -> None:
    statuses(2)
    kept = str(list(GuessCount.objects.values()))
    assert "sue" not in kept
    assert "192.0.2" not in kept
    assert forget_old_counts() == 0
    clock.shift(timedelta(days=1))
    assert forget_old_counts() == 3
