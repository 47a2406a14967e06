"""The worked numbers of the domain, to the 分, and what each answer must say."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from zhicheng.engines.incentives import evaluation
from zhicheng.engines.incentives.answers import answers
from zhicheng.engines.incentives.evaluation import evaluate
from zhicheng.engines.incentives.explaining import explain
from zhicheng.engines.incentives.rules import (
    Budget,
    Cap,
    Choose,
    Citation,
    Clause,
    FactColumn,
    FactShape,
    Fixed,
    Match,
    Payee,
    Policy,
    Program,
    Rate,
    SameMatter,
    Version,
)  # fmt: skip
from zhicheng.kernel.refusals import Refusal

AS_OF = date(2026, 6, 30)
SHAPE = FactShape(
    "claims", "申请", "day", "ended_on", "某局",
    {
        "day": FactColumn("day", "date", "日期"), "ended_on": FactColumn("ended_on", "date", "撤销日"),
        "base": FactColumn("base", "money", "基数"), "rate": FactColumn("rate", "number", "利率"),
        "days": FactColumn("days", "integer", "天数"), "object": FactColumn("object", "text", "对象"),
        "kind": FactColumn("kind", "text", "种类"),
    },
)  # fmt: skip


def program(*versions, clause_id="demo.one", policy=None, payee=None):
    document = policy or Policy(
        "demo", "试", "", "某局", "", None, None, "已审查", {"claims": "kind is not null"}
    )
    clause = Clause(clause_id, "demo", "条款", "clause", "claims", "object", payee or Payee(), versions)
    return Program({"claims": SHAPE}, {"demo": document}, (clause,))


def version(amount, *, when="kind = 'a'", since=date(2020, 1, 1), **more):
    return Version(since=since, when=when, amount=amount, source=Citation("试"), **more)


def claim(number, base="0", *, who="甲", day="2024-01-01", kind="a", **more):
    return {
        "fact": f"{number:04d}", "organisation": who, "holder_kind": "enterprise", "day": day, "base": base,
        "kind": kind, **more,
    }  # fmt: skip


def amounts(rules, rows, **tables):
    run = evaluate(rules, {"claims": rows, **tables}, as_of=AS_OF, threads=1)
    return [one.amount for one in answers(run)]


def test_a_budget_of_300000_is_shared_among_four_claims_to_the_fen():
    rules = program(version(Rate("base", Decimal(1)), budget=Budget({2024: Decimal(300_000)})))
    rows = [claim(i, base, who=str(i)) for i, base in enumerate(("200000", "150000", "99999", "50000"))]
    found = amounts(rules, rows)
    assert found == [Decimal("120000.24"), Decimal("90000.18"), Decimal("59999.52"), Decimal("30000.06")]
    assert sum(found) == 300_000


def test_city_and_county_share_an_odd_fen_the_city_first():
    rules = program(version(Fixed(Decimal("136123.31")), sharing=(("市", 5), ("县", 5))))
    run = evaluate(rules, {"claims": [claim(1)]}, as_of=AS_OF, threads=1)
    (one,) = answers(run)
    assert one.steps[-1].parts == (("市", Decimal("68061.66")), ("县", Decimal("68061.65")))


@pytest.mark.parametrize(
    ("divisor", "half", "cap", "expected"),
    [
        (365, "1", None, "226849.32"),
        (360, "1", None, "230000.00"),
        (365, "0.5", None, "113424.66"),
        (365, "0.5", "100000", "100000.00"),
    ],
)
def test_interest_on_a_pledge_loan_by_either_day_count(divisor, half, cap, expected):
    rate = Rate("base * rate * days", Decimal(half), divisor, Decimal(cap) if cap else None)
    row = claim(1, "8000000", rate="0.0345", days=300)
    assert amounts(program(version(rate)), [row]) == [Decimal(expected)]


@pytest.mark.parametrize(("own", "rule", "expected"), [
    ("100000", "difference", "0"), ("300000", "difference", "100000"), ("300000", "highest", "0"),
])  # fmt: skip
def test_what_the_province_has_paid_counts_against_the_city_s_amount(own, rule, expected):
    rules = program(version(Fixed(Decimal(own)), same_matter=SameMatter("m", rule, ("province",))))
    paid = [{"beneficiary": "甲", "matter": "m", "object": "x", "level": "province", "amount": "200000", "paid_on": "2024-05-01"}]  # fmt: skip
    assert amounts(rules, [claim(1, object="x")], payments=paid) == [Decimal(expected)]


def test_the_order_of_evaluation_is_printed_on_every_sheet():
    run = evaluate(program(version(Fixed(Decimal(1)))), {"claims": [claim(1)]}, as_of=AS_OF, threads=1)
    (one,) = answers(run)
    assert [step.step for step in one.steps] == [
        "eligibility", "amount", "same_matter", "caps", "budget", "sharing",
    ]  # fmt: skip


def test_amounts_leave_as_exact_strings_with_the_promised_keys():
    run = evaluate(program(version(Fixed(Decimal(1)))), {"claims": [claim(1)]}, as_of=AS_OF, threads=1)
    (one,) = [answer.as_json() for answer in answers(run)]
    assert list(one) == [
        "clause", "version", "beneficiary", "kind", "fact", "event_date", "status", "amount", "steps", "reasons",
    ]  # fmt: skip
    assert one["amount"] == "1.00"


def test_a_missing_fact_table_is_cannot_tell_with_who_can_supply_it():
    run = evaluate(program(version(Fixed(Decimal(1)))), {}, as_of=AS_OF, threads=1)
    (one,) = answers(run)
    assert (one.status, one.reasons[0].supplied_by) == ("cannot_tell", "某局")


def test_a_missing_value_is_cannot_tell_and_not_a_guess():
    rules = program(version(Rate("base * rate", Decimal(1))))
    run = evaluate(rules, {"claims": [claim(1, "100")]}, as_of=AS_OF, threads=1)
    (one,) = answers(run)
    assert one.status == "cannot_tell"
    assert "利率=（空）" in one.reasons[0].found


def test_an_event_after_the_day_asked_about_is_not_known_yet():
    assert amounts(program(version(Fixed(Decimal(1)))), [claim(1, day="2026-07-01")]) == []


def test_a_new_version_leaves_the_old_years_as_they_were():
    old = version(Fixed(Decimal(100)))
    new = version(Fixed(Decimal(300)), since=date(2025, 1, 1))
    rows = [claim(1, day="2024-12-31", who="甲"), claim(2, day="2025-01-01", who="乙")]
    assert amounts(program(old, new), rows) == [Decimal(100), Decimal(300)]


def test_an_award_revoked_after_payment_carries_the_amount_to_recover():
    rules = program(version(Fixed(Decimal(100)), clawback=True))
    paid = [
        {"beneficiary": "甲", "clause": "demo.one", "amount": "100", "level": "city", "paid_on": "2024-05-01"}
    ]
    run = evaluate(
        rules, {"claims": [claim(1, ended_on="2025-01-01")], "payments": paid}, as_of=AS_OF, threads=1
    )
    (one,) = answers(run)
    assert one.status == "not_entitled"
    assert [(r.code, r.amount) for r in one.reasons][-1] == ("clawback", Decimal(100))


def test_a_fact_that_no_clause_speaks_about_is_no_rule():
    run = evaluate(
        program(version(Fixed(Decimal(1)))), {"claims": [claim(1, kind="b")]}, as_of=AS_OF, threads=1
    )
    (one,) = answers(run)
    assert (one.clause, one.status) == ("demo", "no_rule")


def test_explain_shows_the_value_that_kept_a_fact_out():
    rules = program(version(Fixed(Decimal(1))))
    run = evaluate(rules, {"claims": [claim(1, kind="b")]}, as_of=AS_OF, threads=1)
    found = explain(run, "甲", clause="demo.one")
    assert found[0].reasons[0].code == "not_triggered"
    assert "种类=b" in found[0].reasons[0].found


def test_explain_of_a_stranger_says_that_there_is_no_fact():
    run = evaluate(program(version(Fixed(Decimal(1)))), {"claims": [claim(1)]}, as_of=AS_OF, threads=1)
    (one,) = explain(run, "x' or true --")
    assert one.reasons[0].code == "no_fact"


def test_matching_waits_for_the_payment_of_the_upper_level():
    rules = program(version(Match("province", Decimal("0.5"))))
    run = evaluate(rules, {"claims": [claim(1)], "payments": []}, as_of=AS_OF, threads=1)
    assert next(answers(run)).status == "cannot_tell"


def test_a_cap_over_the_whole_document_binds_two_clauses_together():
    document = Policy(
        "demo", "试", "", "某局", "", None, None, "x", {}, caps=(Cap(Decimal(150), over="policy"),)
    )
    one = program(version(Fixed(Decimal(100))), policy=document)
    two = program(version(Fixed(Decimal(100)), when="kind = 'b'"), clause_id="demo.two", policy=document)
    both = Program(one.facts, one.policies, (*one.clauses, *two.clauses))
    assert amounts(both, [claim(1), claim(2, kind="b")]) == [Decimal(100), Decimal(50)]


UPPER = [
    {"beneficiary": who, "matter": "demo.one", "object": None, "level": "province", "amount": amount, "paid_on": "2024-05-01"}
    for who, amount in (("甲", "100.01"), ("张", "50"))
]  # fmt: skip


def test_what_the_province_paid_unit_and_person_is_matched_for_each_and_not_divided_again():
    rules = program(
        version(Match("province", Decimal("0.5"))), payee=Payee("split", ("enterprise", "person"), (7, 3))
    )
    run = evaluate(rules, {"claims": [claim(1, person="张")], "payments": UPPER}, as_of=AS_OF, threads=1)
    assert {one.beneficiary: one.amount for one in answers(run)} == {
        "甲": Decimal("50.01"),
        "张": Decimal(25),
    }


def test_an_amount_that_is_half_a_match_cannot_be_shared_among_payees():
    amount = Choose((("kind = 'a'", Match("province", Decimal("0.5"))), ("", Fixed(Decimal(1)))))
    rules = program(version(amount), payee=Payee("split", ("enterprise", "person"), (7, 3)))
    with pytest.raises(Refusal, match=r"demo\.one.*配套"):
        evaluate(rules, {"claims": [], "payments": []}, as_of=AS_OF, threads=1)


def test_an_event_before_the_clause_and_before_the_system_was_the_first():
    rules = program(version(Fixed(Decimal(100)), since=date(2024, 1, 1), first_time=True))
    rows = [claim(1, day="1998-06-01"), claim(2, day="2024-03-01"), claim(3, day="2024-04-01", who="乙")]
    run = evaluate(rules, {"claims": rows}, as_of=AS_OF, threads=1)
    found = {one.fact: one for one in answers(run)}
    assert (found["0001"].status, found["0002"].status, found["0003"].amount) == (
        "no_rule",
        "not_entitled",
        100,
    )
    assert found["0002"].reasons[0].found == "最早一次 1998-06-01"


def test_an_old_year_asked_again_with_the_catalogue_and_the_facts_of_then_gives_the_old_result():
    old = version(Rate("base", Decimal("0.0333")), caps=(Cap(Decimal(700)),), once=True)
    rows = [claim(i, f"{i * 777}.{i:02d}", who="甲乙"[i % 2], object=f"x{i % 5}") for i in range(1, 12)]
    then = [one.as_json() for one in _asked(program(old), rows, date(2025, 3, 1))]
    # the rules of today have one more version, and the facts of today more rows and a late revocation
    today = program(old, version(Fixed(Decimal(9)), since=date(2025, 1, 1)))
    later = [*rows, claim(90, "5", day="2025-02-01"), claim(91, "5", day="2025-06-01", who="丙")]
    later[0] = {**later[0], "ended_on": "2025-09-01"}
    assert [one.as_json() for one in _asked(program(old), rows, date(2025, 3, 1))] == then
    again = [one.as_json() for one in _asked(today, later, date(2025, 3, 1))]
    assert [one for one in again if one["event_date"] < "2025"] == then


def _asked(rules, rows, as_of):
    run = evaluate(rules, {"claims": rows}, as_of=as_of, threads=1)
    return list(answers(run))


def test_no_column_of_an_evaluation_is_a_binary_float():
    rules = program(version(Rate("base * rate * days", Decimal("0.3"), 365), caps=(Cap(Decimal(5)),)))
    run = evaluate(rules, {"claims": [claim(1, "8000000", rate="0.0345", days=300)]}, as_of=AS_OF, threads=1)
    names = [
        name
        for (name,) in run.query(
            "select distinct table_name from duckdb_columns() where database_name = 'temp'"
        )
    ]
    assert {"outcomes", "fact_claims"} <= set(names)
    for name in names:
        types = {row[1] for row in run.query(f'describe "{name}"')}
        assert not {"DOUBLE", "FLOAT", "REAL"} & types


def test_no_word_for_a_binary_float_stands_in_the_engine():
    folder = Path(evaluation.__file__).parent
    for path in folder.glob("*.py"):
        code = re.sub(r'""".*?"""|#[^\n]*|"[^"\n]*"', "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert not re.search(r"\bfloat\(|\bmath\.|[^\w.]\d+\.\d+", code), path.name
