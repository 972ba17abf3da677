"""Files that leave the room: the directory as shown."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from relais.kit.exports import Cell, Table
from relais.kit.words import say
from relais.offer.queries import Near


def structures_table(rows: Iterable[Near], *, measured: bool) -> Table:
    """The structures of a list; the distance comes last, when a place was asked for."""
    heads = [
        _("Name"),
        _("Kind"),
        _("SIRET"),
        _("Establishment"),
        _("Activities"),
        _("Address"),
        _("Post code"),
        _("Municipality"),
        _("Department"),
        _("Authorised places"),
        _("Headcount"),
        _("Closed down"),
        _("List"),
        _("State of"),
        _("Oddities"),
    ]
    if measured:
        heads += [_("Distance (km)"), _("Nearness")]
    return Table(_("Insertion structures"), heads, (_row(near, measured) for near in rows))


def _row(near: Near, measured: bool) -> tuple[Cell, ...]:
    structure = near.structure
    cells: tuple[Cell, ...] = (
        structure.name,
        structure.get_kind_display(),
        structure.siret,
        structure.get_establishment_display(),
        ", ".join(structure.activity_names),
        structure.address,
        structure.post_code,
        str(structure.commune) if structure.commune else structure.town,
        structure.department_id or "",
        structure.places,
        structure.headcount,
        _("yes") if structure.is_closed else _("no"),
        structure.get_source_display(),
        structure.as_of,
        ", ".join(structure.flags),
    )
    return (*cells, near.distance, say(near.nearness.words)) if measured else cells
