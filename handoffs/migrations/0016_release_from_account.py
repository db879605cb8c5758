import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("fleet", "0005_recipient_here"),
        ("handoffs", "0015_delegates"),
        ("orders", "0014_passes_made"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="releaserequest",
            name="release_has_evidence",
        ),
        migrations.RemoveConstraint(
            model_name="releaserequest",
            name="release_needs_one_or_two",
        ),
        migrations.RemoveConstraint(
            model_name="releaserequest",
            name="release_approved_on_a_day",
        ),
        migrations.AddField(
            model_name="releaserequest",
            name="account",
            field=models.ForeignKey(
                help_text="The recipient's, where they gave it themselves. Then nobody of staff decides.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="releases",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="releaserequest",
            name="device",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="releases",
                to="fleet.device",
            ),
        ),
        migrations.AlterField(
            model_name="releaserequest",
            name="reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("not_received", "Not Received"),
                    ("phone_unusable", "Phone Unusable"),
                    ("cannot_read", "Cannot Read"),
                    ("locked", "Locked"),
                    ("other", "Other"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            model_name="releaserequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("identity_seen", True),
                    ("photo__isnull", False),
                    ("account__isnull", False),
                    _connector="OR",
                ),
                name="release_has_evidence",
            ),
        ),
        migrations.AddConstraint(
            model_name="releaserequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("account", None), ("approvals_needed__in", (1, 2)), ("device__isnull", False)),
                    models.Q(
                        ("account__isnull", False),
                        ("approvals_needed", 0),
                        ("device", None),
                        models.Q(("state", "waiting"), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="release_decided_by_staff_or_given",
            ),
        ),
        migrations.AddConstraint(
            model_name="releaserequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "approved"), _negated=True),
                    ("approved_day__isnull", False),
                    ("account__isnull", False),
                    _connector="OR",
                ),
                name="release_approved_on_a_day",
            ),
        ),
    ]
