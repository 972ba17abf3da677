"""The certificate of a company at the end of its contract, in French: hours and people, never a name."""

from collections.abc import Iterator
from datetime import datetime

from django.utils import translation

from relais.execution.models import Debtor
from relais.execution.queries.closing import certified
from relais.kit import words
from relais.kit.documents import Block, Document, Heading, Note, Paragraph, Table, typeset


def certificate(debtor: Debtor, *, at: datetime) -> Document:
    """What the company owed and did under its clause, as the closed ledger says it."""
    clause = debtor.obligation.clause
    with translation.override("fr"):
        return Document(
            title="Attestation de réalisation de la clause d’insertion",
            blocks=tuple(_blocks(debtor)),
            written_at=at,
            subtitle=typeset(clause.lot.object),
            header=clause.buyer.name,
            footer=f"Clause {clause.reference}",
            author=clause.buyer.name,
        )


def _blocks(debtor: Debtor) -> Iterator[Block]:
    obligation = debtor.obligation
    clause, contract = obligation.clause, obligation.clause.contract
    yield Paragraph(
        typeset(
            f"{clause.buyer.name} atteste que l’entreprise {debtor.organisation.name} a réalisé, au titre de "
            "ce marché, les heures d’insertion suivantes."
        )
    )
    rows = (
        ("Marché", contract.source_id if contract else "–"),
        ("Clause", f"{clause.reference} ({clause.article})"),
        ("Exécution", f"du {words.day(obligation.starts_on)} au {words.day(obligation.ends_on)}"),
        ("Heures dues", words.hours(debtor.owed)),
        ("Heures réalisées et validées", words.hours(debtor.validated)),
        ("Clôture", f"{obligation.get_state_display()}, le {words.day(obligation.closed_on)}"),
    )
    yield Table(("Objet", "Valeur"), tuple((label, typeset(value)) for label, value in rows))
    modes, people = certified(debtor)
    if modes:
        yield Heading("Heures par mode de réalisation")
        yield Table(
            ("Mode", "Heures validées", "Personnes"),
            tuple((str(row.mode.label), words.hours(row.hours), str(row.people)) for row in modes),
            numeric=frozenset({1, 2}),
        )
        yield Paragraph(
            typeset(f"Personnes en insertion, chacune comptée une fois : {people}. Aucun nom n’est cité.")
        )
    yield Note("Date, nom, qualité et signature :")
