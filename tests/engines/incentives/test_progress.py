"""A long evaluation says how far it is, and whoever is told may end it."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

from zhicheng.catalogue.policy_changes import apply_changes, read_changes
from zhicheng.catalogue.policy_loader import EXAMPLES, POLICIES, load_policies
from zhicheng.catalogue.policy_nudges import nudges_of
from zhicheng.engines.incentives.evaluation import evaluate
from zhicheng.engines.incentives.sensitivity import sensitivity
from zhicheng.engines.incentives.simulation import simulate

AS_OF = date(2025, 12, 16)
EVERYTHING = load_policies([POLICIES, EXAMPLES])
FACTS = {
    "honours": [
        {"fact": "1", "organisation": "甲", "holder_kind": "enterprise", "honour": "china_patent_award/gold", "granted_on": "2024-11-20"}
    ],
    "standards": [],
}  # fmt: skip


def rising(said):
    return all(one[0] <= other[0] for one, other in pairwise(said))


def test_an_evaluation_counts_its_clauses_up_to_all_of_them():
    said = []
    evaluate(EVERYTHING, FACTS, as_of=AS_OF, told=lambda *far: said.append(far))
    assert said[0] == (0, len(EVERYTHING.clauses))
    assert said[-1] == (len(EVERYTHING.clauses), len(EVERYTHING.clauses))
    assert len(said) > 3
    assert rising(said)


def test_a_what_if_counts_all_its_evaluations_as_one():
    program = load_policies()
    model = read_changes("name: 试\nchanges: [{clause: weifang.china_patent_gold, set: {amount: 5}}]")
    wanted = apply_changes(model.name, model.changes, program)
    said = []
    simulate(
        program, wanted.variant, FACTS, as_of=AS_OF, alone=wanted.alone, told=lambda *far: said.append(far)
    )
    # as the rules stand, changed, the one change alone, and both sides of the replay
    assert {of for _, of in said} == {5 * len(program.clauses)}
    assert said[-1][0] == said[-1][1]
    assert rising(said)


def test_a_sensitivity_counts_its_numbers():
    program = load_policies()
    said = []
    sensitivity(program, nudges_of(program), FACTS, as_of=AS_OF, told=lambda *far: said.append(far))
    assert said == [(n, 6) for n in range(7)]


def test_what_is_raised_by_whoever_is_told_ends_the_evaluation():
    def stop(done, of):
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        evaluate(EVERYTHING, FACTS, as_of=AS_OF, told=stop)
