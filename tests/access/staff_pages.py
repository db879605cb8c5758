"""What each page of staff asks for, written down apart from the code that asks."""

from support.roles import ROLES

SEE = "orders.view_shipment"
# By the name of the address; of a page with <slug:name>, by that too.
OURS: dict[str, tuple[str, ...]] = {
    "search": (SEE,),
    "spend": ("support.view_spend",),
    "shipment": (SEE,),
    "shipment-reveal": (SEE, "support.reveal_contact"),
    "shipment-act resend": (SEE, "support.resend_code"),
    "shipment-act rotate": (SEE, "support.rotate_code"),
    "shipment-act unlock": (SEE, "support.unlock_code"),
    "shipment-act contact": (SEE, "support.correct_contact"),
    "shipment-act return": (SEE, "support.return_shipment"),
    "releases": (SEE, "support.approve_release"),
    "release": (SEE, "support.approve_release"),
    "release-decide approve": (SEE, "support.approve_release"),
    "release-decide refuse": (SEE, "support.approve_release"),
    "photo": (SEE, "handoffs.view_photo"),
    "key-create": ("orders.view_merchant", "support.create_key"),
    "key-revoke": ("merchants.view_apikey", "support.revoke_key"),
    "courier-enrol": ("fleet.view_courier", "support.enrol_device"),
    "device-revoke": ("fleet.view_device", "support.revoke_device"),
}
# Django's own for whoever is staff, and those that show nothing: nothing is to be completed, there is no site
# to be viewed, a list of an app has what the person may see, a shipment's row only leads to its page.
SAME_FOR_ALL_STAFF = {
    *("index", "logout", "password_change", "password_change_done", "jsi18n"),
    *("autocomplete", "view_on_site", "app_list", "orders_shipment_change", ""),
}
FOR_ANYBODY = {"login"}

ACCOUNTS = {"accounts.view_user", "accounts.change_user"}
BY_VERB = {"changelist": "view", "add": "add", "change": "view", "delete": "delete", "history": "view"}


def rights_of(role: str) -> set[str]:
    """What a role may do. An administrator: what any role may, and to look after the staff."""
    if role == "superuser":
        return {right for granted in ROLES.values() for right in granted} | ACCOUNTS
    return set(ROLES.get(role, ()))


def needed_for(name: str, slug: str) -> tuple[str, ...]:
    """What the page of this name asks for. Raises KeyError for one that is not written down."""
    if slug and f"{name} {slug}" in OURS:
        return OURS[f"{name} {slug}"]
    if name in OURS:
        return OURS[name]
    app, _, rest = name.partition("_")
    model, _, verb = rest.rpartition("_")
    return (f"{app}.{BY_VERB[verb]}_{model}",)
