"""What we take from django-allauth: its login with stages, none of its messages and counters."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.models import User
from accounts.signed_in import begin_session


class AccountAdapter(DefaultAccountAdapter):
    def get_login_stages(self) -> list[str]:
        """After the right password: our code, unless the browser is trusted."""
        return ["accounts.stages.CodeStage"]

    def login(self, request: HttpRequest, user: Any) -> None:
        """Every completed sign-in, however it was proved, comes through here."""
        is_first = user.last_login is None
        super().login(request, user)
        begin_session(request, user, is_first=is_first)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Everything goes through the outbox: a mail that allauth wants to send by itself is a mistake."""
        raise NotImplementedError(template_prefix)

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Our pages say it in words of their own."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Not through allauth's form."""
        return False

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        return redirect("account_login")
