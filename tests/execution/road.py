"""The road of a breach, walked by the real acts: one contract, the same days before `today`, the same people.

Fanny follows and warns, Paula proposes, Carole decides, Corinne answers for the company.
"""

from datetime import date, timedelta
from decimal import Decimal

from relais.core.months import Month
from relais.execution.actions.sanctions import Doing, observe_breach, take_step
from relais.execution.enums import BreachAct, BreachKind
from relais.execution.models import Breach, Obligation
from tests.cast import Cast
from tests.clauses.factories import an_awarded, noon

HALFWAY = (400, 100)
"""Days of performance behind, and left."""
DAYS = {
    BreachAct.OBSERVED: 60,
    BreachAct.REMINDER: 50,
    BreachAct.MEETING: 40,
    BreachAct.NOTICE_PROPOSED: 35,
    BreachAct.NOTICE: 34,
    BreachAct.REPLY: 20,
    BreachAct.NO_REPLY: 12,
    BreachAct.PENALTY_PROPOSED: 10,
    BreachAct.WAIVER_PROPOSED: 10,
    BreachAct.PENALTY_DECIDED: 5,
    BreachAct.WAIVED: 5,
    BreachAct.RETURNED: 8,
    BreachAct.ADVICE: 11,
    BreachAct.REGULARISED: 3,
    BreachAct.ACCOUNTED: 1,
}
WHO = {
    BreachAct.REPLY: "corinne",
    BreachAct.NOTICE_PROPOSED: "paula",
    BreachAct.PENALTY_PROPOSED: "paula",
    BreachAct.WAIVER_PROPOSED: "paula",
    BreachAct.ACCOUNTED: "paula",
    BreachAct.NO_REPLY: "clara",
    BreachAct.NOTICE: "carole",
    BreachAct.PENALTY_DECIDED: "carole",
    BreachAct.WAIVED: "carole",
    BreachAct.RETURNED: "carole",
}
WARNED = (BreachAct.REMINDER, BreachAct.MEETING, BreachAct.NOTICE_PROPOSED, BreachAct.NOTICE)
HEARD = (*WARNED, BreachAct.REPLY)


def running(cast: Cast, today: date, **fields) -> Obligation:
    """A contract of 373 h, four fifths behind it and not one hour done."""
    behind, left = HALFWAY
    starts_on = today - timedelta(behind)
    award = {
        "notified_on": starts_on - timedelta(14),
        "starts_on": starts_on,
        "ends_on": today + timedelta(left),
    }
    launched = {"launched_on": starts_on - timedelta(90)}
    clause = an_awarded(cast, on=starts_on - timedelta(14), award=award, **launched, **fields)
    return Obligation.objects.with_file().get(clause=clause)


def observed(
    cast: Cast, obligation: Obligation, today: date, *, text: str = "Aucune heure déclarée"
) -> Breach:
    day = today - timedelta(DAYS[BreachAct.OBSERVED])
    debtor = obligation.debtors.select_related("organisation").order_by("pk").first()
    debtor.obligation = obligation
    return observe_breach(
        debtor, BreachKind.HOURS, text=text, on=day, actor=cast["fanny"].actor(day), at=noon(day)
    )


def doing(breach: Breach, act: BreachAct, today: date, **fields) -> Doing:
    """A valid step of that act, on its day."""
    day = today - timedelta(DAYS[act])
    known: dict = {"text": f"Texte : {act.label}", "reference": "Réf. 12"}
    if act == BreachAct.REMINDER:
        known |= {"due_on": day + timedelta(10), "plan": {Month.of(day).next(): breach.missing}}
    if act == BreachAct.NOTICE:
        known |= {"due_on": day + timedelta(20)}
    if act == BreachAct.PENALTY_PROPOSED:
        known |= {"hours": Decimal(100)}
    return Doing(act, **{"on": day, **known, **fields})


def take(cast: Cast, breach: Breach, act: BreachAct, today: date, *, by: str = "", **fields):
    step = doing(breach, act, today, **fields)
    actor = cast[by or WHO.get(act, "fanny")].actor(step.on)
    return take_step(breach, step, actor=actor, at=noon(step.on))


def breach_after(cast: Cast, obligation: Obligation, today: date, *acts: BreachAct, **texts) -> Breach:
    """A breach that went through these steps after its observation."""
    breach = observed(cast, obligation, today, **texts)
    for act in acts:
        take(cast, breach, act, today)
    return breach
