from datetime import timedelta

from relais.organisations.models import Membership, Organisation, Scheme
from tests.cast import LEFT_ON, NAMES


def test_the_cast_is_whole(cast):
    assert len(cast.people) == len(NAMES) == 15
    assert Organisation.objects.count() == 9


def test_remi_left_at_the_end_of_2024(cast):
    mine = Membership.objects.filter(user=cast["remi"].user)
    assert mine.active(LEFT_ON).exists()
    assert not mine.active(LEFT_ON + timedelta(days=1)).exists()


def test_the_two_schemes_ignore_each_other(clara, sam, scheme, other_scheme):
    assert set(Scheme.objects.visible_to(clara.actor())) == {scheme}
    assert set(Scheme.objects.visible_to(sam.actor())) == {other_scheme}
    assert sam.organisation not in Organisation.objects.visible_to(clara.actor())
