"""`manage.py create_staff`, and signing in."""

import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import User
from support.roles import AGENT, ROLES
from tests.accounts.stories import newest_code, type_code

pytestmark = pytest.mark.django_db


def create(*arguments: str, role: str = AGENT) -> str:
    out = io.StringIO()
    call_command("create_staff", *arguments, "--role", role, stdout=out)
    return out.getvalue()


def sign_in(email: str, password: str) -> int:
    return Client().post("/account/login/", {"email": email, "password": password}).status_code


@pytest.mark.parametrize("role", ROLES)
def test_they_sign_in_with_the_password_that_is_shown_once(role: str) -> None:
    told = json.loads(create("Sam@Example.com", "--json", role=role))
    user = User.objects.get(email="sam@example.com")
    assert told == {"staff": user.public_id, "email": user.email, "role": role, "password": told["password"]}
    assert (user.is_staff, user.is_superuser, user.groups.get().name) == (True, False, role)
    assert sign_in("SAM@example.com", told["password"]) == 302
    assert sign_in("sam@example.com", "something else") == 200


def test_a_given_password_is_read_and_not_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("correct horse battery\n"))
    assert "correct horse" not in create("sam@example.com", "--password-stdin")
    assert sign_in("sam@example.com", "correct horse battery") == 302


@pytest.mark.parametrize("typed", ["", "\n"])
def test_no_password_is_refused(monkeypatch: pytest.MonkeyPatch, typed: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    with pytest.raises(CommandError):
        create("sam@example.com", "--password-stdin")
    assert not User.objects.exists()


def test_a_second_one_and_an_odd_address_are_refused() -> None:
    create("sam@example.com")
    for address in ("SAM@example.com", "nobody"):
        with pytest.raises(CommandError):
            create(address)
    assert User.objects.count() == 1


def test_who_has_left_is_out_at_once() -> None:
    told = json.loads(create("sam@example.com", "--json"))
    client = Client()
    asked = {"email": told["email"], "password": told["password"], "next": "/admin/"}
    client.post("/account/login/", asked)
    assert client.get("/admin/").status_code == 302, "not with a password alone"
    assert type_code(client, newest_code())["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200
    User.objects.update(is_active=False)
    assert client.get("/admin/").status_code == 302


def test_a_password_alone_does_not_open_the_staffs_site() -> None:
    told = json.loads(create("sam@example.com", "--json"))
    client = Client()
    client.force_login(User.objects.get())
    assert client.get("/admin/").status_code == 302
    assert sign_in(told["email"], told["password"]) == 302
