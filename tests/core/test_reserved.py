from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relais.core.regime import Modality
from relais.core.reserved import Eligible, Listed, check, reservation

KINDS = ["EI", "ACI", "AI", "ETTI", "EITI", "GEIQ", "REGIE", "EA", "EATT", "ESAT"]
DAY = date(2025, 3, 3)
IAE = reservation(Modality.RESERVED_IAE, DAY)
listed = st.lists(st.builds(Listed, st.sampled_from(KINDS), st.booleans()), max_size=6)


def answer(found, asked=IAE, has_number=True, is_covered=True):
    return check(asked, found, has_number=has_number, is_covered=is_covered).eligible


@pytest.mark.parametrize(
    ("modality", "day", "kinds"),
    [
        (Modality.RESERVED_DISABILITY, date(2012, 5, 2), {"EA", "ESAT"}),
        (Modality.RESERVED_DISABILITY, DAY, {"EA", "EATT", "ESAT"}),
        (Modality.RESERVED_IAE, date(2017, 1, 1), {"EI", "ACI", "AI", "ETTI"}),
        (Modality.RESERVED_IAE, DAY, {"EI", "ACI", "AI", "ETTI", "EITI"}),
    ],
)
def test_who_may_hold_follows_the_launch_date(modality, day, kinds):
    assert reservation(modality, day).kinds == kinds


@pytest.mark.parametrize(
    ("modality", "day"),
    [
        (Modality.RESERVED_PRISON, DAY),
        (Modality.RESERVED_ESS, DAY),
        (Modality.EXEC_CONDITION, DAY),
        (Modality.RESERVED_IAE, date(2012, 5, 2)),
    ],
)
def test_what_no_list_can_tell_is_unknown(modality, day):
    assert reservation(modality, day) is None
    assert answer([Listed("EI")], asked=None) is Eligible.UNKNOWN


def test_both_sectors_together_are_the_union():
    mixed = reservation(Modality.RESERVED_MIXED, DAY).kinds
    assert mixed == IAE.kinds | reservation(Modality.RESERVED_DISABILITY, DAY).kinds


@pytest.mark.parametrize(
    ("found", "options", "expected"),
    [
        ([Listed("EI")], {}, Eligible.YES),
        ([Listed("EI", is_open=False), Listed("ACI")], {}, Eligible.YES),
        ([Listed("EI", is_open=False)], {}, Eligible.NO),
        ([Listed("ESAT")], {}, Eligible.NO),
        ([Listed("REGIE")], {}, Eligible.UNKNOWN),
        ([], {}, Eligible.NO),
        ([], {"has_number": False}, Eligible.UNKNOWN),
        ([], {"is_covered": False}, Eligible.UNKNOWN),
    ],
)
def test_each_answer(found, options, expected):
    assert answer(found, **options) is expected


@given(listed, st.booleans(), st.booleans())
def test_one_open_structure_of_the_right_kind_is_enough_and_nothing_less(found, has_number, is_covered):
    right = any(one.is_open and one.kind in IAE.kinds for one in found)
    assert (answer(found, has_number=has_number, is_covered=is_covered) is Eligible.YES) is right


@given(listed, st.randoms())
def test_the_order_of_the_directory_changes_nothing(found, random):
    shuffled = random.sample(found, len(found))
    assert check(IAE, found, has_number=True, is_covered=True) == check(
        IAE, shuffled, has_number=True, is_covered=True
    )


@given(listed)
def test_every_answer_says_why(found):
    assert str(check(IAE, found, has_number=True, is_covered=True).reason)
