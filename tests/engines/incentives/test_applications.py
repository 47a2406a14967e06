"""The day of an application counts for its own clause, fact and firm only, and only once it was known."""

from __future__ import annotations

from datetime import date

import pytest

from zhicheng.catalogue.policy_loader import EXAMPLES, POLICIES, load_policies
from zhicheng.engines.incentives.answers import CANNOT_TELL, ENTITLED, NOT_ENTITLED, answers
from zhicheng.engines.incentives.evaluation import evaluate

CLAUSE = "ex_budget.application"
LOAN = {
    "fact": "L1", "organisation": "甲", "holder_kind": "enterprise", "region": "370700", "cost": "10000",
    "repaid_on": "2024-06-01", "loan": "L1",
}  # fmt: skip
APPLIED = {"clause": CLAUSE, "beneficiary": "甲", "subject": "L1", "applied_on": "2025-03-15"}


@pytest.fixture(scope="module")
def program():
    return load_policies([POLICIES, EXAMPLES]).only(frozenset({"ex_budget"}))


def status(program, applications, as_of=date(2025, 12, 16), loan=LOAN):
    sources = {"pledges": [loan], "negative_list": [], "applications": applications}
    run = evaluate(program, sources, as_of=as_of)
    return next(one for one in answers(run, untold=False) if one.clause == CLAUSE)


def test_an_application_within_the_window_entitles(program):
    assert status(program, []).status == CANNOT_TELL
    found = status(program, [APPLIED])
    assert (found.status, f"{found.amount:.2f}") == (ENTITLED, "3000.00")


def test_an_application_after_the_window_is_named_with_its_day(program):
    found = status(program, [{**APPLIED, "applied_on": "2025-05-06"}])
    assert found.status == NOT_ENTITLED
    assert [(one.code, one.found) for one in found.reasons] == [("window", "2025-05-06")]


@pytest.mark.parametrize("other", [{"clause": "ex_budget.stacked"}, {"beneficiary": "乙"}, {"subject": "L2"}])
def test_it_counts_for_no_other_clause_firm_or_fact(program, other):
    assert status(program, [{**APPLIED, **other}]).status == CANNOT_TELL


def test_it_is_not_known_before_its_day(program):
    assert status(program, [APPLIED], as_of=date(2025, 3, 14)).status == CANNOT_TELL


def test_the_day_the_fact_itself_bears_comes_first(program):
    loan = {**LOAN, "applied_on": "2025-04-01"}
    assert status(program, [{**APPLIED, "applied_on": "2025-06-01"}], loan=loan).status == ENTITLED
