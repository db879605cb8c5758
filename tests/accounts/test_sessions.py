"""The sessions of an account: seen, ended one by one, and all at once where that matters."""

import pytest
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.test import Client

from accounts.models import AccountSession, User
from tests.accounts.factors import an_app, shown
from tests.accounts.stories import PASSWORD, an_account, is_signed_in, signed_in

pytestmark = pytest.mark.django_db

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36"
END = "/account/security/sessions/end/"


@pytest.fixture
def ada() -> User:
    return an_account()


def two_browsers() -> tuple[Client, Client]:
    from accounts.models import CodeAddress

    here = signed_in()
    CodeAddress.objects.all().delete()
    there = signed_in(Client(headers={"User-Agent": CHROME}))
    CodeAddress.objects.all().delete()
    return here, there


def id_of(client: Client) -> str:
    return AccountSession.objects.get(session_key=client.session.session_key).public_id


def test_both_are_listed_and_none_by_its_key(ada: User) -> None:
    here, there = two_browsers()
    page = here.get("/account/security/").content.decode()
    assert "Chrome, Windows" in page
    assert "this browser" in page
    assert id_of(there) in page
    for key in (here.session.session_key, there.session.session_key):
        assert key
        assert key not in page


def test_one_is_ended_at_once_and_the_other_goes_on(ada: User) -> None:
    here, there = two_browsers()
    here.post(END, {"session": id_of(there)})
    assert (is_signed_in(here), is_signed_in(there)) == (True, False)


def test_all_others_are_ended_at_once(ada: User) -> None:
    here, there = two_browsers()
    assert here.post(END, {"others": "1"}).status_code == 302
    assert (is_signed_in(here), is_signed_in(there)) == (True, False)
    assert AccountSession.objects.filter(account=ada).count() == 1


def test_nobody_ends_anothers(ada: User) -> None:
    an_account("eve@example.com")
    here, eves = signed_in(), signed_in(email="eve@example.com")
    for given in (id_of(here), "", "\x00", "é"):
        eves.post(END, {"session": given})
    assert is_signed_in(here)


def test_a_session_keeps_its_name_while_its_key_is_changed(ada: User) -> None:
    here = signed_in()
    key, name = here.session.session_key, id_of(here)
    its = an_app(ada)
    here.post("/account/confirm/other/", {"code": shown(its)})
    assert here.session.session_key != key
    assert id_of(here) == name


def test_a_new_password_ends_all_others(ada: User) -> None:
    here, there = two_browsers()
    here.post("/account/password/", {"present": PASSWORD, "password": "four rather quiet words"})
    assert (is_signed_in(here), is_signed_in(there)) == (True, False)


def test_disabling_ends_every_one_and_enabling_brings_none_back(ada: User) -> None:
    here, there = two_browsers()
    User.objects.filter(pk=ada.pk).update(is_active=False)
    assert (is_signed_in(here), is_signed_in(there)) == (False, False)
    ada.refresh_from_db()
    ada.end_sessions()
    User.objects.filter(pk=ada.pk).update(is_active=True)
    assert (is_signed_in(here), is_signed_in(there)) == (False, False)


def test_an_answer_under_way_does_not_bring_an_ended_session_back(ada: User) -> None:
    here, there = two_browsers()
    session = there.session
    assert session["account_signed_in"]["id"] == id_of(there)
    here.post(END, {"others": "1"})
    DatabaseStore.cycle_key(session)  # as a step of the other browser does, which saw its row just before
    there.cookies["sessionid"] = str(session.session_key)
    assert not is_signed_in(there)


def test_nor_does_it_bring_back_one_that_was_ended_alone(ada: User) -> None:
    here, there = two_browsers()
    session = there.session
    assert session["account_signed_in"]["id"] == id_of(there)
    here.post(END, {"session": id_of(there)})
    session.cycle_key()  # as a step of the other browser does, which had read its session before
    there.cookies["sessionid"] = str(session.session_key)
    assert (is_signed_in(here), is_signed_in(there)) == (True, False)
    assert AccountSession.objects.filter(account=ada).count() == 1
