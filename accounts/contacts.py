"""The contacts of an account, written once their code has come back. The old one is told."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.challenges.start import hold_address
from accounts.factors.app import app_of
from accounts.history import record
from accounts.messages.sending import EMAIL_CHANGED, PHONE_CHANGED, send_notice
from accounts.models import Challenge, SecurityEvent, User
from api.refusals import Refusal


def keep_phone(met: Challenge) -> User:
    """Make the number of a challenge that was just met the account's, by the channel its code came on. From
    now on codes go there. It is nobody else's any more: an account that had it is told."""
    assert met.account is not None
    with transaction.atomic():
        hold_address(met.address, timezone.now())
        concerned = User.objects.filter(Q(pk=met.account.pk) | Q(phone=met.address)).order_by("pk")
        held = {each.pk: each for each in concerned.select_for_update(no_key=True)}
        account = held.pop(met.account.pk)
        for former in held.values():
            _take_phone_off(former)
        _tell_old_phone(account, new=met.address)
        account.phone, account.phone_channel = met.address, met.channel
        account.phone_verified_at = timezone.now()
        if not account.uses_app:
            account.code_way = User.CodeWay.PHONE
        account.save(update_fields=("phone", "phone_channel", "phone_verified_at", "code_way"))
        _end_codes(account)
        send_notice(account, PHONE_CHANGED, "email", account.email)
        record(account, SecurityEvent.What.PHONE_CHANGED)
        return account


def remove_phone(account: User) -> None:
    """From now on codes go to the mailbox alone."""
    with transaction.atomic():
        account = User.objects.hold(account.pk)
        if not account.phone:
            return
        _tell_old_phone(account, new="")
        _take_phone_off(account)


def keep_email(met: Challenge) -> User | Refusal:
    """Make the address of a challenge that was just met the account's. Refuses with reference_taken, where
    another account has come to it meanwhile."""
    assert met.account is not None
    with transaction.atomic():
        account = User.objects.hold(met.account.pk)
        if User.objects.filter(email=met.address).exclude(pk=account.pk).exists():
            return Refusal("reference_taken")
        old, account.email, account.email_verified_at = account.email, met.address, timezone.now()
        account.save(update_fields=("email", "email_verified_at"))
        if old != account.email:
            _end_codes(account)
            record(account, SecurityEvent.What.EMAIL_CHANGED)
            send_notice(account, EMAIL_CHANGED, "email", old)
            if account.phone_channel == User.PhoneChannel.SMS:
                send_notice(account, EMAIL_CHANGED, "sms", account.phone)
        return account


def choose_way(account: User, way: str) -> None:
    """Where codes come from first. What is not there, a phone or an app, cannot be chosen."""
    with transaction.atomic():
        account = User.objects.hold(account.pk)
        before, account.code_way = account.code_way, _possible(account, way)
        account.save(update_fields=("code_way",))
        if account.code_way != before:
            record(account, SecurityEvent.What.WAY_CHANGED)


def _take_phone_off(account: User) -> None:
    account.phone, account.phone_channel, account.phone_verified_at = "", "", None
    if not account.uses_app:
        account.code_way = User.CodeWay.EMAIL
    account.save(update_fields=("phone", "phone_channel", "phone_verified_at", "code_way"))
    _end_codes(account)
    send_notice(account, PHONE_CHANGED, "email", account.email)
    record(account, SecurityEvent.What.PHONE_REMOVED)


def _end_codes(account: User) -> None:
    """What went to a contact of before proves nobody any more."""
    purposes = (Challenge.Purpose.SIGN_IN, Challenge.Purpose.STEP_UP)
    Challenge.objects.filter(account=account, purpose__in=purposes).end(
        Challenge.EndReason.SUPERSEDED, timezone.now()
    )


def _possible(account: User, way: str) -> User.CodeWay:
    if way == User.CodeWay.APP and app_of(account):
        return User.CodeWay.APP
    return User.CodeWay.PHONE if way == User.CodeWay.PHONE and account.phone else User.CodeWay.EMAIL


def _tell_old_phone(account: User, *, new: str) -> None:
    if account.phone and account.phone != new and account.phone_channel == User.PhoneChannel.SMS:
        send_notice(account, PHONE_CHANGED, "sms", account.phone)
