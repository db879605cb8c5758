"""The kinds of messages about an account: which words each has now, or none where there is nothing to say."""

from collections.abc import Callable
from dataclasses import replace

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts.limits import RESET_LINK_LIFETIME
from accounts.messages import security_words
from accounts.messages import words as say
from accounts.messages.letters import Said, rendered
from accounts.messages.sending import (
    ALREADY_THERE,
    CODES_LOCKED,
    EMAIL_CHANGED,
    NEW_BROWSER,
    PASSWORD_CHANGED,
    PASSWORD_EXPOSED,
    PASSWORD_RESET,
    PHONE_CHANGED,
    SECURITY_CHANGED,
    code_kind,
)
from accounts.models import Challenge, User
from accounts.reset_links import reset_link
from accounts.secure_links import LIFETIME, secure_link
from notifications import kinds
from notifications.models import Message


def render_code(message: Message) -> kinds.Rendered | None:
    """The code; None once it is dead, or another one of the same challenge has taken its place."""
    challenge = Challenge.objects.select_related("account").filter(public_id=message.about).first()
    now = timezone.now()
    if challenge is None or challenge.is_decoy or not challenge.is_usable(now):
        return None
    if challenge.number != message.context["number"]:
        return None
    said = say.code_said(challenge.purpose, challenge.code_of())
    return replace(rendered(message, said), valid_until=challenge.expires_at)


def render_already_there(message: Message) -> kinds.Rendered | None:
    return rendered(message, say.already_there(f"{settings.PUBLIC_URL}{reverse('account_login')}"))


def render_password_reset(message: Message) -> kinds.Rendered | None:
    """The link; None where the message is older than it may live, its mailbox is not the account's any more,
    or the account is disabled."""
    account = User.objects.filter(public_id=message.about, email=message.to, is_active=True).first()
    if account is None or timezone.now() > message.created_at + RESET_LINK_LIFETIME:
        return None
    said = security_words.password_of_staff() if account.is_staff else say.password_reset(reset_link(account))
    return rendered(message, said)


def render_new_browser(message: Message) -> kinds.Rendered | None:
    return rendered(message, security_words.new_browser(str(message.context.get("browser", ""))))


def render_security_changed(message: Message) -> kinds.Rendered | None:
    return rendered(message, security_words.security_changed(str(message.context.get("what", ""))))


def _with_secure_link(said: Callable[[str], Said]) -> Callable[[Message], kinds.Rendered | None]:
    def render(message: Message) -> kinds.Rendered | None:
        """None where the account is disabled, or the message is older than its link may live."""
        account = User.objects.filter(public_id=message.about, is_active=True).first()
        if account is None or timezone.now() > message.created_at + LIFETIME:
            return None
        return rendered(message, said(secure_link(account)))

    return render


def _plain(said: Callable[[], Said]) -> Callable[[Message], kinds.Rendered | None]:
    return lambda message: rendered(message, said())


def register() -> None:
    for purpose in Challenge.Purpose:
        kind = kinds.Kind(code_kind(purpose), render=render_code, by_anybody=purpose.is_anybodys)
        kinds.register(kind)
    kinds.register(kinds.Kind(ALREADY_THERE, render=render_already_there, by_anybody=True))
    kinds.register(kinds.Kind(PASSWORD_RESET, render=render_password_reset, by_anybody=True))
    told = {
        NEW_BROWSER: render_new_browser,
        SECURITY_CHANGED: render_security_changed,
        PASSWORD_EXPOSED: _with_secure_link(security_words.password_exposed),
        CODES_LOCKED: _with_secure_link(security_words.codes_locked),
    }
    for name, render in told.items():
        kinds.register(kinds.Kind(name, render=render, has_reserve=True))
    notices = {
        PASSWORD_CHANGED: say.password_changed,
        EMAIL_CHANGED: say.email_changed,
        PHONE_CHANGED: say.phone_changed,
    }
    for name, said in notices.items():
        kinds.register(kinds.Kind(name, render=_plain(said), has_reserve=True))
