"""The pooling agreement as a document to sign: shares, plan, answers, working; in French."""

from collections.abc import Iterator
from datetime import datetime

from django.utils import translation

from relais.execution.queries.agreements import AgreementSheet
from relais.kit import words
from relais.kit.documents import Block, Document, Heading, Note, Paragraph, Table, typeset

WORKING = {
    "most_hours": "Heures restantes au plus par marché",
    "radius": "Distance au plus entre les marchés (km)",
    "least_months": "Mois au moins",
    "least_month": "Heures par mois au moins",
    "full_month": "Heures d’un mois plein",
    "most_parts": "Marchés au plus dans un poste",
}
"""The figures of the search that the document keeps, as a reader names them."""


def agreement_document(sheet: AgreementSheet, *, at: datetime) -> Document:
    agreement = sheet.agreement
    with translation.override("fr"):
        return Document(
            title="Convention de mutualisation d’heures d’insertion",
            blocks=tuple(_blocks(sheet)),
            written_at=at,
            subtitle=typeset(f"{agreement.job} – {agreement.employer.name}"),
            header=agreement.proposer.name,
            footer=f"Convention {agreement.reference}",
            author=agreement.proposer.name,
        )


def _blocks(sheet: AgreementSheet) -> Iterator[Block]:
    agreement = sheet.agreement
    yield Heading("Le poste")
    rows = (
        ("Poste", agreement.job),
        ("Employeur", agreement.employer.name),
        ("Métier", agreement.trade),
        ("Département", agreement.department),
        ("Période", f"du {words.day(agreement.starts_on)} au {words.day(agreement.ends_on)}"),
        ("Heures", words.hours(sheet.job.total)),
        ("État", str(agreement.get_state_display())),
    )
    yield Table(("Objet", "Valeur"), tuple((label, typeset(value)) for label, value in rows))
    yield Paragraph(
        typeset(
            "Les heures de la personne sont déclarées une seule fois, puis réparties entre les marchés selon "
            "les parts ci-dessous, qui totalisent 100 %. Aucune heure faite au-delà de ce que doit une "
            "entreprise ne passe à une autre."
        )
    )
    yield from _shares(sheet)
    yield from _plan(sheet)
    yield from _consents(sheet)
    known = [(label, agreement.working[name]) for name, label in WORKING.items() if name in agreement.working]
    if known:
        yield Heading("Comment le poste a été trouvé")
        yield Table(
            ("Règle", "Valeur"),
            tuple((label, words.number(value)) for label, value in known),
            numeric=frozenset({1}),
        )


def _shares(sheet: AgreementSheet) -> Iterator[Block]:
    yield Heading("Parts")
    rows = [
        (
            share.debtor.obligation.clause.reference,
            share.debtor.obligation.buyer.name,
            share.debtor.organisation.name,
            words.number(share.hours, 2),
            words.number(share.percent, 2),
        )
        for share in sheet.job.shares
    ]
    rows.append(("Total", "", "", words.number(sheet.job.total, 2), words.number(100, 2)))
    heads = ("Clause", "Acheteur", "Entreprise", "Heures", "Part (%)")
    yield Table(heads, tuple(rows), numeric=frozenset({3, 4}))


def _plan(sheet: AgreementSheet) -> Iterator[Block]:
    yield Heading("Plan des heures par mois")
    names = tuple(share.debtor.obligation.clause.reference for share in sheet.job.shares)
    rows = tuple(
        (
            words.month(row.month),
            *(words.number(hours, 2) for hours in row.hours),
            words.number(row.total, 2),
        )
        for row in sheet.job.rows
    )
    yield Table(("Mois", *names, "Total (h)"), rows, numeric=frozenset(range(1, len(names) + 2)))


def _consents(sheet: AgreementSheet) -> Iterator[Block]:
    yield Heading("Accords")
    yield Table(
        ("Organisme", "En qualité de", "Réponse", "Le", "Motif"),
        tuple(
            (
                one.organisation.name,
                str(one.get_part_display()),
                str(one.get_decision_display()) if one.decision else "en attente",
                words.day(one.at) if one.at else "",
                typeset(one.reason),
            )
            for one in sheet.consents
        ),
    )
    if sheet.agreement.reason:
        yield Note(typeset(sheet.agreement.reason))
