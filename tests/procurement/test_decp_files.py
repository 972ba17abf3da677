"""A whole file: shapes, encodings, cuts and hostile content."""

import csv
import gzip
import io
import json
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter

from relais.procurement.decp import CutFile, ReadError, Record, Rejection, Shape, read
from relais.procurement.decp.detect import Encoding, encoding_of
from relais.procurement.decp.spreadsheet import rows_of
from tests.old_workbooks import old_workbook
from tests.procurement.decp_examples import (
    codes,
    concession,
    contract,
    file_2022,
    items_of,
    records_of,
    siret,
)

REGION, TOWN, MASON = siret("2357000110001"), siret("2188016030001"), siret("8122311320001")


def shape_of(content: bytes) -> Shape:
    with read(io.BytesIO(content), name="f") as reading:
        return reading.shape


def encoded(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


SHAPES = {
    Shape.JSON_2022: file_2022(contract()),
    Shape.JSON_2019: encoded({"marches": [contract()]}),
    Shape.JSON_LIST: encoded([contract()]),
    Shape.JSON_RECORD: encoded(contract()),
    Shape.JSON_LINES: encoded(contract()) + b"\n" + encoded(contract(id="B")) + b"\n",
}


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_of_json_gives_the_same_contract(shape: Shape) -> None:
    assert shape_of(SHAPES[shape]) == shape
    record = records_of(SHAPES[shape])[0]
    assert (record.source_id, record.amount, record.social) == ("2024-T-017", 480000, ("CLAUSE",))


@pytest.mark.parametrize(
    "content",
    [
        encoded({"marches": {"marche": contract()}}),
        encoded({"marche": [contract()]}),
        encoded({"marches": contract()}),
        encoded([{"marche": contract()}]),
        encoded([{"marche": [contract()]}]),
    ],
)
def test_a_missing_level_is_read_and_said(content: bytes) -> None:
    (record,) = records_of(content)
    assert "WRONG_WRAPPER" in codes(record)


def test_blank_lines_and_a_mark_before_the_start() -> None:
    assert len(records_of(b"\xef\xbb\xbf\n\n  " + file_2022(contract()))) == 1


def test_json_lines_may_hold_whole_files() -> None:
    content = file_2022(contract(id="A")) + b"\n" + file_2022(concessions=(concession(),))
    assert [record.kind for record in records_of(content)] == ["contract", "concession"]


def test_an_empty_list_is_a_file_without_contract() -> None:
    with pytest.raises(ReadError, match="holds no contract"):
        items_of(b'{"marches": {"marche": []}}')


@pytest.mark.parametrize("content", [b"", b"   \n", b'{"foo": 1}', b"[]", b'{"marches": null}'])
def test_a_file_without_contract_is_refused(content: bytes) -> None:
    with pytest.raises(ReadError):
        items_of(content)


@pytest.mark.parametrize("share", [0.5, 0.9, 0.99])
def test_a_cut_json_is_told_from_a_bad_one(share: float) -> None:
    content = file_2022(*(contract(id=f"C{n}") for n in range(50)))
    with pytest.raises(CutFile, match="cut after line 1"):
        items_of(content[: int(len(content) * share)])


def test_a_broken_record_does_not_stop_the_file() -> None:
    content = file_2022(contract(id="A"), contract(id="B"), contract(id="C"))
    broken = content.replace(b'"id": "B",', b'"id": "B" oops,')
    items = items_of(broken)
    assert [isinstance(item, Rejection) for item in items] == [False, True, False]


def test_a_broken_skeleton_is_located() -> None:
    content = b'{"marches":\n[' + encoded(contract()) + b"\n;" + encoded(contract()) + b"]}"
    with pytest.raises(ReadError, match="Line 3 is not valid JSON") as caught:
        items_of(content)
    assert not isinstance(caught.value, CutFile)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('"montant": 480000', '"montant": 1, "montant": 2', "“montant” appears twice"),
        ('"montant": 480000', '"montant": NaN', "NaN is not a number"),
        ('"montant": 480000', '"montant": 1e400', "forty digits"),
        ('"montant": 480000', f'"montant": {"9" * 5000}', "forty digits"),
        ('"montant": 480000', f'"montant": {"[" * 10_000}{"]" * 10_000}', "64 levels deep"),
        ('"montant": 480000', f'"montant": {"[" * 100}{"]" * 100}', "64 levels deep"),
    ],
)
def test_hostile_json_is_refused_record_by_record(old: str, new: str, reason: str) -> None:
    content = file_2022(contract(id="A"), contract(id="B")).replace(old.encode(), new.encode(), 1)
    items = items_of(content)
    assert isinstance(items[0], Rejection)
    assert reason in str(items[0].reason)
    assert isinstance(items[1], Record)


def test_keys_of_scripts_are_only_keys() -> None:
    (record,) = records_of(file_2022(contract(__proto__={"montant": 1})))
    assert record.amount == 480000


XML = f"""<?xml version="1.0" encoding="UTF-8"?>
<marches>
  <marche>
    <id>2024-T-017</id>
    <acheteur><id>{REGION}</id></acheteur>
    <nature>Marché</nature><objet>Réfection de l’école</objet><codeCPV>45000000-7</codeCPV>
    <dureeMois>12</dureeMois><dateNotification> 2024-05-15 </dateNotification>
    <datePublicationDonnees>2024-05-25</datePublicationDonnees><montant>575000.50</montant>
    <sousTraitanceDeclaree>oui</sousTraitanceDeclaree>
    <actesSousTraitance><acteSousTraitance><id>1</id><montant>10.5</montant>
      <sousTraitant><id>{MASON}</id><typeIdentifiant>SIRET</typeIdentifiant></sousTraitant>
    </acteSousTraitance></actesSousTraitance>
    <titulaires><titulaire><typeIdentifiant>SIRET</typeIdentifiant><id>{MASON}</id></titulaire></titulaires>
    <considerationsSociales><considerationSociale>Clause sociale</considerationSociale>
      <considerationSociale>Critère social</considerationSociale></considerationsSociales>
  </marche>
  <contrat-concession>
    <id>2024-C-002</id><autoriteConcedante><id>{TOWN}</id><nom>Ville de Gérardmer</nom></autoriteConcedante>
    <nature>Concession de travaux</nature><valeurGlobale>27860000</valeurGlobale>
    <dateSignature>2024-02-21</dateSignature><datePublicationDonnees>2024-02-21</datePublicationDonnees>
  </contrat-concession>
</marches>
"""


def test_xml_gives_contracts_and_concessions() -> None:
    first, second = records_of(XML.encode())
    assert shape_of(XML.encode()) == Shape.XML_2022
    assert (first.amount, first.social, first.cpv) == (
        Decimal("575000.50"),
        ("CLAUSE", "CRITERION"),
        "45000000",
    )
    assert first.subcontracts[0].amount == Decimal("10.50")
    assert first.holders[0].identifier == MASON
    assert (second.kind, second.buyer_name, second.amount) == ("concession", "Ville de Gérardmer", 27860000)


def test_a_bare_contract_in_xml() -> None:
    start, end = XML.index("<marche>"), XML.index("</marche>") + len("</marche>")
    (record,) = records_of(XML[start:end].encode())
    assert record.source_id == "2024-T-017"


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "cp1252"])
def test_xml_in_another_encoding_than_declared(codec: str) -> None:
    assert records_of(XML.replace("œ", "oe").encode(codec))[0].object == "Réfection de l’école"


def test_a_cut_xml() -> None:
    content = XML.encode()
    with pytest.raises(CutFile, match="cut after line"):
        items_of(content[: int(len(content) * 0.99)])


@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE marches [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;">]>',
        '<!DOCTYPE marches SYSTEM "http://127.0.0.1:9/evil.dtd">',
        '<!DOCTYPE marches [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    ],
)
def test_entities_and_document_types_are_refused(head: str) -> None:
    content = XML.replace("<marches>", f"{head}<marches>").replace(
        "Réfection", "&x;" if "x" in head else "&b;"
    )
    with pytest.raises(ReadError, match="document type or entities"):
        items_of(content.encode())


def test_an_inclusion_is_not_followed() -> None:
    include = '<xi:include href="/etc/hostname" parse="text"/>'
    include = f'<objet xmlns:xi="http://www.w3.org/2001/XInclude">{include}</objet>'
    (first, _) = records_of(XML.replace("<objet>Réfection de l’école</objet>", include).encode())
    assert first.object == ""


def test_xml_of_something_else() -> None:
    with pytest.raises(ReadError, match="neither <marche>"):
        items_of(b"<rss><item/></rss>")


def test_a_web_page_is_named() -> None:
    with pytest.raises(ReadError, match="web page"):
        items_of(b"<!DOCTYPE html><html><body>Connexion</body></html>")


@pytest.mark.parametrize(
    "content", [b"%PDF-1.7 ...", b"\x89PNG\r\n\x1a\n", bytes(1000), b"PK\x05\x06" + bytes(18)]
)
def test_other_files_are_named(content: bytes) -> None:
    with pytest.raises(ReadError):
        items_of(content)


HEADER = (
    "id;acheteur_id;acheteur_nom;objet;codeCPV;montant;dateNotification;"
    "titulaire_id;titulaire_typeIdentifiant"
)
ROW = f"2024-7;{REGION};Région;Nettoyage du lycée;90910000-9;14 700,00;03/06/2024;{MASON};Siret"


def table(*rows: str, separator: str = ";") -> bytes:
    return "\n".join((HEADER, *rows, "")).replace(";", separator).encode()


@pytest.mark.parametrize("separator", [";", "|", "\t"])
def test_a_flat_table_in_any_separator(separator: str) -> None:
    (record,) = records_of(table(ROW, separator=separator))
    assert record.amount == Decimal("14700.00")
    assert str(record.notified_on) == "2024-06-03"
    assert record.holders[0].id_type == "SIRET"
    assert record.buyer_name == "Région"


def test_rows_of_one_contract_count_its_amount_once() -> None:
    partner = siret("3401705390002")
    (record,) = records_of(table(ROW, ROW.replace(MASON, partner)))
    assert record.amount == Decimal("14700.00")
    assert [holder.identifier for holder in record.holders] == [MASON, partner]


def test_a_later_version_in_a_table_is_an_amendment() -> None:
    later = ROW.replace("14 700,00", "15 000,00").replace("03/06", "03/09")
    (record,) = records_of(table(later, ROW))
    assert record.amount == Decimal("14700.00")
    assert [change.amount for change in record.amendments] == [Decimal("15000.00")]


def test_marks_of_the_ministry() -> None:
    header = HEADER.replace("titulaire_id", "titulaire_id_1").replace(
        "_typeIdentifiant", "_typeIdentifiant_1"
    )
    header += ";titulaire_id_2;marcheInnovant;considerationsSociales;offresRecues"
    row = (
        ROW.replace("2024-7", "INX 2024 7").replace("14 700,00", "MQ")
        + ";CDL;MQ;['Clause sociale', 'Critère social'];CDL"
    )
    (record,) = records_of(f"{header}\n{row}\n".encode())
    assert record.source_id == "2024 7"
    assert record.social == ("CLAUSE", "CRITERION")
    assert {"MARK_MISSING", "MARK_INEXACT", "AMOUNT_MISSING"} <= codes(record)
    assert len(record.holders) == 1


def test_rows_of_the_wrong_width_are_located() -> None:
    items = items_of(table(ROW, ROW + ";en trop", "seul;ement", ROW.replace("2024-7", "2024-8")))
    rejections = [item for item in items if isinstance(item, Rejection)]
    assert [item.position for item in rejections] == ["line 3", "line 4"]
    assert len(items) == 4


def test_a_table_cut_within_its_last_row() -> None:
    content = table(ROW, ROW.replace("2024-7", "2024-8"))
    with pytest.raises(CutFile, match="cut after line 3"):
        items_of(content[:-40])


def test_a_quote_never_closed_is_located() -> None:
    rows = [
        ROW.replace("Nettoyage", '"Nettoyage'),
        *(ROW.replace("2024-7", f"2024-{n}") for n in range(8, 3000)),
    ]
    with pytest.raises(ReadError, match="Line 2: a quote opens"):
        items_of(table(*rows))


def test_line_breaks_within_quotes_are_text() -> None:
    (record,) = records_of(table(ROW.replace("Nettoyage du lycée", '"Nettoyage\ndu lycée"')))
    assert record.object == "Nettoyage du lycée"


def test_cells_that_look_like_formulas_are_text() -> None:
    (record,) = records_of(table(ROW.replace("Nettoyage du lycée", "=1+1")))
    assert record.object == "=1+1"


def test_a_million_columns_are_refused() -> None:
    with pytest.raises(ReadError, match=r"columns|longer than 2 MB"):
        items_of((";".join(["id", "acheteur_id", *map(str, range(1_000_000))]) + "\n").encode())


def test_a_table_of_something_else_says_what_was_seen() -> None:
    with pytest.raises(ReadError, match=r"nom \| prenom"):
        items_of(b"nom;prenom\nDurand;Lise\n")


@pytest.mark.parametrize(
    ("codec", "reported"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8 (BOM)"),
        ("utf-16", "utf-16-le (BOM)"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("cp1252", "cp1252"),
        ("iso-8859-15", "iso-8859-15"),
    ],
)
def test_encodings_are_detected_and_told(codec: str, reported: str) -> None:
    text = f"{HEADER}\n{ROW}\n".replace("Nettoyage du lycée", "Gros œuvre du lycée")
    with read(io.BytesIO(text.encode(codec)), name="f") as reading:
        (record,) = list(reading)
        assert (reading.encoding, reading.replaced) == (reported, 0)
    assert isinstance(record, Record)
    assert record.object == "Gros œuvre du lycée"


def test_damaged_characters_are_counted_and_shown_as_such() -> None:
    content = table(ROW, ROW.replace("2024-7", "2024-8")).replace(b"Nettoyage", b"Nettoy\xe9ge", 1)
    with read(io.BytesIO(content), name="f") as reading:
        records = list(reading)
        assert (reading.encoding, reading.replaced) == ("utf-8", 1)
    assert isinstance(records[0], Record)
    assert records[0].object == "Nettoy\ufffdge du lycée"


def workbook(rows: list[list[object]]) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        book.add_worksheet("Lisez-moi").write(0, 0, "Données essentielles")
        sheet = book.add_worksheet("Données")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return target.getvalue()


def test_a_workbook_with_numbers_for_identifiers() -> None:
    row = next(csv.reader([ROW], delimiter=";"))
    cells: list[object] = [20247, int(REGION), *row[2:5], 14700.5, "2024-06-03", int(MASON), "SIRET"]
    (record,) = records_of(workbook([list(HEADER.split(";")), cells]))
    assert record.key == (REGION, "20247")
    assert record.amount == Decimal("14700.50")


def test_a_value_at_the_far_corner_of_a_sheet_is_refused_unopened() -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "id")
        sheet.write(1_048_575, 16_383, "x")
    with pytest.raises(ReadError, match="too many cells"):
        items_of(target.getvalue())


FAR = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
WAYS = {
    "as Excel writes it": (FAR, "worksheets/sheet1.xml"),
    "other quotes": (FAR.replace('"', "'"), "worksheets/sheet1.xml"),
    "spaces around the sign": (FAR.replace("r=", "r = "), "worksheets/sheet1.xml"),
    "lower case": (FAR.replace("XFD", "xfd"), "worksheets/sheet1.xml"),
    "a sign inside an attribute": (FAR.replace("<c r", "<c x='>' r"), "worksheets/sheet1.xml"),
    "a folder below": (FAR, "worksheets/more/sheet1.xml"),
    "another folder": (FAR, "media/image1.png"),
}


def packed(members: dict[str, str]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()


@pytest.mark.parametrize("way", WAYS)
def test_a_far_value_is_found_however_the_sheet_is_written(way: str) -> None:
    rows, path = WAYS[way]
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    content = packed(
        {
            "[Content_Types].xml": "<Types/>",
            "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{kinds}"><sheets>'
            '<sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships><Relationship Id="rId1" Target="{path}"'
            f' Type="{kinds}/worksheet"/></Relationships>',
            f"xl/{path}": f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>',
        }
    )
    with pytest.raises(ReadError, match="too many cells"):
        items_of(content)


def open_document(rows: str) -> bytes:
    names = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    return packed(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": "<manifest/>",
            "content.xml": f"<office:document-content{names}><office:body><office:spreadsheet>"
            f'<table:table table:name="S">{rows}</table:table><table:named-expressions/>'
            "</office:spreadsheet></office:body></office:document-content>",
        }
    )


def repeated(rows: int, columns: int, inside: str = "<text:p>1</text:p>") -> str:
    return (
        f'<table:table-row table:number-rows-repeated="{rows}">'
        f'<table:table-cell table:number-columns-repeated="{columns}">{inside}</table:table-cell>'
        "</table:table-row>"
    )


@pytest.mark.parametrize(
    "rows",
    [
        repeated(1_000_000, 1_000),
        repeated(1_000_000, 1_000).replace('"', "'"),
        repeated(110, 1_000) * 2_000,
        repeated(1, 1) + repeated(1_048_570, 1, "") + repeated(1, 1_500),
    ],
    ids=["at once", "other quotes", "little by little", "apart"],
)
def test_values_repeated_beyond_reason_are_refused_unopened(rows: str) -> None:
    with pytest.raises(ReadError, match="too many cells"):
        items_of(open_document(rows))


def test_the_blank_end_of_a_sheet_is_no_bomb() -> None:
    text = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
            for cell in line.split(";")
        )
        + '<table:table-cell table:number-columns-repeated="16000"/></table:table-row>'
        for line in (HEADER, ROW)
    )
    (record,) = records_of(open_document(text + repeated(1_048_000, 16_384, "")))
    assert record.buyer_id == REGION


def test_a_binary_workbook_is_refused() -> None:
    with pytest.raises(ReadError, match="xlsb"):
        items_of(packed({"[Content_Types].xml": "<Types/>", "xl/workbook.bin": "x"}))


def test_a_workbook_that_unpacks_too_large_is_refused_unopened() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 40_000_000)
    with pytest.raises(ReadError, match="unpack"):
        items_of(target.getvalue())


def test_a_workbook_with_macros_is_refused() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/vbaProject.bin", "x")
    with pytest.raises(ReadError, match="macros"):
        items_of(target.getvalue())


def test_a_cut_workbook() -> None:
    content = workbook([HEADER.split(";"), ROW.split(";")])
    with pytest.raises(ReadError):
        items_of(content[: int(len(content) * 0.9)])


def test_one_file_in_a_gzip_or_a_zip() -> None:
    content = file_2022(contract())
    assert len(records_of(gzip.compress(content))) == 1
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("decp.json", content)
    assert len(records_of(target.getvalue())) == 1


def test_a_cut_gzip() -> None:
    with pytest.raises(CutFile):
        items_of(gzip.compress(file_2022(contract()))[:-20])


def test_a_bomb_is_refused() -> None:
    with pytest.raises(ReadError, match="unpacks to"):
        items_of(gzip.compress(b" " * 60_000_000))


def test_a_zip_of_several_files_or_of_zips_is_refused() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("../../settings.py", "x")
        archive.writestr("b.json", "x")
    with pytest.raises(ReadError, match="2 files"):
        items_of(target.getvalue())
    outer = io.BytesIO()
    with zipfile.ZipFile(outer, "w") as archive:
        archive.writestr("inner.zip", target.getvalue())
    with pytest.raises(ReadError):
        items_of(outer.getvalue())


def test_a_path_is_opened_and_closed(tmp_path: Path) -> None:
    path = tmp_path / "decp.json"
    path.write_bytes(file_2022(contract()))
    with read(path, name=path.name) as reading:
        assert len(list(reading)) == 1
    with pytest.raises(ReadError, match="does not exist"):
        read(tmp_path / "absent.json", name="absent.json")


def test_a_large_table_is_grouped_on_disk_as_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [
        ROW.replace("2024-7", f"2024-{n % 40}").replace(MASON, siret(f"8122311320{n // 40:03}"))
        for n in range(120)
    ]
    usual = {record.source_id: record.digest() for record in records_of(table(*rows))}
    monkeypatch.setattr("relais.procurement.decp.table_reader.IN_MEMORY", 0)
    monkeypatch.setattr("relais.procurement.decp.table_reader.BUCKET", 4096)
    assert {record.source_id: record.digest() for record in records_of(table(*rows))} == usual
    assert len(usual) == 40


def test_an_old_workbook_whose_values_lie_too_far_apart_is_refused_and_nothing_stops() -> None:
    with pytest.raises(ReadError, match=r"\.xls\) spreads its values"):
        list(rows_of(io.BytesIO(old_workbook((0, 0, 1), (65_535, 65_535, 2)))))
    with pytest.raises(ReadError, match="damaged"):
        list(rows_of(io.BytesIO(old_workbook((0, 0, 1))[:900])))
    assert list(rows_of(io.BytesIO(old_workbook((0, 0, 7), (1, 1, 2.5))))) == [
        ("S", [["7", ""], ["", "2.5"]])
    ]


def test_parts_in_two_encodings_glued_together_are_counted() -> None:
    line = "Rénovation des façades, première tranche : menuiseries extérieures\n"
    mixed = line.encode("cp1252") * 8 + line.encode() * 3
    assert encoding_of(io.BytesIO(mixed)) == Encoding("cp1252", replaced=3 * 4)
    assert encoding_of(io.BytesIO(line.encode("cp1252") * 8)) == Encoding("cp1252")
