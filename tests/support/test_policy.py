"""A merchant's policy and high-value lines, and the fleet: edited by their managers, each change kept."""

from decimal import Decimal
from typing import Any

import pytest

from fleet.models import Courier
from orders.models import Merchant
from support.models import StaffAction
from support.roles import AUDITOR, DEPOT, MERCHANTS
from tests.base import acme, carl
from tests.support.stories import signed_in, words

pytestmark = pytest.mark.django_db


def form_of(shop: Merchant, **changes: Any) -> dict[str, Any]:
    """The form as the page shows it, with some fields changed."""
    lines = list(shop.high_value_lines.order_by("pk"))
    data: dict[str, Any] = {
        "name": shop.name,
        "code_digits": shop.code_digits,
        "code_hours": "",
        "code_shows": shop.code_shows,
        "code_categories": "\n".join(shop.code_categories),
        "brand_colour": shop.brand_colour,
        "brand_ink": shop.brand_ink,
        "reason": "Agreed with the shop",
        "high_value_lines-TOTAL_FORMS": len(lines),
        "high_value_lines-INITIAL_FORMS": len(lines),
        "api_keys-TOTAL_FORMS": 0,
        "api_keys-INITIAL_FORMS": 0,
    }
    for place, line in enumerate(lines):
        data |= {
            f"high_value_lines-{place}-id": line.pk,
            f"high_value_lines-{place}-merchant": shop.pk,
            f"high_value_lines-{place}-currency": line.currency,
            f"high_value_lines-{place}-amount": line.amount,
        }
    return data | changes


def address(shop: Merchant) -> str:
    return f"/admin/orders/merchant/{shop.pk}/change/"


def test_a_change_of_policy_is_kept_with_what_it_was_before() -> None:
    shop = acme()
    changed = form_of(shop, code_digits=8, code_categories="phones\n  fine   watches \nphones")
    assert signed_in(MERCHANTS).post(address(shop), changed).status_code == 302
    shop.refresh_from_db()
    assert (shop.code_digits, shop.code_categories) == (8, ["phones", "fine watches"])
    action = StaffAction.objects.get()
    assert (action.action, action.about, action.reason) == (
        "row.change",
        shop.public_id,
        "Agreed with the shop",
    )
    assert action.details["changes"][0]["changed"] == {
        "code_digits": [6, 8],
        "code_categories": [[], ["fine watches", "phones"]],
    }


def test_a_line_is_moved_added_and_removed() -> None:
    shop = acme()
    currencies = list(shop.high_value_lines.order_by("pk").values_list("currency", flat=True))
    moved, removed = currencies.index("GBP"), currencies.index("USD")
    changed = form_of(shop) | {
        "high_value_lines-TOTAL_FORMS": len(currencies) + 1,
        f"high_value_lines-{moved}-amount": "250",
        f"high_value_lines-{removed}-DELETE": "on",
        f"high_value_lines-{len(currencies)}-currency": "JPY",
        f"high_value_lines-{len(currencies)}-amount": "20000",
    }
    assert signed_in(MERCHANTS).post(address(shop), changed).status_code == 302
    assert shop.line("GBP") == Decimal(250)
    assert shop.line("USD") is None
    assert shop.line("JPY") == Decimal(20000)
    kept = StaffAction.objects.get().details["changes"]
    assert {"row": "250 GBP", "deleted": False, "changed": {"amount": ["100.00", "250"]}} in kept
    assert [each["deleted"] for each in kept].count(True) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"reason": ""},
        {"reason": "see 123456"},
        {"code_digits": 5},
        {"code_hours": 100},
        {"high_value_lines-0-amount": "-1"},
        {"high_value_lines-0-amount": "1.234"},
        {"high_value_lines-0-currency": "XXX"},
        {"code_categories": "x" * 61},
    ],
)
def test_what_is_not_fit_changes_nothing(changes: dict[str, Any]) -> None:
    shop = acme()
    response = signed_in(MERCHANTS).post(address(shop), form_of(shop, code_for_routine="on") | changes)
    assert response.status_code == 200
    assert "Please correct the error" in words(response)
    shop.refresh_from_db()
    assert not shop.code_for_routine
    assert StaffAction.objects.count() == 0


def test_an_auditor_reads_it_only() -> None:
    shop = acme()
    client = signed_in(AUDITOR)
    assert client.get(address(shop)).status_code == 200
    assert client.post(address(shop), form_of(shop, code_digits=8)).status_code == 403


def test_a_courier_is_let_go_and_their_name_stays_out_of_the_audit() -> None:
    courier = carl()
    changed = {
        "name": "Carl Renamed",
        "depot": courier.depot_id,
        "devices-TOTAL_FORMS": 0,
        "devices-INITIAL_FORMS": 0,
    }
    assert signed_in(DEPOT).post(f"/admin/fleet/courier/{courier.pk}/change/", changed).status_code == 302
    assert not Courier.objects.get().active
    action = StaffAction.objects.get()
    assert action.details["changes"] == [{"changed": {"name": [], "active": [True, False]}}]
    assert "Renamed" not in str(list(StaffAction.objects.values()))


def test_a_brand_that_nobody_could_read_changes_nothing() -> None:
    shop = acme()
    changed = form_of(shop, brand_colour="#ffffff", brand_ink="#eeeeee")
    response = signed_in(MERCHANTS).post(address(shop), changed)
    assert "The contrast of the two colours is 1.2" in words(response)
    assert not StaffAction.objects.exists()


def test_a_brand_s_name_is_no_way_to_a_link() -> None:
    shop = acme()
    response = signed_in(MERCHANTS).post(address(shop), form_of(shop, brand_name="acme.example"))
    assert "it looks like a link" in words(response)
    shop.refresh_from_db()
    assert shop.brand_name == ""
