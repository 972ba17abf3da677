"""Write a valid file of the 2.x format with as many contracts as wanted: for the memory and speed benches.

    python bench/generate_decp.py --contracts 250000 big.json  # about 300 MB

Everything is invented and drawn from a fixed seed: the same call gives the same bytes.
"""

import argparse
import json
import random
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

WORKS = (
    ("45214220", "Restructuration du lycée", "Travaux"),
    ("45233140", "Réfection de la voirie", "Travaux"),
    ("90910000", "Nettoyage des locaux", "Fournitures courantes et services"),
    ("77310000", "Entretien des espaces verts", "Fournitures courantes et services"),
    ("45261210", "Couverture et étanchéité", "Travaux"),
    ("45310000", "Installations électriques", "Travaux"),
    ("55524000", "Restauration scolaire", "Fournitures courantes et services"),
    ("71221000", "Maîtrise d'œuvre", "Prestations intellectuelles"),
)
PLACES = ("54000", "55000", "57000", "88000", "54300", "57600", "88100", "55100")
SOCIAL = ("Clause sociale", "Critère social", "Marché réservé")


def key_digit(digits: str) -> str:
    """The last digit that makes a SIREN or a SIRET right (Luhn)."""
    total = 0
    for rank, digit in enumerate(reversed(digits)):
        figure = int(digit) * (2 if rank % 2 == 0 else 1)
        total += figure - 9 if figure > 9 else figure
    return str(-total % 10)


def siret(stem: int) -> str:
    """The SIRET of the head office of an invented body."""
    siren = f"{stem:08d}"
    siren += key_digit(siren)
    return siren + "0001" + key_digit(siren + "0001")


def contract(number: int, draw: random.Random) -> dict[str, Any]:
    """One contract with the mandatory fields of the 2.x schema, amended or subcontracted now and then."""
    cpv, title, ccag = draw.choice(WORKS)
    notified = date(2024, 1, 1) + timedelta(days=draw.randrange(700))
    published = (notified + timedelta(days=draw.randrange(1, 55))).isoformat()
    amount = round(40_000 + draw.expovariate(1 / 300_000), 2)
    drawn = (siret(50_000_000 + draw.randrange(20_000)) for _ in range(draw.choice((1, 1, 1, 1, 2, 3))))
    holders = list(dict.fromkeys(drawn))
    record: dict[str, Any] = {
        "id": f"{notified.year}-{number:07d}-00",
        "acheteur": {"id": siret(21_000_000 + draw.randrange(2_000))},
        "nature": "Marché",
        "objet": f"{title} du site n° {draw.randrange(10_000)}, opération {number // 12}: "
        f"lot {number % 12 + 1}",
        "codeCPV": cpv,
        "techniques": {"technique": [draw.choice(("Sans objet", "Sans objet", "Accord-cadre"))]},
        "modalitesExecution": {"modaliteExecution": ["Sans objet"]},
        "marcheInnovant": False,
        "ccag": ccag,
        "offresRecues": draw.randrange(1, 12),
        "attributionAvance": False,
        "tauxAvance": 0,
        "typeGroupementOperateurs": "Conjoint" if len(holders) > 1 else "Pas de groupement",
        "sousTraitanceDeclaree": False,
        "procedure": draw.choice(("Procédure adaptée", "Appel d'offres ouvert")),
        "lieuExecution": {"code": draw.choice(PLACES), "typeCode": "Code postal"},
        "dureeMois": draw.randrange(1, 49),
        "dateNotification": notified.isoformat(),
        "datePublicationDonnees": published,
        "montant": amount,
        "formePrix": draw.choice(("Forfaitaire", "Unitaire", "Mixte")),
        "typesPrix": {"typePrix": ["Définitif révisable"]},
        "titulaires": [
            {"titulaire": {"typeIdentifiant": "SIRET", "id": holder}} for holder in dict.fromkeys(holders)
        ],
        "considerationsSociales": {
            "considerationSociale": [
                draw.choice(SOCIAL) if draw.random() < 0.1 else "Pas de considération sociale"
            ]
        },
        "considerationsEnvironnementales": {
            "considerationEnvironnementale": ["Pas de considération environnementale"]
        },
        "origineUE": 0,
        "origineFrance": 0,
    }
    if draw.random() < 0.1:
        change = {
            "id": 1,
            "dateNotificationModification": published,
            "datePublicationDonneesModification": published,
            "montant": round(amount * 1.04, 2),
        }
        record["modifications"] = [{"modification": change}]
    return record


def pieces(contracts: int, seed: int) -> Iterator[str]:
    """The text of the file, a contract at a time."""
    draw = random.Random(seed)
    yield '{"marches": {"marche": ['
    for number in range(contracts):
        yield ("" if number == 0 else ",\n") + json.dumps(contract(number, draw), ensure_ascii=False)
    yield '], "contrat-concession": []}}\n'


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("target", type=Path)
    parser.add_argument("--contracts", type=int, default=250_000)
    parser.add_argument("--seed", type=int, default=2026)
    asked = parser.parse_args()
    with asked.target.open("w", encoding="utf-8") as file:
        file.writelines(pieces(asked.contracts, asked.seed))
    sys.stdout.write(
        f"{asked.target}: {asked.contracts} contracts, {asked.target.stat().st_size / 1e6:.0f} MB\n"
    )


if __name__ == "__main__":
    main()
