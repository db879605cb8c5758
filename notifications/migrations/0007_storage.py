from django.db import migrations

from api.storage import set_storage


class Migration(migrations.Migration):
    """Each message is claimed, begun, recorded and received, and each time an index of what is still to do
    changes: dead rows come fast, and the queue's indexes stay small only if vacuum comes often.

    Counts and the pace are single rows that are updated all day, in columns without an index: with half of each
    page free all of it is HOT.
    """

    dependencies = [("notifications", "0006_who_took_it")]

    operations = [
        set_storage(
            "notifications_message",
            autovacuum_vacuum_scale_factor=0.01,
            autovacuum_analyze_scale_factor=0.02,
        ),
        set_storage("notifications_messagecount", fillfactor=50),
        set_storage("notifications_pace", fillfactor=50),
    ]
