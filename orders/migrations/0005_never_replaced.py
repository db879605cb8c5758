from django.db import migrations

from orders.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("orders", "0004_preference_livemode")]
    operations = [append_only("orders_event")]
