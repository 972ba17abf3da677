"""Links to declare: found by the hash of their token, listed for who sends them."""

from collections.abc import Sequence
from datetime import date

from django.db.models import QuerySet

from relais.clauses.models import Party
from relais.core.months import Month, months_between
from relais.execution.enums import StatementState
from relais.execution.models import ClosedMonth, DeclarationLink, JobContract, Obligation, Statement
from relais.kit.actor import Actor
from relais.organisations.models import Organisation, in_force
from relais.organisations.queries import token_hash

MONTHS_BACK = 12


def links_for(token: str) -> QuerySet[DeclarationLink]:
    """The link that a token opens."""
    return DeclarationLink.objects.select_related(
        "declarant",
        "sent_by_body",
        "obligation__clause",
        "obligation__buyer",
        "obligation__scheme",
        "statement",
    ).filter(token_hash=token_hash(token))


def links_of(obligation: Obligation, actor: Actor) -> QuerySet[DeclarationLink]:
    links = DeclarationLink.objects.visible_to(actor).filter(obligation=obligation)
    return links.select_related("declarant", "sent_by_body", "statement")


def parties_of(obligation: Obligation, on: date) -> list[Party]:
    """Who takes part in the clause that day."""
    parties = Party.objects.filter(in_force(on), clause_id=obligation.clause_id)
    return list(parties.select_related("organisation").order_by("organisation__name", "pk"))


def bodies_with_jobs(obligation: Obligation, actor: Actor) -> QuerySet[Organisation]:
    """Bodies, other than one's own, for which a job is recorded under this obligation."""
    jobs = JobContract.objects.filter(obligation=obligation).exclude(declared_by_id=actor.organisation_id)
    return Organisation.objects.filter(pk__in=jobs.values("declared_by_id")).order_by("name", "pk")


def months_closed(obligation: Obligation, months: Sequence[Month]) -> set[Month]:
    rows = ClosedMonth.objects.filter(obligation=obligation, month__in=[month.first_day for month in months])
    return {Month.of(day) for day in rows.values_list("month", flat=True)}


def months_sent(obligation: Obligation, declarant_id: int, months: Sequence[Month]) -> set[Month]:
    rows = Statement.objects.filter(
        obligation=obligation,
        declarant_id=declarant_id,
        state=StatementState.SUBMITTED,
        month__in=[month.first_day for month in months],
    )
    return {Month.of(day) for day in rows.values_list("month", flat=True)}


def months_to_ask(obligation: Obligation, on: date) -> list[Month]:
    """The months a link may begin with: those of the contract, a year back and one to come, newest first."""
    last = min(Month.of(obligation.ends_on), Month.of(on).next())
    first = max(Month.of(obligation.starts_on), last.shifted(-MONTHS_BACK))
    return months_between(first, last)[::-1] or [Month.of(obligation.starts_on)]
