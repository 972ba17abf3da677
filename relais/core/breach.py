"""The road of a breach: which step follows which, so that nobody is punished before being warned and heard.

# source: usual breach procedure of insertion clauses (reminder with a plan, meeting, formal notice, right of
reply, decision) and the adversarial principle of the CCAG of 2021.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum

from relais.core.verdict import YES, Verdict, no
from relais.core.words import gettext_noop


class Stage(StrEnum):
    """Where a breach stands."""

    OBSERVED = "observed"
    REMINDER = "reminder"
    MEETING = "meeting"
    NOTICE_PROPOSED = "notice_proposed"
    NOTICE = "notice"
    HEARD = "heard"
    PENALTY_PROPOSED = "penalty_proposed"
    PENALTY_DECIDED = "penalty_decided"
    ACCOUNTED = "accounted"
    WAIVER_PROPOSED = "waiver_proposed"
    WAIVED = "waived"
    REGULARISED = "regularised"


class Step(StrEnum):
    """What is done in a breach: most steps move it, `REPLY` and `ADVICE` may come several times."""

    OBSERVED = "observed"
    REMINDER = "reminder"
    MEETING = "meeting"
    NOTICE_PROPOSED = "notice_proposed"
    NOTICE = "notice"
    REPLY = "reply"
    NO_REPLY = "no_reply"
    ADVICE = "advice"
    PENALTY_PROPOSED = "penalty_proposed"
    PENALTY_DECIDED = "penalty_decided"
    WAIVER_PROPOSED = "waiver_proposed"
    WAIVED = "waived"
    RETURNED = "returned"
    REGULARISED = "regularised"
    ACCOUNTED = "accounted"


ENDED = frozenset({Stage.ACCOUNTED, Stage.WAIVED, Stage.REGULARISED})
"""Nothing follows any more."""
DECIDED = ENDED | {Stage.PENALTY_DECIDED}
"""Somebody answered for the end of the breach."""
PROPOSED = frozenset({Stage.NOTICE_PROPOSED, Stage.PENALTY_PROPOSED, Stage.WAIVER_PROPOSED})
"""A second person must decide."""
FREE = frozenset(Stage) - DECIDED - PROPOSED
"""Nobody's decision is waited for."""

AFTER = {
    Step.REMINDER: {Stage.OBSERVED},
    Step.MEETING: {Stage.REMINDER},
    Step.NOTICE_PROPOSED: {Stage.MEETING},
    Step.NOTICE: {Stage.NOTICE_PROPOSED},
    Step.REPLY: frozenset(Stage) - DECIDED,
    Step.NO_REPLY: {Stage.NOTICE},
    Step.ADVICE: frozenset(Stage) - DECIDED,
    Step.PENALTY_PROPOSED: {Stage.HEARD},
    Step.PENALTY_DECIDED: {Stage.PENALTY_PROPOSED},
    Step.WAIVER_PROPOSED: FREE,
    Step.WAIVED: {Stage.WAIVER_PROPOSED},
    Step.RETURNED: PROPOSED,
    Step.REGULARISED: FREE,
    Step.ACCOUNTED: {Stage.PENALTY_DECIDED},
}
"""From which stages each step is taken."""

NEEDS = {
    Step.REMINDER: gettext_noop("The reminder comes first, once."),
    Step.MEETING: gettext_noop("A reminder comes before the meeting: no step is skipped."),
    Step.NOTICE_PROPOSED: gettext_noop(
        "A formal notice needs a reminder, then a meeting where the company could speak: no step is skipped."
    ),
    Step.NOTICE: gettext_noop("A formal notice is proposed by one person, then signed by another."),
    Step.NO_REPLY: gettext_noop("The absence of a reply is recorded after a formal notice."),
    Step.PENALTY_PROPOSED: gettext_noop(
        "A penalty needs a formal notice, and the reply of the company or its absence recorded."
    ),
    Step.PENALTY_DECIDED: gettext_noop("A penalty is proposed by one person, then decided by another."),
    Step.WAIVED: gettext_noop("A waiver is proposed by one person, then decided by another."),
    Step.RETURNED: gettext_noop("Nothing is proposed: there is nothing to send back."),
    Step.ACCOUNTED: gettext_noop("Only a penalty decided is taken into account."),
}


def follows(stage: Stage, step: Step) -> Verdict:
    """Whether the step may be taken from this stage."""
    if stage in DECIDED and not (step == Step.ACCOUNTED and stage == Stage.PENALTY_DECIDED):
        return no(gettext_noop("This breach is decided: its history stays as it is."))
    if step in AFTER and stage in AFTER[step]:
        return YES
    if stage in PROPOSED:
        return no(gettext_noop("A proposal waits for its decision: decide it or send it back first."))
    return no(NEEDS.get(step, gettext_noop("This step opens a breach: it is not taken again.")))


def stage_after(stage: Stage, step: Step, *, before: Stage) -> Stage:
    """The stage once the step is taken; `before` is where the breach stood when the proposal was made."""
    if step == Step.RETURNED:
        return before
    if step == Step.NO_REPLY or (step == Step.REPLY and stage == Stage.NOTICE):
        return Stage.HEARD
    return stage if step in (Step.REPLY, Step.ADVICE) else Stage(step.value)


def replay(steps: Iterable[Step]) -> Stage:
    """The stage that a history leads to, from the observation on."""
    stage = before = Stage.OBSERVED
    for step in steps:
        if step == Step.OBSERVED:
            continue
        after = stage_after(stage, step, before=before)
        if after in PROPOSED and stage not in PROPOSED:
            before = stage
        stage = after
    return stage


def deadline_verdict(sent_on: date, due_on: date, *, least: int, most: int) -> Verdict:
    """Whether a formal notice leaves the days that the scheme asks for."""
    days = (due_on - sent_on).days
    if not least <= days <= most:
        return no(
            gettext_noop(
                "A formal notice gives %(least)s to %(most)s days in this scheme: choose a day from "
                "%(first)s to %(last)s."
            ),
            least=least,
            most=most,
            first=sent_on + timedelta(least),
            last=sent_on + timedelta(most),
        )
    return YES


def is_over(due_on: date | None, on: date) -> Verdict:
    """Whether the deadline of the formal notice is behind."""
    if due_on is None or due_on >= on:
        return no(
            gettext_noop(
                "The formal notice runs until %(day)s: nothing is proposed or recorded before it ends."
            ),
            day=due_on or on,
        )
    return YES
