"""Who can sign in."""

from functools import partial
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.limits import FAILURES_IN_A_ROW
from api.ids import new_id


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        """A person who signs in with this e-mail address, in any capitals; no password means none works."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").lower())

    def hold(self, pk: int) -> "User":
        """The row, locked and read anew. Call in a transaction, before what depends on it is read."""
        return self.select_for_update(no_key=True).get(pk=pk)


class User(AbstractBaseUser, PermissionsMixin):
    """A person with a sign-in: a customer with an account, or staff.

    `phone` is verified, always: it is written only once its code has come back, with the channel that it came
    by. `code_way` is where the person wants the codes of their account, `delivery_channel` on which way
    delivery codes go first. `code_failures` counts wrong codes in a row, over every challenge, browser and
    address.
    """

    class PhoneChannel(models.TextChoices):
        SMS = "sms", "Text message"
        VOICE = "voice", "Call"

    class DeliveryChannel(models.TextChoices):
        USUAL = "usual", "Text message, then e-mail"
        SMS = "sms", "Text message"
        EMAIL = "email", "E-mail"
        VOICE = "voice", "Call"
        ACCOUNT = "account", "In the account alone"

    class CodeWay(models.TextChoices):
        EMAIL = "email", "E-mail"
        PHONE = "phone", "Phone"
        APP = "app", "Authenticator app"

    public_id = models.CharField(max_length=32, unique=True, default=partial(new_id, "usr"), editable=False)
    email = models.EmailField(unique=True)
    email_verified_at = models.DateTimeField(null=True, default=None)
    phone = models.CharField(max_length=20, blank=True, default="", help_text="E.164, and verified.")
    phone_verified_at = models.DateTimeField(null=True, default=None)
    phone_channel = models.CharField(max_length=5, choices=PhoneChannel, blank=True, default="")
    code_way = models.CharField(max_length=5, choices=CodeWay, default=CodeWay.EMAIL)
    name = models.CharField(max_length=200, blank=True)
    locale = models.CharField(max_length=35, blank=True, default="", help_text="BCP 47, as last seen.")
    delivery_channel = models.CharField(
        max_length=7, choices=DeliveryChannel, default=DeliveryChannel.USUAL, db_default=DeliveryChannel.USUAL
    )
    delivery_language = models.CharField(
        max_length=35,
        blank=True,
        default="",
        db_default="",
        help_text="What messages to this person's contacts are in; empty for what each of them says.",
    )
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(default=timezone.now)
    code_failures = models.PositiveSmallIntegerField(default=0)
    session_epoch = models.PositiveIntegerField(
        default=0, help_text="Part of what each session is checked against: another number ends them all."
    )

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(code_failures__lte=FAILURES_IN_A_ROW), name="user_code_failures_limited"
            ),
            models.CheckConstraint(
                condition=Q(phone="", phone_verified_at=None, phone_channel="", code_way__in=("email", "app"))
                | (~Q(phone="") & Q(phone_verified_at__isnull=False) & ~Q(phone_channel="")),
                name="user_phone_is_verified",
            ),
        )
        indexes = (models.Index(fields=("phone",), name="user_by_phone", condition=~Q(phone="")),)

    def __str__(self) -> str:
        return self.email

    @property
    def is_code_locked(self) -> bool:
        """Whether so many wrong codes came in a row that none is judged any more."""
        return self.code_failures >= FAILURES_IN_A_ROW

    @property
    def uses_app(self) -> bool:
        """Whether the codes of an app are asked for in the place of messages."""
        return self.code_way == self.CodeWay.APP

    @property
    def code_ways(self) -> dict[str, str]:
        """`ways`, as far as codes to sign in and to confirm changes go by messages at all."""
        return {} if self.uses_app else self.ways

    @property
    def ways(self) -> dict[str, str]:
        """The channels on which messages can reach this person, the one they chose first, with the address.

        Never an unverified phone. The e-mail address is what the account was opened with, or made for staff.
        """
        known = {"email": self.email}
        if self.phone:
            phone = {self.phone_channel: self.phone}
            known = {**phone, **known} if self.code_way == self.CodeWay.PHONE else {**known, **phone}
        return known

    def end_sessions(self) -> None:
        """End every session of this account, whichever browser it is in."""
        User.objects.filter(pk=self.pk).update(session_epoch=F("session_epoch") + 1)
        self.session_epoch += 1

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Django's, over the epoch besides the password (AbstractBaseUser, its own is of the password)."""
        salt = "accounts.models.User.session"
        return salted_hmac(
            salt, f"{self.password}\n{self.session_epoch}", secret=secret, algorithm="sha256"
        ).hexdigest()
