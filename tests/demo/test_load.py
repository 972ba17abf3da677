"""The demonstration is played by the real actions: its totals recount right, a second load is idle."""

import json

import pytest
from django.core.management import CommandError, call_command

from relais.demo import scheme
from relais.execution.models import Obligation, OwingRule, StatementLine
from relais.insight.models import Alert
from relais.kit.models import AuditEntry
from relais.offer.models import Structure
from relais.organisations.models import Membership, Scheme
from relais.territories.models import Commune, Department, Region

TOWNS = {
    "54": (("54395", "Nancy"), ("54547", "Vandœuvre-lès-Nancy")),
    "55": (("55029", "Bar-le-Duc"), ("55545", "Verdun")),
    "57": (("57463", "Metz"), ("57672", "Thionville")),
    "88": (("88160", "Épinal"), ("88413", "Saint-Dié-des-Vosges")),
}


@pytest.fixture
def lorraine(db):
    region = Region.objects.create(code="44", name="Grand Est")
    for code, towns in TOWNS.items():
        department = Department.objects.create(code=code, name=f"Département {code}", region=region)
        for insee, name in towns:
            Commune.objects.create(
                code=insee, name=name, department=department, population=20_000, search_name=name.lower()
            )


def test_a_demonstration_is_loaded_once_and_recounts_right(lorraine, monkeypatch, capsys):
    monkeypatch.setitem(scheme.SIZES, "small", (10, scheme.Decimal(4_900)))

    call_command("demo", "--size", "small", "--json")
    report = json.loads(capsys.readouterr().out)

    assert report["loaded"] is True
    assert report["contracts"] == 10
    assert Obligation.objects.count() == 10
    assert StatementLine.objects.count() == report["lines"] > 0
    call_command("check-ledger", "--json")
    assert json.loads(capsys.readouterr().out)["differences"] == []
    assert Alert.objects.open().count() == report["alerts"] > 0
    assert OwingRule.objects.count() == 1
    assert Membership.objects.filter(user__email__endswith="@demo.example").count() >= 10
    assert AuditEntry.objects.filter(verb="execution.statement.sent").exists()
    assert Structure.objects.filter(organisation__isnull=False).count() == 25
    assert Structure.objects.exclude(activities=None).count() == 13

    call_command("demo", "--size", "small", "--json")
    assert json.loads(capsys.readouterr().out) == {"loaded": False}
    assert Scheme.objects.count() == 1


def test_without_municipalities_the_command_says_what_to_do(db):
    with pytest.raises((SystemExit, CommandError)) as stop:
        call_command("demo")
    assert getattr(stop.value, "returncode", getattr(stop.value, "code", None)) == 1
