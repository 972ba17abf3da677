"""What stands around every page: the search of the top bar leads to the first list of the role."""

import pytest
from django.urls import reverse

from tests.cast import Person


def opened(client_for, person: Person, name: str, **query: str) -> str:
    url = reverse(name, kwargs={"organisation": person.organisation.slug})
    return client_for(person).get(url, query).content.decode()


def test_an_officer_searches_the_contracts(client_for, clara):
    html = opened(client_for, clara, "todo")
    assert f'action="/{clara.organisation.slug}/marches/"' in html
    assert "Chercher dans les marchés" in html


@pytest.mark.parametrize("name", ["fanny", "corinne"])
def test_a_body_that_follows_or_declares_searches_its_clauses(client_for, cast, name):
    person = cast[name]
    assert f'action="/{person.organisation.slug}/clauses/"' in opened(client_for, person, "todo")


def test_who_has_no_list_has_no_field(client_for, elodie):
    assert 'role="search"' not in opened(client_for, elodie, "todo")


def test_what_was_typed_stays_in_the_field(client_for, clara):
    assert 'value="collège"' in opened(client_for, clara, "contract-list", q="collège")
