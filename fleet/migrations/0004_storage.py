from django.db import migrations

from api.storage import set_storage


class Migration(migrations.Migration):
    """A stop is updated once, when the courier arrives: with room in its page no index is touched (HOT)."""

    dependencies = [("fleet", "0003_who_holds_a_handheld")]

    operations = [
        set_storage(
            "fleet_stop",
            fillfactor=90,
            autovacuum_vacuum_scale_factor=0.02,
            autovacuum_analyze_scale_factor=0.02,
        ),
    ]
