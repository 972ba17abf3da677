import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import relais.organisations.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("territories", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("email", models.EmailField(max_length=254, unique=True, verbose_name="e-mail address")),
                ("full_name", models.CharField(max_length=120, verbose_name="name")),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                ("joined_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="joined")),
            ],
            options={
                "verbose_name": "account",
                "verbose_name_plural": "accounts",
            },
        ),
        migrations.CreateModel(
            name="Organisation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(max_length=80, unique=True, verbose_name="address")),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                (
                    "search_name",
                    relais.organisations.models.FoldedField(
                        db_index=True,
                        default="",
                        editable=False,
                        max_length=200,
                        source="name",
                        verbose_name="name for searching",
                    ),
                ),
                ("siret", models.CharField(blank=True, max_length=14, verbose_name="SIRET")),
                (
                    "buyer_nature",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("state", "State"),
                            ("region", "Region"),
                            ("department", "Department"),
                            ("municipality", "Municipality or inter-municipality"),
                            ("landlord", "Social landlord"),
                            ("hospital", "Hospital"),
                            ("local_company", "Local public company"),
                            ("utility", "Utility"),
                            ("private", "Private"),
                            ("other", "Other"),
                        ],
                        max_length=20,
                        verbose_name="nature of buyer",
                    ),
                ),
                (
                    "structure_kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("EI", "Insertion enterprise (EI)"),
                            ("ACI", "Insertion worksite (ACI)"),
                            ("AI", "Intermediary association (AI)"),
                            ("ETTI", "Insertion temp agency (ETTI)"),
                            ("EITI", "Self-employment insertion enterprise (EITI)"),
                            ("GEIQ", "Employers' insertion group (GEIQ)"),
                            ("REGIE", "Neighbourhood enterprise"),
                            ("EA", "Adapted enterprise (EA)"),
                            ("EATT", "Adapted temp agency (EATT)"),
                            ("ESAT", "Sheltered workshop (ESAT)"),
                        ],
                        max_length=10,
                        verbose_name="kind of structure",
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="created"),
                ),
                (
                    "commune",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.commune",
                        verbose_name="municipality",
                    ),
                ),
            ],
            options={
                "verbose_name": "body",
                "verbose_name_plural": "bodies",
                "ordering": ["name", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("manager", "Manager"),
                            ("officer", "Officer"),
                            ("project_lead", "Project lead"),
                            ("purchaser", "Purchaser"),
                            ("elected", "Elected member"),
                            ("reader", "Reader"),
                        ],
                        max_length=20,
                        verbose_name="role",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to="organisations.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "membership",
                "verbose_name_plural": "memberships",
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("email", models.EmailField(max_length=254, verbose_name="e-mail address")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("manager", "Manager"),
                            ("officer", "Officer"),
                            ("project_lead", "Project lead"),
                            ("purchaser", "Purchaser"),
                            ("elected", "Elected member"),
                            ("reader", "Reader"),
                        ],
                        max_length=20,
                        verbose_name="role",
                    ),
                ),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("created_at", models.DateTimeField(verbose_name="sent")),
                ("expires_at", models.DateTimeField(verbose_name="valid until")),
                ("accepted_at", models.DateTimeField(blank=True, null=True, verbose_name="accepted")),
                ("revoked_at", models.DateTimeField(blank=True, null=True, verbose_name="withdrawn")),
                (
                    "invited_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="invitations",
                        to="organisations.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "invitation",
                "verbose_name_plural": "invitations",
                "ordering": ["-created_at"],
            },
        ),
        migrations.CreateModel(
            name="CapacityHeld",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "capacity",
                    models.CharField(
                        choices=[
                            ("coordinator", "Coordinator"),
                            ("buyer", "Buyer"),
                            ("facilitator", "Facilitator body"),
                            ("company", "Company"),
                            ("structure", "Insertion structure"),
                            ("prescriber", "Prescriber"),
                            ("training", "Training body"),
                            ("subsidised", "Subsidised authority"),
                        ],
                        max_length=20,
                        verbose_name="capacity",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="capacities",
                        to="organisations.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "capacity",
                "verbose_name_plural": "capacities",
            },
        ),
        migrations.CreateModel(
            name="Scheme",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(max_length=80, unique=True, verbose_name="address")),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                (
                    "pseudonym_key",
                    models.CharField(
                        default=relais.organisations.models.new_pseudonym_key, editable=False, max_length=64
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="created"),
                ),
                (
                    "coordinator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="coordinated_schemes",
                        to="organisations.organisation",
                        verbose_name="coordinator",
                    ),
                ),
                (
                    "territory",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="territories.territory",
                        verbose_name="territory",
                    ),
                ),
            ],
            options={
                "verbose_name": "scheme",
                "verbose_name_plural": "schemes",
                "ordering": ["name", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Policy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "key",
                    models.CharField(
                        choices=[
                            ("effort", "Insertion effort (share of hours worked, 0 to 1)"),
                            ("hourly_cost", "Loaded hourly cost (€/h)"),
                            ("labour_share", "Labour share when the trade is unknown (0 to 1)"),
                            ("rounding", "Rounding of hours (1, 5, 10 or 35)"),
                            (
                                "monthly_limit",
                                "Hours of one person in a month, above which a line is queried",
                            ),
                            ("daily_limit", "Hours of one person in a day, above which a line is queried"),
                            ("training_share", "Share of training hours counted (0 to 1)"),
                            ("declaration_day", "Day of the next month when a statement is due"),
                            ("fte_divisor", "Hours of a full-time equivalent"),
                            ("minimum_hours", "Hours below which a clause is not worth writing"),
                            (
                                "minimum_months",
                                "Duration in months below which a clause is not worth writing",
                            ),
                            ("unit_penalty", "Penalty proposed per missing hour (€)"),
                            ("kickoff_days", "Days between notification and kick-off meeting"),
                            ("opinion_days", "Days to give an opinion"),
                        ],
                        max_length=40,
                        verbose_name="policy",
                    ),
                ),
                ("value", models.DecimalField(decimal_places=4, max_digits=12, verbose_name="value")),
                ("starts_on", models.DateField(verbose_name="in force from")),
                ("source", models.CharField(max_length=300, verbose_name="source")),
                ("verified", models.BooleanField(default=False, verbose_name="source verified")),
                (
                    "entered_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="entered"),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "scheme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="policies",
                        to="organisations.scheme",
                    ),
                ),
            ],
            options={
                "verbose_name": "policy",
                "verbose_name_plural": "policies",
                "ordering": ["key", "-starts_on", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="FacilitatorArea",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.department",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="areas",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "scheme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="areas",
                        to="organisations.scheme",
                    ),
                ),
            ],
            options={
                "verbose_name": "area of a facilitator body",
                "verbose_name_plural": "areas of facilitator bodies",
            },
        ),
        migrations.CreateModel(
            name="SchemeBody",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "shares_purchases",
                    models.BooleanField(
                        default=False, verbose_name="shares its purchases to come with the coordinator"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="schemes",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "scheme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="bodies",
                        to="organisations.scheme",
                    ),
                ),
            ],
            options={
                "verbose_name": "body of the scheme",
                "verbose_name_plural": "bodies of the scheme",
            },
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("siret", ""), _negated=True),
                fields=("siret",),
                name="siret_once",
                violation_error_message="A body with this SIRET is already known.",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ends_on", None)),
                fields=("organisation", "user"),
                name="one_open_membership",
            ),
        ),
        migrations.AddConstraint(
            model_name="capacityheld",
            constraint=models.UniqueConstraint(
                fields=("organisation", "capacity", "starts_on"), name="capacity_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="policy",
            constraint=models.CheckConstraint(
                condition=models.Q(("value__gte", 0)),
                name="policy_not_negative",
                violation_error_message="The value cannot be negative.",
            ),
        ),
        migrations.AddConstraint(
            model_name="schemebody",
            constraint=models.UniqueConstraint(fields=("scheme", "organisation"), name="body_once_in_scheme"),
        ),
    ]
