"""Notices read from files: the published formats, and what goes wrong with files."""

import csv
import io
import json
from collections import Counter
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from relais.core.clause_text import find
from relais.procurement.decp import CutFile, ReadError, Rejection
from relais.procurement.notices import (
    Form,
    NoticeFlag,
    NoticeRecord,
    NoticeShape,
    flag_meaning,
    recognise,
    shape_words,
)
from tests.procurement.notice_examples import SIRET, UUID, boamp, boamp_api, eforms, ted


def read(content: str | bytes) -> list[NoticeRecord | Rejection]:
    data = content.encode() if isinstance(content, str) else content
    reading = recognise(io.BytesIO(data))
    assert reading is not None
    with reading:
        return list(reading)


def one(content: str | bytes) -> NoticeRecord:
    [notice] = read(content)
    assert isinstance(notice, NoticeRecord), notice
    return notice


def test_a_ted_call_in_two_lots():
    notice = one(ted())
    assert (notice.shape, notice.form, notice.number, notice.key) == (
        *(NoticeShape.TED, Form.CALL, "000123-2021", "ted:000123-2021"),
    )
    assert (notice.buyer_name, notice.buyer_id, notice.reference) == ("Ville de Valmont", SIRET, "2021-07")
    assert (notice.published_on, notice.launched_on) == (date(2021, 1, 13), date(2021, 1, 8))
    first, second = notice.lots
    assert (first.number, first.title, first.cpv, first.nature) == ("1", "Gros œuvre", "45210000", "works")
    assert (first.estimated_value, first.duration_months, first.nuts) == (800_000, 14, "FRF33")
    assert [(one.kind, one.text, one.weight) for one in first.criteria] == [
        ("quality", "Valeur technique", "60"),
        ("price", "", "40"),
    ]
    assert (second.number, second.estimated_value) == ("2", None)
    [text] = notice.texts
    assert text.source == "LEFTI/PERFORMANCE_CONDITIONS"
    assert [finding.lots for finding in find(text.text)] == [("1",), ("2",)]
    assert not notice.is_reserved


def test_a_reservation_of_ted_goes_to_the_lots_it_names():
    marks = "<RESTRICTED_SHELTERED_WORKSHOP/>"
    everywhere = one(ted(reserved=marks))
    assert [bool(lot.reserved) for lot in everywhere.lots] == [True, True]
    named = one(ted(reserved=marks, conditions="Le lot 2 est réservé à des entreprises adaptées."))
    assert [bool(lot.reserved) for lot in named.lots] == [False, True]
    assert (NoticeFlag.NOTICE_RESERVED_SOME_LOTS, "2") in named.flags


def test_eforms_inside_the_json_of_boamp():
    notice = one(boamp_api(eforms()))
    assert (notice.shape, notice.number, notice.key) == (NoticeShape.BOAMP_JSON, "25-10", f"eforms:{UUID}")
    assert (notice.buyer_id, notice.published_on, notice.procedure) == (SIRET, date(2025, 3, 4), "open")
    [lot] = notice.lots
    assert [(mark.code, mark.source) for mark in lot.reserved] == [("res-ws", "BT-71")]
    assert [(mark.code, mark.source) for mark in lot.social] == [("soc-obj", "BT-06"), ("opp", "BT-775")]
    assert (lot.number, lot.cpv, lot.nature, lot.estimated_value) == ("1", "77310000", "services", 120_000)
    assert (lot.duration_months, lot.postcode, lot.nuts) == (24, "57000", "FRF33")
    assert [(text.source, text.text) for text in lot.texts] == [("BT-70", "Insertion : 70 heures / an.")]


def test_the_social_mark_of_boamp_goes_to_the_lots():
    [lot] = one(boamp_api(eforms(), criteres="sociaux,environnementaux")).lots
    assert "SOCIAUX" in {mark.code for mark in lot.social}


def test_eforms_alone_and_the_kinds_of_notice():
    assert one(json.dumps(eforms())).number == UUID
    kinds = {
        "pin-only": Form.PRIOR_INFORMATION,
        "pin-cfc-social": Form.CALL,
        "can-modif": Form.MODIFICATION,
        "can-standard": Form.AWARD,
        "xxx": Form.OTHER,
    }
    assert {code: one(json.dumps(eforms(notice_type=code))).form for code in kinds} == kinds


def test_a_cancellation_comes_after_what_it_cancels():
    changes = {
        "efbc:ChangedNoticeIdentifier": f"{UUID}-01",
        "efac:ChangeReason": {"cbc:ReasonCode": {"#text": "cancel"}},
    }
    other = "99999999-2222-4333-8444-555555555555"
    rows = json.loads(boamp_api(eforms(other, changes=changes), eforms()))["results"]
    rows[0]["dateparution"] = "2025-03-09"
    first, second = read(json.dumps(rows))
    assert isinstance(first, NoticeRecord)
    assert isinstance(second, NoticeRecord)
    assert (first.key, second.corrects) == (f"eforms:{UUID}", f"eforms:{UUID}")
    assert second.is_cancellation
    assert (NoticeFlag.NOTICE_CANCELLED, "") in second.flags


def test_the_old_xml_of_boamp():
    notice = one(boamp())
    assert (notice.shape, notice.form, notice.number) == (NoticeShape.BOAMP, Form.CALL, "17-1")
    [lot] = notice.lots
    assert [mark.code for mark in lot.reserved] == ["ATELIER_PROTEGE"]
    assert [mark.code for mark in lot.social] == ["SOCIAUX"]
    assert [(one.text, one.weight) for one in lot.criteria] == [("Prix", "70"), ("Insertion", "30")]
    assert (lot.number, lot.nature, lot.nuts) == ("", "services", "DEP-57")
    assert [text.source for text in notice.texts] == ["CONDITION_PARTICULIERE_EXECUTION"]
    corrected = one(boamp("17-2", status="RECTIF", former="17-1"))
    assert (corrected.corrects, corrected.is_cancellation) == ("boamp:17-1", False)


def test_several_notices_in_one_xml():
    inside = [boamp(number).partition("?>")[2] for number in ("17-1", "17-2")]
    notices = read(f"<ANNONCES>{''.join(inside)}</ANNONCES>")
    assert [notice.number for notice in notices if isinstance(notice, NoticeRecord)] == ["17-1", "17-2"]
    assert one(notices[0].raw).number == "17-1"  # type: ignore[union-attr]


def test_the_same_notice_has_one_fingerprint():
    assert one(boamp_api(eforms())).digest() == one(json.dumps(eforms())).digest()
    assert one(boamp_api(eforms())).digest() != one(boamp_api(eforms(name="Autre"))).digest()


@pytest.mark.parametrize("encoding", ["cp1252", "iso-8859-15", "utf-8-sig", "utf-16"])
def test_whatever_the_encoding_told_in_the_prologue(encoding):
    notice = one(ted(title="Rénovation de l'école").encode(encoding))
    assert notice.title == "Rénovation de l'école"


@pytest.mark.parametrize(
    "content",
    [
        "",
        "<!DOCTYPE html><html><body>Connexion</body></html>",
        "<marches><marche><id>1</id></marche></marches>",
        '{"marches": []}',
        "id;objet\n1;Route",
        b"%PDF-1.7",
    ],
)
def test_what_is_not_a_notice_is_left_to_the_others(content):
    data = content if isinstance(content, bytes) else content.encode()
    file = io.BytesIO(data)
    assert recognise(file) is None
    assert not file.closed
    assert file.tell() == 0


def test_entities_are_refused_before_they_are_read():
    bomb = ted().replace("?>", '?><!DOCTYPE x [<!ENTITY a "b">]>', 1)
    with pytest.raises(ReadError, match="document type"):
        read(bomb)


def test_a_cut_file_says_where():
    with pytest.raises(CutFile, match="cut after line"):
        read(ted()[:-300])
    with pytest.raises(CutFile, match="cut after line"):
        read(boamp_api(eforms())[:-20])


def test_a_wrong_file_is_located():
    with pytest.raises(ReadError, match=r"Line \d+, column \d+: this is not valid XML"):
        read(ted().replace("</LEFTI>", "</LEFT>"))
    with pytest.raises(ReadError, match=r"Line 1, column \d+: this is not valid JSON"):
        read(boamp_api(eforms()).replace('"idweb"', '"idweb" "x"'))


def _refused(content: str) -> str:
    [rejection] = read(content)
    assert isinstance(rejection, Rejection)
    return str(rejection.reason)


def test_json_inside_json_eight_times_is_refused():
    inner = json.dumps(eforms())
    for _ in range(8):
        inner = json.dumps(inner)
    assert "JSON inside JSON more than 3 times" in _refused(json.dumps([{"idweb": "25-1", "donnees": inner}]))


def test_records_that_cannot_be_used_are_told():
    assert "format “FNSimple”" in _refused(
        json.dumps({"idweb": "1", "donnees": json.dumps({"FNSimple": {}})})
    )
    assert "not valid JSON" in _refused(json.dumps({"idweb": "1", "donnees": "{"}))
    assert "no number" in _refused(boamp().replace("17-1", ""))
    assert "no form" in _refused('<TED_EXPORT DOC_ID="1-2021"><FORM_SECTION/></TED_EXPORT>')
    assert "not a notice of a purchase" in _refused("<BusinessRegistrationInformationNotice/>")
    deep: object = "x"
    for _ in range(100):
        deep = {"a": deep}
    document = {"EFORMS": {"ContractNotice": deep}}
    assert "nested more than 60" in _refused(json.dumps({"idweb": "1", "donnees": document}))


def test_each_flag_and_shape_has_its_words():
    assert all(str(flag_meaning(flag)) for flag in NoticeFlag)
    assert str(flag_meaning("AMOUNT_ZERO")).startswith("The amount is zero")
    assert all(shape_words(shape) for shape in NoticeShape)
    assert shape_words("json-2022") is None


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from([ted(), boamp(), boamp_api(eforms())]),
    st.lists(st.tuples(st.integers(0, 5_000), st.integers(0, 60), st.text(max_size=8)), max_size=4),
)
def test_whatever_is_broken_in_a_file_is_told_in_words(content, cuts):
    for start, length, instead in cuts:
        content = content[:start] + instead + content[start + length :]
    reading = recognise(io.BytesIO(content.encode("utf-8", "surrogatepass")))
    if reading is None:
        return
    with suppress(ReadError), reading:
        for item in reading:
            assert isinstance(item, Rejection) or item.digest()


def test_half_characters_of_json_do_not_travel():
    notice = one(boamp_api(eforms(name="Voirie HALF")).replace("HALF", "\\\\ud800\\\\u0000"))
    assert notice.title.startswith("Voirie")
    assert notice.title.isprintable()
    assert notice.digest()


def test_the_86_notices_of_ted(samples: Path) -> None:
    folder = samples / "ted"
    with (folder / "index.csv").open(encoding="utf-8") as file:
        index = {row["fichier"]: row for row in csv.DictReader(file, delimiter=";")}
    assert len(index) == 86
    forms: Counter[Form] = Counter()
    lots = 0
    for name, row in index.items():
        notice = one((folder / "avis-france-2016-2022" / name).read_bytes())
        marks = ",".join(sorted({mark.code for lot in notice.lots for mark in lot.reserved}))
        assert marks == row["marqueur_reserve"], name
        assert notice.form_code == row["formulaire"]
        assert f"{notice.published_on:%Y%m%d}" == row["date_publication"]
        assert notice.title
        assert notice.buyer_name
        forms[notice.form] += 1
        lots += len(notice.lots)
    assert forms == {Form.CALL: 46, Form.AWARD: 32, Form.PRIOR_INFORMATION: 5, Form.MODIFICATION: 3}
    assert lots == 442


def test_the_eforms_examples_and_real_notices(samples: Path) -> None:
    marks = {}
    for path in sorted((samples / "eforms").glob("*/*.xml")):
        notice = one(path.read_bytes())
        assert notice.title
        codes = {mark.code for lot in notice.lots for mark in (*lot.reserved, *lot.social)}
        if codes:
            marks[path.stem] = codes
    assert marks == {
        "INVALID_change-cn_24_FRA_comments": {"res-ws", "reserved-execution"},
        "can_24_maximal": {"acc-all"},
        "cn-social_25": {"acc-all", "opp", "reserved-execution"},
        "cn_24_maximal": {"acc-all", "res-pub-ser", "reserved-execution"},
        "pin-cfc-social_24": {"res-ws"},
    }


def test_the_boamp_samples(samples: Path) -> None:
    notices = [one(path.read_bytes()) for path in sorted((samples / "boamp" / "xml-2015-2017").glob("*.xml"))]
    assert Counter(notice.form for notice in notices) == {Form.AWARD: 11, Form.CALL: 8}
    assert all(notice.buyer_name and notice.title and notice.lots for notice in notices)
    found = read((samples / "boamp" / "json-2025-eforms" / "boamp_4_avis_2025.json").read_bytes())
    assert [(item.number, item.is_cancellation) for item in found if isinstance(item, NoticeRecord)] == [
        ("25-123130", False),
        ("25-123573", False),
        ("25-123631", False),
        ("25-127510", True),
    ]


def test_files_of_contracts_are_not_taken_for_notices(samples: Path) -> None:
    paths = [path for path in samples.glob("decp*/**/*") if path.is_file()]
    assert len(paths) > 40
    assert [path.name for path in paths if recognise(path) is not None] == []
