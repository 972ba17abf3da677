"""What comes beside the hours: two breaches, one formally noticed, and a contract counted on its invoices."""

from datetime import date, timedelta
from decimal import Decimal

from relais.core.months import Month
from relais.core.owing import Basis, Rule, RuleKind
from relais.demo.stage import Stage, moment
from relais.execution.actions.owing import NewCall, record_call, set_rule
from relais.execution.actions.sanctions import Doing, observe_breach, take_step
from relais.execution.enums import BreachAct, BreachKind, ObligationState
from relais.execution.models import Breach, Debtor, Obligation
from relais.execution.owing_enums import CallKind
from relais.execution.queries.equal_treatment import watched
from relais.organisations.enums import Role

OBSERVED, REMINDED, MET, PROPOSED, NOTICED = 45, 38, 25, 12, 9
"""Days before today of the steps of the first breach."""
TO_ANSWER, TO_COMPLY = timedelta(10), timedelta(20)
EUROS_PER_HOUR = Decimal(2000)
QUARTER = timedelta(91)


def play_beyond(stage: Stage, today: date) -> int:
    """Follow up to two breaches of the coordinator, count one of its contracts on invoices; how many."""
    officer = stage.actor(stage.coordinator, Role.OFFICER, today)
    rows = [row for row in watched(officer, today, stage.coordinator.pk) if row.days > OBSERVED + 1]
    debtors = [row.debtor for row in rows[:2]]
    for rank, debtor in enumerate(debtors):
        breach = observe(stage, debtor, today - timedelta(OBSERVED - 20 * rank))
        if not rank:
            warn(stage, breach, today)
    return len(debtors) + count_on_invoices(stage, today, leave=[debtor.obligation_id for debtor in debtors])


def observe(stage: Stage, debtor: Debtor, day: date) -> Breach:
    return observe_breach(
        debtor,
        BreachKind.HOURS,
        text="Les heures validées sont loin du rythme prévu au dossier de lancement.",
        on=day,
        actor=stage.actor(stage.coordinator, Role.OFFICER, day),
        at=moment(day),
    )


def warn(stage: Stage, breach: Breach, today: date) -> None:
    """Recall, meet, propose a formal notice, send it: each act by the office that may."""

    def step(act: BreachAct, days: int, text: str, role: Role, **more: object) -> None:
        day = today - timedelta(days)
        known = {name: day + value if isinstance(value, timedelta) else value for name, value in more.items()}
        doing = Doing(act, day, text, **known)  # type: ignore[arg-type]
        take_step(breach, doing, actor=stage.actor(stage.coordinator, role, day), at=moment(day))

    plan = {Month.of(today).next(): breach.missing}
    recalled = "Merci d'indiquer sous dix jours comment les heures seront rattrapées."
    step(BreachAct.REMINDER, REMINDED, recalled, Role.OFFICER, due_on=TO_ANSWER, plan=plan)
    met = "Deux recrutements promis pour le mois suivant ; aucun n'a été fait."
    step(BreachAct.MEETING, MET, met, Role.OFFICER)
    unmet = "Le plan de rattrapage n'est pas tenu."
    step(BreachAct.NOTICE_PROPOSED, PROPOSED, unmet, Role.PURCHASER)
    sent = {"due_on": TO_COMPLY, "reference": "LRAR 2C 000 000 0000 0"}
    step(BreachAct.NOTICE, NOTICED, "Mise en demeure d'exécuter l'engagement.", Role.MANAGER, **sent)


def count_on_invoices(stage: Stage, today: date, *, leave: list[int]) -> int:
    """Make the longest running contract owe an hour per 2,000 € invoiced, with an invoice a quarter."""
    running = Obligation.objects.filter(
        buyer=stage.coordinator,
        state=ObligationState.ACTIVE,
        starts_on__lt=today - QUARTER,
        ends_on__gt=today,
    )
    longest = running.exclude(pk__in=leave).order_by("starts_on", "pk").first()
    if longest is None:
        return 0
    obligation, start = longest, longest.starts_on
    rule = Rule(RuleKind.PER_AMOUNT, Basis.INVOICE, start, euros_per_hour=EUROS_PER_HOUR)
    set_rule(
        fresh(obligation),
        rule,
        document="CCAP, article 8",
        replaces_initial=True,
        actor=stage.actor(stage.coordinator, Role.OFFICER, start),
        at=moment(start),
    )
    quarters = (obligation.ends_on - start) // QUARTER or 1
    amount = (obligation.owed * EUROS_PER_HOUR / quarters).quantize(Decimal(1))
    for number in range(1, (today - start) // QUARTER + 1):
        day = start + number * QUARTER
        record_call(
            fresh(obligation),
            NewCall(CallKind.INVOICE, f"F-{obligation.pk}-{number:02d}", day, amount),
            actor=stage.actor(stage.coordinator, Role.OFFICER, day),
            at=moment(day),
        )
    return 1


def fresh(obligation: Obligation) -> Obligation:
    return Obligation.objects.with_file().get(pk=obligation.pk)
