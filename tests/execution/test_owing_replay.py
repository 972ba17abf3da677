"""Random histories of invoices, amendments, tranches, transfers: the past is replayed, not rewritten."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from relais.core.owing import Basis, Item, target
from relais.execution.actions.amendments import NewAmendment, accept_amendment, propose_amendment
from relais.execution.actions.ledger import Wanted, record_entry, transfer_between_debtors
from relais.execution.actions.options import NewOption, plan_option, take_option
from relais.execution.actions.owing import NewCall, cancel_call, correct_call, record_call, true_up
from relais.execution.enums import EntryKind
from relais.execution.models import Call, Debtor, OwingRule
from relais.execution.owing_enums import CallKind, OptionKind
from relais.execution.queries.ledger import balance_as_of, book_of
from relais.execution.queries.owing import hours_under_rules, standing_of
from relais.kit.access import Refused
from tests.clauses.factories import noon
from tests.execution.owing import START, a_framework, fresh

pytestmark = pytest.mark.django_db
CENTS = st.decimals(1, 90_000, places=2)
HOURS = st.decimals(1, 90, places=2)
HISTORIES = st.lists(
    st.one_of(
        st.tuples(st.just("invoice"), CENTS, st.integers(0, 300)),
        st.tuples(st.just("correct"), st.integers(0, 9), CENTS),
        st.tuples(st.just("cancel"), st.integers(0, 9)),
        st.tuples(st.just("amend"), HOURS, st.booleans()),
        st.tuples(st.just("tranche"), HOURS),
        st.tuples(st.just("transfer"), HOURS, st.booleans()),
        st.tuples(st.just("mend"), HOURS),
        st.tuples(st.just("settle")),
    ),
    min_size=3,
    max_size=12,
)
SHARES = st.sampled_from(
    [{"corinne": Decimal(1)}, {"corinne": Decimal("0.6667"), "cyril": Decimal("0.3333")}]
)
FIRST = START + timedelta(310)
"""The acts come one a month after a first stretch of invoices, so that years end on the way."""


class Year:
    """Plays a history by the real acts, one a month; an act that is refused does nothing."""

    def __init__(self, cast, shares):
        self.cast, self.on = cast, FIRST
        self.obligation = a_framework(cast, shares=shares)
        self.shown = {}

    def play(self, history):
        for rank, (act, *values) in enumerate(history):
            self.on = FIRST + timedelta(30 * rank)
            try:
                with transaction.atomic():
                    getattr(self, act)(rank, *values)
            except Refused:
                pass
            self.shown[self.on] = balance_as_of(self.obligation, self.on)

    def terms(self, name="clara"):
        return {"actor": self.cast[name].actor(self.on), "at": noon(self.on)}

    def invoice(self, rank, amount, age):
        wanted = NewCall(CallKind.INVOICE, f"F-{rank}", self.on - timedelta(age), amount)
        record_call(fresh(self.obligation), wanted, **self.terms())

    def call(self, place):
        calls = list(Call.objects.live().filter(obligation=self.obligation).order_by("pk"))
        if calls:
            found = calls[place % len(calls)]
            found.obligation = fresh(self.obligation)
            return found
        return None

    def correct(self, _rank, place, amount):
        if found := self.call(place):
            right = {"on": found.on, "amount": amount, "label": "", "reason": "Erreur"}
            correct_call(found, **right, **self.terms())

    def cancel(self, _rank, place):
        if found := self.call(place):
            cancel_call(found, reason="Doublon", **self.terms())

    def amend(self, rank, hours, less):
        wanted = NewAmendment(f"Avenant {rank}", "Travaux", self.on, -hours if less else hours)
        proposal = propose_amendment(fresh(self.obligation), wanted, **self.terms("corinne"))
        proposal.obligation = fresh(self.obligation)
        accept_amendment(proposal, **self.terms())

    def tranche(self, rank, hours):
        wanted = NewOption(OptionKind.TRANCHE, f"TO{rank}", hours)
        option = plan_option(fresh(self.obligation), wanted, **self.terms())
        take_option(option, decided_on=self.on, document="OS", **self.terms())

    def transfer(self, _rank, hours, backwards):
        ends = list(Debtor.objects.filter(obligation=self.obligation).order_by("pk"))
        giver, taker = (ends[-1], ends[0]) if backwards else (ends[0], ends[-1])
        move = {"hours": hours, "effective_on": self.on, "reason": "Répartition"}
        transfer_between_debtors(giver, taker, **move, **self.terms())

    def mend(self, _rank, hours):
        """An entry written by hand to correct an invoice: the next true-up takes it back."""
        if found := self.call(0):
            wanted = Wanted(
                EntryKind.CORRECTION, hours, self.on, reason="Main", corrected_number=found.entry_number
            )
            record_entry(fresh(self.obligation), wanted, **self.terms())

    def settle(self, _rank):
        true_up(fresh(self.obligation), self.on.year - 1, **self.terms())
        assert hours_under_rules(self.obligation) == standing_of(self.obligation).count().target().hours


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(shares=SHARES, history=HISTORIES)
def test_every_past_day_is_replayed_as_it_was_shown_and_parts_make_the_whole(cast, shares, history):
    with transaction.atomic():
        year = Year(cast, shares)
        year.play(history)
        obligation = fresh(year.obligation)
        for day, shown in year.shown.items():
            assert balance_as_of(obligation, day) == shown
            parts = [balance_as_of(obligation, day, debtor).owed for debtor in obligation.debtors.all()]
            assert sum(parts) == shown.owed
        assert book_of(obligation).balance().owed == obligation.owed
        assert sum(debtor.owed for debtor in obligation.debtors.all()) == obligation.owed
        standing = standing_of(obligation)
        live = Call.objects.live().filter(obligation=obligation)
        items = [Item(call.on, Basis.INVOICE, call.amount) for call in live.order_by("-amount")]
        rules = [rule.as_rule() for rule in OwingRule.objects.filter(obligation=obligation)]
        assert target(rules, items, settled_on=standing.settled_on).hours == standing.count().target().hours
        by_hand = sum(
            entry.hours for entry in obligation.entries.filter(kind=EntryKind.CORRECTION, under_rule=False)
        )
        if not any(act == "settle" for act, *_ in history):
            assert hours_under_rules(obligation) - by_hand == standing.count().target().hours
        transaction.set_rollback(True)
