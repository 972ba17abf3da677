"""What deserves a look in people's eligibility and in their hours: AL05 to AL08 and AL16, in six queries."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import QuerySet

from relais.core.eligibility import Category, proof_verdict
from relais.core.words import Words, gettext_noop
from relais.execution.enums import LineState
from relais.execution.models import JobContract, Obligation, StatementLine
from relais.execution.queries.people import eligible_span, with_spans
from relais.insight.watch.files import File, files_of
from relais.kit.fields import total
from relais.organisations.alerting import Code, Level, Limits, Seen
from relais.organisations.enums import PolicyKey
from relais.organisations.models import Scheme

PERSON, MONTHS = "person-detail", "month-list"
WAITING = (LineState.DECLARED, LineState.QUERIED)
ELIGIBLE = Words(gettext_noop("Eligible until"))
HIRED = Words(gettext_noop("Hired on"))
DAYS = Words(gettext_noop("Days declared"))
HOURS = Words(gettext_noop("Hours declared"))


def hours(scheme: Scheme, on: date, limits: Limits) -> Iterable[Seen]:
    """Read the jobs of running contracts and the lines declared for them, once."""
    files = files_of(scheme, on)
    running = Obligation.objects.filter(scheme=scheme).running()
    jobs = {job.pk: job for job in with_spans(JobContract.objects.filter(obligation__in=running))}
    soon = on + timedelta(int(limits[PolicyKey.ALERT_ELIGIBILITY_DAYS].value))
    for job in jobs.values():
        file = files.get(job.obligation_id)
        if file is not None:
            yield from _of_job(job, file, on, soon)
    lines = _lines(running)
    yield from _outside(lines, jobs, files)
    yield from _told_anomalies(lines, jobs, files)
    yield from _twice(lines, jobs, files)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of statement as far as its checks go; `hours` is what remains once corrected."""

    pk: int
    job: int
    starts_on: date
    ends_on: date
    hours: Decimal
    state: str
    findings: Sequence[Mapping[str, object]]


def _lines(running: QuerySet[Obligation]) -> list[Line]:
    """The lines still claimed in running contracts, those corrected to nothing left out; one query."""
    rows = (
        StatementLine.objects.live()
        .filter(obligation__in=running, corrects=None)
        .annotate(corrected=total("corrections__hours"))
        .order_by("pk")
        .values_list(
            "pk", "job_contract_id", "starts_on", "ends_on", "hours", "corrected", "state", "findings"
        )
    )
    return [
        Line(pk, job, starts_on, ends_on, worked + corrected, state, findings)
        for pk, job, starts_on, ends_on, worked, corrected, state, findings in rows
        if worked + corrected > 0
    ]


def _of_job(job: JobContract, file: File, on: date, soon: date) -> Iterator[Seen]:
    start, end = eligible_span(job)
    goes_on = job.ends_on is None or job.ends_on >= on
    outlives = end is not None and (job.ends_on is None or job.ends_on > end)
    if end is not None and outlives and goes_on and end <= soon and end < file_end(job):
        yield _ending(job, file, end, on)
    if start is not None and not _proof_held(job):
        yield _old_proof(job, file)


def file_end(job: JobContract) -> date:
    return job.obligation.ends_on


def _ending(job: JobContract, file: File, end: date, on: date) -> Seen:
    text = (
        gettext_noop("The eligibility of %(person)s ended on %(day)s, the job goes on")
        if end < on
        else gettext_noop("The eligibility of %(person)s ends on %(day)s, before the job")
    )
    return Seen(
        Code.AL05,
        Level.WARNING,
        str(job.pk),
        Words(text, {"person": job.person.number, "day": end}),
        Words(gettext_noop("Look at the situation again, and decide before the end")),
        owner_id=file.follower,
        page=PERSON,
        place={"pk": job.person_id},
        working=((ELIGIBLE, end), (Words(gettext_noop("End of the job")), job.ends_on or file_end(job))),
        due_on=end,
        concerned_id=job.employer_id,
        **file.ids,
    )


def _proof_held(job: JobContract) -> bool:
    """Whether a decision on the person rests on a proof that held when hired."""
    known = getattr(job.person, "decisions", None) or [job.eligibility]
    return any(
        proof_verdict(
            Category(one.category),
            proof_on=one.proof_on,
            hired_on=job.starts_on,
            valid_until=one.proof_valid_until,
        )
        for one in known
        if one.is_positive
    )


def _old_proof(job: JobContract, file: File) -> Seen:
    return Seen(
        Code.AL16,
        Level.BLOCKING,
        str(job.pk),
        Words(
            gettext_noop("The proof for %(person)s did not hold at the hiring of %(day)s"),
            {"person": job.person.number, "day": job.starts_on},
        ),
        Words(gettext_noop("Ask for a proof of the situation at hiring, or reject the hours")),
        owner_id=file.follower,
        page=PERSON,
        place={"pk": job.person_id},
        working=(
            (HIRED, job.starts_on),
            (Words(gettext_noop("Date of the proof")), job.eligibility.proof_on),
        ),
        concerned_id=job.employer_id,
        **file.ids,
    )


def _outside(
    lines: Iterable[Line], jobs: Mapping[int, JobContract], files: Mapping[int, File]
) -> Iterator[Seen]:
    """AL06: days before or after the eligibility, the job or the contract; one by job."""
    found: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        job = jobs.get(line.job)
        if job is not None and _is_outside(line, job):
            found[line.job].append(line)
    for key, bad in found.items():
        job = jobs[key]
        file = files.get(job.obligation_id)
        if file is not None:
            yield _hours_outside(job, file, bad)


def _is_outside(line: Line, job: JobContract) -> bool:
    start, end = eligible_span(job)
    if start is None:
        return True
    starts = (start, job.starts_on, job.obligation.starts_on)
    ends = [day for day in (end, job.ends_on, job.obligation.ends_on) if day is not None]
    return line.starts_on < max(starts) or line.ends_on > min(ends)


def _hours_outside(job: JobContract, file: File, bad: Sequence[Line]) -> Seen:
    worked = sum((line.hours for line in bad), Decimal(0))
    first, last = min(line.starts_on for line in bad), max(line.ends_on for line in bad)
    return Seen(
        Code.AL06,
        Level.BLOCKING,
        str(job.pk),
        Words(
            gettext_noop("%(hours)s h of %(person)s are outside the eligibility, the job or the contract"),
            {"hours": worked, "person": job.person.number},
        ),
        Words(gettext_noop("Reject or correct the lines, or put the dates right")),
        owner_id=file.follower,
        page=MONTHS,
        place={"pk": job.obligation_id},
        working=(
            (HOURS, worked),
            (DAYS, [first, last]),
            (Words(gettext_noop("Job")), [day for day in (job.starts_on, job.ends_on) if day]),
            (Words(gettext_noop("Eligible from")), job.eligibility.starts_on),
        ),
        **file.ids,
    )


def _told_anomalies(
    lines: Iterable[Line], jobs: Mapping[int, JobContract], files: Mapping[int, File]
) -> Iterator[Seen]:
    """AL07, and AL08 when a second claim was refused: what the checks wrote, until the line is decided."""
    for line in lines:
        if line.state not in WAITING:
            continue
        job = jobs.get(line.job)
        file = files.get(job.obligation_id) if job is not None else None
        if job is None or file is None:
            continue
        for rule, code, level in (
            ("AL07", Code.AL07, Level.ANOMALY),
            ("AL08", Code.AL08, Level.BLOCKING),
        ):
            said = [finding for finding in line.findings if finding.get("rule") == rule]
            if said:
                yield _anomaly(line, job, file, said[0]["words"], code, level)


def _anomaly(line: Line, job: JobContract, file: File, said: object, code: Code, level: Level) -> Seen:
    return Seen(
        code,
        level,
        f"line:{line.pk}",
        Words.from_dict(said),  # type: ignore[arg-type]
        Words(gettext_noop("Ask who declared them, then validate, query or reject")),
        owner_id=file.follower,
        page=MONTHS,
        place={"pk": job.obligation_id},
        working=((HOURS, line.hours), (DAYS, [line.starts_on, line.ends_on])),
        **file.ids,
    )


def _twice(
    lines: Iterable[Line], jobs: Mapping[int, JobContract], files: Mapping[int, File]
) -> Iterator[Seen]:
    """AL08: the same person, the same employer, the same days, in two contracts."""
    claimed: dict[tuple[str, int], list[Line]] = defaultdict(list)
    for line in lines:
        job = jobs.get(line.job)
        if job is not None:
            claimed[job.person.pseudonym, job.employer_id].append(line)
    for group in claimed.values():
        group.sort(key=lambda line: (line.starts_on, line.pk))
        for place, line in enumerate(group):
            for other in group[place + 1 :]:
                if other.starts_on > line.ends_on:
                    break
                one, two = jobs[line.job], jobs[other.job]
                if one.obligation_id != two.obligation_id:
                    yield from _claimed_twice((line, one), (other, two), files)


def _claimed_twice(
    first: tuple[Line, JobContract], second: tuple[Line, JobContract], files: Mapping[int, File]
) -> Iterator[Seen]:
    """Told to the follower of each of the two contracts."""
    for (line, job), (other, there) in ((first, second), (second, first)):
        file, elsewhere = files.get(job.obligation_id), files.get(there.obligation_id)
        if file is None or elsewhere is None:
            continue
        yield Seen(
            Code.AL08,
            Level.BLOCKING,
            f"{line.pk}:{other.pk}",
            Words(
                gettext_noop("%(hours)s h of the same days are also claimed in another contract"),
                {"hours": line.hours},
            ),
            Words(gettext_noop("Agree on the contract they count for, and reject the others")),
            owner_id=file.follower,
            page=MONTHS,
            place={"pk": job.obligation_id},
            working=(
                (HOURS, line.hours),
                (DAYS, [line.starts_on, line.ends_on]),
                (Words(gettext_noop("Hours of the other contract")), other.hours),
            ),
            **file.ids,
        )
