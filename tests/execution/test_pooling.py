import json
from datetime import date
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from relais.core.pooling import PoolingRules
from relais.core.words import BadValue
from relais.execution.enums import ObligationState
from relais.execution.queries import pooling as queries
from tests.execution.crumbs import lay_crumb, lay_pair

pytestmark = pytest.mark.django_db
SENTENCE = {
    "most_hours": "600",
    "radius": "30",
    "least_months": "4",
    "least_month": "104",
    "full_month": "151,67",
    "most_parts": "5",
}


def crumbs_read(cast, name, most=600):
    scheme = cast.scheme
    return queries.crumbs_of(cast[name].actor(), scheme, most_hours=Decimal(most))


def url(person, name="pooling-plan", **kwargs):
    return reverse(name, kwargs={"organisation": person.organisation.slug, **kwargs})


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "on", "found"),
    [
        ("2026-01-01", "2026-12-31", "2026-11-26", ("2026-12-01", "2026-12-31")),
        ("2026-01-01", "2027-01-30", "2026-12-01", ("2026-12-01", "2026-12-31")),
        ("2027-01-15", "2027-03-31", "2026-11-26", ("2027-02-01", "2027-03-31")),
        ("2026-01-01", "2026-12-30", "2026-11-26", None),
    ],
)
def test_only_whole_months_to_come_are_pooled(starts_on, ends_on, on, found):
    days = [date.fromisoformat(day) for day in (starts_on, ends_on, on)]
    window = queries.whole_months(*days)
    assert (window and tuple(day.isoformat() for day in window)) == found


def test_a_crumb_is_what_nobody_did_nor_declared(cast):
    one, other = lay_pair(cast)
    one.validated, one.declared, one.queried = Decimal(100), Decimal("20.5"), Decimal(3)
    one.save()
    suspended = lay_crumb(cast, 3, 50)
    suspended.obligation.state = ObligationState.SUSPENDED
    suspended.obligation.save()
    done = lay_crumb(cast, 4, 50)
    done.validated = Decimal(60)
    done.save()
    large = lay_crumb(cast, 5, 601)
    unknown = lay_crumb(cast, 6, 70)
    unknown.obligation.clause.trade = ""
    unknown.obligation.clause.save()
    found = crumbs_read(cast, "fanny")
    assert {crumb.name: crumb.hours for crumb in found.found} == {
        "PETIT-01 · Bâtisseurs du Mad": Decimal("176.50"),
        "PETIT-02 · Peintures de l'Orne": Decimal("160.40"),
    }
    assert [str(left.reason) for left in found.aside] == [
        "Its trade is not known: give it on the clause or the lot."
    ]
    assert {crumb.hours for crumb in crumbs_read(cast, "clara", 601).found} >= {large.owed}
    assert other.organisation == cast["cyril"].organisation


@pytest.mark.parametrize("name", ["felix", "corinne", "benoit", "sam"])
def test_who_follows_nothing_pools_nothing(cast, name):
    lay_pair(cast)
    assert crumbs_read(cast, name).found == ()


def test_two_crumbs_make_a_job_and_the_measure_says_what_it_changes(cast):
    lay_pair(cast)
    lay_crumb(cast, 3, 12, months=1)
    found = queries.search(crumbs_read(cast, "fanny"), PoolingRules())
    (job,) = found.proposals
    assert job.total == Decimal("460.40")
    assert sum(share.percent for share in job.shares) == 100
    assert [sum(row.hours[rank] for row in job.rows) for rank in (0, 1)] == [Decimal(300), Decimal("160.40")]
    assert all(104 <= row.total <= Decimal("151.67") for row in job.rows)
    assert (found.before.contracts, found.after.contracts) == (3, 2)
    assert found.after.mean_months > found.before.mean_months
    assert [left.name for left in found.left] == ["PETIT-03 · Bâtisseurs du Mad"]


def test_too_many_crumbs_are_not_searched_at_once(cast):
    lay_pair(cast)
    crumbs = crumbs_read(cast, "fanny")
    many = queries.Crumbs(crumbs.found * 31, crumbs.debtors)
    with pytest.raises(BadValue, match="62 contracts are asked for, 60 at most"):
        queries.search(many, PoolingRules())
    assert crumbs.asked(queries.Asked(department="57")).found == ()


def test_the_page_tells_the_jobs_and_who_must_accept(cast, fanny, client_for):
    lay_pair(cast)
    browser = client_for(fanny)
    empty = browser.get(url(fanny)).content.decode()
    assert "PETIT-01" in empty
    page = browser.get(url(fanny), {**SENTENCE, "department": "54"}).content.decode()
    for word in (
        "Bâtisseurs du Mad",
        "Peintures de l&#x27;Orne",
        "Région des Trois-Vallées",
        "460,4",
        "65,16",
    ):
        assert word in page, word
    none = browser.get(url(fanny), {**SENTENCE, "least_months": "9"}).content.decode()
    assert "PETIT-02 · Peintures de l&#x27;Orne" in none


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"least_month": "160"}, "least_month"),
        ({"most_hours": "beaucoup"}, "most_hours"),
        ({"department": "99"}, "department"),
        ({"least_months": ""}, "least_months"),
    ],
)
def test_what_is_wrong_in_the_sentence_is_told_at_its_word(cast, fanny, client_for, change, field):
    lay_pair(cast)
    answer = client_for(fanny).get(url(fanny), SENTENCE | change)
    assert answer.status_code == 422
    assert answer.context["form"].errors[field]


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_of_pooling_stays_flat(cast, fanny, client_for, within_queries, count):
    for number in range(count):
        lay_pair(cast) if number == 0 else lay_crumb(cast, 10 + number, 90)
    browser = client_for(fanny)
    with within_queries(12):
        assert browser.get(url(fanny), SENTENCE).status_code == 200


def test_the_command_prints_the_jobs_and_what_they_change(cast, capsys):
    lay_pair(cast)
    lay_crumb(cast, 3, 12, months=1)
    call_command("propose-pooling", "--scheme", cast.scheme.slug, "--json")
    told = json.loads(capsys.readouterr().out)
    (job,) = told["jobs"]
    assert sum(Decimal(part["percent"]) for part in job["parts"]) == 100
    assert [sum(map(Decimal, part["months"].values())) for part in job["parts"]] == [
        Decimal(300),
        Decimal("160.40"),
    ]
    assert (told["before"]["contracts"], told["after"]["contracts"]) == (3, 2)
    assert told["proven"] in (True, False)
    call_command("propose-pooling", "--scheme", cast.scheme.slug)
    assert "PETIT-02 · Peintures de l'Orne" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (["--scheme", "inconnu"], "inconnu"),
        (["--scheme", "clauses-trois-vallees", "--least-month", "200"], "220"),
        (["--scheme", "clauses-trois-vallees", "--radius", "loin"], "loin"),
    ],
)
def test_a_command_that_is_not_understood_says_what_is_wrong(cast, options, why):
    with pytest.raises(CommandError, match=why):
        call_command("propose-pooling", *options)
