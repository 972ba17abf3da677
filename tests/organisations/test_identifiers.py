"""SIREN, SIRET and the short names of addresses."""

import pytest

from relais.core.words import BadValue
from relais.organisations.identifiers import free_slug, normal_siren, normal_siret, shown_siret
from tests.cast import siret


@pytest.mark.parametrize(
    "typed",
    [
        "73282932000074",
        "732 829 320 00074",
        "732\u202f829\u00a0320\t00074 ",
        "732.829.320.00074",
        "732-829-320-00074",
    ],
)
def test_a_siret_is_read_however_it_is_typed(typed):
    assert normal_siret(typed) == "73282932000074"


@pytest.mark.parametrize("office", ["35600000000048", "356 000 000 09075"])
def test_la_poste_follows_its_own_rule(office):
    assert normal_siret(office) == "".join(office.split())


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("7328293200007", "has 14 digits, this one has 13"),
        ("73282932000079", "key"),
        ("FR40303265045", "from abroad"),
        ("٧٣٢٨٢٩٣٢٠٠٠٠٧٤", "from abroad"),
        ("", "from abroad"),
        ("35600000009076", "key"),
    ],
)
def test_a_wrong_siret_is_explained(typed, said):
    with pytest.raises(BadValue, match=said):
        normal_siret(typed)


def test_a_siren_too():
    assert normal_siren("732 829 320") == "732829320"
    with pytest.raises(BadValue, match="key"):
        normal_siren("732829321")


def test_the_sirets_of_the_cast_are_well_formed():
    assert len({normal_siret(siret(number)) for number in range(200)}) == 200


def test_a_siret_is_shown_in_groups():
    assert shown_siret("73282932000074") == "732\u202f829\u202f320\u202f00074"
    assert shown_siret("") == ""


@pytest.mark.parametrize(
    ("name", "taken", "slug"),
    [
        ("Ville de Metz", (), "ville-de-metz"),
        ("Ville de Metz", ("ville-de-metz",), "ville-de-metz-2"),
        ("Ville de Metz", ("ville-de-metz", "ville-de-metz-2"), "ville-de-metz-3"),
        ("Invitation", (), "invitation-2"),
        ("Œuvre d'Été", (), "oeuvre-d-ete"),
        ("株式会社", (), "organisme"),
        ("2024", (), "organisme-2024"),
    ],
)
def test_an_address_is_free_and_readable(name, taken, slug):
    assert free_slug(name, taken) == slug


def test_a_long_name_makes_an_address_that_fits():
    assert len(free_slug("communauté " * 40, {"communaute-" * 6 + "commun"})) <= 80
