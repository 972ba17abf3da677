"""Random histories of a ledger: stored, replayed and recounted totals agree to the hundredth."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from relais.core.ledger import Balance
from relais.core.months import Month
from relais.execution.actions.ledger import Wanted, record_entry, transfer_between_debtors
from relais.execution.actions.moves import ALLOWED
from relais.execution.enums import EntryKind, LineState
from relais.execution.models import Debtor, Entry, Obligation
from relais.execution.queries.ledger import balance_as_of, book_of, statement_of_account
from relais.kit.access import Refused
from relais.kit.fields import total
from tests.clauses.factories import LAUNCHED, an_awarded, noon
from tests.execution.doings import a_job, decide, declare

pytestmark = pytest.mark.django_db
START = LAUNCHED + timedelta(120)
HOURS = st.decimals("0.01", 400, places=2)

ENTRY = st.tuples(
    st.just("entry"),
    st.sampled_from([EntryKind.AMENDMENT, EntryKind.ORDER, EntryKind.INVOICE]),
    HOURS,
    st.booleans(),
)
TRANSFER = st.tuples(st.just("transfer"), HOURS, st.booleans())
DECLARE = st.tuples(st.just("declare"), HOURS, st.integers(0, 1))
DECIDE = st.tuples(
    st.just("decide"),
    st.integers(0, 20),
    st.sampled_from([LineState.QUERIED, LineState.VALIDATED, LineState.REJECTED, LineState.LOCKED]),
)
HISTORIES = st.lists(st.one_of(ENTRY, TRANSFER, DECLARE, DECIDE), max_size=14)
SHARES = st.sampled_from(
    [
        {"corinne": Decimal(1)},
        {"corinne": Decimal("0.6667"), "cyril": Decimal("0.3333")},
        {"corinne": Decimal("0.333334"), "cyril": Decimal("0.333333"), "sonia": Decimal("0.333333")},
    ]
)


class Story:
    """Plays a history on one obligation, one act a day; an act that is refused does nothing."""

    def __init__(self, cast, shares):
        self.actor = cast["carole"].actor(START)
        self.obligation = an_awarded(cast, shares=shares).obligation
        self.debtors = list(self.obligation.debtors.select_related("organisation", "obligation"))
        self.jobs = [a_job(debtor, cast["fanny"].organisation) for debtor in self.debtors]
        self.lines = []

    def play(self, history):
        for step, (act, *values) in enumerate(history, 1):
            day = START + timedelta(step)
            try:
                with transaction.atomic():
                    getattr(self, act)(day, *values)
            except Refused:
                pass
        return START + timedelta(len(history))

    def entry(self, day, kind, hours, less):
        hours = -hours if less else hours
        obligation = Obligation.objects.with_file().get(pk=self.obligation.pk)
        wanted = Wanted(kind=kind, hours=hours, effective_on=day - timedelta(3))
        record_entry(obligation, wanted, actor=self.actor, at=noon(day))

    def transfer(self, day, hours, backwards):
        giver, taker = (Debtor.objects.get(pk=debtor.pk) for debtor in (self.debtors[0], self.debtors[-1]))
        if backwards:
            giver, taker = taker, giver
        transfer_between_debtors(
            giver,
            taker,
            hours=hours,
            effective_on=day,
            reason="Répartition revue",
            actor=self.actor,
            at=noon(day),
        )

    def declare(self, day, hours, place):
        job = self.jobs[place % len(self.jobs)]
        self.lines.append(declare(job, Month.of(day), hours, actor=self.actor, at=noon(day)))

    def decide(self, day, place, state):
        if self.lines:
            line = self.lines[place % len(self.lines)]
            if state in ALLOWED.get(line.state, frozenset()):
                decide(line, state, actor=self.actor, at=noon(day))


def stored(row) -> Balance:
    return Balance(row.owed, row.declared, row.queried, row.validated, row.rejected)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(shares=SHARES, history=HISTORIES)
def test_stored_replayed_and_recounted_totals_agree(cast, shares, history):
    with transaction.atomic():
        story = Story(cast, shares)
        story.play(history)
        obligation = Obligation.objects.with_file().get(pk=story.obligation.pk)
        book = book_of(obligation)
        assert stored(obligation) == book.balance()
        debtors = list(obligation.debtors.all())
        for debtor in debtors:
            assert (
                stored(debtor) == book.balance(debtor=debtor) == book_of(obligation, debtor=debtor).balance()
            )
            assert debtor.owed >= 0
        assert sum((stored(debtor) for debtor in debtors), Balance()) == stored(obligation)
        assert (
            Entry.objects.filter(obligation=obligation).aggregate(sum=total("hours"))["sum"]
            == obligation.owed
        )
        transaction.set_rollback(True)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(shares=SHARES, history=HISTORIES, asked=st.integers(0, 14))
def test_what_happens_later_never_changes_a_past_balance(cast, shares, history, asked):
    with transaction.atomic():
        story = Story(cast, shares)
        before = history[:asked]
        day = story.play(before)
        known = balance_as_of(story.obligation, day)
        for step, (act, *values) in enumerate(history[asked:], 1):
            try:
                with transaction.atomic():
                    getattr(story, act)(day + timedelta(step), *values)
            except Refused:
                pass
        assert balance_as_of(story.obligation, day) == known
        account = statement_of_account(book_of(story.obligation), as_of=day)
        assert account[-1].balance == known.owed - known.validated
        transaction.set_rollback(True)
