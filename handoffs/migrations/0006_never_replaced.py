from django.db import migrations

from orders.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("handoffs", "0005_code_mark")]
    operations = [append_only("handoffs_codecheck")]
