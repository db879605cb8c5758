import django.db.models.deletion
from django.db import migrations, models

from api.indexes import without_index


class Migration(migrations.Migration):
    """Events are by far the most rows. Their shipment is found by the constraint that begins with it, and nobody
    seeks them by the beginning of their id."""

    dependencies = [("orders", "0010_storage")]

    operations = [
        migrations.SeparateDatabaseAndState(
            [without_index("orders_event", "shipment_id"), without_index("orders_event", "public_id")],
            [
                migrations.AlterField(
                    "event",
                    "shipment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="orders.shipment",
                        db_index=False,
                    ),
                )
            ],
        )
    ]
