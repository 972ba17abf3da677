"""Records of the interface of BOAMP whose notice is of before eForms: JSON or XML inside JSON."""

import io
import json
from collections import defaultdict
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from relais.procurement.decp import Rejection
from relais.procurement.notices import Form, NoticeRecord, NoticeShape, recognise
from tests.procurement.notice_examples import boamp

FLAT = {
    "idweb": "17-1",
    "dateparution": "2017-01-01",
    "nature": "APPEL_OFFRE",
    "etat": "INITIAL",
    "famille": "JOUE",
    "objet": "Nettoyage des écoles",
    "nomacheteur": "Ville de Valmont",
    "code_departement_prestation": ["57"],
    "criteres": ["sociaux"],
}


def as_json(element: ElementTree.Element) -> Any:
    """An element as the interface writes it: children by name, lists for several, `@` before attributes."""
    text = (element.text or "").strip()
    if not len(element) and not element.attrib:
        return text
    told: dict[str, Any] = {f"@{key.rpartition('}')[2]}": value for key, value in element.attrib.items()}
    below: dict[str, list[Any]] = defaultdict(list)
    for child in element:
        below[child.tag].append(as_json(child))
    told |= {name: several if len(several) > 1 else several[0] for name, several in below.items()}
    return {**told, **({"#text": text} if text else {})}


def record_of(xml: str, **fields: Any) -> dict[str, Any]:
    root = ElementTree.fromstring(xml)
    parts = {child.tag: as_json(child) for child in root}
    return {
        "idweb": parts["GESTION"]["REFERENCE"]["IDWEB"],
        "gestion": json.dumps(parts["GESTION"]),
        "donnees": json.dumps(parts["DONNEES"]),
        **fields,
    }


def read(*records: dict[str, Any]) -> list[NoticeRecord | Rejection]:
    file = io.BytesIO(json.dumps({"results": list(records)}).encode())
    reading = recognise(file)
    assert reading is not None
    with reading:
        return list(reading)


def one(record: dict[str, Any]) -> NoticeRecord:
    [notice] = read(record)
    assert isinstance(notice, NoticeRecord)
    return notice


def from_xml(xml: str) -> NoticeRecord:
    reading = recognise(io.BytesIO(xml.encode()))
    assert reading is not None
    with reading:
        [notice] = reading
    assert isinstance(notice, NoticeRecord)
    return notice


def test_json_inside_json_says_the_same_as_the_xml() -> None:
    notice = one(record_of(boamp()))
    assert notice.shape is NoticeShape.BOAMP_JSON
    assert notice.digest() == from_xml(boamp()).digest()
    assert (notice.key, notice.form, notice.buyer_name) == ("boamp:17-1", Form.CALL, "Ville de Valmont")
    assert notice.is_reserved
    assert notice.lots[0].criteria[0].weight == "70"


def test_xml_inside_json_whole_or_its_data_alone_says_the_same() -> None:
    whole = boamp()
    data = whole[whole.index("<DONNEES>") : whole.index("</ANNONCE>")]
    management = record_of(whole)["gestion"]
    for record in ({"idweb": "17-1", "donnees": whole}, {"donnees": data, "gestion": management}):
        assert one(record).digest() == from_xml(whole).digest()


def test_the_flat_fields_stand_for_the_management_part_that_is_missing() -> None:
    notice = one({**FLAT, "donnees": record_of(boamp())["donnees"]})
    wanted = from_xml(boamp())
    assert (notice.key, notice.form, notice.form_code) == (wanted.key, wanted.form, wanted.form_code)
    assert (notice.published_on, notice.title) == (wanted.published_on, wanted.title)
    assert notice.lots[0].nuts == "DEP-57"
    assert notice.is_social


@pytest.mark.parametrize("linked", [["17-1"], "17-1"])
def test_a_cancellation_names_what_it_cancels(linked: Any) -> None:
    flat = {**FLAT, "idweb": "17-9", "etat": "ANNULATION", "annonce_lie": linked}
    notice = one({**flat, "donnees": record_of(boamp())["donnees"]})
    assert notice.is_cancellation
    assert notice.corrects == "boamp:17-1"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"donnees": "<ANNONCE><DONNEES>"}, "not valid XML"),
        ({"donnees": '<!DOCTYPE a [<!ENTITY b "c">]><ANNONCE/>'}, "not valid XML"),
        ({"donnees": json.dumps({"IDENTITE": {}}), "idweb": ""}, "no number"),
        ({"donnees": json.dumps({"MAPA": {"organisme": {}}})}, "format “MAPA”"),
        ({"donnees": json.dumps({"ANNONCE": 3})}, "format “ANNONCE”"),
        ({"donnees": "<X/>", "gestion": "{"}, "not valid JSON"),
        ({"donnees": json.dumps(["IDENTITE"])}, "not a record"),
    ],
)
def test_what_cannot_be_read_is_told(fields: dict[str, Any], said: str) -> None:
    [refused] = read({**FLAT, **fields})
    assert isinstance(refused, Rejection)
    assert said in str(refused.reason)


def test_real_notices_turned_into_records_read_the_same(samples: Path) -> None:
    files = sorted((samples / "boamp" / "xml-2015-2017").glob("*.xml"))
    assert files
    for path in files:
        xml = path.read_text(encoding="utf-8")
        notice, wanted = one(record_of(xml)), from_xml(xml)
        assert (notice.key, notice.form, notice.corrects) == (wanted.key, wanted.form, wanted.corrects)
        assert [lot.number for lot in notice.lots] == [lot.number for lot in wanted.lots]
        assert [lot.cpv for lot in notice.lots] == [lot.cpv for lot in wanted.lots]
        assert (notice.buyer_name, notice.title) == (wanted.buyer_name, wanted.title)
        assert one({"donnees": xml}).key == wanted.key
