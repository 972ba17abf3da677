"""One record: what is read, what is flagged, what is refused."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from relais.procurement.decp import MEANINGS, FlagCode, Rejection, meaning, readings
from tests.procurement.decp_examples import (
    codes,
    concession,
    contract,
    detail,
    file_2022,
    items_of,
    one,
    records_of,
    siret,
)


def test_a_sound_contract_is_read_without_a_flag() -> None:
    record = one()
    assert record.flags == ()
    assert record.key == (siret("2357000110001"), "2024-T-017")
    assert record.amount == Decimal("480000.00")
    assert record.notified_on == date(2024, 6, 3)
    assert record.place_type, record.place_code == ("post_code", "88000")
    assert record.social == ("CLAUSE",)
    assert record.environmental == ("CRITERION",)
    assert record.modalities == ("Tranches",)
    assert record.techniques == ()
    assert record.holders[0].identifier == siret("8122311320001")
    assert record.duration_months == 18
    assert record.offers == 4


def test_a_concession_has_its_own_fields() -> None:
    (record,) = records_of(file_2022(concessions=(concession(),)))
    assert record.kind == "concession"
    assert record.amount == Decimal("900000.50")
    assert record.notified_on == date(2024, 5, 2)
    assert record.social == ("NONE",)
    assert record.flags == ()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"montant": 0}, "AMOUNT_ZERO"),
        ({"montant": 1}, "AMOUNT_ONE"),
        ({"montant": -5}, "AMOUNT_NEGATIVE"),
        ({"montant": 999_999_999}, "AMOUNT_REPEATED_NINES"),
        ({"montant": "999999999.99"}, "AMOUNT_REPEATED_NINES"),
        ({"montant": 999_999_999_999}, "AMOUNT_ABSURD"),
        ({"montant": "douze"}, "AMOUNT_UNREADABLE"),
        ({"montant": "1,607"}, "AMOUNT_UNREADABLE"),
        ({"montant": None}, "AMOUNT_MISSING"),
        ({"montant": 9000}, "BELOW_PUBLICATION_FLOOR"),
        ({"dateNotification": "0218-10-29"}, "DATE_IMPOSSIBLE"),
        ({"dateNotification": "2024-02-31"}, "DATE_IMPOSSIBLE"),
        ({"dateNotification": "03/04/24"}, "DATE_IMPOSSIBLE"),
        ({"dateNotification": "45931"}, "DATE_IMPOSSIBLE"),
        ({"dateNotification": "20266-01-01"}, "DATE_IMPOSSIBLE"),
        ({"dateNotification": "2024-06-03+02:00"}, "DATE_WITH_ZONE"),
        ({"dateNotification": ""}, "DATE_MISSING"),
        ({"dateNotification": "2024-01-15"}, "PUBLISHED_LATE"),
        ({"dateNotification": "2024-07-30"}, "PUBLISHED_BEFORE"),
        ({"dateNotification": "2009-09-16"}, "NOTIFIED_LONG_AGO"),
        ({"codeCPV": "4543100-7"}, "CPV_BAD"),
        ({"codeCPV": "3121000"}, "CPV_BAD"),
        ({"codeCPV": "031210005"}, "CPV_BAD"),
        ({"dureeMois": "NC"}, "DURATION_BAD"),
        ({"dureeMois": -3}, "DURATION_BAD"),
        ({"objet": "x" * 255}, "OBJECT_CUT_255"),
        ({"objet": ""}, "OBJECT_MISSING"),
        ({"objet": "Rénovation &#8211; lot 1"}, "HTML_ENTITIES"),
        ({"objet": "Réno\x00vation"}, "CHARACTERS_REMOVED"),
        ({"acheteur": {"id": "12345678901234"}}, "BUYER_ID_BAD"),
        ({"titulaires": []}, "HOLDER_MISSING"),
        ({"titulaires": [{"titulaire": "id"}]}, "HOLDER_UNREADABLE"),
        ({"titulaires": [{"typeIdentifiant": "SIRET", "id": "81223113200018"}]}, "WRONG_WRAPPER"),
        ({"sousTraitanceDeclaree": True}, "SUBCONTRACT_INCOHERENT"),
        ({"lieuExecution": {"code": "54", "typeCode": "ici"}}, "PLACE_UNREADABLE"),
        ({"considerationsSociales": {"considerationSociale": ["Oui"]}}, "SOCIAL_INCOHERENT"),
        ({"nature": "Concession de travaux"}, "CONCESSION_IN_CONTRACTS"),
    ],
)
def test_an_oddity_is_flagged_and_the_record_kept(changes: dict[str, Any], code: str) -> None:
    assert code in codes(one(**changes))


def test_every_flag_has_a_meaning() -> None:
    assert set(MEANINGS) == set(FlagCode)
    assert str(meaning("AMOUNT_ZERO")).startswith("The amount is zero")
    assert str(meaning("SOMETHING_ELSE")) == "SOMETHING_ELSE"


@pytest.mark.parametrize("amount", [0, 1, 999_999_999, 999_999_999_999, "1.0E17", None, -4, "douze"])
def test_a_symbolic_or_absurd_amount_stays_out_of_totals(amount: object) -> None:
    assert not one(montant=amount).counts_in_totals


@pytest.mark.parametrize("amount", [12, 480_000, 14_999_999_999])
def test_a_plausible_amount_counts(amount: int) -> None:
    record = one(montant=amount)
    assert record.counts_in_totals
    assert record.amount == amount


def test_an_amount_too_large_to_store_is_kept_as_written() -> None:
    record = one(montant=Decimal(100000000000000000) if False else 100_000_000_000_000_000)
    assert record.amount is None
    assert record.amount_text == "100000000000000000"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("14 700,00", "14700.00"),
        ("14\u202f700,00 €", "14700.00"),
        ("45155.0", "45155.00"),
        ("1.5E5", "150000.00"),
    ],
)
def test_amounts_written_by_people_and_machines(written: str, expected: str) -> None:
    assert one(montant=written).amount == Decimal(expected)


def test_the_day_of_a_zoned_date_is_kept() -> None:
    assert one(dateNotification="2024-06-03+02:00").notified_on == date(2024, 6, 3)


def test_an_old_contract_has_no_publication_floor() -> None:
    assert "BELOW_PUBLICATION_FLOOR" not in codes(one(montant=9000, dateNotification="2016-06-03"))


def test_the_check_digit_of_a_cpv_code_is_dropped() -> None:
    assert one(codeCPV="45000000-7").cpv == "45000000"
    assert one(codeCPV="031210005").cpv == "03121000"
    assert one(codeCPV="4543100-7").cpv == ""


def test_entities_are_decoded_and_markup_removed() -> None:
    record = one(objet="EREA Louise Michel &#8211; Rénovation <br />du  pôle")
    assert record.object == "EREA Louise Michel – Rénovation du pôle"


def test_a_letter_of_windows_lost_upstream_is_found_again() -> None:
    assert one(objet="Rénovation de l\x92école").object == "Rénovation de l’école"


def test_a_direction_override_never_reaches_a_screen() -> None:
    assert one(objet="Lot \u202egpj.exe").object == "Lot gpj.exe"


def test_a_lone_surrogate_is_removed() -> None:
    content = file_2022(contract()).replace(b"Restructuration", b"\\ud800Restructuration")
    (record,) = records_of(content)
    assert record.object.startswith("Restructuration")


def test_la_poste_has_its_own_key() -> None:
    record = one(titulaires=[{"titulaire": {"typeIdentifiant": "SIRET", "id": "35600000049837"}}])
    assert "HOLDER_ID_BAD" not in codes(record)


def test_a_siret_with_spaces_is_normalised() -> None:
    wanted = siret("8122311320001")
    spaced = f"{wanted[:3]} {wanted[3:6]} {wanted[6:9]} {wanted[9:]}"
    record = one(titulaires=[{"titulaire": {"typeIdentifiant": "Siret", "id": spaced}}])
    assert (record.holders[0].id_type, record.holders[0].identifier) == ("SIRET", wanted)
    assert record.flags == ()


def test_a_leading_zero_lost_by_a_spreadsheet_is_given_back_and_said() -> None:
    wanted = siret("0873012420001")
    record = one(titulaires=[{"titulaire": {"typeIdentifiant": "SIRET", "id": int(wanted)}}])
    assert record.holders[0].identifier == wanted
    assert detail(record, "HOLDER_ID_BAD") == wanted[1:]


def test_a_foreign_holder_is_kept_with_its_register() -> None:
    holder = {"typeIdentifiant": "TVA", "id": "DE814864138", "denominationSociale": "Hellmann Bau"}
    record = one(titulaires=[{"titulaire": holder}])
    assert (record.holders[0].id_type, record.holders[0].identifier) == ("TVA", "DE814864138")
    assert detail(record, "HOLDER_ID_FOREIGN") == "TVA DE814864138"


def test_holders_nested_in_lists_are_found() -> None:
    holder = {"typeIdentifiant": "SIRET", "id": siret("8122311320001")}
    record = one(titulaires=[[[{"titulaire": holder}, holder]]])
    assert len(record.holders) == 1
    assert "WRONG_WRAPPER" in codes(record)


def test_none_beside_a_clause_is_incoherent_and_the_clause_is_kept() -> None:
    both = ["Pas de considération sociale", "Clause sociale", "Marché réservé"]
    record = one(considerationsSociales={"considerationSociale": both})
    assert record.social == ("CLAUSE", "RESERVED", "NONE")
    assert "SOCIAL_INCOHERENT" in codes(record)


def test_codes_in_lower_case_or_capitals_are_recognised() -> None:
    record = one(
        nature="MARCHE",
        procedure="PROCEDURE ADAPTEE",
        lieuExecution={"code": "88160", "typeCode": "code COMMUNE"},
        considerationsSociales={"considerationSociale": ["CLAUSE SOCIALE"]},
    )
    assert (record.nature, record.procedure, record.place_type) == ("Marché", "Procédure adaptée", "commune")
    assert record.social == ("CLAUSE",)


def test_amendments_are_read_both_ways() -> None:
    found = readings(Decimal(1000), (Decimal(1100), Decimal(50), None, Decimal(9000)))
    assert [reading and reading.as_new for reading in found] == [1100, 50, None, 9000]
    assert [reading and reading.as_increase for reading in found] == [2100, 2150, None, 11150]
    assert [reading and reading.doubtful for reading in found] == [False, True, None, True]


def test_an_amendment_that_looks_like_an_increase_is_flagged() -> None:
    change = {"id": 1, "dateNotificationModification": "2024-07-01", "montant": 12_000}
    record = one(modifications=[{"modification": change}])
    assert detail(record, "AMENDMENT_AMOUNT_AMBIGUOUS") == "1: 12000.00"
    assert record.amendments[0].notified_on == date(2024, 7, 1)


def test_a_usual_amendment_is_not_flagged() -> None:
    change = {"id": 1, "dateNotificationModification": "2024-07-01", "montant": 492_000, "dureeMois": 20}
    record = one(modifications=[{"modification": change}])
    assert record.flags == ()
    assert (record.amendments[0].amount, record.amendments[0].duration_months) == (492_000, 20)


def test_the_last_change_of_a_subcontracting_act_holds() -> None:
    act = {
        "id": 1,
        "sousTraitant": {"typeIdentifiant": "SIRET", "id": siret("8122311320001")},
        "dureeMois": 3,
        "dateNotification": "2024-07-01",
        "montant": 12_000,
    }
    change = {
        "id": 1,
        "montant": 15_000,
        "dureeMois": 4,
        "dateNotificationModificationSousTraitance": "2024-09-01",
    }
    record = one(
        sousTraitanceDeclaree=True,
        actesSousTraitance=[{"acteSousTraitance": act}],
        modificationsActesSousTraitance=[{"modificationActeSousTraitance": change}],
    )
    assert (record.subcontracts[0].amount, record.subcontracts[0].duration_months) == (15_000, 4)
    assert record.subcontracts[0].changed_on == date(2024, 9, 1)
    assert record.flags == ()


def test_acts_without_the_declaration_are_incoherent() -> None:
    record = one(actesSousTraitance=[{"acteSousTraitance": {"id": 1, "montant": 5}}])
    assert detail(record, "SUBCONTRACT_INCOHERENT") == "non, 1"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"acheteur": {}}, "The buyer is missing"),
        ({"acheteur": {"id": "abc"}}, "is not the number of a buyer"),
        ({"id": ""}, "The identifier of the contract is missing"),
        ({"id": "x" * 101}, "101 characters"),
        ({"montant": "1e400"}, "more than forty digits"),
    ],
)
def test_a_record_without_a_key_is_rejected_where_it_lies(changes: dict[str, Any], reason: str) -> None:
    items = items_of(file_2022(contract(id="A"), contract(**changes), contract(id="C")))
    assert [isinstance(item, Rejection) for item in items] == [False, True, False]
    rejection = items[1]
    assert isinstance(rejection, Rejection)
    assert rejection.position.startswith("2 (line 1)")
    assert reason in str(rejection.reason)


def test_the_source_is_kept_whole_and_located() -> None:
    record = one(inconnu={"quelque": "chose"})
    assert '"inconnu": {"quelque": "chose"}' in record.raw
    assert record.position == "1 (line 1)"


def test_equal_facts_have_equal_digests_and_a_new_amount_another() -> None:
    assert one().digest() == one(inconnu=1).digest()
    assert one().digest() != one(montant=480001).digest()
