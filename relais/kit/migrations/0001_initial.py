from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(db_index=True, verbose_name="when")),
                ("user_id", models.BigIntegerField(null=True, verbose_name="user")),
                (
                    "organisation_id",
                    models.BigIntegerField(db_index=True, null=True, verbose_name="acting organisation"),
                ),
                (
                    "owner_id",
                    models.BigIntegerField(
                        db_index=True, null=True, verbose_name="organisation owning the thing"
                    ),
                ),
                (
                    "scope_id",
                    models.BigIntegerField(db_index=True, null=True, verbose_name="circle of the thing"),
                ),
                ("role", models.CharField(blank=True, max_length=20, verbose_name="role")),
                ("verb", models.CharField(max_length=80, verbose_name="act")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("done", "Done"),
                            ("refused", "Refused"),
                            ("read", "Read"),
                            ("exported", "Exported"),
                        ],
                        max_length=10,
                        verbose_name="outcome",
                    ),
                ),
                ("subject_type", models.CharField(blank=True, max_length=60, verbose_name="kind of thing")),
                ("subject_id", models.CharField(blank=True, max_length=60, verbose_name="thing")),
                ("detail", models.CharField(blank=True, max_length=500, verbose_name="detail")),
            ],
            options={
                "verbose_name": "audit entry",
                "verbose_name_plural": "audit entries",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["subject_type", "subject_id"], name="kit_auditen_subject_c98275_idx")
                ],
            },
        ),
    ]
