"""The kick-off file as a document to send: what its page shows, in French."""

from collections.abc import Iterator
from datetime import datetime

from django.utils import translation

from relais.execution.queries.launch import Launch, PlanTable
from relais.kit import words
from relais.kit.documents import Block, Document, Heading, Note, Paragraph, Table, typeset


def launch_document(launch: Launch, *, at: datetime) -> Document:
    """The file: the obligation, who to call, who owes what, the plan, the minutes."""
    obligation = launch.obligation
    clause = obligation.clause
    with translation.override("fr"):
        return Document(
            title="Dossier de lancement",
            blocks=tuple(_blocks(launch)),
            written_at=at,
            subtitle=typeset(clause.lot.object),
            header=clause.buyer.name,
            footer=f"Clause {clause.reference}",
            author=clause.buyer.name,
        )


def _blocks(launch: Launch) -> Iterator[Block]:
    yield from _obligation(launch)
    yield Heading("Correspondants")
    if launch.correspondents:
        yield Table(
            ("Organisme", "Chargé de", "Nom", "Adresse électronique", "Téléphone"),
            tuple(
                (one.organisation.name, one.get_role_display(), one.name, one.email, one.phone)
                for one in launch.correspondents
            ),
        )
    else:
        yield Note("Aucun correspondant n’est encore désigné.")
    if launch.debtors:
        yield Heading("Répartition des heures")
        yield Table(
            ("Entreprise", "Part", "Heures dues"),
            tuple(
                (one.organisation.name, words.percent(one.share), words.hours(one.owed))
                for one in launch.debtors
            ),
            numeric=frozenset({1, 2}),
        )
    if launch.plan:
        yield from _plan(launch, launch.plan)
    yield from _minutes(launch)


def _obligation(launch: Launch) -> Iterator[Block]:
    obligation = launch.obligation
    clause = obligation.clause
    contract = clause.contract
    rows = [
        ("Acheteur", clause.buyer.name),
        ("Marché", contract.source_id if contract else "–"),
        ("Modalité", f"{clause.get_modality_display()} ({clause.article})"),
        ("Exécution", f"du {words.day(obligation.starts_on)} au {words.day(obligation.ends_on)}"),
        ("Heures dues", words.hours(obligation.owed)),
    ]
    yield Heading("L’obligation")
    yield Table(("Objet", "Valeur"), tuple((label, typeset(value)) for label, value in rows))


def _plan(launch: Launch, plan: PlanTable) -> Iterator[Block]:
    yield Heading("Plan des heures par mois et par métier")
    rows = [
        (words.month(row.month), *(words.number(hours, 2) for hours in row.hours), words.number(row.total, 2))
        for row in plan.rows
    ]
    rows.append(("Total", *(words.number(hours, 2) for hours in plan.totals), words.number(plan.total, 2)))
    numeric = frozenset(range(1, len(plan.trades) + 2))
    yield Table(("Mois", *plan.trades, "Total (h)"), tuple(rows), numeric=numeric)
    if launch.plan_gap:
        owed = words.hours(launch.obligation.owed)
        yield Note(typeset(f"Le plan compte {words.hours(plan.total)} ; {owed} sont dues aujourd’hui."))


def _minutes(launch: Launch) -> Iterator[Block]:
    minutes = launch.minutes
    if minutes is None:
        return
    yield Heading(f"Réunion de lancement du {words.day(minutes.held_on)}")
    parts = (
        ("Présents", minutes.attendees),
        ("Décisions", minutes.decisions),
        ("Suites", minutes.next_steps),
    )
    for title, text in parts:
        if text:
            yield Heading(title, 2)
            yield from (Paragraph(typeset(line)) for line in text.splitlines() if line.strip())
