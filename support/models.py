"""What staff did, and why."""

from __future__ import annotations

from functools import partial

from django.db import models
from django.utils import timezone

from accounts.models import User
from api.ids import new_id

DONE = "done"


class StaffAction(models.Model):
    """One thing that a member of staff did or tried: who, when, what, to what, and the reason they gave.

    The database itself refuses UPDATE and DELETE (migration `support.0002`). `details` holds ids, numbers and
    names of fields, never a contact, a code or a key.
    """

    class Kind(models.TextChoices):
        RESEND = "code.resend", "sent the code again"
        ROTATE = "code.rotate", "asked for a new code"
        UNLOCK = "code.unlock", "unlocked the delivery"
        CORRECT = "contact.correct", "corrected the contact"
        REVEAL = "contact.reveal", "looked at the whole contact"
        RETURN = "shipment.return", "sent the shipment back"
        RELEASE_APPROVE = "release.approve", "approved handing over without the code"
        RELEASE_REFUSE = "release.refuse", "refused handing over without the code"
        PHOTO = "photo.view", "looked at a photo"
        KEY_CREATED = "key.create", "created an API key"
        KEY_REVOKED = "key.revoke", "revoked an API key"
        ENROLMENT = "courier.enrol", "made an enrolment code"
        DEVICE_REVOKED = "device.revoke", "revoked a handheld"
        ADDED = "row.add", "added"
        CHANGED = "row.change", "changed"

    public_id = models.CharField(max_length=32, unique=True, default=partial(new_id, "act"), editable=False)
    at = models.DateTimeField(default=timezone.now)
    staff = models.ForeignKey(User, on_delete=models.PROTECT, related_name="actions")
    action = models.CharField(max_length=24, choices=Kind)
    about = models.CharField(max_length=64, help_text="Public id of what it was done to.")
    reason = models.CharField(max_length=300, blank=True)
    outcome = models.CharField(max_length=40, default=DONE, help_text="`done`, or why it was refused.")
    details = models.JSONField(default=dict, blank=True)
    form_key = models.CharField(  # noqa: DJ001 - empty ones must not collide
        max_length=32,
        unique=True,
        null=True,
        default=None,
        help_text="Of the form that was sent, so that a second click does nothing.",
    )
    request_id = models.CharField(max_length=64)

    class Meta:
        default_permissions = ("view",)
        permissions = (
            ("resend_code", "Can send a delivery code again"),
            ("rotate_code", "Can have a new delivery code made"),
            ("unlock_code", "Can unlock a delivery"),
            ("correct_contact", "Can correct a recipient's contact"),
            ("reveal_contact", "Can see a recipient's whole contact"),
            ("return_shipment", "Can send a shipment back"),
            ("approve_release", "Can decide on handing over without a code"),
            ("view_spend", "Can see what messages cost"),
            ("create_key", "Can create an API key"),
            ("revoke_key", "Can revoke an API key"),
            ("enrol_device", "Can make an enrolment code"),
            ("revoke_device", "Can revoke a handheld"),
        )
        indexes = (models.Index(fields=("about", "id"), name="staff_action_about"),)

    def __str__(self) -> str:
        return self.public_id
