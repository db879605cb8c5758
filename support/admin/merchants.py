"""Merchants: their policy, their high-value lines, their keys."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from merchants.models import ApiKey
from orders import money
from orders.models import HighValueLine, Merchant
from support.admin.base import RecordsInline, Rows
from support.audit import holds_personal_data
from support.site import site

POLICY = (
    *("name", "code_digits", "code_hours", "code_categories", "code_for_routine", "arrival_first"),
    *("code_shows", "sms_a_day"),
)
BRAND = ("brand_name", "brand_sender", "brand_colour", "brand_ink")


class OnePerLine(forms.CharField):
    """A list of short texts, one on each line."""

    widget = forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        lines = [" ".join(line.split()) for line in (value or "").splitlines()]
        return list(dict.fromkeys(line for line in lines if line))

    def validate(self, value: Any) -> None:
        if any(len(line) > 60 for line in value):
            raise forms.ValidationError("A category has at most 60 characters.")

    def run_validators(self, value: Any) -> None:
        """Those of a text do not fit a list."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.to_python(self.prepare_value(initial)) != self.to_python(data))


class PolicyForm(forms.ModelForm):
    code_categories = OnePerLine(
        required=False, label="Categories that always need a code", help_text="One on each line."
    )
    reason = forms.CharField(max_length=300, help_text="Kept for good, with what you changed.")

    class Meta:
        model = Merchant
        fields = POLICY + BRAND

    def clean_reason(self) -> str:
        reason: str = self.cleaned_data["reason"]
        if holds_personal_data(reason):
            raise forms.ValidationError("Leave codes, phone numbers and e-mail addresses out.")
        return reason


class LineForm(forms.ModelForm):
    """The currency is chosen from those that orders may have; the amount is no finer than its money."""

    currency = forms.ChoiceField(choices=[(code, code) for code in sorted(money.CURRENCIES)])

    class Meta:
        model = HighValueLine
        fields = ("currency", "amount")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            shown = money.text(self.instance.amount, self.instance.currency)
            self.initial["amount"] = Decimal(shown)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        amount, currency = cleaned.get("amount"), cleaned.get("currency")
        if isinstance(amount, Decimal) and currency:
            places = money.decimals(currency)
            if amount < 0:
                self.add_error("amount", "Not below zero.")
            elif amount != round(amount, places):
                self.add_error(
                    "amount", f"Amounts in {currency} have at most {places} digits after the point."
                )
        return cleaned


class LinesInline(admin.TabularInline):
    model = HighValueLine
    form = LineForm
    extra = 0
    verbose_name = "high-value line"
    verbose_name_plural = "High-value lines: from this value on a code is always needed (no line: always)"


class KeysInline(RecordsInline):
    model = ApiKey
    fields = ("shown", "name", "livemode", "created_at", "revoked_at", "revoke")
    readonly_fields = fields
    verbose_name_plural = "API keys"
    ordering = ("-id",)

    @admin.display(description="key")
    def shown(self, key: ApiKey) -> str:
        return str(key)

    @admin.display(description="")
    def revoke(self, key: ApiKey) -> str:
        if key.revoked_at is not None:
            return "revoked"
        return format_html('<a href="{}">Revoke</a>', reverse("admin:key-revoke", args=[key.pk]))


@admin.register(Merchant, site=site)
class MerchantAdmin(Rows):
    """Merchants are opened with `manage.py create_merchant`, which gives them their first lines and key."""

    form = PolicyForm
    list_display = ("name", "public_id", "code_digits", "code_for_routine", "arrival_first")
    search_fields = ("name", "public_id")
    ordering = ("name",)
    inlines = (LinesInline, KeysInline)
    change_form_template = "support/merchant.html"
    fields_asked = ("reason",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_fields(self, request: HttpRequest, obj: Merchant | None = None) -> Any:
        shown = POLICY + BRAND
        return (*shown, "reason") if self.has_change_permission(request, obj) else shown
