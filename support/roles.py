"""The roles that staff have, as groups: each may do what its work needs, and nothing besides.

Whoever corrects a contact or looks at one decides where codes go, so that is the lead's. Whoever lets parcels
go without a code is a supervisor, and not the same person: together, one could do both. A group keeps what
the administrator adds to it; `write_roles` only adds.
"""

from django.apps.registry import Apps

AGENT, LEAD, SUPERVISOR = "Support agent", "Support lead", "Supervisor"
MERCHANTS, DEPOT, AUDITOR = "Merchant manager", "Depot manager", "Auditor"

SHIPMENTS = ("orders.view_shipment",)
FIRST_AID = ("support.resend_code", "support.rotate_code", "support.unlock_code")
RECORDS = (
    "orders.view_event",
    "handoffs.view_codecheck",
    "handoffs.view_deliverycode",
    "handoffs.view_deliveryattempt",
    "handoffs.view_proofofdelivery",
    "notifications.view_message",
    "support.view_staffaction",
)
MERCHANT_ROWS = ("orders.view_merchant", "orders.view_highvalueline", "merchants.view_apikey")
FLEET_ROWS = ("fleet.view_depot", "fleet.view_courier", "fleet.view_device")

ROLES: dict[str, tuple[str, ...]] = {
    AGENT: (*SHIPMENTS, *FIRST_AID),
    LEAD: (
        *SHIPMENTS,
        *FIRST_AID,
        "support.correct_contact",
        "support.reveal_contact",
        "support.return_shipment",
        "handoffs.view_photo",
        "support.view_spend",
        *RECORDS,
    ),
    SUPERVISOR: (*SHIPMENTS, "support.resend_code", "support.approve_release", "handoffs.view_photo"),
    MERCHANTS: (
        *MERCHANT_ROWS,
        "orders.change_merchant",
        "orders.add_highvalueline",
        "orders.change_highvalueline",
        "orders.delete_highvalueline",
        "support.create_key",
        "support.revoke_key",
        "support.view_spend",
    ),
    DEPOT: (
        *FLEET_ROWS,
        "fleet.add_depot",
        "fleet.change_depot",
        "fleet.add_courier",
        "fleet.change_courier",
        "support.enrol_device",
        "support.revoke_device",
    ),
    AUDITOR: (*SHIPMENTS, "support.view_spend", *RECORDS, *MERCHANT_ROWS, *FLEET_ROWS),
}


def write_roles(apps: Apps) -> None:
    """Make the groups and what they may do. For a migration: Django makes permissions only after the last
    one, so those that are missing are made here, and Django finds them. What a migration does not know yet is
    left to a later one that calls this."""
    content_types = apps.get_model("contenttypes", "ContentType").objects
    permissions = apps.get_model("auth", "Permission").objects
    for role, granted in ROLES.items():
        group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=role)
        for name in granted:
            app, _, codename = name.partition(".")
            about = _about(apps, app, codename)
            if about is None:
                continue
            model, words = about
            content_type, _ = content_types.get_or_create(app_label=app, model=model)
            permission, _ = permissions.get_or_create(
                content_type=content_type, codename=codename, defaults={"name": words}
            )
            group.permissions.add(permission)


def _about(apps: Apps, app: str, codename: str) -> tuple[str, str] | None:
    """The model a permission belongs to, and its words as Django would write them; None where this state of
    the apps has neither."""
    own = dict(apps.get_model("support", "StaffAction")._meta.permissions)
    if app == "support" and codename in own:
        return "staffaction", own[codename]
    verb, _, model = codename.partition("_")
    if model not in apps.all_models[app]:
        return None
    return model, f"Can {verb} {apps.get_model(app, model)._meta.verbose_name}"
