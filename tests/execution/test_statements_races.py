"""Several people at the same second: one effect. Needs a server of databases, where they really meet."""

import threading
from datetime import date

import pytest
from django.db import connection, connections

from relais.core.months import Month
from relais.execution.actions.validation import decidable_lines, validate_lines
from relais.execution.models import Obligation, Person, StatementLine
from relais.kit.access import Refused, Stale
from tests.cast import lay_cast
from tests.execution.worksite import TODAY, lay_worksite, noon

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor == "sqlite", reason="SQLite lets one writer in at a time: nobody meets."
    ),
]


def together(*acts):
    """Run the acts at once, each on its own connection; what became of each, in alphabetical order."""
    ends, gate = [], threading.Barrier(len(acts))

    def run(act):
        gate.wait()
        try:
            act()
            ends.append("done")
        except (Refused, Stale) as error:
            ends.append(type(error).__name__)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(ends)


def test_the_same_hours_claimed_at_once_count_once():
    cast = lay_cast()
    here, there = lay_worksite(cast), lay_worksite(cast, reference="2024-015")
    job = here.job()
    other = there.job(person=job.person)
    for number in (3, 4, 5):
        month = Month(2024, number)
        ends = together(
            lambda month=month: here.declare([(job, 100)], month=month),
            lambda month=month: there.declare([(other, 100)], month=month),
            lambda month=month: here.declare([(job, 100)], month=month, version=0),
        )
        assert ends.count("done") == 1, ends
    assert StatementLine.objects.count() == 3
    assert sum(obligation.declared for obligation in Obligation.objects.all()) == 300


def test_several_validators_at_once_validate_once():
    cast = lay_cast()
    worksite = lay_worksite(cast)
    worksite.declare([(worksite.job(0), 100), (worksite.job(1), 50)])
    ids = list(StatementLine.objects.values_list("pk", flat=True))
    fanny = cast["fanny"].actor(TODAY)
    seen = [decidable_lines(ids) for _ in range(4)]
    ends = together(
        *[lambda lines=lines: validate_lines(lines, actor=fanny, at=noon(TODAY)) for lines in seen]
    )
    assert ends.count("done") == 1, ends
    assert worksite.totals() == {"declared": 0, "queried": 0, "validated": 150, "rejected": 0}


def test_people_registered_at_once_have_each_their_number():
    worksite = lay_worksite(lay_cast())
    same = [lambda: worksite.person(0, birth_date=date(1990, 1, 1)) for _ in range(3)]
    others = [lambda index=index: worksite.person(index) for index in range(1, 4)]
    assert together(*same, *others).count("done") == 4
    assert set(Person.objects.values_list("number", flat=True)) == {f"P-0000{n}" for n in range(1, 5)}
