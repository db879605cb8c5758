"""Where an account has signed in from, coarsely: a code is asked for in a place that it has not been.

A place is a network of about a provider's region: the first 16 bits of IPv4, 32 of IPv6. It is kept
as an HMAC. A phone that wanders within its provider's addresses stays in one place.
"""

from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network, ip_network

from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.models import KnownPlace, User
from api.throttling import client_network

KEPT_FOR = timedelta(days=180)


def is_usual(request: HttpRequest, account: User) -> bool:
    """Whether this account has signed in with a code from about here before."""
    known = KnownPlace.objects.filter(account=account, place=_place(request, account))
    return known.filter(seen_at__gt=timezone.now() - KEPT_FOR).exists()


def note(request: HttpRequest, account: User) -> None:
    """It has just signed in from here."""
    KnownPlace.objects.update_or_create(
        account=account, place=_place(request, account), defaults={"seen_at": timezone.now()}
    )


def _place(request: HttpRequest, account: User) -> str:
    try:
        network = ip_network(client_network(request))
    except ValueError:
        return "unknown"
    bits = 16 if isinstance(network, IPv4Network) else 32
    around: IPv4Network | IPv6Network = network.supernet(new_prefix=bits)
    return salted_hmac("accounts.places", f"{account.public_id} {around}", algorithm="sha256").hexdigest()
