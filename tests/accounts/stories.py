"""Ada at her browser: her account, the codes that reach her, and what she types."""

import re
from typing import Any

from django.http import HttpResponse
from django.test import Client

from accounts.models import Challenge, User
from notifications import kinds
from notifications.models import Message

EMAIL, PHONE, PASSWORD = "ada@example.com", "+447400123456", "three quiet words"
WRONG_PASSWORD = "three other words"


def an_account(email: str = EMAIL, password: str | None = PASSWORD, **fields: Any) -> User:
    """A person with a verified e-mail address; with `phone`, a verified phone that codes go to by SMS."""
    from django.utils import timezone

    verified: dict[str, Any] = {"email_verified_at": timezone.now()}
    if "phone" in fields:
        verified |= {"phone_verified_at": timezone.now(), "phone_channel": "sms", "code_way": "phone"}
    return User.objects.create_user(email, password, **verified | fields)


def sign_in(client: Client, email: str = EMAIL, password: str = PASSWORD, **more: Any) -> Any:
    """The answer to the form of the password."""
    return client.post("/account/login/", {"email": email, "password": password, **more})


def the_message(kind: str = "") -> Message:
    """The newest message to anybody, of this kind if one is given."""
    found = Message.objects.filter(kind=kind) if kind else Message.objects.all()
    return found.order_by("-id")[0]


def text_of(message: Message) -> str:
    rendered = kinds.render(message)
    assert rendered is not None, "there is nothing to say any more"
    return rendered.text


def code_in(message: Message) -> str:
    found = re.search(r"\b\d{6}\b", text_of(message))
    assert found, "no code in it"
    return found[0]


def newest_code() -> str:
    """The code in the newest message that carries one."""
    return code_in(Message.objects.filter(kind__endswith="_code").order_by("-id")[0])


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


def type_code(client: Client, code: str, path: str = "/account/login/code/", **more: Any) -> Any:
    return client.post(path, {"code": code, **more})


def signed_in(client: Client | None = None, **who: Any) -> Client:
    """A browser in which Ada has signed in, with a code."""
    client = client or Client()
    assert sign_in(client, **who).status_code == 302
    assert type_code(client, newest_code()).status_code == 302
    assert is_signed_in(client)
    return client


def is_signed_in(client: Client) -> bool:
    answer: HttpResponse | Any = client.get("/account/")
    return bool(answer.status_code == 200)


def living(purpose: str = "sign_in") -> Challenge:
    return Challenge.objects.living().get(purpose=purpose)
