"""What deserves a look in breaches: a formal notice that ran out, a final account without a decision."""

from collections.abc import Iterable
from datetime import date, timedelta

from relais.core.words import Words, gettext_noop
from relais.execution.enums import BreachStage
from relais.execution.models import Breach
from relais.organisations.alerting import Code, Level, Limits, Seen
from relais.organisations.enums import PolicyKey
from relais.organisations.models import Scheme

WARNED = (BreachStage.NOTICE, BreachStage.HEARD)
PAGE = "breach-detail"


def breaches(scheme: Scheme, on: date, limits: Limits) -> Iterable[Seen]:
    """AL12 and AL13, in one query; the end of performance stands for a final account without a day."""
    days = timedelta(int(limits[PolicyKey.ACCOUNT_DAYS].value))
    rows = (
        Breach.objects.undecided()
        .filter(obligation__scheme=scheme)
        .select_related("debtor__organisation", "obligation__clause")
        .order_by("pk")
    )
    for breach in rows:
        if breach.stage in WARNED and breach.due_on and breach.due_on < on:
            yield _notice_over(breach, breach.due_on)
        final = breach.obligation.final_account_on or breach.obligation.ends_on
        if final - days <= on:
            yield _undecided(breach, final)


def _notice_over(breach: Breach, due_on: date) -> Seen:
    return _seen(
        breach,
        Code.AL12,
        Words(
            gettext_noop("The formal notice of %(company)s ran out on %(day)s"),
            {"company": breach.debtor.organisation.name, "day": due_on},
        ),
        Words(gettext_noop("Judge the answer: made good, penalty proposed, or given up with reasons")),
        due_on,
    )


def _undecided(breach: Breach, final: date) -> Seen:
    return _seen(
        breach,
        Code.AL13,
        Words(
            gettext_noop("A breach of %(company)s is undecided and the final account is on %(day)s"),
            {"company": breach.debtor.organisation.name, "day": final},
        ),
        Words(gettext_noop("Decide or give up the penalty before the final account")),
        final,
    )


def _seen(breach: Breach, code: Code, words: Words, act: Words, due_on: date) -> Seen:
    obligation = breach.obligation
    return Seen(
        code,
        Level.CRITICAL,
        str(breach.pk),
        words,
        act,
        owner_id=obligation.buyer_id,
        page=PAGE,
        place={"pk": breach.pk},
        working=(
            (Words(gettext_noop("Hours expected when the breach was observed")), breach.expected),
            (Words(gettext_noop("Hours missing then")), breach.missing),
        ),
        due_on=due_on,
        buyer_id=obligation.buyer_id,
        obligation_id=obligation.pk,
        lot_id=obligation.clause.lot_id,
    )
