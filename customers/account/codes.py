"""The page that takes a code, the same for every purpose. A flow says what the code is for."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation

from accounts.challenges import Started, check, start
from accounts.factors import has_other_way
from accounts.limits import SEND_COOLDOWN
from accounts.models import Challenge, User
from api.refusals import Refusal
from customers.account.guard import View, private
from customers.account.words import refused
from customers.order_page import seconds_until
from orders.masking import mask

IN_SESSION = "account_codes"
OTHER_WAYS = {
    Challenge.Purpose.SIGN_IN: "account_login_other",
    Challenge.Purpose.STEP_UP: "account_confirm_other",
}


class CodeFlow:
    """One browser that has to show a code for one purpose.

    `state` lives in its session: the challenge's id, and what is to be done once the code is right.
    """

    purpose: ClassVar[Challenge.Purpose]
    elsewhere: ClassVar[str]  # where to go if there is nothing to show a code for
    template = "customers/account/code.html"

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    # --- What each purpose says for itself -----------------------------------------------------------

    @property
    def account(self) -> User | None:
        """Whose code it is, where there is an account already."""
        return self.request.user if isinstance(self.request.user, User) else None

    @property
    def ways(self) -> dict[str, str]:
        """The channels on which the code may come, the usual one first, and the address on each."""
        raise NotImplementedError

    def succeed(self, challenge: Challenge) -> HttpResponse:
        """The code was right, and is used up."""
        raise NotImplementedError

    @property
    def is_entered(self) -> bool:
        """Whether this browser has come here the right way."""
        return self.purpose in self.request.session.get(IN_SESSION, {})

    # --- The same for all ------------------------------------------------------------------------------

    @property
    def state(self) -> dict[str, Any]:
        state: dict[str, Any] = self.request.session.get(IN_SESSION, {}).get(self.purpose, {})
        return state

    def keep(self, **state: Any) -> None:
        """Keep this in the session, over what is there for this purpose."""
        kept = self.request.session.get(IN_SESSION, {})
        self.request.session[IN_SESSION] = {**kept, self.purpose: {**self.state, **state}}

    def leave(self) -> None:
        """Forget what this session holds for this purpose."""
        kept = self.request.session.get(IN_SESSION, {})
        self.request.session[IN_SESSION] = {name: each for name, each in kept.items() if name != self.purpose}

    def send(self, channel: str, **more: Any) -> Started | Refusal:
        """Send a code on this channel, or again; an unknown one is the first."""
        ways = self.ways
        channel = channel if channel in ways else next(iter(ways))
        result = start(
            purpose=self.purpose,
            account=self.account,
            channel=channel,
            address=ways[channel],
            locale=translation.get_language() or "en",
            **more,
        )
        if isinstance(result, Started):
            self.keep(challenge=result.challenge.public_id)
        return result

    @property
    def challenge(self) -> Challenge | None:
        """The one to be met, while it lives and is this account's."""
        named = Challenge.objects.filter(public_id=self.state.get("challenge", ""), purpose=self.purpose)
        return named.filter(account=self.account).first()


@dataclass(frozen=True)
class CodePage:
    """What the template shows."""

    flow: CodeFlow
    now: datetime
    said: str = ""

    @property
    def purpose(self) -> str:
        return self.flow.purpose.value

    @cached_property
    def challenge(self) -> Challenge | None:
        """Read once: it may end at any moment, and the page tells of one."""
        found = self.flow.challenge
        return found if found and found.is_usable(self.now) else None

    @property
    def sent_to(self) -> str:
        return mask(self.challenge.address) if self.challenge else ""

    @property
    def channel(self) -> str:
        return self.challenge.channel if self.challenge else ""

    @property
    def ways(self) -> list[tuple[str, str]]:
        return [(channel, mask(to)) for channel, to in self.flow.ways.items()]

    @property
    def wait_until(self) -> datetime | None:
        sent_at = self.challenge.last_sent_at if self.challenge else None
        allowed_at = sent_at + SEND_COOLDOWN if sent_at else None
        return allowed_at if allowed_at and allowed_at > self.now else None

    @property
    def wait_seconds(self) -> int:
        return seconds_until(self.wait_until, self.now)

    @property
    def other_way(self) -> str:
        """The page that takes what no message carries, where this account has such a thing."""
        account, page = self.flow.account, OTHER_WAYS.get(self.flow.purpose)
        return reverse(page) if page and account and has_other_way(account) else ""

    @property
    def may_trust(self) -> bool:
        account = self.flow.account
        return self.flow.purpose == Challenge.Purpose.SIGN_IN and not (account and account.is_staff)


def take_code(flow_class: type[CodeFlow]) -> View:
    """The view: GET shows the form, POST judges a code, or sends another where `send` names a channel."""

    @private
    def view(request: HttpRequest) -> HttpResponse:
        flow = flow_class(request)
        if not flow.is_entered:
            return redirect(flow.elsewhere)
        if request.method != "POST":
            return _page(flow)
        if "send" in request.POST:
            return _sent(flow, request.POST["send"])
        result = check(
            challenge_id=flow.state.get("challenge", ""),
            purpose=flow.purpose,
            typed=request.POST.get("code", ""),
        )
        if isinstance(result, Refusal):
            return _page(flow, refused(result))
        return flow.succeed(result)

    return view


def _sent(flow: CodeFlow, channel: str) -> HttpResponse:
    result = flow.send(channel)
    if isinstance(result, Refusal):
        messages.warning(flow.request, refused(result))
    return redirect(flow.request.get_full_path())


def _page(flow: CodeFlow, said: str = "") -> HttpResponse:
    page = CodePage(flow, timezone.now(), said)
    return render(flow.request, flow.template, {"page": page})
