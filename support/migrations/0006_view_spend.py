from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from support.roles import write_roles


def grant(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    write_roles(apps)


class Migration(migrations.Migration):
    dependencies = [
        ("support", "0005_supervisor"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="staffaction",
            options={
                "default_permissions": ("view",),
                "permissions": (
                    ("resend_code", "Can send a delivery code again"),
                    ("rotate_code", "Can have a new delivery code made"),
                    ("unlock_code", "Can unlock a delivery"),
                    ("correct_contact", "Can correct a recipient's contact"),
                    ("reveal_contact", "Can see a recipient's whole contact"),
                    ("return_shipment", "Can send a shipment back"),
                    ("approve_release", "Can decide on handing over without a code"),
                    ("view_spend", "Can see what messages cost"),
                    ("create_key", "Can create an API key"),
                    ("revoke_key", "Can revoke an API key"),
                    ("enrol_device", "Can make an enrolment code"),
                    ("revoke_device", "Can revoke a handheld"),
                ),
            },
        ),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
