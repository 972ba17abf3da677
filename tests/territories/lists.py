"""A very small France, in the shape of the official lists: real places, rounded to what the tests need."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

type Lists = dict[str, list[dict[str, Any]]]


def _commune(code: str, name: str, department: str, posts: str, **more: Any) -> dict[str, Any]:
    record = {"code": code, "nom": name, "departement": department, "type": "commune-actuelle"}
    return {**record, "codesPostaux": posts.split(), "population": 1_000, **more}


_LISTS: Lists = {
    "regions.json": [
        {"code": "44", "nom": "Grand Est"},
        {"code": "11", "nom": "Île-de-France"},
        {"code": "84", "nom": "Auvergne-Rhône-Alpes"},
    ],
    "departements.json": [
        {"code": "01", "nom": "Ain", "region": "84"},
        {"code": "51", "nom": "Marne", "region": "44"},
        {"code": "52", "nom": "Haute-Marne", "region": "44"},
        {"code": "54", "nom": "Meurthe-et-Moselle", "region": "44"},
        {"code": "55", "nom": "Meuse", "region": "44"},
        {"code": "57", "nom": "Moselle", "region": "44"},
        {"code": "88", "nom": "Vosges", "region": "44"},
        {"code": "75", "nom": "Paris", "region": "11"},
        {"code": "92", "nom": "Hauts-de-Seine", "region": "11"},
    ],
    "arrondissements.json": [
        {"code": "543", "nom": "Nancy", "departement": "54"},
        {"code": "883", "nom": "Saint-Dié-des-Vosges", "departement": "88"},
        {"code": "751", "nom": "Paris", "departement": "75"},
    ],
    "epci.json": [
        {
            "code": "245400676",
            "nom": "Métropole du Grand Nancy",
            "type": "METRO",
            "populationMunicipale": 258_208,
            "membres": [{"code": "54395"}, {"code": "54547"}],
        },
        {
            "code": "200071066",
            "nom": "CA de Saint-Dié-des-Vosges",
            "type": "CA",
            "populationMunicipale": 72_973,
            "membres": [{"code": "88413"}, {"code": "88361"}],
        },
    ],
    "communes.json": [
        _commune("01004", "Ambérieu-en-Bugey", "01", "01500"),
        _commune("51478", "Saint-Eulien", "51", "52100"),
        _commune("52448", "Saint-Dizier", "52", "52100"),
        _commune("54395", "Nancy", "54", "54000 54100", arrondissement="543", population=103_671),
        _commune("54547", "Vandœuvre-lès-Nancy", "54", "54500", arrondissement="543", population=29_942),
        _commune("54602", "Han-devant-Pierrepont", "54", "54620", anciensCodes=["55227"]),
        _commune("55029", "Bar-le-Duc", "55", "55000", arrondissement=""),
        _commune("57463", "Metz", "57", "57000 57050 57070"),
        _commune("88413", "Saint-Dié-des-Vosges", "88", "88100", arrondissement="883", siren="218804136"),
        _commune("88361", "Provenchères-et-Colroy", "88", "88490", anciensCodes=["88112"]),
        {
            "code": "88112",
            "nom": "Colroy-la-Grande",
            "departement": "88",
            "type": "commune-deleguee",
            "chefLieu": "88361",
        },
        _commune("75056", "Paris", "75", "75001 75002"),
        {
            "code": "75102",
            "nom": "Paris 2e Arrondissement",
            "departement": "75",
            "type": "arrondissement-municipal",
            "commune": "75056",
            "codesPostaux": ["75002"],
        },
        _commune("92002", "Antony", "92", "92160", anciensCodes=["75002"]),
    ],
}


def small_lists() -> Lists:
    """A copy the test may spoil."""
    return deepcopy(_LISTS)


def write_lists(folder: Path, lists: Lists) -> Path:
    folder.mkdir(exist_ok=True)
    for name, records in lists.items():
        (folder / name).write_text(json.dumps(records, ensure_ascii=False), encoding="utf-8")
    return folder
