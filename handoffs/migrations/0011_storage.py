from django.db import migrations

from api.storage import set_storage


class Migration(migrations.Migration):
    """A charge changes only a code's count, and finds room for it in the page (HOT). A code's end is in the
    conditions of indexes, one of which keeps two from living at once, and cannot be HOT.

    Checks and proofs are never updated: their pages stay full. Vacuum is told to come little and often, as in
    `orders.0010`.
    """

    dependencies = [("handoffs", "0010_code_unheard_since")]

    operations = [
        set_storage(
            "handoffs_deliverycode",
            fillfactor=90,
            autovacuum_vacuum_scale_factor=0.02,
            autovacuum_analyze_scale_factor=0.02,
        ),
        set_storage("handoffs_codecheck", autovacuum_vacuum_insert_scale_factor=0.02),
        set_storage("handoffs_proofofdelivery", autovacuum_vacuum_insert_scale_factor=0.02),
    ]
