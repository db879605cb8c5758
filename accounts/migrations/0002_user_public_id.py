from functools import partial

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

import api.ids


def name_everyone(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """AddField gives every row one and the same default."""
    for user in apps.get_model("accounts", "User").objects.filter(public_id=None):
        user.public_id = api.ids.new_id("usr")
        user.save(update_fields=["public_id"])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [
        migrations.AddField("user", "public_id", models.CharField(max_length=32, null=True, editable=False)),
        migrations.RunPython(name_everyone, migrations.RunPython.noop),
        migrations.AlterField(
            "user",
            "public_id",
            models.CharField(
                default=partial(api.ids.new_id, *("usr",), **{}), editable=False, max_length=32, unique=True
            ),
        ),
    ]
