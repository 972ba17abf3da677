"""A framework contract that owes one hour per 2,000 € invoiced, for the tests of the rules of owing."""

from datetime import date, timedelta
from decimal import Decimal

from relais.core.owing import Basis, Rule, RuleKind
from relais.execution.actions.owing import NewCall, cancel_call, correct_call, record_call, set_rule
from relais.execution.models import Call, Obligation
from relais.execution.owing_enums import CallKind
from tests.clauses.factories import LAUNCHED, an_awarded, noon

START = LAUNCHED + timedelta(90)
DAY = LAUNCHED + timedelta(200)
PER_2000 = Rule(RuleKind.PER_AMOUNT, Basis.INVOICE, START, euros_per_hour=Decimal(2000))


def fresh(obligation: Obligation) -> Obligation:
    return Obligation.objects.with_file().get(pk=obligation.pk)


def a_rule(
    cast, obligation, rule=PER_2000, *, by="clara", on=DAY, replaces_initial=True, document="CCAP, 8.2"
):
    terms = {"document": document, "replaces_initial": replaces_initial}
    return set_rule(fresh(obligation), rule, **terms, actor=cast[by].actor(on), at=noon(on))


def a_framework(cast, *, shares=None, rule=PER_2000) -> Obligation:
    """Its award promised 373 h for the maximum: the rule takes their place."""
    obligation = an_awarded(cast, shares=shares).obligation
    a_rule(cast, obligation, rule)
    return fresh(obligation)


def invoice(cast, obligation, number, amount, *, on=DAY, at=None, by="clara", **fields) -> Call:
    wanted = NewCall(CallKind.INVOICE, number, on, Decimal(amount), **fields)
    day = at or on
    return record_call(fresh(obligation), wanted, actor=cast[by].actor(day), at=noon(day))


def correct(
    cast, call, amount, *, at=DAY, on: date | None = None, reason="Montant erroné", by="clara"
) -> Call:
    call = Call.objects.select_related("obligation").get(pk=call.pk)
    fields = {"on": on or call.on, "amount": Decimal(amount), "label": call.label, "reason": reason}
    return correct_call(call, **fields, actor=cast[by].actor(at), at=noon(at))


def cancel(cast, call, *, at=DAY, reason="Facture annulée", by="clara") -> None:
    call = Call.objects.select_related("obligation").get(pk=call.pk)
    cancel_call(call, reason=reason, actor=cast[by].actor(at), at=noon(at))
