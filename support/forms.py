"""What staff fill in. The rules are the verbs'; here is only whether something was written."""

import secrets
from typing import Any, Self

from django import forms
from django.core.validators import RegexValidator
from django.http import QueryDict

from handoffs.messages import code_ways
from orders.masking import mask
from orders.models import Shipment
from support.audit import holds_personal_data
from support.words import CHANNELS


def new_form_key() -> str:
    return secrets.token_hex(16)


class ReasonForm(forms.Form):
    """Every action's: why, and what makes a second click harmless."""

    reason = forms.CharField(
        label="Reason",
        max_length=300,
        help_text="Kept for good beside your name. No codes, phone numbers or e-mail addresses.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "list": "reasons"}),
    )
    form_key = forms.CharField(
        widget=forms.HiddenInput, initial=new_form_key, validators=[RegexValidator(r"\A[0-9a-f]{32}\Z")]
    )

    def clean_reason(self) -> str:
        reason: str = self.cleaned_data["reason"]
        if holds_personal_data(reason):
            raise forms.ValidationError(
                "This looks like a code, a phone number or an e-mail address. The reason is read by others "
                "and kept for good: leave it out."
            )
        return reason


class ShipmentForm(ReasonForm):
    """An action on a shipment. `generation` binds it to the code that the page showed."""

    generation = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)

    def __init__(self, *args: Any, shipment: Shipment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shipment = shipment
        self.order_fields(["channel", "phone", "email", "forget", "reason"])

    def renewed(self) -> Self:
        """The same form to be sent once more, with a key of its own."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        data["form_key"] = new_form_key()
        self.data = data
        return self


class ResendForm(ShipmentForm):
    channel = forms.ChoiceField(label="Send it by", widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ways = code_ways(self.shipment.order)
        field = self.fields["channel"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(way, f"{CHANNELS[way]} to {mask(to)}".capitalize()) for way, to in ways.items()]
        self.initial.setdefault("channel", next(iter(ways), ""))


class ContactForm(ShipmentForm):
    """The new contact. What is left empty stays as it is."""

    phone = forms.CharField(
        label="New phone number",
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
        help_text="With its country code, or as people write it where the parcel goes. Empty: unchanged.",
    )
    email = forms.CharField(
        label="New e-mail address",
        required=False,
        max_length=254,
        widget=forms.TextInput(attrs={"type": "email", "autocomplete": "off"}),
        help_text="Empty: unchanged.",
    )
    forget = forms.MultipleChoiceField(
        label="Remove",
        required=False,
        choices=[("phone", "the phone number"), ("email", "the e-mail address")],
        widget=forms.CheckboxSelectMultiple,
    )

    def changes(self) -> dict[str, str]:
        """The fields of RecipientDraft to write over."""
        typed = {name: self.cleaned_data[name] for name in ("phone", "email") if self.cleaned_data.get(name)}
        return dict.fromkeys(self.cleaned_data.get("forget", []), "") | typed

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not self.changes():
            raise forms.ValidationError("Type a new contact, or tick the one to remove.")
        return cleaned


class KeyForm(ReasonForm):
    name = forms.CharField(label="Name", max_length=100, help_text="What will use it, such as “web shop”.")
    livemode = forms.TypedChoiceField(
        label="Kind",
        choices=[("test", "Test: nothing reaches a phone"), ("live", "Live: messages go to real people")],
        coerce=lambda chosen: chosen == "live",
        initial="test",
        widget=forms.RadioSelect,
    )

    field_order = ("name", "livemode", "reason")
