from django.db import migrations

from api.indexes import without_index


class Migration(migrations.Migration):
    """Nobody seeks messages by the beginning of their id, and each of them is written to every index."""

    dependencies = [("notifications", "0007_storage")]

    operations = [without_index("notifications_message", "public_id")]
