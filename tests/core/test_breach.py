from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from relais.core.breach import DECIDED, PROPOSED, Stage, Step, deadline_verdict, follows, is_over, replay

DAY = date(2026, 3, 2)
WARNED = [Step.REMINDER, Step.MEETING, Step.NOTICE_PROPOSED, Step.NOTICE]


def walked(wanted):
    """The history made of the steps of a list that the rules accept, in its order."""
    done = [Step.OBSERVED]
    for step in wanted:
        if follows(replay(done), step):
            done.append(step)
    return done


@given(st.lists(st.sampled_from(Step), max_size=40))
def test_nobody_is_punished_without_each_step_in_its_order(wanted):
    done = walked(wanted)
    if Step.PENALTY_DECIDED in done:
        before = done[: done.index(Step.PENALTY_DECIDED)]
        places = [before.index(step) for step in WARNED]
        assert places == sorted(places)
        assert {Step.REPLY, Step.NO_REPLY} & set(before[places[-1] :])
        assert before.count(Step.PENALTY_PROPOSED) > 0


@given(st.lists(st.sampled_from(Step), max_size=40))
def test_what_is_decided_only_waits_to_be_accounted_and_a_proposal_to_be_decided(wanted):
    stage = replay(walked(wanted))
    open_to = {step for step in Step if follows(stage, step)}
    if stage in DECIDED:
        assert open_to == ({Step.ACCOUNTED} if stage == Stage.PENALTY_DECIDED else set())
    elif stage in PROPOSED:
        assert Step.RETURNED in open_to
        assert len(open_to - {Step.REPLY, Step.ADVICE}) == 2
    else:
        assert {Step.REGULARISED, Step.WAIVER_PROPOSED} <= open_to


def test_a_proposal_sent_back_finds_the_breach_where_it_stood():
    heard = [*WARNED, Step.REPLY]
    assert replay([*heard, Step.PENALTY_PROPOSED, Step.REPLY, Step.RETURNED]) == Stage.HEARD
    assert replay([Step.REMINDER, Step.WAIVER_PROPOSED, Step.RETURNED]) == Stage.REMINDER


def test_a_formal_notice_leaves_the_days_of_the_scheme():
    for days, right in ((14, False), (15, True), (30, True), (31, False)):
        assert bool(deadline_verdict(DAY, DAY + timedelta(days), least=15, most=30)) is right
    assert not is_over(DAY, DAY)
    assert not is_over(None, DAY)
    assert is_over(DAY, DAY + timedelta(1))
