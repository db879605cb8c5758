"""What must hold of an order before it is placed: each fault with where it is, all of them at once."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from api.refusals import Refusal
from notifications.channels import is_configured
from notifications.models import Message
from orders import money, phones, timezones
from orders.drafts import AddressDraft, OrderDraft, RecipientDraft, ShipmentDraft
from orders.locales import is_language_tag

MAX_PARCELS = 1_000  # of one order, over all its shipments
DEFAULT_LOCALE = "en"


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong, at a JSON pointer (RFC 6901) into the order as the API takes it."""

    pointer: str
    code: str
    detail: str


def validation_failed(*faults: Fault) -> Refusal:
    """The refusal that names these faults."""
    errors = [{"pointer": fault.pointer, "code": fault.code, "detail": fault.detail} for fault in faults]
    return Refusal("validation_failed", members={"errors": errors})


def checked(draft: OrderDraft) -> OrderDraft | Refusal:
    """The draft with phone, locale and time zone as they are stored; or everything that is wrong with it."""
    faults = [
        *_faults_of_currency(draft),
        *_faults_of_contact(draft.recipient, draft.address.country),
        *_faults_of_address(draft.address),
        *_faults_of_shipments(draft.shipments),
    ]
    if faults:
        return validation_failed(*faults)
    return replace(
        draft,
        recipient=normal_contact(draft.recipient, draft.address.country),
        address=replace(draft.address, timezone=_zone_of(draft.address)),
    )


def checked_contact(recipient: RecipientDraft, country: str) -> RecipientDraft | Refusal:
    """The recipient alone, for a change of contact: as stored, or what is wrong."""
    faults = list(_faults_of_contact(recipient, country, at=""))
    return validation_failed(*faults) if faults else normal_contact(recipient, country)


def normal_contact(recipient: RecipientDraft, country: str) -> RecipientDraft:
    phone = phones.normalise(recipient.phone, country) if recipient.phone else ""
    return replace(recipient, phone=phone, locale=recipient.locale or DEFAULT_LOCALE)


def _faults_of_currency(draft: OrderDraft) -> Iterator[Fault]:
    if draft.currency not in money.CURRENCIES:
        yield Fault("/currency", "unknown_currency", "Must be a currency code of ISO 4217, such as EUR.")
        return
    places = money.decimals(draft.currency)
    for at, shipment in enumerate(draft.shipments):
        if shipment.declared_value != round(shipment.declared_value, places):
            detail = f"Amounts in {draft.currency} have at most {places} digits after the point."
            yield Fault(f"/shipments/{at}/declared_value", "too_fine", detail)


def _faults_of_contact(recipient: RecipientDraft, country: str, *, at: str = "/recipient") -> Iterator[Fault]:
    if recipient.phone:
        yield from _faults_of_phone(recipient, country, at)
    if recipient.email:
        try:
            validate_email(recipient.email)
        except ValidationError:
            yield Fault(f"{at}/email", "invalid_email", "Not a valid e-mail address.")
    if recipient.locale and not is_language_tag(recipient.locale):
        yield Fault(f"{at}/locale", "invalid_locale", "Must be a language tag (BCP 47), such as pt-BR.")


def _faults_of_phone(recipient: RecipientDraft, country: str, at: str) -> Iterator[Fault]:
    try:
        phone = phones.normalise(recipient.phone, country)
    except phones.InvalidPhoneError as error:
        yield Fault(f"{at}/phone", "invalid_phone", str(error))
        return
    if recipient.email or phones.gets_texts(phone):
        return
    # Asked as for a real order, so that what a test key may place a live one may too.
    if not phones.gets_calls(phone):
        yield Fault(f"{at}/phone", "country_not_served", _NOT_SERVED)
    elif not is_configured(Message.Channel.VOICE, livemode=True):
        yield Fault(f"{at}/phone", "fixed_line", _FIXED_LINE)


_NOT_SERVED = (
    "No messages are sent to numbers of this country: give another one, or an e-mail address as well."
)
_FIXED_LINE = "A landline gets no text messages: give a mobile number, or an e-mail address as well."


def _faults_of_address(address: AddressDraft) -> Iterator[Fault]:
    if not timezones.is_country(address.country):
        detail = "Must be a country code of ISO 3166-1 alpha-2 in capitals, such as GB."
        yield Fault("/address/country", "unknown_country", detail)
    if address.timezone and not timezones.is_timezone(address.timezone):
        yield Fault("/address/timezone", "unknown_timezone", "Must be an IANA name, such as Europe/London.")
    if (address.latitude is None) != (address.longitude is None):
        missing = "latitude" if address.latitude is None else "longitude"
        yield Fault(f"/address/{missing}", "required", "A position has a latitude and a longitude.")


def _faults_of_shipments(shipments: tuple[ShipmentDraft, ...]) -> Iterator[Fault]:
    if sum(len(shipment.barcodes) for shipment in shipments) > MAX_PARCELS:
        detail = f"An order has at most {MAX_PARCELS} parcels in all: send several orders."
        yield Fault("/shipments", "too_many_parcels", detail)
        return
    seen: set[str] = set()
    for at, shipment in enumerate(shipments):
        if shipment.reference in seen:
            detail = "Another shipment of this order has this reference."
            yield Fault(f"/shipments/{at}/reference", "repeated", detail)
        seen.add(shipment.reference)
        for place, barcode in enumerate(shipment.barcodes):
            if barcode in shipment.barcodes[:place]:
                detail = "Another parcel of this shipment has this barcode."
                yield Fault(f"/shipments/{at}/parcels/{place}/barcode", "repeated", detail)


def _zone_of(address: AddressDraft) -> str:
    return address.timezone or timezones.zone_of(address.country, address.latitude, address.longitude)
