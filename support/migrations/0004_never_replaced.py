from django.db import migrations

from orders.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("support", "0003_roles")]
    operations = [append_only("support_staffaction")]
