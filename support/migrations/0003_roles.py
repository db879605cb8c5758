from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from support.roles import write_roles


def grant(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    write_roles(apps)


class Migration(migrations.Migration):
    dependencies = [
        ("support", "0002_append_only"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("fleet", "0001_initial"),
        ("handoffs", "0002_append_only"),
        ("merchants", "0001_initial"),
        ("notifications", "0001_initial"),
        ("orders", "0002_append_only"),
    ]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
