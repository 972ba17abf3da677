"""Files brought into a scheme: what is created, updated, kept, refused, and said."""

import io
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from relais.kit import events
from relais.kit.access import Refused
from relais.kit.models import AuditEntry
from relais.organisations.enums import Capacity
from relais.organisations.models import Organisation, Scheme
from relais.procurement import actions
from relais.procurement.events import ContractsImported
from relais.procurement.models import Contract, Holder, ImportRun, Lot, SourceRecord
from relais.procurement.reports import FileReport, Report, report_of
from relais.territories.models import Commune, Epci, PostCode
from tests.cast import Cast, Person
from tests.procurement.decp_examples import concession, contract, file_2022, siret

NOON = datetime(2024, 8, 1, 10, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_listens(monkeypatch: pytest.MonkeyPatch) -> list[ContractsImported]:
    """The rooms above are not what is tested here; what they would hear is kept."""
    heard: list[ContractsImported] = []
    monkeypatch.setitem(events._handlers, ContractsImported, [heard.append])
    return heard


def bring(clara: Person, scheme: Scheme, *contents: bytes) -> Report:
    files = [(f"{number}.json", io.BytesIO(content)) for number, content in enumerate(contents)]
    run = actions.import_files(files, scheme=scheme, actor=clara.actor(), at=NOON)
    return report_of(run)


def counts(report: Report) -> tuple[int, int, int, int, int]:
    totals = report.totals
    return totals["read"], totals["created"], totals["updated"], totals["unchanged"], totals["rejected"]


def test_a_contract_and_its_lot_are_created(clara: Person, scheme: Scheme) -> None:
    report = bring(clara, scheme, file_2022(contract(), concessions=(concession(),)))
    assert counts(report) == (2, 2, 0, 0, 0)
    found = Contract.objects.select_related("lot", "buyer").get(kind="contract")
    assert (found.source_id, found.amount, found.notified_on) == ("2024-T-017", 480_000, date(2024, 6, 3))
    assert found.has_social_clause
    assert found.social_published
    assert not found.is_reserved
    assert (found.lot.nature, found.lot.cpv, found.lot.estimated_amount) == ("works", "45214220", 480_000)
    assert found.lot.search_object.startswith("restructuration du lycee jean rostand a epinal")
    assert found.sources.get().superseded_at is None
    assert json.loads(found.sources.get().raw)["id"] == "2024-T-017"
    assert Contract.objects.get(kind="concession").lot.is_concession


def test_the_same_file_twice_changes_nothing(clara: Person, scheme: Scheme) -> None:
    content = file_2022(contract(), contract(id="B", modifications=[]), concessions=(concession(),))
    bring(clara, scheme, content)
    before = (
        list(Contract.objects.values()) + list(Lot.objects.values()) + list(SourceRecord.objects.values())
    )
    assert counts(bring(clara, scheme, content)) == (3, 0, 0, 3, 0)
    after = list(Contract.objects.values()) + list(Lot.objects.values()) + list(SourceRecord.objects.values())
    assert after == before


def test_another_amount_updates_and_keeps_the_former_version(clara: Person, scheme: Scheme) -> None:
    bring(clara, scheme, file_2022(contract()))
    changed = contract(montant=502_000, datePublicationDonnees="2024-07-20")
    assert counts(bring(clara, scheme, file_2022(changed))) == (1, 0, 1, 0, 0)
    found = Contract.objects.get()
    assert found.amount == 502_000
    assert [source.superseded_at is None for source in found.sources.all()] == [True, False]
    assert json.loads(found.sources.last().raw)["montant"] == 480_000


def test_a_new_amendment_updates_without_losing_the_shares(clara: Person, scheme: Scheme) -> None:
    bring(clara, scheme, file_2022(contract()))
    Holder.objects.update(share=Decimal(1), is_lead=True)
    change = {"id": 1, "dateNotificationModification": "2024-07-19", "montant": 490_000}
    report = bring(clara, scheme, file_2022(contract(modifications=[{"modification": change}])))
    assert counts(report) == (1, 0, 1, 0, 0)
    found = Contract.objects.get()
    assert found.amendments.get().amount == 490_000
    assert (found.holders.get().share, found.holders.get().is_lead) == (1, True)


def test_an_older_file_imported_later_does_not_go_back(clara: Person, scheme: Scheme) -> None:
    newer = contract(montant=502_000, datePublicationDonnees="2024-07-20")
    bring(clara, scheme, file_2022(newer))
    assert counts(bring(clara, scheme, file_2022(contract()))) == (1, 0, 0, 1, 0)
    found = Contract.objects.get()
    assert found.amount == 502_000
    assert found.sources.count() == 2
    assert counts(bring(clara, scheme, file_2022(contract()))) == (1, 0, 0, 1, 0)
    assert found.sources.count() == 2


def test_a_poorer_version_erases_nothing(clara: Person, scheme: Scheme) -> None:
    change = {"id": 1, "dateNotificationModification": "2024-07-01", "montant": 490_000}
    bring(clara, scheme, file_2022(contract(modifications=[{"modification": change}])))
    poor = {
        "id": "2024-T-017",
        "acheteur": {"id": siret("2357000110001")},
        "montant": 481_000,
        "dateNotification": "2024-06-03",
    }
    report = bring(clara, scheme, json.dumps([poor]).encode())
    assert counts(report) == (1, 0, 1, 0, 0)
    found = Contract.objects.select_related("lot").get()
    assert (found.amount, found.has_social_clause, found.social_published) == (481_000, True, True)
    assert (found.lot.cpv, found.lot.duration_months, found.published_on) == (
        "45214220",
        18,
        date(2024, 7, 12),
    )
    assert found.lot.object.startswith("Restructuration")
    assert found.lot.search_object.startswith("restructuration")
    assert (found.holders.count(), found.amendments.count()) == (1, 1)
    assert "OBJECT_MISSING" not in set(found.flags.values_list("code", flat=True))


def test_another_lot_under_the_same_identifier_is_kept_beside(clara: Person, scheme: Scheme) -> None:
    other = contract(
        objet="Lot 1 : fournitures de bureau",
        titulaires=[{"titulaire": {"typeIdentifiant": "SIRET", "id": siret("4445534650001")}}],
        dateNotification="2024-06-22",
        montant=171_000,
    )
    content = file_2022(contract(), other)
    report = bring(clara, scheme, content)
    assert counts(report) == (2, 2, 0, 0, 0)
    assert report.flags["SAME_KEY_OTHER_LOT"] == 1
    ranks = Contract.objects.order_by("rank")
    assert [(found.rank, found.amount) for found in ranks] == [(1, 480_000), (2, 171_000)]
    assert all(found.flags.filter(code="SAME_KEY_OTHER_LOT").exists() for found in ranks)
    assert counts(bring(clara, scheme, content)) == (2, 0, 0, 2, 0)
    dearer = other | {"montant": 180_000, "datePublicationDonnees": "2024-07-30"}
    assert counts(bring(clara, scheme, file_2022(dearer))) == (1, 0, 1, 0, 0)
    assert [found.amount for found in Contract.objects.order_by("rank")] == [480_000, 180_000]


def test_an_update_that_shares_only_its_date_is_doubtful(clara: Person, scheme: Scheme) -> None:
    bring(clara, scheme, file_2022(contract()))
    holders = [{"titulaire": {"typeIdentifiant": "SIRET", "id": siret("4445534650001")}}]
    report = bring(clara, scheme, file_2022(contract(objet="Fournitures de bureau", titulaires=holders)))
    assert counts(report) == (1, 0, 1, 0, 0)
    assert "REPEAT_DOUBTFUL" in report.flags
    assert Holder.objects.get().identifier == siret("4445534650001")


def test_hostile_characters_are_stored_safely_in_every_field(clara: Person, scheme: Scheme) -> None:
    nasty = "\\u0000\\ud800\\u202e\\u200b=1+1"
    holder = {"typeIdentifiant": "X" + "nasty", "id": "nasty1", "denominationSociale": "nasty"}
    changes = dict.fromkeys(
        ("objet", "nature", "procedure", "ccag", "montant", "dureeMois", "codeCPV", "idAccordCadre"), "nasty"
    )
    record = contract(
        **changes,
        dateNotification="nasty",
        titulaires=[{"titulaire": holder}],
        lieuExecution={"code": "nasty", "typeCode": "nasty"},
        considerationsSociales={"considerationSociale": ["nasty"]},
        modifications=[{"modification": {"id": "nasty", "objetModification": "nasty"}}],
    )
    doubled = json.dumps(contract(id="B"))[:-1] + ', "nasty": 1, "nasty": 2}'
    whole = json.dumps({"marches": {"marche": [record, "DOUBLED"]}}).replace('"DOUBLED"', doubled)
    report = bring(
        clara,
        scheme,
        whole.replace("nasty", nasty).encode(),
        json.dumps(record).replace("nasty", nasty).encode(),
    )
    assert counts(report) == (3, 1, 0, 1, 1)
    found = Contract.objects.select_related("lot").get()
    assert not {"\x00", "\ud800", "\u202e"} & set(found.lot.object + found.amount_text + found.nature)
    assert json.loads(found.sources.get().raw)["objet"].startswith("\x00")


def test_a_cut_file_stores_nothing_then_the_whole_file_is_stored_once(clara: Person, scheme: Scheme) -> None:
    content = file_2022(*(contract(id=f"C{number}") for number in range(700)))
    (file,) = bring(clara, scheme, content[: int(len(content) * 0.99)]).files
    assert file.failure is not None
    assert "cut" in str(file.failure)
    assert not file.done
    assert (Contract.objects.count(), Lot.objects.count(), SourceRecord.objects.count()) == (0, 0, 0)
    assert not Organisation.objects.filter(siret=siret("2357000110001")).exists()
    assert counts(bring(clara, scheme, content)) == (700, 700, 0, 0, 0)


def test_a_bad_file_stops_no_other(clara: Person, scheme: Scheme) -> None:
    report = bring(clara, scheme, b"%PDF-1.7", file_2022(contract()))
    assert [file.done for file in report.files] == [False, True]
    assert Contract.objects.count() == 1
    assert report.done


def test_refused_records_are_located_and_the_others_stored(clara: Person, scheme: Scheme) -> None:
    report = bring(clara, scheme, file_2022(contract(), contract(id="")))
    assert counts(report) == (2, 1, 0, 0, 1)
    (rejection,) = report.files[0].rejections
    assert rejection.position == "2 (line 1)"
    assert "identifier of the contract is missing" in str(rejection.reason)


def test_a_suspect_amount_stays_out_of_totals(clara: Person, scheme: Scheme) -> None:
    bring(clara, scheme, file_2022(contract(montant=999_999_999), contract(id="B", montant=10**17)))
    nines, absurd = Contract.objects.order_by("source_id")
    assert (nines.amount, nines.counts_in_totals, nines.lot.estimated_amount) == (999_999_999, False, None)
    assert (absurd.amount, absurd.amount_text, absurd.counts_in_totals) == (None, "1" + "0" * 17, False)


def test_an_unknown_buyer_becomes_an_organisation(clara: Person, scheme: Scheme) -> None:
    named = contract(acheteur={"id": siret("2188016030001"), "nom": "Ville de Gérardmer"})
    bring(clara, scheme, file_2022(named, contract(id="B")))
    town = Organisation.objects.get(siret=siret("2188016030001"))
    assert (town.name, town.slug, town.buyer_nature) == (
        "Ville de Gérardmer",
        "ville-de-gerardmer",
        "municipality",
    )
    assert town.capacities.get().capacity == Capacity.BUYER
    assert town.capacities.get().starts_on == date(2024, 6, 3)
    nameless = Organisation.objects.get(siret=siret("2357000110001"))
    assert (nameless.name, nameless.buyer_nature) == (f"Acheteur {nameless.siret}", "region")


def test_a_buyer_without_a_name_is_named_by_its_siren_or_by_a_later_file(
    clara: Person, scheme: Scheme
) -> None:
    town, group, other = siret("2188016030001"), siret("2000714900001"), siret("2588000010001")
    Commune.objects.create(
        code="88160", name="Épinal", search_name="epinal", department_id="88", siren=town[:9]
    )
    Epci.objects.create(siren=group[:9], name="CA d'Épinal", kind="CA")
    records = [contract(id=str(at), acheteur={"id": buyer}) for at, buyer in enumerate((town, group, other))]
    bring(clara, scheme, file_2022(*records))
    names = dict(Organisation.objects.values_list("siret", "name"))
    assert (names[town], names[group], names[other]) == ("Épinal", "CA d'Épinal", f"Acheteur {other}")
    bring(clara, scheme, file_2022(contract(id="9", acheteur={"id": other, "nom": "Syndicat des eaux"})))
    assert Organisation.objects.get(siret=other).name == "Syndicat des eaux"


def test_a_known_buyer_and_a_known_company_are_recognised(cast: Cast, clara: Person, scheme: Scheme) -> None:
    town, mason = cast["benoit"].organisation, cast["corinne"].organisation
    assert town is not None
    assert mason is not None
    holders = [{"titulaire": {"typeIdentifiant": "SIRET", "id": mason.siret}}]
    bring(clara, scheme, file_2022(contract(acheteur={"id": town.siret}, titulaires=holders)))
    found = Contract.objects.get()
    assert found.buyer == town
    assert found.holders.get().organisation == mason
    assert [item.pk for item in Contract.objects.visible_to(cast["corinne"].actor())] == [found.pk]
    assert [item.pk for item in Contract.objects.visible_to(cast["benoit"].actor())] == [found.pk]
    assert not Contract.objects.visible_to(cast["sam"].actor())


def test_the_place_of_performance_is_read(clara: Person, scheme: Scheme) -> None:
    commune = Commune.objects.create(code="88160", name="Épinal", search_name="epinal", department_id="88")
    PostCode.objects.create(code="88000").communes.add(commune)
    bring(clara, scheme, file_2022(contract()))
    lot = Lot.objects.get()
    assert (lot.place_type, lot.place_code) == ("post_code", "88000")
    assert (lot.commune_id, lot.department_id) == ("88160", "88")


def test_only_the_coordinator_imports(cast: Cast, scheme: Scheme) -> None:
    for name in ("paula", "benoit", "corinne", "sam"):
        with pytest.raises(Refused):
            bring(cast[name], scheme, file_2022(contract()))
    assert not ImportRun.objects.exists()


def test_an_import_is_told_and_traced(
    clara: Person, scheme: Scheme, nobody_listens: list[ContractsImported]
) -> None:
    bring(clara, scheme, file_2022(contract()))
    bring(clara, scheme, file_2022(contract()))
    assert [event.scheme_id for event in nobody_listens] == [scheme.pk]
    entries = AuditEntry.objects.filter(verb="procurement.contracts.imported").order_by("pk")
    assert [entry.detail for entry in entries] == ["files=1 read=1 changed=1", "files=1 read=1 changed=0"]


def test_an_interrupted_import_is_told_by_the_next_one(
    clara: Person, scheme: Scheme, nobody_listens: list[ContractsImported]
) -> None:
    bring(clara, scheme, file_2022(contract()))
    ImportRun.objects.update(finished_at=None)
    nobody_listens.clear()
    bring(clara, scheme, file_2022(contract()))
    assert len(nobody_listens) == 1


def test_a_batch_costs_the_same_queries_whatever_its_size(
    clara: Person, scheme: Scheme, django_assert_max_num_queries: Any
) -> None:
    content = file_2022(*(contract(id=f"C{number}") for number in range(400)))
    with django_assert_max_num_queries(45):
        bring(clara, scheme, content)
    with django_assert_max_num_queries(35):
        bring(clara, scheme, content)


def command(*arguments: object) -> tuple[str, int]:
    target = io.StringIO()
    try:
        call_command("import-contracts", *map(str, arguments), stdout=target, no_color=True)
    except SystemExit as stop:
        return target.getvalue(), int(stop.code or 0)
    return target.getvalue(), 0


def test_the_command_prints_one_json_object(scheme: Scheme, tmp_path: Path) -> None:
    path = tmp_path / "decp.json"
    path.write_bytes(file_2022(contract(montant=0), contract(id="")))
    text, status = command(path, "--scheme", scheme.slug, "--json")
    told = json.loads(text)
    assert status == 0
    assert told["files"] == [
        {
            "path": str(path),
            "shape": "json-2022",
            "encoding": "utf-8",
            "replaced": 0,
            "read": 2,
            "created": 1,
            "updated": 0,
            "unchanged": 0,
            "rejected": 1,
            "flags": {"AMOUNT_ZERO": 1},
        }
    ]
    assert told["totals"]["created"] == 1
    assert [(item["file"], item["record"]) for item in told["rejections"]] == [(str(path), "2 (line 1)")]


def test_the_command_prints_a_report_for_people(scheme: Scheme, tmp_path: Path) -> None:
    path = tmp_path / "decp.json"
    path.write_bytes(file_2022(contract(montant=0)))
    text, status = command(path, "--scheme", scheme.slug)
    assert status == 0
    assert "AMOUNT_ZERO" in text
    assert str(path) in text


def test_the_command_says_when_nothing_could_be_done(scheme: Scheme, tmp_path: Path) -> None:
    path = tmp_path / "decp.json"
    path.write_bytes(file_2022(contract())[:-30])
    text, status = command(path, tmp_path / "absent.json", "--scheme", scheme.slug, "--json")
    told = json.loads(text)
    assert status == 1
    assert all(file["error"] for file in told["files"])
    assert told["totals"]["read"] == 0


def test_the_command_refuses_an_unknown_scheme(scheme: Scheme) -> None:
    with pytest.raises(CommandError, match=scheme.slug) as caught:
        command("x.json", "--scheme", "nulle-part")
    assert caught.value.returncode == 2


class TestRealFiles:
    """Published files, imported whole."""

    def paths(self, samples: Path) -> list[Path]:
        return sorted((samples / "decp-2024").glob("e-marchespublics_*.json"))

    def run(self, clara: Person, scheme: Scheme, paths: list[Path]) -> Report:
        files = [(path.name, path) for path in paths]
        return report_of(actions.import_files(files, scheme=scheme, actor=clara.actor(), at=NOON))

    def test_a_week_of_2024_twice(self, samples: Path, clara: Person, scheme: Scheme) -> None:
        report = self.run(clara, scheme, self.paths(samples))
        assert counts(report) == (694, 691, 3, 0, 0)
        assert Contract.objects.filter(kind="contract").count() == 690
        assert Contract.objects.values("buyer", "source_id").distinct().count() == 686
        assert Contract.objects.filter(source_id="2024-FCS01-00").count() == 2
        assert Contract.objects.filter(rank=2).count() == 5
        assert SourceRecord.objects.count() == 694
        assert counts(self.run(clara, scheme, self.paths(samples))) == (694, 0, 0, 694, 0)

    def test_the_days_may_come_in_any_order(self, samples: Path, clara: Person, scheme: Scheme) -> None:
        self.run(clara, scheme, self.paths(samples)[::-1])
        contract = Contract.objects.get(source_id="24-1033429")
        assert contract.amount == 224_989

    def test_the_table_of_decp_info(self, samples: Path, clara: Person, scheme: Scheme) -> None:
        path = samples / "decp-tabulaire" / "decp-info_2024S2_travaux_cpv4521.csv"
        (file,) = self.run(clara, scheme, [path]).files
        assert isinstance(file, FileReport)
        assert (file.counts["created"], file.counts["rejected"]) == (5180, 0)
        total = sum(amount or 0 for amount in Contract.objects.values_list("amount", flat=True))
        assert Decimal("2.475e9") < total < Decimal("2.485e9")


def test_lots_of_another_number_are_not_an_update(clara: Person, scheme: Scheme) -> None:
    """One buyer, one identifier, one company, one day: only the objects tell the two lots apart."""
    lots = [
        contract(objet=f"Entretien des espaces verts, lot {lot}") for lot in ("n° 01 : nord", "n° 2 : sud")
    ]
    report = bring(clara, scheme, file_2022(*lots))
    assert counts(report) == (2, 2, 0, 0, 0)
    assert report.flags["SAME_KEY_OTHER_LOT"] == 1
    again = contract(objet="Entretien des espaces verts - LOT 1 : nord", montant=490_000)
    assert counts(bring(clara, scheme, file_2022(again))) == (1, 0, 1, 0, 0)
    assert [found.amount for found in Contract.objects.order_by("rank")] == [490_000, 480_000]
