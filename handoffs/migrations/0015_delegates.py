import functools

import django.db.models.deletion
from django.db import migrations, models

import api.ids


class Migration(migrations.Migration):
    dependencies = [
        ("handoffs", "0014_account_opt_out"),
        ("orders", "0014_passes_made"),
    ]

    operations = [
        migrations.AddField(
            model_name="codecheck",
            name="holders",
            field=models.PositiveSmallIntegerField(
                help_text="Of a wrong code: how many had one that opened. So often it was charged to the courier.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="proofofdelivery",
            name="delegate_number",
            field=models.PositiveSmallIntegerField(
                help_text="Whose code it was, among the shipment's delegates. Their name can be erased.",
                null=True,
            ),
        ),
        migrations.AlterField(
            model_name="deliverycode",
            name="mark",
            field=models.BinaryField(
                help_text="Of each of its own codes, once that has expired.", max_length=88, null=True
            ),
        ),
        migrations.AlterField(
            model_name="deliverycode",
            name="predecessor_mark",
            field=models.BinaryField(
                help_text="Of each code of the generation before.", max_length=88, null=True
            ),
        ),
        migrations.CreateModel(
            name="Delegate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "public_id",
                    models.CharField(
                        default=functools.partial(api.ids.new_id, *("dlg",), **{}),
                        editable=False,
                        max_length=32,
                        unique=True,
                    ),
                ),
                (
                    "number",
                    models.PositiveSmallIntegerField(
                        help_text="Among the shipment's, from 1. What proofs name."
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        help_text="As the recipient wrote it. Empty once they were erased.", max_length=40
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "shipment",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="delegates",
                        to="orders.shipment",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("shipment", "number"), name="one_delegate_per_number")
                ],
            },
        ),
    ]
