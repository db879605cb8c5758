"""Passkeys: added with a fresh code, named, removed; alone enough to sign in, and to confirm a change."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from accounts.factors import passkeys
from accounts.models import User
from notifications.models import Message
from tests.accounts.authenticator import ORIGIN, USER_PRESENT, Keeper, a_passkey, options
from tests.accounts.stories import an_account, is_signed_in, sign_in, signed_in

pytestmark = pytest.mark.django_db

LOGIN, OTHER = "/account/login/passkey/", "/account/login/other/"


@pytest.fixture(autouse=True)
def _at_a_name(settings: LazySettings) -> None:
    settings.PUBLIC_URL, settings.PUBLIC_HOST = ORIGIN, "localhost"


@pytest.fixture
def ada() -> User:
    return an_account()


@pytest.fixture
def desk(ada: User) -> Client:
    """The browser that Ada is signed in with."""
    return signed_in()


def with_passkey(keeper: Keeper, **more: str) -> tuple[Client, str]:
    """A fresh browser that signs in with it, and where it is led."""
    browser = Client()
    credential = keeper.shows(options(browser, "sign_in"))
    return browser, browser.post(LOGIN, {"credential": credential, **more})["Location"]


def test_it_signs_in_alone_without_password_or_code(desk: Client) -> None:
    keeper = a_passkey(desk)
    Message.objects.all().delete()
    browser, led = with_passkey(keeper, next="/account/security/")
    assert led == "/account/security/"
    assert is_signed_in(browser)
    assert not Message.objects.filter(kind__endswith="_code").exists()


def test_it_stands_for_the_code_after_the_password(desk: Client) -> None:
    keeper, browser = a_passkey(desk), Client()
    sign_in(browser)
    assert b"Use a passkey" in browser.get(OTHER).content
    answer = browser.post(OTHER, {"credential": keeper.shows(options(browser, "code"))})
    assert answer["Location"] == "/account/"
    assert is_signed_in(browser)


def test_it_confirms_a_change(desk: Client) -> None:
    keeper = a_passkey(desk)
    with time_machine.travel(timezone.now() + timedelta(minutes=11), tick=False):
        assert desk.get("/account/password/").status_code == 302
        fields = {"credential": keeper.shows(options(desk, "confirm")), "next": "/account/password/"}
        assert desk.post("/account/confirm/other/", fields)["Location"] == "/account/password/"
        assert desk.get("/account/password/").status_code == 200


def test_an_answer_is_good_once_and_for_its_own_challenge(desk: Client) -> None:
    keeper, browser, other = a_passkey(desk), Client(), Client()
    credential = keeper.shows(options(browser, "sign_in"))
    options(other, "sign_in")
    for wrong in (other, other, Client()):
        assert wrong.post(LOGIN, {"credential": credential})["Location"] == "/account/login/"
        assert not is_signed_in(wrong)
    browser.post(LOGIN, {"credential": credential})
    assert is_signed_in(browser)
    browser.post("/account/logout/")
    browser.post(LOGIN, {"credential": credential})
    assert not is_signed_in(browser)


def test_a_refused_answer_uses_the_challenge_up(desk: Client) -> None:
    keeper, browser = a_passkey(desk), Client()
    wanted = options(browser, "sign_in")
    browser.post(LOGIN, {"credential": "{}"})
    browser.post(LOGIN, {"credential": keeper.shows(wanted)})
    assert not is_signed_in(browser)


def elsewhere(keeper: Keeper) -> None:
    keeper.origin = "https://localhost.evil.example"


def below_us(keeper: Keeper) -> None:
    keeper.origin = "http://shop.localhost:8000"


def unverified(keeper: Keeper) -> None:
    keeper.flags = USER_PRESENT


def another_key(keeper: Keeper) -> None:
    keeper.key = Keeper().key


def unknown(keeper: Keeper) -> None:
    keeper.id = b"unknown"


@pytest.mark.parametrize("wrong", [elsewhere, below_us, unverified, another_key, unknown])
def test_what_is_wrong_with_an_answer_opens_nothing(desk: Client, wrong: Callable[[Keeper], None]) -> None:
    keeper = a_passkey(desk)
    wrong(keeper)
    browser, led = with_passkey(keeper)
    assert led == "/account/login/"
    assert not is_signed_in(browser)


def test_one_account_has_nothing_of_anothers(desk: Client) -> None:
    eve = an_account("eve@example.com")
    eves = a_passkey(signed_in(email="eve@example.com"))
    browser = Client()
    sign_in(browser)
    browser.post(OTHER, {"credential": eves.shows(options(browser, "code"))})
    assert not is_signed_in(browser)
    passkey = passkeys.passkeys_of(eve)[0]
    for form in ("rename", "remove"):
        desk.post(f"/account/security/passkeys/{form}/", {"passkey": passkey.pk, "name": "Mine"})
    assert [passkeys.name_of(each) for each in passkeys.passkeys_of(eve)] == ["Phone"]


def test_the_same_passkey_is_not_added_twice(desk: Client, ada: User) -> None:
    keeper = a_passkey(desk)
    again = keeper.makes(options(desk, "add"))
    desk.post("/account/security/passkeys/add/", {"credential": again})
    assert len(passkeys.passkeys_of(ada)) == 1


def test_it_is_renamed_and_removed_and_both_ends_are_told(desk: Client, ada: User) -> None:
    keeper = a_passkey(desk)
    passkey = passkeys.passkeys_of(ada)[0]
    desk.post("/account/security/passkeys/rename/", {"passkey": passkey.pk, "name": "Key ring"})
    assert "Key ring" in desk.get("/account/security/").content.decode()
    desk.post("/account/security/passkeys/remove/", {"passkey": passkey.pk})
    browser, _led = with_passkey(keeper)
    assert not is_signed_in(browser)
    told = Message.objects.filter(kind="security_changed").order_by("id")
    assert [message.context["what"] for message in told] == ["passkey_added", "passkey_removed"]


def test_its_challenge_is_for_some_minutes_and_for_what_it_was_asked_for(desk: Client, ada: User) -> None:
    keeper, browser = a_passkey(desk), Client()
    wanted = options(browser, "sign_in")
    with time_machine.travel(timezone.now() + timedelta(minutes=11), tick=False):
        browser.post(LOGIN, {"credential": keeper.shows(wanted)})
    assert not is_signed_in(browser)
    answer = desk.post(LOGIN, {"credential": keeper.shows(options(desk, "add"))})
    assert answer["Location"] == "/account/login/"
    wanted, signing = options(desk, "add"), options(desk, "sign_in")
    wanted["publicKey"]["challenge"] = signing["publicKey"]["challenge"]
    answer = desk.post("/account/security/passkeys/add/", {"name": "", "credential": Keeper().makes(wanted)})
    assert answer["Location"].endswith("/add/")
    assert len(passkeys.passkeys_of(ada)) == 1


def test_a_disabled_account_is_not_opened(desk: Client, ada: User) -> None:
    keeper = a_passkey(desk)
    User.objects.filter(pk=ada.pk).update(is_active=False)
    browser, led = with_passkey(keeper)
    assert led == "/account/login/"
    assert not is_signed_in(browser)


HOSTILE = [
    *("", "null", "[]", "{", "{}", "\x00", "[" * 100_000),
    *('{"id": 1}', '{"response": {"userHandle": "////"}}'),
]


@pytest.mark.parametrize("credential", [*HOSTILE, json.dumps({"id": "AA", "rawId": "AA", "response": []})])
def test_hostile_answers_are_refused_and_break_nothing(desk: Client, credential: str) -> None:
    for use, path in (("sign_in", LOGIN), ("add", "/account/security/passkeys/add/")):
        options(desk, use)
        assert desk.post(path, {"credential": credential}).status_code == 302
    assert not passkeys.passkeys_of(User.objects.get())


def test_options_to_add_one_need_a_fresh_code(desk: Client) -> None:
    with time_machine.travel(timezone.now() + timedelta(minutes=11), tick=False):
        assert desk.post("/account/passkeys/options/", {"for": "add"}).status_code == 403


def test_it_is_asked_for_by_our_own_name_whatever_the_host_says(desk: Client) -> None:
    answer = desk.post("/account/passkeys/options/", {"for": "add"}, headers={"Host": "127.0.0.1"})
    assert answer.json()["publicKey"]["rp"]["id"] == "localhost"
