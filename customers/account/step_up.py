"""Showing a fresh code before something important is changed."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.models import Challenge, User
from accounts.step_up import note_proved
from customers.account.codes import CodeFlow, take_code
from customers.account.guard import account_of, onward


class StepUpFlow(CodeFlow):
    """A code by one of the account's own ways. Nothing is sent before a button asks for it."""

    purpose = Challenge.Purpose.STEP_UP
    elsewhere = "account_login"

    @property
    def is_entered(self) -> bool:
        return self.account is not None

    @property
    def ways(self) -> dict[str, str]:
        return self.account.code_ways if self.account else {}

    def succeed(self, challenge: Challenge) -> HttpResponse:
        self.leave()
        self.request.session.cycle_key()
        note_proved(self.request, account_of(self.request))
        return redirect(onward(self.request))


_code = take_code(StepUpFlow)


def code(request: HttpRequest) -> HttpResponse:
    """Whoever uses an app is led to where its codes go."""
    if isinstance(request.user, User) and request.user.uses_app:
        onto = request.GET.urlencode()
        return redirect(reverse("account_confirm_other") + (f"?{onto}" if onto else ""))
    return _code(request)
