"""How rows of shipments read in our templates."""

from django import template
from django.db.models import Model
from django.urls import reverse
from django.utils import timezone

from customers.progress import LABELS
from handoffs.state import code_state, newest_code_of
from orders.masking import mask
from orders.models import Shipment, Status
from support.words import code_words

register = template.Library()
register.filter("mask", mask)


@register.filter
def status_words(shipment: Shipment) -> str:
    return str(LABELS[Status(shipment.status)])


@register.filter
def state_of_code(shipment: Shipment) -> str:
    """The state's own name; the shipment is loaded with `newest_codes`."""
    return str(code_state(shipment, newest_code_of(shipment), timezone.now()))


@register.filter
def state_words(shipment: Shipment) -> str:
    latest = newest_code_of(shipment)
    return code_words(code_state(shipment, latest, timezone.now()), latest)


@register.filter
def home(row: Model) -> str:
    """Where Django's admin shows this row."""
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
