"""For how many years money obtained by fraud keeps a beneficiary out: the clause's own version says, else the city's setting."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.engines.incentives import oracle, test_mechanisms
from zhicheng.engines.incentives.answers import answers
from zhicheng.engines.incentives.evaluation import evaluate
from zhicheng.engines.incentives.rules import NegativeList

FOUND = date(2023, 4, 1)
TABLES = {
    "payments": [],
    "owners": [],
    # the city's setting was five years on the day it was found
    "negative_list": [
        {"beneficiary": "甲", "kind": "recovered", "from_on": FOUND, "until_on": date(2028, 4, 1)},
        {"beneficiary": "乙", "kind": "dishonest", "from_on": FOUND, "until_on": date(2023, 9, 1)},
    ],
}


def claim(who, day):
    return {
        "fact": f"{who}{day}", "day": day, "holder_kind": "enterprise", "kind": "a", "grade": "x", "organisation": who,
        "person": None, "base": 100, "object": "p", "ended_on": None, "applied_on": None,
    }  # fmt: skip


def outcomes(years, *claims, later=None):
    """Answers by fact, under a clause of 2023-03-01 and, if given, its version of 2024-07-01 with other years."""
    rules = test_mechanisms.program("定额")
    (one, _), kinds = rules.clauses, ("dishonest", "recovered")
    versions = [replace(one.versions[0], negative_list=NegativeList(kinds, years))]
    if later is not None:
        versions.append(
            replace(versions[0], since=date(2024, 7, 1), negative_list=NegativeList(kinds, *later))
        )
    rules = replace(rules, clauses=(replace(one, versions=tuple(versions)),))
    tables = {**TABLES, "claims": list(claims)}
    run = evaluate(rules, tables, as_of=date(2026, 1, 1), threads=1)
    found = list(answers(run))
    wanted = oracle.evaluate(rules, tables, date(2026, 1, 1))
    assert {(o.clause, o.fact, o.beneficiary, o.kind): o.status for o in found} == {
        key: status for key, (status, *_) in wanted.items()
    }
    return {one.event_date: one for one in found}


@pytest.mark.parametrize(
    ("years", "paid_from"),
    [(2, date(2025, 4, 1)), (0, FOUND), (None, date(2028, 4, 1))],
    ids=["two years of the clause", "none by the clause", "silent: the setting"],
)
def test_the_clause_decides_and_the_setting_only_where_it_is_silent(years, paid_from):
    days = (date(2023, 3, 31), FOUND, date(2025, 3, 31), date(2025, 4, 1), date(2025, 12, 31))
    found = outcomes(years, *(claim("甲", day) for day in days))
    for day in days:
        barred = FOUND <= day < paid_from
        assert (found[day].status == "not_entitled") is barred, day


def test_each_version_of_the_clause_has_its_own_years():
    found = outcomes(
        1,
        claim("甲", date(2024, 3, 31)),
        claim("甲", date(2024, 4, 1)),
        claim("甲", date(2024, 7, 1)),
        later=(3,),
    )
    assert [one.status for one in found.values()] == ["not_entitled", "entitled", "not_entitled"]


def test_the_reason_names_the_rule_that_sets_the_years_and_the_entry_in_the_way():
    day = date(2024, 8, 1)
    by_clause = outcomes(2, claim("甲", day))[day].reasons[0]
    assert "条款 2023-03-01 版规定移出或查实骗取后 2 年内也不予兑付" in by_clause.text
    assert by_clause.found == "骗取后停止申报：2023-04-01 起，至 2025-04-01"
    silent = outcomes(None, claim("甲", day))[day].reasons[0]
    assert "条款 2023-03-01 版没有写年数，骗取的按本市兑付设置" in silent.text
    assert silent.found == "骗取后停止申报：2023-04-01 起，至 2028-04-01"


def test_who_has_left_the_list_is_kept_out_for_the_clause_s_years_and_not_at_all_where_it_is_silent():
    day = date(2024, 8, 1)
    assert outcomes(2, claim("乙", day))[day].reasons[0].found == "严重失信：2023-04-01 起，至 2025-09-01"
    assert outcomes(None, claim("乙", day))[day].status == "entitled"
