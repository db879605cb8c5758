"""The stage of allauth's login that asks for a code after the right password."""

from allauth.account.stages import LoginStage, LoginStageController
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.crypto import constant_time_compare

from accounts import browsers, exposed, places
from accounts.challenges import Started, start
from accounts.models import Challenge, User


class CodeStage(LoginStage):
    """Its state, in the session, names the challenge, and the password and epoch that it began with by their
    hash, as a session's own."""

    key = "code"
    urlname = "account_confirm_login_code"

    def handle(self) -> tuple[HttpResponseBase | None, bool]:
        """Pass a trusted browser in a usual place by; else send a code and lead to the page that takes it."""
        self.request.session.cycle_key()
        account = self.account
        browser = None if account.is_staff else browsers.trusted(self.request, account)
        if browser and places.is_usual(self.request, account):
            browsers.note_used(browser, timezone.now())
            return None, True
        exposed.begin_try(self.request, account)
        self.state["hash"] = account.get_session_auth_hash()
        if account.uses_app:
            return redirect("account_login_other"), True
        self._send()
        return redirect(self.urlname), True

    @property
    def account(self) -> User:
        user = self.login.user
        assert isinstance(user, User), "nobody is let through who is unknown"
        return user

    def _send(self) -> None:
        """Where it may not go, the page says so when it is asked to send one."""
        channel, address = next(iter(self.account.ways.items()))
        result = start(
            purpose=Challenge.Purpose.SIGN_IN,
            account=self.account,
            channel=channel,
            address=address,
            locale=translation.get_language() or "en",
        )
        if isinstance(result, Started):
            self.state["challenge"] = result.challenge.public_id


def entered(request: HttpRequest) -> CodeStage | None:
    """The stage that this browser has to pass now; None where it has not come through the password, or a new
    one was set since, or everything signed out: that ends what is half finished, too."""
    stage = LoginStageController.enter(request, CodeStage.key)
    if not isinstance(stage, CodeStage) or not isinstance(stage.login.user, User):
        return None
    same = constant_time_compare(stage.state.get("hash", ""), stage.account.get_session_auth_hash())
    return stage if same else None
