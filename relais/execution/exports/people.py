"""The people a facilitator body follows, as its list shows them."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from relais.execution.enums import Category, EligibilityState
from relais.kit.exports import Cell, Table


def people_table(people: Iterable[Any]) -> Table:
    """People of `people_of`."""
    heads = (
        _("Number"),
        _("Last name"),
        _("First name"),
        _("Birth date"),
        _("Eligibility"),
        _("Category"),
        _("Eligible until"),
    )
    return Table(_("People"), heads, (cells(person) for person in people))


def cells(person: Any) -> tuple[Cell, ...]:
    return (
        person.number,
        person.last_name,
        person.first_name,
        person.birth_date,
        str(EligibilityState(person.last_state).label) if person.last_state else "",
        str(Category(person.last_category).label) if person.last_category else "",
        person.eligible_until,
    )
