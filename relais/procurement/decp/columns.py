"""Columns of the flat tables, under the names that publishers give them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from relais.core.words import gettext_noop
from relais.procurement.decp.detect import Shape
from relais.procurement.decp.errors import ReadError
from relais.procurement.decp.flags import FlagCode
from relais.procurement.decp.record import Flag
from relais.procurement.decp.values import storable
from relais.procurement.decp.vocabulary import fold

MOST_COLUMNS = 2000
MOST_HOLDERS = 9

#: Field of the format: header names, letters and digits only.
NAMES = {
    "id": ("id", "idmarche", "identifiantmarche", "numeromarche"),
    "uid": ("uid",),
    "acheteur.id": ("acheteurid", "idacheteur", "siretacheteur", "acheteursiret", "autoriteconcedanteid"),
    "acheteur.nom": ("acheteurnom", "nomacheteur", "autoriteconcedantenom"),
    "_type": ("type",),
    "nature": ("nature", "naturemarche"),
    "objet": ("objet", "objetmarche"),
    "codeCPV": ("codecpv", "cpv"),
    "procedure": ("procedure", "procedureachat"),
    "dureeMois": ("dureemois", "duree"),
    "dateNotification": ("datenotification",),
    "dateSignature": ("datesignature",),
    "datePublicationDonnees": ("datepublicationdonnees", "datepublication"),
    "montant": ("montant", "montantht"),
    "valeurGlobale": ("valeurglobale",),
    "formePrix": ("formeprix",),
    "ccag": ("ccag",),
    "offresRecues": ("offresrecues",),
    "idAccordCadre": ("idaccordcadre",),
    "typeGroupementOperateurs": ("typegroupementoperateurs",),
    "sousTraitanceDeclaree": ("soustraitancedeclaree",),
    "considerationsSociales": ("considerationssociales", "considerationsociale"),
    "considerationsEnvironnementales": ("considerationsenvironnementales", "considerationenvironnementale"),
    "modalitesExecution": ("modalitesexecution", "modaliteexecution"),
    "techniques": ("techniques", "technique"),
    "lieuExecution.code": ("lieuexecutioncode",),
    "lieuExecution.typeCode": ("lieuexecutiontypecode",),
    "donneesActuelles": ("donneesactuelles",),
    "version": ("modificationid",),
    "objetModification": ("objetmodification",),
    "modification.id": ("idmodification",),
    "modification.montant": ("montantmodification", "valeurglobalemodification"),
    "modification.dureeMois": ("dureemoismodification",),
    "modification.notified": (
        "datenotificationmodification",
        "datenotificationmodificationmodification",
        "datesignaturemodification",
    ),
    "modification.published": (
        "datepublicationdonneesmodification",
        "datepublicationdonneesmodificationmodification",
    ),
    "modification.titulaire.id": ("idtitulairemodification",),
    "modification.titulaire.type": ("typeidentifianttitulairemodification",),
    "act.id": ("idactesoustraitance",),
    "act.dureeMois": ("dureemoisactesoustraitance",),
    "act.dateNotification": ("datenotificationactesoustraitance",),
    "act.datePublicationDonnees": ("datepublicationdonneesactesoustraitance",),
    "act.montant": ("montantactesoustraitance",),
    "act.variationPrix": ("variationprixactesoustraitance",),
    "act.who": ("idsoustraitant",),
    "act.who.type": ("typeidentifiantsoustraitant",),
}
HOLDER_NAMES = {
    "id": ("titulaireid", "titulairesid", "idtitulaire", "concessionnaireid"),
    "typeIdentifiant": (
        "titulairetypeidentifiant",
        "titulairestypeidentifiant",
        "titulairestypeidentifianttypeidentifiant",
        "typeidentifianttitulaire",
    ),
    "denominationSociale": (
        "titulairedenominationsociale",
        "titulairesdenominationsociale",
        "titulairenom",
        "denominationsocialetitulaire",
    ),
}
_FIELD_OF = {name: field for field, names in NAMES.items() for name in names}
_HOLDER_FIELD_OF = {name: field for field, names in HOLDER_NAMES.items() for name in names}
_BLANKS = ("", "CDL")


@dataclass(frozen=True, slots=True)
class Cell:
    """A value of the table and the mark it carried."""

    text: str
    flag: Flag | None = None


def marked(field: str, text: str) -> Cell:
    """The ministry marks values: MQ (required, missing), CDL (not concerned), INX (inexact, value kept)."""
    stripped = text.strip()
    if stripped in _BLANKS:
        return Cell("")
    if stripped == "MQ":
        return Cell("", Flag(FlagCode.MARK_MISSING, field))
    if stripped == "INX" or stripped.startswith("INX "):
        return Cell(
            stripped[4:].strip(), Flag(FlagCode.MARK_INEXACT, f"{field} {stripped[4:].strip()}"[:200])
        )
    return Cell(stripped)


@dataclass(frozen=True, slots=True)
class Layout:
    """Where each field is in a row, and which known table this is."""

    shape: Shape
    headers: tuple[str, ...]
    fields: dict[str, int]
    holders: tuple[dict[str, int], ...]

    def cell(self, row: Sequence[str], field: str) -> Cell:
        """The value of a field in a row; blank when the table has no such column."""
        at = self.fields.get(field)
        return marked(field, row[at]) if at is not None else Cell("")


def layout_of(headers: Sequence[str]) -> Layout | None:
    """The layout announced by a row of headers; None when the row names neither contract nor buyer."""
    if len(headers) > MOST_COLUMNS:
        raise ReadError(
            gettext_noop(
                "The table has %(number)s columns; no table of contracts has more than %(most)s. Refused."
            ),
            number=len(headers),
            most=MOST_COLUMNS,
        )
    fields: dict[str, int] = {}
    holders: dict[int, dict[str, int]] = {}
    for at, header in enumerate(headers):
        name = re.sub(r"[^a-z0-9]", "", fold(header[:120]))
        if name in _FIELD_OF:
            fields.setdefault(_FIELD_OF[name], at)
            continue
        stem, rank = (name[:-1], int(name[-1])) if name[-1:].isascii() and name[-1:].isdigit() else (name, 0)
        if stem in _HOLDER_FIELD_OF and rank <= MOST_HOLDERS:
            holders.setdefault(rank, {}).setdefault(_HOLDER_FIELD_OF[stem], at)
    if not ({"id", "uid"} & fields.keys()) or "acheteur.id" not in fields:
        return None
    ranked = tuple(holders[rank] for rank in sorted(holders))
    return Layout(_shape(fields, holders, headers), tuple(headers), fields, ranked)


def _shape(fields: dict[str, int], holders: dict[int, dict[str, int]], headers: Sequence[str]) -> Shape:
    if any(rank > 0 for rank in holders):
        return Shape.TABLE_MINISTRY_2022 if "act.id" in fields else Shape.TABLE_MINISTRY_2019
    if "uid" in fields and "donneesActuelles" in fields and "version" not in fields:
        return Shape.TABLE_SCHEMA
    return Shape.TABLE_DECP_INFO if "uid" in fields else Shape.TABLE


def not_a_table(first_row: Sequence[str]) -> ReadError:
    """No row of headers was found: say what was seen and what is needed."""
    return ReadError(
        gettext_noop(
            "No header names the contract and its buyer. The first row reads “%(seen)s”. "
            "A table of contracts needs at least the columns “id” and “acheteur_id”."
        ),
        seen=" | ".join(storable(cell.strip()[:30]) for cell in first_row[:6])[:160],
    )
