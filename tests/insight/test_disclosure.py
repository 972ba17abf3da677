from hypothesis import given
from hypothesis import strategies as st

from relais.insight.disclosure import hidden

GROUPS = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 40), max_size=8)


def test_large_groups_are_all_shown():
    assert hidden({"F": 40, "M": 60}, 11) == frozenset()


def test_a_small_group_hides_the_next_smallest_with_it():
    assert hidden({"RSA": 4, "QPV": 30, "DELD": 50}, 11) == {"RSA", "QPV"}


def test_two_small_groups_that_make_a_small_sum_hide_a_third():
    assert hidden({"a": 3, "b": 4, "c": 20, "d": 90}, 11) == {"a", "b", "c"}


def test_a_group_is_small_when_the_wider_one_has_few_people_more():
    assert hidden({"F": 40, "M": 60}, 11, outside={"F": 43, "M": 60}) == {"F", "M"}
    assert hidden({"F": 40, "M": 60}, 11, outside={"F": 51, "M": 60}) == frozenset()


@given(people=GROUPS, fewest=st.integers(0, 15))
def test_what_is_hidden_is_never_found_by_subtraction(people, fewest):
    masked = hidden(people, fewest)
    shown = {group: number for group, number in people.items() if group not in masked}
    assert all(number == 0 or number >= fewest for number in shown.values())
    left = sum(people.values()) - sum(shown.values())
    alone = len([group for group in people if people[group]]) < 2
    assert not masked or alone or (len(masked) >= 2 and (left >= fewest or not any(shown.values())))


@given(people=GROUPS)
def test_nothing_is_hidden_from_who_may_see_all(people):
    assert hidden(people, 0) == frozenset()
