import django.db.models.deletion
from django.db import migrations, models

from api.indexes import without_index


def protected(to: str, name: str) -> models.ForeignKey:
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, related_name=name, to=to, db_index=False
    )


class Migration(migrations.Migration):
    """A handoff wrote 33 entries of indexes, eight of them to indexes that nobody asks.

    A code's shipment and a check's courier are found by a constraint that begins with the same column. Nobody
    seeks checks by device, or proofs by courier. Nobody seeks proofs by the beginning of their id.
    """

    dependencies = [("handoffs", "0011_storage"), ("fleet", "0001_initial"), ("orders", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            [
                without_index("handoffs_codecheck", "courier_id"),
                without_index("handoffs_codecheck", "device_id"),
                without_index("handoffs_deliverycode", "shipment_id"),
                without_index("handoffs_proofofdelivery", "courier_id"),
                without_index("handoffs_proofofdelivery", "public_id"),
            ],
            [
                migrations.AlterField("codecheck", "courier", protected("fleet.courier", "checks")),
                migrations.AlterField("codecheck", "device", protected("fleet.device", "checks")),
                migrations.AlterField("deliverycode", "shipment", protected("orders.shipment", "codes")),
                migrations.AlterField("proofofdelivery", "courier", protected("fleet.courier", "proofs")),
            ],
        )
    ]
