"""Small published records of our own making: real places, invented bodies."""

import io
import json
from typing import Any

from stdnum import luhn

from relais.procurement.decp import Record, Rejection, read


def siret(stem: str) -> str:
    """A SIRET whose two keys are right: eight digits of `stem` for the body, its last four for the office."""
    body = stem[:8] + luhn.calc_check_digit(stem[:8])
    return body + stem[9:13] + luhn.calc_check_digit(body + stem[9:13])


def contract(**changes: Any) -> dict[str, Any]:
    """A sound contract of the format of 2022."""
    return {
        "id": "2024-T-017",
        "acheteur": {"id": siret("2357000110001")},
        "nature": "Marché",
        "objet": "Restructuration du lycée Jean-Rostand à Épinal, lot 2 gros œuvre",
        "codeCPV": "45214220",
        "techniques": {"technique": ["Sans objet"]},
        "modalitesExecution": {"modaliteExecution": ["Tranches"]},
        "ccag": "Travaux",
        "offresRecues": 4,
        "typeGroupementOperateurs": "Pas de groupement",
        "sousTraitanceDeclaree": False,
        "procedure": "Appel d'offres ouvert",
        "lieuExecution": {"code": "88000", "typeCode": "Code postal"},
        "dureeMois": 18,
        "dateNotification": "2024-06-03",
        "datePublicationDonnees": "2024-07-12",
        "montant": 480000,
        "formePrix": "Forfaitaire",
        "titulaires": [{"titulaire": {"typeIdentifiant": "SIRET", "id": siret("8122311320001")}}],
        "considerationsSociales": {"considerationSociale": ["Clause sociale"]},
        "considerationsEnvironnementales": {"considerationEnvironnementale": ["Critère environnemental"]},
    } | changes


def concession(**changes: Any) -> dict[str, Any]:
    """A sound concession of the format of 2022."""
    return {
        "id": "2024-C-002",
        "autoriteConcedante": {"id": siret("2188016030001")},
        "nature": "Délégation de service public",
        "objet": "Exploitation de la patinoire",
        "procedure": "Procédure négociée ouverte",
        "dureeMois": 60,
        "dateSignature": "2024-05-02",
        "datePublicationDonnees": "2024-05-20",
        "valeurGlobale": 900000.5,
        "concessionnaires": [{"concessionnaire": {"typeIdentifiant": "SIRET", "id": siret("8122311320001")}}],
        "considerationsSociales": {"considerationSociale": ["Pas de considération sociale"]},
        "considerationsEnvironnementales": {"considerationEnvironnementale": []},
    } | changes


def file_2022(*contracts: dict[str, Any], concessions: tuple[dict[str, Any], ...] = ()) -> bytes:
    """A file of the format of 2022."""
    content = {"marches": {"marche": list(contracts), "contrat-concession": list(concessions)}}
    return json.dumps(content, ensure_ascii=False).encode()


def items_of(content: bytes, name: str = "file.json") -> list[Record | Rejection]:
    """Everything a file gives."""
    with read(io.BytesIO(content), name=name) as reading:
        return list(reading)


def records_of(content: bytes) -> list[Record]:
    """The records of a file in which nothing is rejected."""
    items = items_of(content)
    assert all(isinstance(item, Record) for item in items), items
    return [item for item in items if isinstance(item, Record)]


def one(**changes: Any) -> Record:
    """The record of a file of one contract."""
    (record,) = records_of(file_2022(contract(**changes)))
    return record


def codes(record: Record) -> set[str]:
    """The flags of a record."""
    return {flag.code.value for flag in record.flags}


def detail(record: Record, code: str) -> str:
    """What shows a flag."""
    return next(flag.detail for flag in record.flags if flag.code == code)
