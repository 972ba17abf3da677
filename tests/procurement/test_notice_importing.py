"""Notices brought into a scheme: lots to come, versions, buyers, awards, and the report."""

import io
import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.core.management import call_command

from relais.kit import events
from relais.organisations.models import Organisation, Scheme
from relais.procurement import actions
from relais.procurement.enums import Origin
from relais.procurement.events import ContractsImported
from relais.procurement.models import Contract, ImportRun, Lot, Notice, NoticeLot, NoticeVersion
from relais.procurement.reports import Report, report_of
from relais.territories.models import Department, Region
from tests.cast import Person
from tests.procurement.decp_examples import contract, file_2022
from tests.procurement.notice_examples import SIRET, UUID, boamp, boamp_api, eforms, ted

NOON = datetime(2025, 8, 1, 10, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_listens(monkeypatch: pytest.MonkeyPatch) -> list[ContractsImported]:
    heard: list[ContractsImported] = []
    monkeypatch.setitem(events._handlers, ContractsImported, [heard.append])
    return heard


def bring(clara: Person, scheme: Scheme, *contents: str | bytes) -> Report:
    data = [content.encode() if isinstance(content, str) else content for content in contents]
    files = [(f"avis-{number}", io.BytesIO(content)) for number, content in enumerate(data)]
    return report_of(actions.import_files(files, scheme=scheme, actor=clara.actor(), at=NOON))


def counts(report: Report) -> tuple[int, int, int, int, int]:
    totals = report.totals
    return totals["read"], totals["created"], totals["updated"], totals["unchanged"], totals["rejected"]


def test_a_call_makes_lots_to_come(clara: Person, scheme: Scheme, nobody_listens: list[object]) -> None:
    report = bring(clara, scheme, ted())
    assert counts(report) == (1, 1, 0, 0, 0)
    [file] = report.as_dict()["files"]
    assert (file["shape"], file["encoding"]) == ("notice-ted", "utf-8")
    notice = Notice.objects.select_related("buyer", "procedure").get()
    assert notice.buyer is not None
    assert (notice.buyer.siret, notice.buyer.name) == (SIRET, "Ville de Valmont")
    assert notice.procedure is not None
    assert notice.procedure.launched_on == date(2021, 1, 8)
    first, second = Lot.objects.order_by("number")
    assert (first.origin, first.number, first.cpv, first.nature) == (
        Origin.IMPORTED,
        "1",
        "45210000",
        "works",
    )
    assert first.object == "Groupe scolaire des Tilleuls – lot 1 : Gros œuvre"
    assert (first.estimated_amount, first.duration_months) == (800_000, 14)
    assert first.launched_on == date(2021, 1, 8)
    assert second.procedure_id == notice.procedure_id
    assert [one.lot_id for one in notice.lots.all()] == [first.pk, second.pk]
    assert len(nobody_listens) == 1


def test_the_hours_found_are_kept_with_their_passage(clara: Person, scheme: Scheme) -> None:
    bring(clara, scheme, ted())
    notice = Notice.objects.get()
    [text] = notice.texts
    assert notice.has_clause_text
    assert [(one["kind"], one["value"], one["lots"]) for one in text["findings"]] == [
        ("lot_hours", "420", ["1"]),
        ("hours_per_euros", "5", ["2"]),
    ]
    assert text["findings"][1]["per_euros"] == "10000"
    assert all(text["text"][one["start"] : one["end"]] == one["quote"] for one in text["findings"])
    assert notice.versions.get().raw == ted()


def test_the_same_notice_twice_changes_nothing(clara: Person, scheme: Scheme) -> None:
    bring(clara, scheme, ted())
    before = list(Lot.objects.values())
    report = bring(clara, scheme, ted())
    assert counts(report) == (1, 0, 0, 1, 0)
    assert list(Lot.objects.values()) == before
    assert (Notice.objects.count(), NoticeVersion.objects.count()) == (1, 1)


def test_a_notice_in_two_formats_is_one(clara: Person, scheme: Scheme) -> None:
    report = bring(clara, scheme, boamp_api(eforms()), json.dumps(eforms()))
    assert counts(report) == (2, 1, 0, 1, 0)


def test_a_corrected_notice_updates_and_keeps_the_former_version(clara: Person, scheme: Scheme) -> None:
    bring(clara, scheme, boamp())
    lot = Lot.objects.get()
    report = bring(
        clara, scheme, boamp("17-2", status="RECTIF", former="17-1", title="Nettoyage des gymnases")
    )
    assert counts(report) == (1, 0, 1, 0, 0)
    notice = Notice.objects.get()
    assert (notice.key, notice.number, notice.title) == ("boamp:17-1", "17-2", "Nettoyage des gymnases")
    lot.refresh_from_db()
    assert lot.object == "Nettoyage des gymnases"
    old, new = notice.versions.order_by("pk")
    assert (old.number, old.superseded_at, new.superseded_at) == ("17-1", NOON, None)
    assert "gymnases" not in old.raw
    assert counts(bring(clara, scheme, boamp())) == (1, 0, 0, 1, 0)


def test_what_a_correction_replaced_may_come_after_it(clara: Person, scheme: Scheme) -> None:
    bring(clara, scheme, boamp("17-2", status="RECTIF", former="17-1", title="Nettoyage des gymnases"))
    report = bring(clara, scheme, boamp())
    assert counts(report) == (1, 0, 0, 1, 0)
    assert report.flags["NOTICE_OLDER"] == 1
    notice = Notice.objects.get()
    assert notice.title == "Nettoyage des gymnases"
    assert notice.versions.filter(superseded_at=None).get().number == "17-2"


def test_a_cancellation_marks_the_notice_and_makes_no_lot(clara: Person, scheme: Scheme) -> None:
    changes = {
        "efbc:ChangedNoticeIdentifier": f"{UUID}-01",
        "efac:ChangeReason": {"cbc:ReasonCode": {"#text": "cancel"}},
    }
    other = "99999999-2222-4333-8444-555555555555"
    report = bring(clara, scheme, boamp_api(eforms(), eforms(other, changes=changes)))
    assert counts(report) == (2, 1, 1, 0, 0)
    assert Notice.objects.get().is_cancelled
    assert Lot.objects.count() == 1
    fresh = {**changes, "efbc:ChangedNoticeIdentifier": "55555555-2222-4333-8444-555555555555-01"}
    bring(clara, scheme, boamp_api(eforms("77777777-2222-4333-8444-555555555555", changes=fresh)))
    assert (Notice.objects.count(), Lot.objects.count()) == (2, 1)


def test_a_reserved_lot_says_why(clara: Person, scheme: Scheme) -> None:
    bring(clara, scheme, boamp_api(eforms()))
    notice, lot = Notice.objects.get(), NoticeLot.objects.get()
    assert (notice.is_reserved, notice.is_social) == (True, True)
    assert lot.marks == {
        "reserved": [["res-ws", "BT-71"]],
        "social": [["soc-obj", "BT-06"], ["opp", "BT-775"]],
    }


def test_a_place_is_found_by_its_european_code(clara: Person, scheme: Scheme) -> None:
    region, _ = Region.objects.get_or_create(code="44", defaults={"name": "Grand Est"})
    Department.objects.get_or_create(code="57", defaults={"name": "Moselle", "region": region})
    bring(clara, scheme, ted(), boamp())
    assert set(Lot.objects.values_list("department_id", "place_type", "place_code")) == {
        ("57", "department", "57")
    }


def test_a_buyer_without_siret_is_known_by_its_name(clara: Person, scheme: Scheme) -> None:
    report = bring(clara, scheme, boamp(), boamp("17-9"))
    assert report.flags["NOTICE_BUYER_BY_NAME"] == 2
    body = Organisation.objects.get(name="Ville de Valmont")
    assert body.siret == ""
    assert body.capacities.get().capacity == "buyer"
    assert Lot.objects.filter(buyer=body).count() == 2


def test_a_name_that_two_bodies_bear_makes_no_lot(clara: Person, scheme: Scheme) -> None:
    for slug in ("valmont", "valmont-2"):
        Organisation.objects.create(slug=slug, name="Ville de Valmont")
    report = bring(clara, scheme, boamp())
    assert report.flags["NOTICE_BUYER_AMBIGUOUS"] == 1
    assert (Notice.objects.get().buyer_id, Lot.objects.count()) == (None, 0)


def test_a_foreign_buyer_is_refused_with_the_reason(clara: Person, scheme: Scheme) -> None:
    report = bring(clara, scheme, ted().replace('COUNTRY VALUE="FR"', 'COUNTRY VALUE="LU"'))
    assert counts(report) == (1, 0, 0, 0, 1)
    assert "(LU)" in report.as_dict()["rejections"][0]["reason"]


def award(number: str = "2024-T-017") -> str:
    """An award notice of the buyer of the contracts of the tests."""
    text = ted("000777-2024", siret=contract()["acheteur"]["id"])
    text = text.replace("F02_2014", "F03_2014").replace('FORM="F02"', 'FORM="F03"')
    award = f"<AWARD_CONTRACT><CONTRACT_NO>{number}</CONTRACT_NO><LOT_NO>2</LOT_NO></AWARD_CONTRACT>"
    return text.replace("</F03_2014>", f"{award}</F03_2014>")


@pytest.mark.parametrize("notice_first", [True, False])
def test_an_award_is_linked_when_the_key_is_certain(
    clara: Person, scheme: Scheme, notice_first: bool
) -> None:
    contents = [award().encode(), file_2022(contract())]
    bring(clara, scheme, *(contents if notice_first else reversed(contents)))
    linked = NoticeLot.objects.exclude(contract=None).get()
    assert (linked.number, linked.contract_id) == ("2", Contract.objects.get().pk)
    assert Lot.objects.count() == 1
    assert not NoticeLot.objects.exclude(lot=None).exists()


def test_an_award_of_another_number_is_linked_to_nothing(clara: Person, scheme: Scheme) -> None:
    bring(clara, scheme, file_2022(contract()), award("2024-T-018"))
    assert not NoticeLot.objects.exclude(contract=None).exists()


def test_a_bad_file_stores_nothing_and_stops_no_other(clara: Person, scheme: Scheme) -> None:
    report = bring(clara, scheme, ted()[:-200], "<html></html>", boamp())
    assert [file.failure is None for file in report.files] == [False, False, True]
    assert "cut after line" in str(report.files[0].failure)
    assert "web page" in str(report.files[1].failure)
    assert Notice.objects.count() == 1


def test_the_command_reports_notices_as_contracts(
    scheme: Scheme, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, text in (("ted.xml", ted()), ("boamp.json", boamp_api(eforms())), ("decp.json", "")):
        (tmp_path / name).write_text(text or file_2022(contract()).decode())
    paths = [str(path) for path in sorted(tmp_path.iterdir())]
    call_command("import-contracts", *paths, scheme=scheme.slug, json=True)
    told = json.loads(capsys.readouterr().out)
    assert [file["shape"] for file in told["files"]] == ["notice-boamp-json", "json-2022", "notice-ted"]
    assert (told["totals"]["read"], told["totals"]["created"]) == (3, 3)
    call_command("import-contracts", *paths, scheme=scheme.slug)
    assert "TED" in capsys.readouterr().out


def test_who_reads_a_notice(
    clara: Person, benoit: Person, fanny: Person, elodie: Person, sam: Person, scheme: Scheme
) -> None:
    assert benoit.organisation is not None
    bring(clara, scheme, ted())
    notice = Notice.objects.get()
    assert [bool(Notice.objects.visible_to(person.actor())) for person in (clara, fanny, elodie, sam)] == [
        *(True, False, False, False),
    ]
    assert not Notice.objects.visible_to(benoit.actor())
    Notice.objects.update(buyer=benoit.organisation)
    assert Notice.objects.visible_to(benoit.actor()).get() == notice
    assert NoticeVersion.objects.visible_to(benoit.actor()).count() == 1
    assert not NoticeVersion.objects.visible_to(sam.actor())


def test_all_the_real_notices_are_stored(clara: Person, scheme: Scheme, samples: Path) -> None:
    paths = [
        *sorted((samples / "ted" / "avis-france-2016-2022").glob("*.xml")),
        *sorted((samples / "eforms" / "avis-reels-france-2024").glob("*.xml")),
        *sorted((samples / "boamp" / "xml-2015-2017").glob("*.xml")),
        samples / "boamp" / "json-2025-eforms" / "boamp_4_avis_2025.json",
    ]
    files = [(path.name, path) for path in paths]
    report = report_of(actions.import_files(files, scheme=scheme, actor=clara.actor(), at=NOON))
    assert counts(report) == (113, 112, 1, 0, 0)
    again = report_of(actions.import_files(files, scheme=scheme, actor=clara.actor(), at=NOON))
    assert counts(again)[:4] == (113, 0, 0, 113)
    assert Notice.objects.filter(is_reserved=True).count() == 13
    assert ImportRun.objects.count() == 2
