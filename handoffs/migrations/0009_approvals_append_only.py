from django.db import migrations

from orders.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("handoffs", "0008_release_request")]
    operations = [append_only("handoffs_releaseapproval")]
