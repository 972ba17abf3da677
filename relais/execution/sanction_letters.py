"""The letters of a breach, in French: what is asked, the figures of the day, the working of a penalty."""

from collections.abc import Callable, Iterator
from datetime import datetime

from django.utils import translation

from relais.core.calibration import Step as WorkingStep
from relais.execution.enums import AnswerState, BreachAct, BreachKind
from relais.execution.models import BreachStep
from relais.execution.queries.sanctions import BreachFile
from relais.kit import words
from relais.kit.documents import Block, Document, Heading, Note, Paragraph, Table, typeset

LETTERS = {
    BreachAct.OBSERVED: "constat",
    BreachAct.REMINDER: "rappel",
    BreachAct.MEETING: "compte-rendu",
    BreachAct.NOTICE: "mise-en-demeure",
    BreachAct.REGULARISED: "regularisation",
    BreachAct.PENALTY_DECIDED: "penalite",
    BreachAct.WAIVED: "renonciation",
    BreachAct.ACCOUNTED: "imputation",
}
"""The steps that have a letter, with the name of its file."""

TITLES = {
    BreachAct.OBSERVED: "Constat d’écart",
    BreachAct.REMINDER: "Rappel des engagements d’insertion",
    BreachAct.MEETING: "Compte rendu de la réunion",
    BreachAct.NOTICE: "Mise en demeure",
    BreachAct.REGULARISED: "Constat de régularisation",
    BreachAct.PENALTY_DECIDED: "Décision de pénalité",
    BreachAct.WAIVED: "Décision de renoncer à la pénalité",
    BreachAct.ACCOUNTED: "Imputation de la pénalité",
}


def letter(file: BreachFile, step: BreachStep, *, at: datetime) -> Document:
    """The letter of one step, to the company, in the name of the buyer."""
    breach = file.breach
    clause = breach.obligation.clause
    with translation.override("fr"):
        return Document(
            title=TITLES[step.get_act()],
            blocks=tuple(_blocks(file, step)),
            written_at=at,
            subtitle=typeset(clause.lot.object),
            header=clause.buyer.name,
            footer=f"Manquement {breach.number} · Clause {clause.reference}",
            author=clause.buyer.name,
        )


def _blocks(file: BreachFile, step: BreachStep) -> Iterator[Block]:
    yield from _heading(file, step)
    yield from BODIES[step.get_act()](file, step)
    if step.act in (BreachAct.NOTICE, BreachAct.PENALTY_DECIDED, BreachAct.WAIVED):
        yield Note("Signature de l’autorité compétente, nom et qualité :")
    if step.act in (BreachAct.OBSERVED, BreachAct.REMINDER, BreachAct.NOTICE, BreachAct.PENALTY_DECIDED):
        yield from _figures(file, step)
    if step.act in (BreachAct.PENALTY_DECIDED, BreachAct.WAIVED):
        yield from _causes(file)
    if step.act == BreachAct.PENALTY_DECIDED:
        yield from _working(step)


def _heading(file: BreachFile, step: BreachStep) -> Iterator[Block]:
    breach, clause = file.breach, file.breach.obligation.clause
    contract = clause.contract
    rows = [
        ("Destinataire", breach.debtor.organisation.name),
        ("Marché", contract.source_id if contract else "–"),
        ("Clause", f"{clause.reference} ({clause.article})"),
        ("Date", words.day(step.on)),
    ]
    if step.reference:
        rows.append(("Référence de l’envoi ou du décompte", step.reference))
    yield Table(("Objet", "Valeur"), tuple((label, typeset(value)) for label, value in rows))


def _text(step: BreachStep | None) -> Iterator[Block]:
    if step is not None:
        yield from (Paragraph(typeset(line)) for line in step.text.splitlines() if line.strip())


def _observed(file: BreachFile, step: BreachStep) -> Iterator[Block]:
    yield Paragraph(
        "Le suivi de la clause d’insertion fait apparaître l’écart suivant entre les engagements du marché "
        "et ce qui est réalisé et validé à ce jour."
    )
    yield from _text(step)
    yield Paragraph("Ce constat n’emporte aucune sanction. Vous pouvez y répondre depuis votre espace.")


def _reminder(file: BreachFile, step: BreachStep) -> Iterator[Block]:
    yield Paragraph(
        "Nous vous rappelons les engagements d’insertion pris au titre de ce marché et vous demandons de "
        "rattraper l’écart constaté."
    )
    yield from _text(step)
    if file.plan:
        yield Heading("Plan de rattrapage demandé")
        rows = [(words.month(row.month), words.number(row.asked, 2)) for row in file.plan]
        rows.append(("Total", words.number(sum(row.asked for row in file.plan), 2)))
        yield Table(("Mois", "Heures demandées"), tuple(rows), numeric=frozenset({1}))
    if step.due_on:
        yield Paragraph(
            typeset(
                f"Votre réponse est attendue avant le {words.day(step.due_on)} : acceptation du plan, autre "
                "proposition, ou causes extérieures à votre entreprise, avec leurs pièces."
            )
        )


def _meeting(file: BreachFile, step: BreachStep) -> Iterator[Block]:
    yield Paragraph("La réunion a porté sur l’écart constaté, ses causes et les moyens de le rattraper.")
    yield from _text(step)


def _notice(file: BreachFile, step: BreachStep) -> Iterator[Block]:
    reminder, meeting = file.step(BreachAct.REMINDER), file.step(BreachAct.MEETING)
    if reminder and meeting:
        yield Paragraph(
            typeset(
                f"Malgré le rappel du {words.day(reminder.on)} et la réunion du {words.day(meeting.on)}, "
                "les engagements d’insertion du marché ne sont pas tenus."
            )
        )
    yield from _text(file.step(BreachAct.NOTICE_PROPOSED))
    yield from _text(step)
    yield Paragraph(
        typeset(
            f"Vous êtes mis en demeure d’y remédier avant le {words.day(step.due_on)} inclus. Dans ce délai, "
            "vous pouvez présenter vos observations par écrit et faire valoir les causes non imputables, "
            "avec leurs pièces."
        )
    )
    yield Paragraph(
        "À défaut, l’acheteur pourra décider des pénalités prévues au marché, par une décision motivée, "
        "après avoir examiné vos observations. Aucune pénalité n’est automatique."
    )


def _regularised(file: BreachFile, step: BreachStep) -> Iterator[Block]:
    yield Paragraph("L’écart constaté est régularisé. Le suivi de ce manquement prend fin.")
    yield from _text(step)


def _decided(file: BreachFile, step: BreachStep) -> Iterator[Block]:
    notice = file.step(BreachAct.NOTICE)
    if notice:
        yield Paragraph(
            typeset(
                f"La mise en demeure du {words.day(notice.on)} fixait un délai au "
                f"{words.day(notice.due_on)}. {_heard(file)}"
            )
        )
    yield from _text(step)
    yield Paragraph(
        typeset(
            f"Une pénalité de {words.euros(step.amount)} est décidée. Elle sera retenue sur un acompte ou "
            "recouvrée par un titre de recettes, avant que le décompte ne devienne définitif. Le calcul est "
            "annexé."
        )
    )
    yield Paragraph(
        "Vous pouvez contester cette décision dans les conditions prévues par les documents du marché."
    )


def _heard(file: BreachFile) -> str:
    reply = file.step(BreachAct.REPLY)
    if reply:
        return f"Vos observations du {words.day(reply.on)} ont été examinées."
    return "Aucune observation n’a été reçue dans ce délai."


def _waived(file: BreachFile, step: BreachStep) -> Iterator[Block]:
    yield Paragraph("L’acheteur décide de ne pas appliquer de pénalité, pour les motifs suivants.")
    yield from _text(step)


def _accounted(file: BreachFile, step: BreachStep) -> Iterator[Block]:
    yield Paragraph(
        typeset(
            f"La pénalité de {words.euros(step.amount)} est imputée : {step.reference}. "
            "Le suivi de ce manquement prend fin."
        )
    )
    yield from _text(step)


BODIES: dict[BreachAct, Callable[[BreachFile, BreachStep], Iterator[Block]]] = {
    BreachAct.OBSERVED: _observed,
    BreachAct.REMINDER: _reminder,
    BreachAct.MEETING: _meeting,
    BreachAct.NOTICE: _notice,
    BreachAct.REGULARISED: _regularised,
    BreachAct.PENALTY_DECIDED: _decided,
    BreachAct.WAIVED: _waived,
    BreachAct.ACCOUNTED: _accounted,
}


def _figures(file: BreachFile, step: BreachStep) -> Iterator[Block]:
    breach = file.breach
    rows = [
        ("Heures dues par l’entreprise", words.hours(breach.debtor.owed)),
        (f"Heures attendues au {words.day(breach.observed_on)}", words.hours(breach.expected)),
        (f"Heures validées au {words.day(breach.observed_on)}", words.hours(breach.validated)),
        (f"Heures manquantes au {words.day(breach.observed_on)}", words.hours(breach.missing)),
    ]
    if step.missing is not None and step.on != breach.observed_on and breach.kind == BreachKind.HOURS:
        rows.append((f"Heures manquantes au {words.day(step.on)}", words.hours(step.missing)))
    yield Heading("Annexe : les chiffres")
    yield Table(("Objet", "Valeur"), tuple(rows), numeric=frozenset({1}))


def _causes(file: BreachFile) -> Iterator[Block]:
    if not file.causes:
        return
    yield Heading("Annexe : causes non imputables examinées")
    yield Table(
        ("Cause", "Période", "Heures", "Pièce", "Avis du facilitateur"),
        tuple(
            (
                str(cause.get_kind_display()),
                f"du {words.day(cause.starts_on)} au {words.day(cause.ends_on)}",
                words.hours(cause.hours),
                typeset(cause.evidence),
                "Retenue" if cause.state == AnswerState.ACCEPTED else "Écartée",
            )
            for cause in file.causes
            if cause.state != AnswerState.WAITING
        ),
        numeric=frozenset({2}),
    )


def _working(step: BreachStep) -> Iterator[Block]:
    yield Heading("Annexe : calcul de la pénalité")
    steps = [WorkingStep.from_dict(kept) for kept in step.working.get("steps", ())]
    rows = tuple((words.say(one.label), _value(one)) for one in steps)
    yield Table(("Étape du calcul", "Valeur"), rows, numeric=frozenset({1}))
    if step.working.get("source"):
        yield Note(typeset(f"Forfait et plafond : {step.working['source']}."))


def _value(step: WorkingStep) -> str:
    if step.unit == "€":
        return words.euros(step.value)
    return words.with_unit(step.value, step.unit) if step.unit else words.number(step.value)
