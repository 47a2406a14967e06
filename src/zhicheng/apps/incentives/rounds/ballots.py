"""A committee's vote as numbers: who may vote on whom, quorum, threshold, equal votes about a seat; no database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

# Shares of a whole: more than a half; at least two thirds, three quarters, all of it.
HALF, TWO_THIRDS, THREE_QUARTERS, ALL = "half", "two_thirds", "three_quarters", "all"
SHARES = {TWO_THIRDS: Fraction(2, 3), THREE_QUARTERS: Fraction(3, 4), ALL: Fraction(1)}
PRESENT, MEMBERS = "present", "members"
SCORE, SECOND = "score", "second"
LEAST_VOTERS = 3
FOR, AGAINST, ABSTAIN = "for", "against", "abstain"
CHOICES = (FOR, AGAINST, ABSTAIN)


@dataclass(frozen=True)
class Rule:
    """The rule of a vote.

    Args:
        quorum: share of the committee that must have handed in a ballot.
        threshold: share of the base that must be in favour.
        base: present (who handed in a ballot) or members (all called); never who is barred from the candidate.
    """

    quorum: str
    threshold: str
    base: str


@dataclass(frozen=True)
class Count:
    """Votes on one candidate.

    Args:
        key: id of the candidate. members: members called who are not barred from this candidate.
        votes_for, against, abstain: of those among them who handed in a ballot.
    """

    key: int
    members: int
    votes_for: int
    against: int
    abstain: int

    @property
    def present(self) -> int:
        """How many who may vote on it handed in a ballot."""
        return self.votes_for + self.against + self.abstain


@dataclass(frozen=True)
class Finding:
    """What a vote says about one candidate: base in persons, votes needed, whether it passed, share in favour."""

    key: int
    count: Count
    base: int
    needed: int
    passed: bool
    share: Fraction


def needed(share: str, whole: int) -> int:
    """Least number that makes a share of a whole; of an empty whole one, which nobody can reach.

    Args:
        share: half (more than a half), two_thirds, three_quarters, all (at least so much).
        whole: persons.

    Raises:
        KeyError: no such share.
    """
    if whole <= 0:
        return 1
    if share == HALF:
        return whole // 2 + 1
    exact = SHARES[share] * whole
    return -(-exact.numerator // exact.denominator)


def missing(rule: Rule, *, members: int, present: int) -> int:
    """How many members are missing for a quorum; 0 when it is there."""
    return max(0, needed(rule.quorum, members) - present)


def finding(count: Count, rule: Rule) -> Finding:
    """Hold the votes on one candidate against the rule.

    Abstaining counts in the base of those present, and is not in favour. Whoever is barred is in no base.

    Raises:
        ValueError: more votes than members who may vote.
    """
    if count.present > count.members:
        raise ValueError(f"{count.present} votes of {count.members} members")
    base = count.members if rule.base == MEMBERS else count.present
    least = needed(rule.threshold, base)
    share = Fraction(count.votes_for, base) if base else Fraction(0)
    return Finding(count.key, count, base, least, count.votes_for >= least, share)


def contested(passed: Sequence[Finding], seats: Sequence[int]) -> list[int]:
    """Candidates with equal shares between whom a seat would have to choose; empty when votes alone seat everybody.

    Args:
        passed: findings of those above the threshold.
        seats: seats of the tiers, best first.

    Returns:
        Keys of every group of equals that stands across the end of a tier.
    """
    ends = [sum(seats[: place + 1]) for place in range(len(seats))]
    ordered = sorted(passed, key=lambda one: -one.share)
    found: list[int] = []
    start = 0
    while start < len(ordered):
        same = [one for one in ordered if one.share == ordered[start].share]
        stop = start + len(same)
        if any(start < end < stop for end in ends):
            found += sorted(one.key for one in same)
        start = stop
    return found
