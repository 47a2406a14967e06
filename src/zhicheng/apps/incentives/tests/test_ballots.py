"""The arithmetic of a vote: shares of a committee, quorum, threshold on either base, and equals about a seat."""

from __future__ import annotations

from fractions import Fraction

import pytest

from zhicheng.apps.incentives.rounds.ballots import Count, Rule, contested, finding, missing, needed

SIMPLE = Rule(quorum="two_thirds", threshold="half", base="present")


@pytest.mark.parametrize(
    ("share", "whole", "number"),
    [
        ("half", 4, 3), ("half", 5, 3), ("two_thirds", 9, 6), ("two_thirds", 10, 7), ("two_thirds", 3, 2),
        ("three_quarters", 8, 6), ("three_quarters", 9, 7), ("all", 7, 7), ("half", 0, 1),
    ],
)  # fmt: skip
def test_a_share_of_a_committee_is_a_number_of_persons(share, whole, number):
    assert needed(share, whole) == number


def test_a_quorum_says_how_many_are_missing():
    assert missing(SIMPLE, members=9, present=5) == 1
    assert missing(SIMPLE, members=9, present=6) == 0
    assert missing(Rule("all", "half", "present"), members=9, present=8) == 1


def test_a_vote_with_as_many_against_as_in_favour_does_not_pass():
    assert not finding(Count(1, 6, 3, 3, 0), SIMPLE).passed
    assert finding(Count(1, 7, 4, 3, 0), SIMPLE).passed


def test_abstaining_counts_in_the_base_and_not_in_favour():
    found = finding(Count(1, 7, 3, 1, 3), SIMPLE)
    assert (found.base, found.needed, found.passed) == (7, 4, False)


def test_the_base_is_who_came_or_everybody_called_never_who_is_barred():
    count = Count(1, 6, 3, 1, 0)
    assert finding(count, SIMPLE).passed
    whole = finding(count, Rule("half", "half", "members"))
    assert (whole.base, whole.needed, whole.passed) == (6, 4, False)
    assert finding(Count(1, 3, 2, 1, 0), Rule("half", "two_thirds", "members")).passed
    assert not finding(Count(1, 4, 2, 1, 0), Rule("half", "two_thirds", "members")).passed


def test_nobody_passes_whom_nobody_voted_on():
    assert not finding(Count(1, 5, 0, 0, 0), SIMPLE).passed


def test_more_votes_than_voters_are_refused():
    with pytest.raises(ValueError, match="4 votes of 3 members"):
        finding(Count(1, 3, 4, 0, 0), SIMPLE)


def passed(*shares):
    found = [finding(Count(key, 12, votes, 12 - votes, 0), SIMPLE) for key, votes in shares]
    assert all(one.passed for one in found)
    return found


def test_equals_are_contested_only_where_a_seat_has_to_choose_between_them():
    assert contested(passed((1, 12), (2, 10), (3, 10)), [2]) == [2, 3]
    assert contested(passed((1, 12), (2, 10), (3, 10)), [1]) == []
    assert contested(passed((1, 12), (2, 10), (3, 10)), [3]) == []
    assert contested(passed((1, 10), (2, 10), (3, 10)), [1, 1]) == [1, 2, 3]
    assert contested(passed((1, 11), (2, 11), (3, 9), (4, 9)), [1, 2]) == [1, 2, 3, 4]


def test_shares_are_exact_fractions_so_that_a_barred_member_costs_nothing():
    assert (
        finding(Count(1, 6, 4, 2, 0), SIMPLE).share
        == finding(Count(2, 3, 2, 1, 0), SIMPLE).share
        == Fraction(2, 3)
    )
