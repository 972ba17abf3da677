"""The year of one framework contract, played by the real acts: `docs/framework-contract.md` tells it."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils.translation import override

from relais.core.months import Month
from relais.execution.actions.ledger import close_obligation, transfer_between_debtors
from relais.execution.actions.owing import true_up
from relais.execution.enums import LineState, ObligationState
from relais.execution.models import Debtor
from relais.execution.queries.ledger import book_of, statement_of_account
from tests.clauses.factories import an_awarded, noon
from tests.execution.doings import a_job, decide, declare
from tests.execution.owing import a_rule, correct, fresh, invoice

pytestmark = pytest.mark.django_db
PAGE = Path(__file__).resolve().parents[2] / "docs" / "framework-contract.md"
SHARES = {
    "corinne": Decimal("0.4"),
    "cyril": Decimal("0.2"),
    "sonia": Decimal("0.2"),
    "simon": Decimal("0.2"),
}
LAST_DAY = date(2026, 12, 20)
WORKED = (
    (date(2026, 2, 28), "40"),
    (date(2026, 3, 31), "30"),
    (date(2026, 9, 30), "40"),
    (date(2026, 10, 31), "35"),
)


class Contract:
    """Four partners; Corinne's company leads and hires for all."""

    def __init__(self, cast):
        self.cast = cast
        self.obligation = an_awarded(cast, shares=SHARES).obligation
        a_rule(cast, self.obligation, on=date(2025, 6, 10), document="CCAP, article 8.2")
        self.lead = self.debtor("corinne")
        self.job = a_job(self.lead, cast["fanny"].organisation, starts_on=date(2026, 2, 2))

    def debtor(self, name) -> Debtor:
        debtors = Debtor.objects.select_related("organisation", "obligation")
        return debtors.get(obligation=self.obligation, organisation=self.cast[name].organisation)

    def settle(self, year, on):
        true_up(fresh(self.obligation), year, actor=self.cast["clara"].actor(on), at=noon(on))

    def hand_over(self, on):
        """What each partner owes goes to the one that hires, by a transfer that keeps the whole."""
        for name in ("cyril", "sonia", "simon"):
            giver = self.debtor(name)
            giver.obligation = fresh(self.obligation)
            transfer_between_debtors(
                giver,
                self.debtor("corinne"),
                hours=giver.owed,
                effective_on=on,
                reason="Une entreprise recrute pour tous",
                document="Convention entre cotraitants",
                actor=self.cast["clara"].actor(on),
                at=noon(on),
            )

    def work(self, on, hours):
        corinne, fanny = self.cast["corinne"].actor(on), self.cast["fanny"].actor(on)
        line = declare(self.job, Month.of(on), Decimal(hours), actor=corinne, at=noon(on))
        decide(line, LineState.VALIDATED, actor=fanny, at=noon(on))


def the_year(cast) -> Contract:
    contract = Contract(cast)
    owed = contract.obligation
    invoice(cast, owed, "F-2025-01", "84000", on=date(2025, 9, 30))
    invoice(cast, owed, "F-2025-02", "61500", on=date(2025, 12, 15))
    contract.settle(2025, date(2026, 1, 12))
    contract.hand_over(date(2026, 1, 20))
    for on, hours in WORKED[:2]:
        contract.work(on, hours)
    invoice(cast, owed, "F-2026-01", "98000", on=date(2026, 4, 2))
    invoice(cast, owed, "F-2026-02", "-7300", on=date(2026, 5, 4))
    last = invoice(cast, owed, "F-2026-03", "45001", on=date(2026, 6, 30))
    correct(cast, last, "54001", at=date(2026, 7, 6))
    for on, hours in WORKED[2:]:
        contract.work(on, hours)
    contract.settle(2026, LAST_DAY)
    contract.hand_over(LAST_DAY)
    return contract


def rows_of(contract) -> list[str]:
    """The account as the page of the documentation writes it."""
    account = statement_of_account(book_of(fresh(contract.obligation)), as_of=LAST_DAY)
    with override("en"):
        return [_row(line) for line in account]


def _row(line) -> str:
    return (
        f"| {line.number or ''} | {line.on} | {line.kind or 'validated hours'} | {line.wording} | "
        f"{'' if line.owed is None else f'{line.owed:+}'} | {line.validated or ''} | {line.balance} |"
    )


def test_the_page_tells_what_the_acts_give(cast):
    contract = the_year(cast)
    lines = PAGE.read_text("utf-8").splitlines()
    assert [line for line in lines if re.match(r"\|[ 0-9]*\| 20\d\d-", line)] == rows_of(contract)
    done = fresh(contract.obligation)
    assert (done.owed, done.validated) == (Decimal(145), Decimal(145))
    assert contract.debtor("corinne").owed == done.owed
    close_obligation(
        done, outcome=ObligationState.FULFILLED, actor=cast["clara"].actor(LAST_DAY), at=noon(LAST_DAY)
    )
