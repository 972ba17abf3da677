"""Files that leave the room: the trail, as shown."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from relais.kit.exports import Cell, Table
from relais.kit.words import moment
from relais.organisations.enums import LINK_ROLE, Role
from relais.organisations.queries import TrailLine

ROLES = {role.value: role.label for role in Role} | {LINK_ROLE: gettext_lazy("Link received by mail")}


def trail_table(lines: Iterable[TrailLine]) -> Table:
    heads = (
        _("When"),
        _("Organisation"),
        _("Role"),
        _("Person"),
        _("Act"),
        _("Outcome"),
        _("Thing"),
        _("Detail"),
    )
    return Table(_("Audit trail"), heads, rows(lines))


def rows(lines: Iterable[TrailLine]) -> Iterator[tuple[Cell, ...]]:
    for line in lines:
        entry = line.entry
        yield (
            moment(entry.at),
            line.body,
            str(ROLES.get(entry.role, entry.role)),
            line.person,
            line.act,
            entry.get_outcome_display(),
            line.thing,
            line.detail,
        )
