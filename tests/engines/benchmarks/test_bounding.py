"""A published rank bounds the others; a hedged number bounds only where it may."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from zhicheng.engines.benchmarks import Bound, RankPoint, bound_at, value_range

THIRD = RankPoint(3, Decimal(27650))


def test_third_with_27650_bounds_the_two_before_and_all_behind():
    assert bound_at([THIRD], 1) == Bound(Decimal(27650), None)
    assert bound_at([THIRD], 4, 16) == Bound(None, Decimal(27650))
    assert bound_at([THIRD], 3) == Bound(Decimal(27650), Decimal(27650))


def test_a_place_that_may_lie_on_either_side_is_not_bounded():
    assert not bound_at([THIRD], 1, 16)


def test_the_first_two_are_at_least_the_third():
    assert bound_at([THIRD], 1, 2) == Bound(Decimal(27650), None)


def test_two_known_places_close_in_on_the_one_between():
    assert bound_at([THIRD, RankPoint(7, Decimal(9000))], 5) == Bound(Decimal(9000), Decimal(27650))


def test_about_bounds_nobody_and_more_than_bounds_only_those_before():
    assert not bound_at([RankPoint(3, Decimal(100), "about")], 1)
    over = RankPoint(3, Decimal(100), "at_least")
    assert bound_at([over], 1) == Bound(Decimal(100), None)
    assert not bound_at([over], 5)
    nearly = RankPoint(3, Decimal(100), "below")
    assert not bound_at([nearly], 1)
    assert bound_at([nearly], 5) == Bound(None, Decimal(100))


@given(st.lists(st.integers(0, 10**9), min_size=3, max_size=20, unique=True), st.data())
def test_what_is_really_there_always_lies_within_its_bounds(values, data):
    ranked = [Decimal(one) for one in sorted(values, reverse=True)]
    known = data.draw(st.sets(st.integers(1, len(ranked)), min_size=1))
    points = [RankPoint(one, ranked[one - 1]) for one in known]
    for place, value in enumerate(ranked, start=1):
        bound = bound_at(points, place)
        assert bound.low is None or bound.low <= value
        assert bound.high is None or bound.high >= value


def test_a_hedged_number_covers_what_it_was_rounded_from():
    assert value_range(Decimal(1300), "at_least") == Bound(Decimal(1300), Decimal(1400))
    assert value_range(Decimal(100), "below") == Bound(Decimal(0), Decimal(100))
    assert value_range(Decimal(27650), "exact") == Bound(Decimal(27650), Decimal(27650))
    assert value_range(Decimal(200), "about") == Bound(Decimal(190), Decimal(210))
    assert value_range(Decimal(50), "above") == Bound(Decimal(50), None)
    assert value_range(Decimal(0), "at_least") == Bound(Decimal(0), Decimal(1))
