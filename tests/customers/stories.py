"""What people do with links, in the words of a browser."""

import html
import re
from typing import Any

from django.apps import apps
from django.test import Client

from handoffs.messages import link_of
from orders.models import Shipment
from tests.handoffs.stories import living_code


def bare_path(shipment: Shipment) -> str:
    """What a merchant passes on."""
    return f"/o/{shipment.tracking_number}/"


def own_path(shipment: Shipment) -> str:
    """The path of the link in Ada's newest message."""
    return "/o/" + link_of(shipment, living_code(shipment)).partition("/o/")[2]


def seen(client: Client, path: str) -> str:
    """The words on the page, without its markup. What only a screen reader reads is left out, and what only
    a script would show."""
    response = client.get(path)
    assert response.status_code == 200, response
    hidden = r'<p class="heard">.*?</p>|<template>.*?</template>'
    body = re.sub(hidden, "", response.content.decode(), flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body.partition("<body")[2])).split())


def everything() -> dict[str, list[dict[str, Any]]]:
    """All rows of all tables."""
    return {
        model._meta.label: list(model._default_manager.order_by("pk").values()) for model in apps.get_models()
    }
