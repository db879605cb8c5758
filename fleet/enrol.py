"""Binding a handheld to a courier."""

from django.db import transaction
from django.utils import timezone

from api.refusals import Refusal
from api.tokens import new_token
from fleet.enrolment_codes import enrolment_digests
from fleet.models import Device, Enrolment

TOKEN_PREFIX = "ct_"  # noqa: S105 - what every device token starts with, not a token


def enrol(*, enrolment_code: str, name: str) -> tuple[Device, str] | Refusal:
    """Use an enrolment code up for a new device of its courier; answers the device and its token.

    The token is stored nowhere: show it once. A code that is unknown, used or too old and one whose courier
    has left are refused alike, with authentication_failed: the code is what the caller proves with who they
    are.
    """
    now = timezone.now()
    with transaction.atomic():
        enrolment = (
            Enrolment.objects.filter(
                digest__in=enrolment_digests(enrolment_code),
                used_at=None,
                expires_at__gt=now,
                courier__active=True,
            )
            .select_related("courier__depot")
            .select_for_update(of=("self",), no_key=True)
            .first()
        )
        if enrolment is None:
            return Refusal("authentication_failed", "This enrolment code does not work, or no longer.")
        Enrolment.objects.filter(pk=enrolment.pk).update(used_at=now)
        token, digest = new_token(TOKEN_PREFIX)
        device = Device.objects.create(
            courier=enrolment.courier, name=name, token_digest=digest, enrolled_by_id=enrolment.issued_by_id
        )
        return device, token
