from django.db import migrations, models

KIT_DOCUMENTS = [
    ("notice", "Notice"),
    ("rules", "Tender rules (RC)"),
    ("grid", "Scoring grid of the criterion"),
    ("conditions", "Special conditions (CCAP)"),
    ("specification", "Specification of the insertion service"),
    ("commitment", "Annex to the commitment form (AE)"),
]
WIDER = 100
"""Ranks of 10, 20… leave no room between two passages; 1000, 2000… do."""


def give_places(apps, schema_editor):
    """Each version takes the place that its entry had until now."""
    texts = apps.get_model("clauses", "LibraryText")
    versions = apps.get_model("clauses", "TextVersion")
    texts.objects.update(rank=models.F("rank") * WIDER)
    for text in texts.objects.all().iterator():
        versions.objects.filter(text_id=text.pk).update(
            document=text.document,
            rank=text.rank,
            title=text.title,
            modalities=text.modalities,
            regimes=text.regimes,
            ccags=text.ccags,
        )


def take_places_back(apps, schema_editor):
    apps.get_model("clauses", "LibraryText").objects.update(rank=models.F("rank") / WIDER)


class Migration(migrations.Migration):
    dependencies = [("clauses", "0002_text_library")]

    operations = [
        migrations.AddField(
            model_name="textversion",
            name="document",
            field=models.CharField(choices=KIT_DOCUMENTS, default="", max_length=15, verbose_name="document"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="textversion",
            name="rank",
            field=models.PositiveIntegerField(default=0, verbose_name="rank in the document"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="textversion",
            name="title",
            field=models.CharField(default="", max_length=120, verbose_name="title"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="textversion",
            name="modalities",
            field=models.CharField(blank=True, default="", max_length=200, verbose_name="modalities"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="textversion",
            name="regimes",
            field=models.CharField(blank=True, default="", max_length=60, verbose_name="legal regimes"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="textversion",
            name="ccags",
            field=models.CharField(blank=True, default="", max_length=60, verbose_name="general conditions"),
            preserve_default=False,
        ),
        migrations.RunPython(give_places, take_places_back, elidable=True),
    ]
