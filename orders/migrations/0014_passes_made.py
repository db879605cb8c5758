from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0013_code_shows"),
    ]

    operations = [
        migrations.AddField(
            model_name="shipment",
            name="passes_made",
            field=models.PositiveSmallIntegerField(
                db_default=0,
                default=0,
                editable=False,
                help_text="How many delegates the recipient has named for it, over its whole life.",
            ),
        ),
    ]
