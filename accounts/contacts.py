"""The contacts of an account, written once their code has come back. The old one is told."""

from django.db import transaction
from django.utils import timezone

from accounts.messages.sending import EMAIL_CHANGED, PHONE_CHANGED, send_notice
from accounts.models import Challenge, User
from api.refusals import Refusal


def keep_phone(met: Challenge) -> User:
    """Make the number of a challenge that was just met the account's, by the channel its code came on. From
    now on codes go there."""
    assert met.account is not None
    with transaction.atomic():
        account = User.objects.hold(met.account.pk)
        _tell_old_phone(account, new=met.address)
        account.phone, account.phone_channel = met.address, met.channel
        account.phone_verified_at, account.code_way = timezone.now(), User.CodeWay.PHONE
        account.save(update_fields=("phone", "phone_channel", "phone_verified_at", "code_way"))
        send_notice(account, PHONE_CHANGED, "email", account.email)
        return account


def remove_phone(account: User) -> None:
    """From now on codes go to the mailbox alone."""
    with transaction.atomic():
        account = User.objects.hold(account.pk)
        if not account.phone:
            return
        _tell_old_phone(account, new="")
        account.phone, account.phone_channel, account.phone_verified_at = "", "", None
        account.code_way = User.CodeWay.EMAIL
        account.save(update_fields=("phone", "phone_channel", "phone_verified_at", "code_way"))
        send_notice(account, PHONE_CHANGED, "email", account.email)


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
            send_notice(account, EMAIL_CHANGED, "email", old)
            if account.phone_channel == User.PhoneChannel.SMS:
                send_notice(account, EMAIL_CHANGED, "sms", account.phone)
        return account


def choose_way(account: User, way: str) -> None:
    """Where codes go first. A phone that is not there cannot be chosen."""
    with transaction.atomic():
        account = User.objects.hold(account.pk)
        account.code_way = User.CodeWay.PHONE if way == "phone" and account.phone else User.CodeWay.EMAIL
        account.save(update_fields=("code_way",))


def _tell_old_phone(account: User, *, new: str) -> None:
    if account.phone and account.phone != new and account.phone_channel == User.PhoneChannel.SMS:
        send_notice(account, PHONE_CHANGED, "sms", account.phone)
