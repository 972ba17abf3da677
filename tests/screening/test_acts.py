"""Acts of the room: screening by chunks, dated parameters, the sheet, the command."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from relais.core.calibration import Formula
from relais.kit import events
from relais.kit.access import Refused, Stale
from relais.kit.models import AuditEntry
from relais.organisations.models import Policy, SchemeBody
from relais.procurement.events import ContractsImported
from relais.procurement.models import Contract, Lot
from relais.screening import actions
from relais.screening.actions import screening as running
from relais.screening.facts import Assumptions
from relais.screening.models import Opportunity, ScreeningResult, ScreeningRule, Trade, TradeProfile
from relais.screening.queries.facts import Coverage
from relais.screening.queries.parameters import ParameterBook
from relais.territories.models import Department
from tests.screening.factories import NOON, TODAY, contract, lot, parameters

NUMBERS = Assumptions(
    amount=Decimal(480_000),
    labour_share=Decimal("0.4"),
    effort=Decimal("0.07"),
    hourly_cost=Decimal(36),
)


def screened(person, scheme, **options):
    return actions.screen_scheme(scheme, actor=person.actor(TODAY), at=NOON, on=TODAY, **options)


def test_only_what_changed_is_screened_again(clara, scheme):
    first, second = (lot(clara, scheme, screened=False) for _ in range(2))
    assert screened(clara, scheme) == actions.Screening(read=2, screened=2, unchanged=0)
    assert screened(clara, scheme).screened == 0
    Lot.objects.filter(pk=first.pk).update(estimated_amount=Decimal(1_000_000))
    assert screened(clara, scheme).screened == 1
    assert screened(clara, scheme, force=True).screened == 2
    assert ScreeningResult.objects.get(lot=second).hours == Decimal(117)


def test_lots_are_read_by_chunks(clara, scheme, monkeypatch):
    monkeypatch.setattr(running, "CHUNK", 2)
    for _number in range(5):
        lot(clara, scheme, screened=False)
    assert screened(clara, scheme).read == 5
    assert ScreeningResult.objects.count() == 5


def test_a_new_dated_value_changes_the_lots_launched_after_it(clara, scheme):
    before = lot(clara, scheme, launched_on=date(2025, 12, 1))
    after = lot(clara, scheme, launched_on=date(2026, 4, 1))
    values = {
        "labour_share": Decimal("0.35"),
        "openness": Decimal("0.9"),
        "starts_on": date(2026, 1, 1),
        "source": "Bilan des peintres 2025",
    }
    trade = Trade.objects.get(code="peinture")
    actions.add_profile(scheme, trade, values, actor=clara.actor(TODAY), at=NOON)
    assert screened(clara, scheme).screened == 1  # the parameters of December did not change
    hours = dict(ScreeningResult.objects.values_list("lot_id", "hours"))
    assert (hours[before.pk], hours[after.pk]) == (Decimal(117), Decimal(58))


def test_a_policy_of_the_scheme_replaces_the_default(clara, scheme, other_scheme):
    made = lot(clara, scheme)
    Policy.objects.create(
        scheme=scheme, key="effort", value=Decimal("0.10"), starts_on=date(2020, 1, 1), source="Vote"
    )
    screened(clara, scheme)
    assert ScreeningResult.objects.get(lot=made).hours == Decimal(233)
    assert ParameterBook.of(other_scheme).at(TODAY).effort == Decimal("0.05")


def test_a_parameter_is_never_edited(clara, scheme):
    parameters()
    row = TradeProfile.objects.first()
    row.labour_share = Decimal("0.9")
    with pytest.raises(TypeError):
        row.save()


def test_only_the_coordinator_sets_parameters(benoit, paula, scheme):
    parameters()
    rule = ScreeningRule.objects.get(code="hours")
    values = {"weight": 10, "starts_on": TODAY, "source": "Essai"}
    for person in (benoit, paula):
        with pytest.raises(Refused):
            actions.add_rule(scheme, rule, values, actor=person.actor(TODAY), at=NOON)


def test_the_cached_parameters_follow_a_new_row(clara, scheme):
    parameters()
    before = ParameterBook.kept(scheme).at(TODAY).rule("hours").weight
    rule = ScreeningRule.objects.get(code="hours")
    values = {"weight": 10, "threshold": rule.threshold, "comfortable": rule.comfortable}
    dated = {"starts_on": TODAY, "source": "Essai"}
    actions.add_rule(scheme, rule, {**values, **dated}, actor=clara.actor(TODAY), at=NOON)
    assert (before, ParameterBook.kept(scheme).at(TODAY).rule("hours").weight) == (25, 10)


def test_an_import_that_ends_screens_its_lots(clara, scheme):
    made = lot(clara, scheme, screened=False)
    events.emit(ContractsImported(scheme_id=scheme.pk, at=NOON, actor=clara.actor(TODAY)))
    assert ScreeningResult.objects.get(lot=made).score >= 70
    assert Trade.objects.exists()


def test_saved_numbers_replace_the_proposed_ones_at_each_screening(clara, scheme):
    made = lot(clara, scheme)
    saved = actions.save_numbers(made, NUMBERS, version=0, actor=clara.actor(TODAY), at=NOON, on=TODAY)
    assert (saved.hours, saved.calibration.hours) == (Decimal(373), Decimal(373))
    screened(clara, scheme, force=True)
    result = ScreeningResult.objects.get(lot=made)
    assert (result.hours, result.calibration.formula) == (Decimal(373), Formula.FINANCIAL)
    assert AuditEntry.objects.filter(verb="screening.opportunity.saved").count() == 1


def test_going_back_twice_reaches_the_parameters_again(clara, scheme):
    made, actor = lot(clara, scheme), clara.actor(TODAY)
    act = {"actor": actor, "at": NOON, "on": TODAY}
    actions.save_numbers(made, NUMBERS, version=0, **act)
    actions.save_numbers(made, replace(NUMBERS, effort=Decimal("0.1")), version=1, **act)
    actions.go_back(made, version=2, **act)
    actions.go_back(made, version=3, **act)
    sheet = Opportunity.objects.get(lot=made)
    assert sheet.assumptions is None
    assert sheet.saved_assumptions.count() == 2
    assert ScreeningResult.objects.get(lot=made).hours == Decimal(117)
    with pytest.raises(Refused):
        actions.go_back(made, version=sheet.version, **act)


def test_two_people_do_not_overwrite_each_other(clara, paula, scheme):
    made = lot(clara, scheme)
    actions.save_numbers(made, NUMBERS, version=0, actor=clara.actor(TODAY), at=NOON, on=TODAY)
    with pytest.raises(Stale):
        actions.retain(
            made,
            modality="EXEC_CONDITION",
            reason="",
            version=0,
            actor=paula.actor(TODAY),
            at=NOON,
            on=TODAY,
        )


def test_a_lot_retained_as_it_is_keeps_the_numbers_it_proposed(paula, scheme):
    made = lot(paula, scheme)
    proposed = ScreeningResult.objects.get(lot=made).hours
    actions.retain(
        made,
        modality="EXEC_CONDITION",
        reason="",
        version=0,
        actor=paula.actor(TODAY),
        at=NOON,
        on=TODAY,
    )
    kept = Opportunity.objects.get(lot=made).assumptions
    assert (kept.hours, ScreeningResult.objects.get(lot=made).hours) == (proposed, proposed)


def test_a_modality_that_did_not_exist_is_not_retained(paula, scheme):
    made = lot(paula, scheme, launched_on=date(2012, 5, 1))
    with pytest.raises(Refused, match="2012-05-01"):
        actions.retain(
            made,
            modality="RESERVED_IAE",
            reason="",
            version=0,
            actor=paula.actor(TODAY),
            at=NOON,
            on=TODAY,
        )


def test_derogating_needs_a_duty(paula, scheme):
    made = lot(paula, scheme)
    with pytest.raises(Refused, match="does not apply"):
        actions.derogate(
            made,
            case="NO_LINK",
            reasons="Aucun lien.",
            evidence="",
            version=0,
            actor=paula.actor(TODAY),
            at=NOON,
            on=TODAY,
        )


def test_a_sharing_buyer_is_read_by_the_coordinator(clara, benoit, scheme):
    made = lot(benoit, scheme)
    assert not ScreeningResult.objects.visible_to(clara.actor(TODAY)).exists()
    SchemeBody.objects.filter(scheme=scheme, organisation=benoit.organisation).update(shares_purchases=True)
    assert ScreeningResult.objects.visible_to(clara.actor(TODAY)).get().lot == made


def test_the_territory_tells_inside_from_outside(scheme, clara):
    inside = Coverage.of(scheme)
    assert inside is not None
    made = lot(clara, scheme, screened=False)
    assert inside.contains(made) is True
    made.department = None
    assert inside.contains(made) is None
    made.department = Department(code="75", name="Paris", region=scheme.territory.departments.first().region)
    assert inside.contains(made) is False


def test_an_implausible_amount_gives_no_hours_and_says_so(clara, scheme):
    made = contract(clara, scheme, amount=Decimal(999_999_999), counts_in_totals=False)
    result = ScreeningResult.objects.get(lot=made.lot)
    assert result.hours is None
    assert any(reason["code"] == "implausible" for reason in result.reasons)


def test_loading_the_defaults_twice_changes_nothing(db, capsys):
    call_command("load-trades", "--json")
    call_command("load-trades", "--json")
    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert first["created"]["trades"] >= 40
    assert set(second["created"].values()) == {0}


def test_the_command_prints_the_best_first(clara, scheme, capsys):
    lot(clara, scheme, object="Acquisition de licences", cpv="48000000", screened=False)
    contract(clara, scheme, amount=Decimal(250_000))
    call_command("screen", "--scheme", scheme.slug, "--json")
    lots = json.loads(capsys.readouterr().out)["lots"]
    assert [row["score"] for row in lots] == sorted((row["score"] for row in lots), reverse=True)
    assert set(lots[0]) >= {
        "buyer",
        "contract",
        "object",
        "score",
        "lever",
        "article",
        "hours",
        "duty",
        "reasons",
    }
    assert lots[0]["contract"] == Contract.objects.get().source_id
    assert sum(reason["points"] for reason in lots[0]["reasons"]) == lots[0]["score"]
    assert lots[1]["lever"] is None
    call_command("screen", "--scheme", scheme.slug)
    assert "peinture" in capsys.readouterr().out


def test_the_command_says_what_is_wrong(scheme, capsys):
    with pytest.raises(CommandError) as unknown:
        call_command("screen", "--scheme", "nulle-part")
    assert (unknown.value.returncode, scheme.slug in str(unknown.value)) == (2, True)
    with pytest.raises(CommandError) as empty:
        call_command("screen", "--scheme", scheme.slug, "--json")
    assert empty.value.returncode == 1
    assert json.loads(capsys.readouterr().out) == {"lots": []}
    with pytest.raises(CommandError, match="--limit"):
        call_command("screen", "--scheme", scheme.slug, "--limit=-3")


def every_department(scheme):
    """The codes that contracts name; the names of the places do not matter here."""
    region = scheme.territory.departments.first().region
    codes = [f"{number:02}" for number in range(1, 96)] + ["2A", "2B", *(str(n) for n in range(971, 989))]
    Department.objects.bulk_create(
        (Department(code=code, name=code, region=region) for code in codes), ignore_conflicts=True
    )


def test_real_contracts_are_ranked_with_sense(samples, scheme, capsys):
    files = sorted((samples / "decp-2024").glob("*.json"))
    every_department(scheme)
    call_command("import-contracts", *map(str, files), "--scheme", scheme.slug, "--json")
    capsys.readouterr()
    call_command("screen", "--scheme", scheme.slug, "--json")
    lots = json.loads(capsys.readouterr().out)["lots"]
    assert len(lots) > 600

    def mean(*prefixes):
        scores = [row["score"] for row in lots if row["cpv"].startswith(prefixes)]
        return sum(scores) / len(scores)

    assert mean("45442") > mean("452") > mean("48", "66", "30")
    assert mean("9091", "7731") > 60
    assert all(row["hours"] is None or row["hours"] >= 0 for row in lots)
    assert all(row["article"] for row in lots if row["lever"])
    reserved = [
        row for row in lots if row["lever"] and row["lever"].startswith("RESERVED") and row["score"] >= 80
    ]
    assert len(reserved) >= 6
