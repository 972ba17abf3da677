"""Hours and rules read in clause texts: real forms, traps, and what holds whatever the text."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relais.core.clause_text import (
    DOUBTS,
    Doubt,
    Finding,
    FindingKind,
    Tranche,
    doubt_words,
    find,
    hours_by_lot,
    reserved,
    speaks_of_insertion,
)

K = FindingKind
D = Decimal


def brief(text: str) -> list[tuple[FindingKind, D, tuple[str, ...]]]:
    return [(one.kind, one.value, one.lots) for one in find(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pour cette opération70 heures d'insertion", [(K.TOTAL_HOURS, D(70), ())]),
        ("Nombre d'heures d'insertion minimales : 1600 hConsultation", [(K.TOTAL_HOURS, D(1600), ())]),
        ("Nombre d'heures d'insertion : 450", [(K.TOTAL_HOURS, D(450), ())]),
        (
            "Insertion : Lot 1:1200 hLot 2: 250 h",
            [(K.LOT_HOURS, D(1200), ("1",)), (K.LOT_HOURS, D(250), ("2",))],
        ),
        ("Insertion, lots n°2 et 3 : 80 heures", [(K.LOT_HOURS, D(80), ("2", "3"))]),
        ("Insertion, lots 2 à 4 : 80 heures", [(K.LOT_HOURS, D(80), ("2", "3", "4"))]),
        ("Insertion : 105 heures, seulement sur le lot 7", [(K.LOT_HOURS, D(105), ("7",))]),
        ("Clause sociale lot 3 250 heures", [(K.LOT_HOURS, D(250), ("3",))]),
        ("Insertion : 1.400 heures", [(K.TOTAL_HOURS, D(1400), ())]),
        ("Insertion : 37,5 heures", [(K.TOTAL_HOURS, D("37.5"), ())]),
        ("deux cent dix (210) heures d'insertion", [(K.TOTAL_HOURS, D(210), ())]),
        ("Insertion : 70 heures / an.", [(K.YEARLY_HOURS, D(70), ())]),
        ("700 heures d'insertion par année", [(K.YEARLY_HOURS, D(700), ())]),
        ("La part des heures réservées à l'insertion est de 7,5 %", [(K.LABOUR_SHARE, D("7.5"), ())]),
        ("Le lot 3 réserve 5 % du temps de travail à l'insertion", [(K.LABOUR_SHARE, D(5), ("3",))]),
        ("Lot 1 : gros œuvre. Insertion de 300 heures sur le lot 2.", [(K.LOT_HOURS, D(300), ("2",))]),
        ("Au moins 300 heures d'insertion", [(K.TOTAL_HOURS, D(300), ())]),
    ],
)
def test_the_forms_of_published_notices(text, expected):
    assert brief(text) == expected


@pytest.mark.parametrize(
    ("text", "hours", "euros"),
    [
        ("Insertion : 5h par tranche de 10 000 euro HT.", 5, 10_000),
        ("Insertion : 1 heure pour 1 000 € HT", 1, 1_000),
        ("Insertion : 5 heures d'insertion / 10 k€", 5, 10_000),
        ("Insertion : par tranche de 20 000 € HT, 7 heures", 7, 20_000),
    ],
)
def test_a_rate_keeps_its_slice(text, hours, euros):
    [one] = find(text)
    assert (one.kind, one.value, one.per_euros) == (K.HOURS_PER_EUROS, hours, euros)
    assert str(hours) in one.passage.quote
    assert hours_by_lot((one,)) == ()


def test_tranches_of_two_lots():
    text = (
        "Cette clause sociale s'élève :Lot no 01 - VRDoTranche 1 (tranche ferme) : 295 heuresoTranche 2 "
        "(tranche optionnelle no1) : 560 heuresLot no 03 - Espaces vertsoTranche 1 (tranche ferme) :20 heures"
    )
    assert [(one.tranche, one.tranche_number) for one in find(text)] == [
        (Tranche.FIRM, ""),
        (Tranche.OPTIONAL, "1"),
        (Tranche.FIRM, ""),
    ]
    first, third = hours_by_lot(find(text))
    assert (first.lot, first.hours, first.firm, first.optional) == ("1", 855, 295, 560)
    assert (third.lot, third.hours) == ("3", 20)


@pytest.mark.parametrize(
    "text",
    [
        "Clause d'insertion. Travaux de nuit (21h-5h), un samedi ou un dimanche.",
        "Clause d'insertion. Visites : mardi 16 mars 2021 - 14h00, jeudi 25 mars 2021 à 10 h.",
        "Clause d'insertion. Horaires d'ouverture : de 8 h à 12 h et de 14 h à 17 h.",
        "Clause d'insertion. Délai d'intervention de 24 heures, joignable 24h/24 et 7j/7.",
        "Clause d'insertion. Le titulaire intervient sous 48 heures, ou dans les 72 heures.",
        "Clause d'insertion. Téléphone : 03 87 00 00 00. Surface de 12 ha.",
        "Clause d'insertion. Retenue de garantie de 5 %, avance de 30,0 % accordée.",
        "Caractère social détaillé au cahier des charges. FEDER : 47 % Collectivité de Corse : 14 %",
        "Structures qui emploient une proportion minimale de 50 % de travailleurs défavorisés.",
        "Nombre d'heures de travail réservé à l'insertion, à compléter par le candidat.",
        "Formation de 300 heures aux logiciels livrés.",
        "",
    ],
)
def test_what_is_not_hours_of_insertion(text):
    assert find(text) == ()


def test_tranches_in_short():
    found = find("Insertion : TF : 300 h, TO1 : 120 h, TO 2 : 80 h")
    assert [(one.value, one.tranche, one.tranche_number) for one in found] == [
        (300, Tranche.FIRM, ""),
        (120, Tranche.OPTIONAL, "1"),
        (80, Tranche.OPTIONAL, "2"),
    ]
    assert hours_by_lot(found)[0].hours == 500


def test_doubts_are_told():
    assert find("Insertion, lots 2 et 3 : 80 heures")[0].doubts == (Doubt.SEVERAL_LOTS,)
    assert find("Clause sociale lot 3 250 heures")[0].doubts == (Doubt.LOT_OR_THOUSANDS,)
    text = "Le lot 2 est réservé aux structures d'insertion. Nombre minimal d'heures : 70 heures."
    assert find(text)[0].doubts == (Doubt.LOT_FROM_AFAR,)
    [whole] = hours_by_lot(find("Insertion : 200 heures, soit 50 heures en tranche ferme."))
    assert (whole.hours, whole.doubts) == (200, (Doubt.SUM_DIFFERS,))
    assert {str(doubt_words(doubt)) for doubt in Doubt} == set(DOUBTS.values())


def test_a_reservation_is_a_passage():
    text = "Application de l'article L. 2113-13 : le lot 2 est réservé à des structures d'insertion."
    assert [passage.quote for passage in reserved(text)] == ["L. 2113-13", "lot 2 est réservé à"]
    assert reserved("Le pouvoir adjudicateur se réserve le droit de négocier.") == ()
    assert speaks_of_insertion("promotion de l'emploi")
    assert not speaks_of_insertion("développement durable")


WORDS = st.sampled_from(
    [
        *(
            "insertion",
            "clause sociale",
            "lot 1",
            "lot n° 02",
            "lots 3 et 4",
            "tranche ferme",
            "½uvre",
            "Lot",
        ),
        *(
            "heures",
            "h",
            "120 heures",
            "70h",
            "1 400 heures",
            "5 %",
            "12,5 %",
            "par tranche de 10 000 €",
            "/ an",
        ),
        *(
            "réparties",
            ".",
            ":",
            "\u00a0",
            "\u202f",
            "\n",
            "sous",
            "(",
            ")",
            "tranche optionnelle n°1",
            "İ",
            "ß",
            "ﬁ",
        ),
    ]
)
texts = st.one_of(
    st.text(max_size=200), st.lists(WORDS, max_size=30).map("".join), st.lists(WORDS).map(" ".join)
)


@given(texts)
def test_a_passage_is_always_a_slice_of_the_text(text):
    for one in find(text):
        assert text[one.passage.start : one.passage.end] == one.passage.quote != ""
        assert one.value > 0
    for passage in reserved(text):
        assert text[passage.start : passage.end] == passage.quote


@given(st.integers(1_000, 999_999), st.sampled_from(["", " ", "\u00a0", "\u202f", "\u2009", "\u2007"]))
def test_whatever_the_spaces_in_thousands_the_value_is_the_same(number, space):
    written = f"{number:,}".replace(",", space)
    assert [one.value for one in find(f"Clause d'insertion de {written} heures.")] == [number]


@given(st.decimals("0.1", "100", places=1), st.sampled_from(["%", " %", "\u00a0%", " pour cent"]), texts)
def test_no_percentage_becomes_hours(share, sign, around):
    written = str(share).replace(".", ",")
    found = find(f"{around} Clause d'insertion : {written}{sign} des heures travaillées")
    touching = [one for one in found if f"{written}{sign}" in one.passage.quote]
    assert all(one.kind is K.LABOUR_SHARE for one in touching)


@given(st.integers(1, 99_999), st.integers(1, 40), st.booleans())
def test_hours_of_a_lot_whatever_the_glue(hours, lot, glued):
    glue = "" if glued else " "
    text = f"Clause d'insertion professionnelle{glue}lot {lot:02} - Gros œuvre : {hours} heures"
    [one] = find(text)
    assert (one.kind, one.value, one.lots) == (K.LOT_HOURS, hours, (str(lot),))


def test_a_long_text_is_read_in_time():
    text = "Clause d'insertion, lot 1 : 50 heures. tranche ferme " * 8_000
    assert len(find(text)) > 3_000


def _labelled(samples: Path) -> list[tuple[str, str, str, str]]:
    """Scope, label and text of the lines labelled by hand."""
    with (samples / "boamp" / "boamp_2021-02_2021-03_conditions_execution.csv").open(
        encoding="utf-8-sig"
    ) as file:
        texts = {row["avis"]: row["conditions_execution"] for row in csv.DictReader(file, delimiter=";")}
    with (samples / "boamp" / "boamp_heures_insertion_annotees.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    return [(row["avis"], row["portee"], row["heures_ou_regle"], texts[row["avis"]]) for row in rows]


def _is_right(scope: str, label: str, text: str, found: tuple[Finding, ...]) -> bool:
    if label == "aucune":
        return not found
    if label == "réservé":
        return not found and bool(reserved(text))
    rules = [(one.kind, one.value, one.per_euros) for one in found]
    if "%" in label:
        return rules == [(K.LABOUR_SHARE, D(label.split(maxsplit=1)[0]), None)]
    if "/ an" in label:
        return rules == [(K.YEARLY_HOURS, D(label.split(maxsplit=1)[0]), None)]
    if "€" in label:
        return rules == [(K.HOURS_PER_EUROS, D(5), D(10_000))]
    lot = str(int(scope.removeprefix("lot"))) if scope.startswith("lot") else ""
    return {one.lot: one.hours for one in hours_by_lot(found)}.get(lot) == D(label)


def test_the_lines_labelled_by_hand(samples):
    lines = _labelled(samples)
    wrong = [line[:3] for line in lines if not _is_right(line[1], line[2], line[3], find(line[3]))]
    assert len(lines) == 46
    assert wrong == []


def test_the_conditions_of_two_months(samples):
    path = samples / "boamp" / "boamp_2021-02_2021-03_conditions_execution.csv"
    with path.open(encoding="utf-8-sig") as file:
        found = [find(row["conditions_execution"]) for row in csv.DictReader(file, delimiter=";")]
    assert len(found) == 995
    kinds = [one.kind for several in found for one in several]
    assert sum(1 for several in found if several) == 38
    assert (kinds.count(K.LABOUR_SHARE), len(kinds)) == (2, 60)
