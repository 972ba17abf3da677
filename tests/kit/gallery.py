"""Pages that show every component, for the tests of the look: no room owns them."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import engines
from django.urls import path

from relais.config.urls import urlpatterns as site_patterns
from relais.core.verdict import YES, no
from relais.kit import charts
from relais.kit.access import public
from relais.kit.components import Event, Fact, NextAction, Tone, WorkingStep
from relais.kit.forms import DateField, FilterForm, NumberField
from relais.kit.paging import paginate

HERE = Path(__file__).resolve().parent
TODAY = date(2026, 11, 12)
MONTHS = [date(2026, month, 1) for month in range(1, 13)]


class SampleState:
    """What `{% state %}` asks of a room's state: a tone and a label."""

    def __init__(self, tone: Tone, label: str) -> None:
        self.tone = tone
        self.label = label


class SampleFilter(FilterForm):
    q = forms.CharField(label="Objet ou titulaire", help_text="Trois lettres au moins")
    state = forms.ChoiceField(label="État", choices=[("", "Tous"), ("late", "En retard"), ("done", "Soldé")])
    late = forms.BooleanField(label="Seulement en retard")


class SampleForm(forms.Form):
    object = forms.CharField(label="Objet du lot", max_length=20)
    amount = NumberField(label="Montant estimé", unit="€", max_digits=12, decimal_places=2)
    share = NumberField(
        label="Part de main-d’œuvre", unit="%", help_text="Entre 0 et 100.", max_value=Decimal(100)
    )
    launch = DateField(label="Date de lancement", required=False)
    lever = forms.ChoiceField(
        label="Modalité", choices=[("a", "Condition d’exécution"), ("b", "Lot réservé")]
    )
    kind = forms.ChoiceField(
        label="Procédure", choices=[("open", "Ouverte"), ("mapa", "Adaptée")], widget=forms.RadioSelect
    )
    note = forms.CharField(
        label="Précisions", widget=forms.Textarea, required=False, help_text="Sans nom de personne."
    )
    file = forms.FileField(label="Pièce", required=False)
    agreed = forms.BooleanField(label="J’ai vérifié avec le facilitateur")


def burn_up() -> charts.Chart:
    return charts.burn_up(
        "Les heures validées suivent-elles le plan ?",
        actual=[(day, 22 * (rank + 1) - 6 * (rank % 3)) for rank, day in enumerate(MONTHS[:8])],
        plan=[(day, 31 * (rank + 1)) for rank, day in enumerate(MONTHS)],
        forecast=[(day, 170 + 38 * (rank + 1)) for rank, day in enumerate(MONTHS[8:])],
        owed=Decimal(373),
        today=date(2026, 8, 12),
        description="Au rythme des trois derniers mois.",
    )


def grouped() -> charts.Chart:
    years = [
        (str(year), kind, 900 + 70 * rank + (240 if kind == "Dues" else 0))
        for rank, year in enumerate(range(2021, 2027))
        for kind in ("Dues", "Validées")
    ]
    return charts.grouped_bars("Valide-t-on ce qui est dû, année après année ?", years, unit="h")


def ranked() -> charts.Chart:
    values = [
        ("Bâtiment", 12450),
        ("Travaux publics", 8320),
        ("Nettoyage et entretien des locaux administratifs", 5210),
        ("Espaces verts", 3040),
        ("Restauration", 1210),
    ]
    return charts.bars("Quelles familles d’achat portent les heures ?", values, unit="h")


def trend() -> charts.Chart:
    points = [
        (str(year), name, base + 300 * rank)
        for name, base in (("Région", 1500), ("Métropole", 900))
        for rank, year in enumerate(range(2020, 2027))
    ]
    return charts.line("Les heures progressent-elles ?", points, unit="h")


def row(company: str, lot: str, buyer: str, owed: int, state: SampleState, *done: int) -> dict[str, Any]:
    validated, declared, expected = done
    return {
        "company": company,
        "lot": lot,
        "buyer": buyer,
        "owed": owed,
        "validated": validated,
        "declared": declared,
        "expected": expected,
        "state": state,
        "due": date(2027, 3, 31),
    }


def rows() -> list[dict[str, Any]]:
    good, late, wait = (
        SampleState(Tone.GOOD, "À l’heure"),
        SampleState(Tone.BAD, "En retard"),
        SampleState(Tone.WAIT, "À valider"),
    )
    return [
        row("Bâtir Lorraine", "Lot 3, gros œuvre", "Ville de Toul", 373, late, 186, 24, 210),
        row("Net’Est Services", "Nettoyage des lycées", "Région Grand Est", 2450, good, 1320, 0, 1250),
        row(
            "Vert Demain", "Espaces verts, secteur nord", "Métropole du Grand Nancy", 640, wait, 300, 120, 380
        ),
        row(
            "Routes et Chaussées de l’Est",
            "Voirie, accord-cadre",
            "Département de Meurthe-et-Moselle",
            1180,
            good,
            1240,
            0,
            1180,
        ),
    ]


def sample_context() -> dict[str, Any]:
    return {
        "today": TODAY,
        "now": datetime(2026, 11, 12, 13, 5, tzinfo=UTC),
        "none": None,
        "owed": Decimal("12345.5"),
        "share": Decimal("0.585"),
        "total": Decimal("18234.5"),
        "movement": Decimal("-3.5"),
        "trend_up": Decimal("0.12"),
        "trend_down": Decimal("-0.04"),
        "tabs": [
            {"label": "Suivi", "url": "/", "current": True},
            {"label": "Relevés", "url": "/s/", "count": 3},
            {"label": "Personnes", "url": "/p/"},
            {"label": "Pièces", "url": "/d/"},
        ],
        "action": NextAction(
            "Valider le relevé de septembre",
            "Fanny Roussel, Maison de l’emploi",
            date(2026, 11, 15),
            "/act/",
            "Ouvrir le relevé",
            "12 lignes, 1 anomalie",
            True,
        ),
        "steps": [
            WorkingStep("Montant du lot", "480 000 €", source="Acte d’engagement"),
            {"label": {"text": "Labour share", "params": {}}, "value": "40", "unit": "%"},
            {"label": "Heures à demander", "value": Decimal(373), "unit": "h"},
        ],
        "facts": [
            Fact("Acheteur", "Ville de Toul", "DECP 2024", "https://www.data.gouv.fr/", "observed"),
            Fact("Montant", "480 000 €", "Acte d’engagement", kind="reported"),
            Fact("Main-d’œuvre", "40 %", "Barème régional 2026", kind="supposed"),
            Fact("Durée", "14 mois"),
        ],
        "events": [
            Event(date(2026, 11, 4), "Relevé d’octobre reçu", "Bâtir Lorraine", Tone.INFO, "/s/"),
            Event(
                datetime(2026, 10, 12, 9, 30, tzinfo=UTC),
                "Septembre validé : 24 h",
                "Fanny Roussel",
                Tone.GOOD,
            ),
            Event(
                date(2026, 9, 30),
                "Relance du titulaire",
                "Relais",
                Tone.WARN,
                "",
                "Sans réponse depuis 15 jours",
            ),
            Event(date(2026, 2, 1), "Notification du marché", "Ville de Toul"),
        ],
        "burn": burn_up(),
        "compared": grouped(),
        "ranked": ranked(),
        "trendline": trend(),
        "rows": rows(),
        "page": paginate(range(7), 2, size=3),
        "board": [
            {"label": name, "cards": ["Rénovation du lycée Callot", "Espaces verts du parc"][: 1 + rank % 2]}
            for rank, name in enumerate(("Détecté", "À l’étude", "Retenu", "Rédigé", "Lancé", "Attribué"))
        ],
        "stages": [
            {"label": "Détecté", "state": "done", "detail": "3 mars"},
            {"label": "À l’étude", "state": "done", "detail": ""},
            {"label": "Retenu", "state": "current", "detail": "depuis 12 jours"},
            {"label": "Rédigé", "state": "todo", "detail": ""},
            {"label": "Lancé", "state": "todo", "detail": ""},
        ],
        "yes": YES,
        "refused": no("You declared these hours yourself."),
        "filter_form": SampleFilter({"q": "lycée", "state": "late"}),
        **frame_context(),
    }


def frame_context() -> dict[str, Any]:
    rooms = [
        ("À faire", "home", 12),
        ("Opportunités", "target", 0),
        ("Clauses", "list", 0),
        ("Validation", "check", 5),
        ("Personnes", "users", 0),
        ("Résultats", "chart", 0),
        ("Ressources", "book", 0),
    ]
    return {
        "navigation": [
            {"label": label, "url": "/", "icon": icon, "current": label == "Clauses", "count": count}
            for label, icon, count in rooms
        ],
        "organisations": [
            {"name": "Maison de l’emploi du Grand Nancy", "url": "/a/", "current": True},
            {"name": "Région Grand Est", "url": "/b/", "current": False},
        ],
        "organisation_name": "Maison de l’emploi du Grand Nancy",
        "scheme_name": "Clauses sociales Grand Est",
        "search_url": "/search/",
        "search_label": "Chercher un marché, une clause, une entreprise",
        "search_text": "",
        "accessibility_url": "/accessibility/",
        "version": "0.1.0",
    }


def shown(request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    template = engines["django"].from_string((HERE / f"{name}.html").read_text(encoding="utf-8"))
    return HttpResponse(template.render(context, request))


@public
def gallery(request: HttpRequest) -> HttpResponse:
    return shown(request, "gallery", sample_context())


@public
def sample_form(request: HttpRequest) -> HttpResponse:
    form = SampleForm(request.POST or None, initial={"object": "Gros œuvre"})
    return shown(request, "gallery_form", {"form": form, **frame_context()})


@public
def queue(request: HttpRequest) -> HttpResponse:
    sent = " ".join(f"{name} {request.POST[name]}" for name in ("accept", "query") if name in request.POST)
    return shown(request, "gallery_queue", {"lines": [1, 2, 3], "sent": sent, **frame_context()})


@public
def sheet(request: HttpRequest) -> HttpResponse:
    return shown(request, "gallery_sheet", frame_context())


@public
def refusal(request: HttpRequest, status: int) -> HttpResponse:
    context = {
        "reason": no("Your role in this organisation does not open this page. Ask its manager.").reason,
        "thing": "Relevé d’octobre",
    }
    return render(request, f"{status}.html", context, status=status)


urlpatterns = [
    path("gallery/", gallery),
    path("gallery/form/", sample_form),
    path("gallery/queue/", queue),
    path("gallery/sheet/", sheet),
    path("gallery/refusal/<int:status>/", refusal),
    *site_patterns,
]
