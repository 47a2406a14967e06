"""What must hold for any facts: sums, caps, monotony, and independence of the order of rows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import combinations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.engines.incentives.claims import document, joined, shape
from zhicheng.engines.incentives.answers import answers
from zhicheng.engines.incentives.evaluation import evaluate
from zhicheng.engines.incentives.rules import (
    Bracket,
    Brackets,
    Budget,
    Cap,
    Citation,
    Clause,
    Fixed,
    Payee,
    Program,
    Rate,
    SameMatter,
    Table,
    Version,
)  # fmt: skip

SHAPE = shape("base", "kind", "object")
AS_OF = date(2026, 1, 1)
QUICK = settings(max_examples=16, deadline=None, suppress_health_check=[HealthCheck.too_slow])

claims = st.lists(
    st.fixed_dictionaries(
        {
            "organisation": st.sampled_from("甲乙丙"),
            "day": st.dates(date(2023, 1, 1), date(2025, 12, 31)).map(str),
            "base": st.decimals(0, 10**7, places=2).map(str),
            "kind": st.sampled_from("ab"),
            "object": st.sampled_from("xy"),
            "holder_kind": st.just("enterprise"),
        }
    ),
    max_size=12,
).map(lambda rows: [{"fact": f"{i:03d}", **row} for i, row in enumerate(rows)])

CAP, BUDGET = Decimal("1500000.01"), Decimal("2000000.07")
AMOUNTS = {
    "fixed": Fixed(Decimal("333333.33")),
    "table": Table("kind", {"a": Decimal("100000.01"), "b": Decimal("900000")}),
    "rate": Rate("base", Decimal("0.37"), cap=Decimal(900000), floor=Decimal(100)),
    "brackets": Brackets("base", (Bracket(Decimal(10000), Decimal("0.3")), Bracket(None, Decimal("0.07")))),
}
CONDITIONS = {
    "first_time": {"first_time": True},
    "newly_awarded": {"newly_awarded": True},
    "once": {"once": True},
    "highest": {"same_matter": SameMatter("m", "highest")},
    "difference": {"same_matter": SameMatter("m", "difference")},
    "annual_cap": {"caps": (Cap(CAP),)},
    "cap_ever": {"caps": (Cap(CAP, period="ever"),)},
    "pro_rata": {"budget": Budget({2024: BUDGET}, "pro_rata")},
    "first_come": {"budget": Budget({2024: BUDGET}, "first_come")},
    "sharing": {"sharing": (("市", 3), ("县", 7))},
}


def rules(amount="rate", payee=None, *, mark="one", **conditions):
    """A document with one clause; a mark keeps several documents of one run apart."""
    version = Version(date(2020, 1, 1), "base >= 0", AMOUNTS[amount], Citation("试"), **conditions)
    clause = Clause(f"{mark}.clause", mark, "条款", "c", "claims", "object", payee or Payee(), (version,))
    return Program({"claims": SHAPE}, {mark: document(mark)}, (clause,))


def paid(program, rows, **tables):
    run = evaluate(program, {"claims": rows, **tables}, as_of=AS_OF, threads=1)
    found = list(answers(run))
    run.connection.close()
    return found


def paid_each(programs, rows):
    """Outcomes of several documents over the same facts, worked out in one run."""
    found = paid(joined(programs), rows)
    return [[one for one in found if own.clause(one.clause)] for own in programs]


def check(found):
    for one in found:
        assert one.amount >= 0
        assert one.amount == one.amount.quantize(Decimal("0.01"))
        for before, after in zip(one.steps[1:], one.steps[2:], strict=False):
            assert after.before == before.after
            assert after.after <= before.after
        if one.steps and one.steps[-1].parts:
            assert sum(part for _, part in one.steps[-1].parts) == one.steps[-1].after


def both(place, one, other):
    clash = CONDITIONS[one].keys() & CONDITIONS[other].keys()
    given = {**CONDITIONS[one], **({} if clash else CONDITIONS[other])}
    if "same_matter" in given:  # a group binds across documents
        given["same_matter"] = replace(given["same_matter"], group=f"m{place}")
    return rules(mark=f"pair_{place}", **given)


def test_any_two_mechanisms_together_never_raise_an_amount_and_ignore_row_order():
    programs = [both(place, *pair) for place, pair in enumerate(combinations(CONDITIONS, 2))]
    rows = [
        {
            "fact": f"{i:03d}", "organisation": "甲乙丙"[i % 3], "holder_kind": "enterprise", "kind": "ab"[i % 2],
            "day": f"202{3 + i % 3}-0{1 + i % 7}-11", "base": f"{(i * 7919 % 9973) * 400}.{i:02d}", "object": "xy"[i % 2],
        }
        for i in range(20)
    ]  # fmt: skip
    turned = paid_each(programs, rows[::-1])
    for found, again in zip(paid_each(programs, rows), turned, strict=True):
        check(found)
        assert found
        assert [item.as_json() for item in again] == [item.as_json() for item in found]


@QUICK
@given(rows=claims)
def test_an_annual_cap_is_never_exceeded_and_is_used_in_full(rows):
    programs = [
        rules(amount, mark=f"{amount}_{name}", caps=caps)
        for amount in AMOUNTS for name, caps in (("free", ()), ("capped", (Cap(CAP),)))
    ]  # fmt: skip
    found = paid_each(programs, rows)
    for free, capped in zip(found[::2], found[1::2], strict=True):
        for who in "甲乙丙":
            for year in (2023, 2024, 2025):
                due = sum(o.amount for o in free if o.beneficiary == who and o.event_date.year == year)
                got = sum(o.amount for o in capped if o.beneficiary == who and o.event_date.year == year)
                assert got == min(due, CAP)


@QUICK
@given(rows=claims)
def test_a_budget_is_spent_to_the_fen_and_never_beyond(rows):
    methods = ("pro_rata", "first_come")
    drawn = [rules(mark=method, budget=Budget({2024: BUDGET}, method)) for method in methods]
    free, *scaled = paid_each([rules(), *drawn], rows)
    due = sum(o.amount for o in free if o.event_date.year == 2024)
    for found in scaled:
        assert sum(o.amount for o in found if o.event_date.year == 2024) == min(due, BUDGET)


@QUICK
@given(rows=claims, more=st.decimals(0, 10**6, places=2))
def test_a_larger_base_never_pays_less(rows, more):
    grown = [{**row, "base": str(Decimal(row["base"]) + more)} for row in rows]
    before = {o.fact: o.amount for o in paid(rules(), rows)}
    assert all(o.amount >= before[o.fact] for o in paid(rules(), grown))


@QUICK
@given(rows=claims)
def test_paying_the_difference_gives_each_matter_its_highest_amount_in_all(rows):
    free, bound = paid_each([rules(), rules(mark="bound", same_matter=SameMatter("m", "difference"))], rows)
    matter = {row["fact"]: (row["organisation"], row["object"]) for row in rows}
    for key in set(matter.values()):
        best = max((o.amount for o in free if matter[o.fact] == key), default=Decimal(0))
        assert sum(o.amount for o in bound if matter[o.fact] == key) == best


@QUICK
@given(rows=claims, data=st.data())
def test_row_order_never_matters(rows, data):
    program = rules(once=True, caps=(Cap(CAP),), budget=Budget({2024: BUDGET}))
    shuffled = data.draw(st.permutations(rows))
    assert [o.as_json() for o in paid(program, rows)] == [o.as_json() for o in paid(program, shuffled)]


@QUICK
@given(
    shares=st.lists(st.decimals("0.01", 1, places=4), min_size=1, max_size=6),
    base=st.decimals(1, 10**6, places=2),
)
def test_owners_shares_sum_to_the_whole(shares, base):
    row = {"fact": "1", "day": "2024-01-01", "base": str(base), "kind": "a", "organisation": "甲", "holder_kind": "enterprise"}  # fmt: skip
    owners = [
        {"fact": "1", "beneficiary": str(i), "kind": "enterprise", "share": one}
        for i, one in enumerate(shares)
    ]
    (whole,) = paid(rules(), [row])
    parts = paid(rules(payee=Payee("owners")), [row], owners=owners)
    assert sum(o.steps[1].after for o in parts) == whole.amount
