"""What people type on the account's pages, read and normalised. Nothing is decided here."""

import unicodedata
from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from orders import phones

PASSWORD_LENGTH = 128  # characters; longer ones only cost hashing


class _Email(forms.EmailField):
    """An address as sign-in reads it, so that another way to write it is not another account."""

    def __init__(self, label: Any, autocomplete: str) -> None:
        widget = forms.EmailInput(attrs={"autocomplete": autocomplete, "dir": "ltr"})
        super().__init__(label=label, max_length=254, widget=widget)

    def to_python(self, value: Any) -> Any:
        return unicodedata.normalize("NFKC", super().to_python(value) or "").strip().lower()


def _email() -> _Email:
    return _Email(_("E-mail address"), "username")


def _password(label: Any, autocomplete: str) -> forms.CharField:
    attrs = {"autocomplete": autocomplete, "dir": "ltr"}
    return forms.CharField(
        label=label, strip=False, max_length=PASSWORD_LENGTH, widget=forms.PasswordInput(attrs=attrs)
    )


class SignInForm(forms.Form):
    email = _email()
    password = _password(_("Password"), "current-password")


class _NewPassword(forms.Form):
    """Checks a new password for `whose` account, who need not exist yet."""

    whose: User | None = None

    def check_new(self, password: str, whose: User | None) -> str:
        password_validation.validate_password(password, whose)
        return password


class SignUpForm(_NewPassword):
    name = forms.CharField(
        label=_("Your name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = _email()
    password = _password(_("Password"), "new-password")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "password" in data:
            whose = User(email=data.get("email", ""), name=data.get("name", ""))
            try:
                self.check_new(data["password"], whose)
            except forms.ValidationError as error:
                self.add_error("password", error)
        return data


class ResetForm(forms.Form):
    email = _email()


class NewPasswordForm(_NewPassword):
    password = _password(_("New password"), "new-password")

    def __init__(self, whose: User, data: Any = None) -> None:
        super().__init__(data)
        self.whose = whose

    def clean_password(self) -> str:
        return self.check_new(self.cleaned_data["password"], self.whose)


class ChangePasswordForm(NewPasswordForm):
    present = _password(_("Present password"), "current-password")
    field_order = ("present", "password")


class EmailForm(forms.Form):
    email = _Email(_("New e-mail address"), "email")


class PhoneForm(forms.Form):
    """`phone` comes out in E.164, and `channel` as one by which the number can be reached."""

    channel = forms.ChoiceField(
        label=_("How should codes reach it?"),
        choices=[("sms", _("Text message")), ("voice", _("Call"))],
        widget=forms.RadioSelect,
        initial="sms",
    )
    country = forms.ChoiceField(label=_("Country"))
    phone = forms.CharField(
        label=_("Phone number"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "tel-national", "inputmode": "tel", "dir": "ltr"}),
    )

    def __init__(self, data: Any = None, *, countries: list[tuple[str, str]], country: str = "") -> None:
        super().__init__(data, initial={"country": country})
        field = self.fields["country"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = countries

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "phone" in data and "country" in data and "channel" in data:
            try:
                data["phone"] = phones.normalise(data["phone"], data["country"])
            except phones.InvalidPhoneError:
                self.add_error("phone", _("This is not a phone number of that country. Check its digits."))
                return data
            reached = phones.gets_texts if data["channel"] == "sms" else phones.gets_calls
            if not reached(data["phone"]):
                self.add_error(
                    "phone",
                    _("No text message reaches this number. Choose a call, or another number.")
                    if data["channel"] == "sms"
                    else _("We cannot call this number. Give another one."),
                )
        return data
