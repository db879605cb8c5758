"""A shop, and its policy."""

from collections.abc import Iterable
from decimal import Decimal
from functools import partial

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction

from api.ids import new_id
from orders import branding

DEFAULT_LINES = {"GBP": Decimal(100), "EUR": Decimal(100), "USD": Decimal(100), "BRL": Decimal(500)}
DEFAULT_COLOUR, DEFAULT_INK = "#0d5a4c", "#fdf8ea"


class CodeShows(models.TextChoices):
    """From when on a recipient is told their code."""

    DISPATCH = "dispatch", "when it goes out for delivery"
    NEXT = "next", "when the courier comes to them next"
    ARRIVAL = "arrival", "when the courier is at the door"


class Merchant(models.Model):
    """A shop that pushes orders. Every order belongs to one, and its policy says which need a code."""

    public_id = models.CharField(max_length=32, unique=True, default=partial(new_id, "mer"), editable=False)
    name = models.CharField(max_length=100)
    code_digits = models.PositiveSmallIntegerField(
        default=6, validators=[MinValueValidator(6), MaxValueValidator(8)]
    )
    code_hours = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(72)],
        help_text="Hours a code lives. Empty: until three hours after midnight at the address.",
    )
    code_categories = models.JSONField(
        default=list, blank=True, help_text="Categories that always need a code, as a JSON list."
    )
    code_for_routine = models.BooleanField(
        default=False, help_text="Routine deliveries need a code too, unless the recipient has opted out."
    )
    arrival_first = models.BooleanField(
        default=False, help_text="A code is taken only after the courier has reported their arrival."
    )
    code_shows = models.CharField(
        max_length=10,
        choices=CodeShows,
        default=CodeShows.DISPATCH,
        db_default=CodeShows.DISPATCH,
        help_text="From when on recipients are told their code. To ask for it too early is the main fraud.",
    )
    sms_a_day = models.PositiveIntegerField(
        "text messages and calls a day",
        null=True,
        blank=True,
        help_text="The most that go out for them in a day (UTC). Empty: the installation's; 0: no cap.",
    )
    brand_name = models.CharField(
        max_length=branding.NAME_LENGTH,
        blank=True,
        default="",
        validators=[branding.validate_shown_name],
        help_text="The name in messages. Empty: the shop's own, cut where a text message is full.",
    )
    brand_sender = models.CharField(
        max_length=branding.NAME_LENGTH,
        blank=True,
        default="",
        validators=[branding.validate_shown_name],
        help_text="The name that e-mails come under; the address stays ours. Empty: the name in messages.",
    )
    brand_colour = models.CharField(
        max_length=7,
        default=DEFAULT_COLOUR,
        validators=[branding.validate_colour],
        help_text="The band at the top of an e-mail, and its button.",
    )
    brand_ink = models.CharField(
        max_length=7,
        default=DEFAULT_INK,
        validators=[branding.validate_colour],
        help_text="What is written on that colour; it must be easy to read there.",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(code_digits__gte=6, code_digits__lte=8), name="merchant_code_digits_6_to_8"
            ),
        )

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Raise ValidationError where the two colours of the brand cannot be read on one another."""
        if not (branding.is_colour(self.brand_colour) and branding.is_colour(self.brand_ink)):
            return  # their own fields say so
        found = branding.contrast(self.brand_colour, self.brand_ink)
        if found < branding.LEAST_CONTRAST:
            says = f"The contrast of the two colours is {found:.1f}, and must be {branding.LEAST_CONTRAST}."
            raise ValidationError({"brand_ink": says})

    @property
    def shown_name(self) -> str:
        """The shop's name as it stands in messages and as the sender's in a text."""
        return self.brand_name or branding.shown(self.name)

    @classmethod
    def open(cls, name: str) -> "Merchant":
        """A new merchant with the default high-value lines."""
        with transaction.atomic():
            merchant = cls.objects.create(name=name)
            HighValueLine.objects.bulk_create(
                HighValueLine(merchant=merchant, currency=currency, amount=amount)
                for currency, amount in DEFAULT_LINES.items()
            )
        return merchant

    def lines(self) -> dict[str, Decimal]:
        """From which value on a code is always needed, by currency. In a currency without a line: always."""
        return lines_of([self.pk])[self.pk]

    def line(self, currency: str) -> Decimal | None:
        """From which value on a code is always needed; None where the merchant has set no line."""
        amounts = self.high_value_lines.filter(currency=currency).values_list("amount", flat=True)
        return amounts.first()


def lines_of(merchants: Iterable[int]) -> dict[int, dict[str, Decimal]]:
    """The lines of each of these merchants, by its key and then by currency, in one statement."""
    lines: dict[int, dict[str, Decimal]] = {merchant: {} for merchant in merchants}
    stored = HighValueLine.objects.filter(merchant__in=lines)
    for merchant, currency, amount in stored.values_list("merchant", "currency", "amount"):
        lines[merchant][currency] = amount
    return lines


def sms_cap_of(merchant_id: str) -> int | None:
    """How many text messages and calls may go out for this merchant in a day; None where they have no cap of
    their own."""
    return Merchant.objects.filter(public_id=merchant_id).values_list("sms_a_day", flat=True).first()


class HighValueLine(models.Model):
    """From this value on, in this currency, a shipment is handed over only with a code."""

    merchant = models.ForeignKey(Merchant, on_delete=models.CASCADE, related_name="high_value_lines")
    currency = models.CharField(max_length=3)
    amount = models.DecimalField(max_digits=15, decimal_places=3)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("merchant", "currency"), name="one_line_per_currency"),
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="high_value_line_not_negative"),
        )

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"
