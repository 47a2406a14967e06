"""A what-if gives what two full evaluations would, re-runs only what it must, and says who wins and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from tests.engines.incentives.claims import document, shape
from zhicheng.engines.incentives.affected import affected
from zhicheng.engines.incentives.evaluation import evaluate
from zhicheng.engines.incentives.rules import (
    Bracket,
    Brackets,
    Budget,
    Citation,
    Clause,
    Fixed,
    Payee,
    Program,
    SameMatter,
    Version,
)  # fmt: skip
from zhicheng.engines.incentives.simulation import simulate

AS_OF = date(2026, 1, 1)
SHAPE = shape("kind", "base")
ROWS = [
    {"fact": str(i), "organisation": "甲乙丙"[i % 3], "holder_kind": "enterprise", "kind": "ab"[i % 2],
     "day": f"2025-{1 + i:02d}-05", "base": "1000", "region": "370702"}
    for i in range(6)
]  # fmt: skip


def clause(name, kind, amount, **more):
    version = Version(date(2020, 1, 1), f"kind = '{kind}'", Fixed(Decimal(amount)), Citation("试"), **more)
    return Clause(f"demo.{name}", "demo", name, name, "claims", "", Payee(), (version,))


def program(*clauses, **policy):
    return Program({"claims": SHAPE}, {"demo": document(**policy)}, clauses)


BASE = program(clause("one", "a", 100), clause("two", "b", 50))


def test_a_what_if_equals_two_full_evaluations():
    variant = program(clause("one", "a", 130), clause("two", "b", 50))
    found = simulate(BASE, variant, {"claims": ROWS}, as_of=AS_OF, threads=1)
    assert found.baseline == evaluate(BASE, {"claims": ROWS}, as_of=AS_OF).total() == 450
    assert found.variant == evaluate(variant, {"claims": ROWS}, as_of=AS_OF).total() == 540
    assert found.rerun == ("demo.one",)


def test_winners_and_losers_are_named_with_the_reason():
    variant = program(clause("one", "a", 130))
    found = simulate(BASE, variant, {"claims": ROWS}, as_of=AS_OF, threads=1)
    assert {one.beneficiary: one.difference for one in found.losers} == dict.fromkeys("甲乙丙", Decimal(-20))
    assert "条款已取消" in found.losers[0].reasons[-1]
    assert found.moved == (0, 3)


def test_a_change_reaches_clauses_tied_by_matter_or_budget():
    tied = program(
        clause("one", "a", 100, same_matter=SameMatter("m", "highest")),
        clause("two", "b", 50, same_matter=SameMatter("m", "highest")),
        clause("three", "b", 5),
    )
    changed = replace(
        tied, clauses=(clause("one", "a", 9, same_matter=SameMatter("m", "highest")), *tied.clauses[1:])
    )
    assert affected(tied, changed) == {"demo.one", "demo.two"}
    budget = {"budget": Budget({2025: Decimal(10)})}
    first, second = (
        program(*BASE.clauses, **budget),
        program(clause("one", "a", 1), BASE.clauses[1], **budget),
    )
    assert affected(first, second) == {"demo.one", "demo.two"}


def test_an_unchanged_program_reruns_nothing():
    found = simulate(BASE, BASE, {"claims": ROWS}, as_of=AS_OF, threads=1)
    assert (found.rerun, found.moved, found.variant) == ((), (0, 0), Decimal(450))


def test_the_month_a_budget_runs_out_is_named():
    variant = program(*BASE.clauses, budget=Budget({2025: Decimal(260)}))
    found = simulate(BASE, variant, {"claims": ROWS}, as_of=AS_OF, threads=1)
    (short,) = found.shortages["variant"]
    assert (short.month, short.claimed, short.missing) == (4, Decimal(450), Decimal(190))
    assert found.shortages["baseline"] == ()
    assert found.variant == 260


def test_cost_is_shown_by_industry_and_size_where_the_register_knows_them():
    register = [{"organisation": "甲", "industry_code": "C3412", "size": "small", "region": "370702"}]
    found = simulate(BASE, BASE, {"claims": ROWS, "organisations": register}, as_of=AS_OF, threads=1)
    assert {one.name: one.baseline for one in found.groups["size"]} == {"small": 150, "（不详）": 300}
    assert "34" in {one.name for one in found.groups["industry"]}
    assert sum(one.variant for one in found.groups["county"]) == 450


def test_each_change_alone_gives_its_sensitivity_and_the_top_share():
    variant = program(clause("one", "a", 130), clause("two", "b", 50))
    found = simulate(BASE, variant, {"claims": ROWS}, as_of=AS_OF, alone={"一": variant}, threads=1)
    assert found.sensitivity == (("一", Decimal(90)),)
    assert found.top[1].baseline == Decimal("0.3333")


def begun_in_2025(made):
    return replace(made, policies={"demo": replace(made.policies["demo"], valid_from=date(2025, 1, 1))})


def test_the_last_years_are_replayed_as_though_the_rules_had_been_in_force():
    late = replace(BASE.clauses[0], versions=(replace(BASE.clauses[0].versions[0], since=date(2025, 6, 1)),))
    stands = begun_in_2025(program(late, BASE.clauses[1]))
    early = [{**one, "fact": f"E{n}", "day": f"2023-0{1 + n}-05"} for n, one in enumerate(ROWS[:2])]
    raised = replace(late, versions=(replace(late.versions[0], amount=Fixed(Decimal(130))),))
    variant = begun_in_2025(program(raised, BASE.clauses[1]))
    found = simulate(stands, variant, {"claims": [*ROWS, *early]}, as_of=AS_OF, threads=1)
    assert found.baseline == 150
    assert [(one.year, one.baseline, one.variant) for one in found.replay.years] == [
        (2023, 150, 180), (2024, 0, 0), (2025, 450, 540),
    ]  # fmt: skip
    assert (found.replay.baseline, found.replay.variant) == (Decimal("200.00"), Decimal("240.00"))
    assert "2023-01-01" in found.replay.assumption


def test_a_rule_that_invites_splitting_is_pointed_out():
    falling = Brackets("base", (Bracket(Decimal(10), Decimal("0.5")), Bracket(None, Decimal("0.1"))))
    split = replace(BASE.clauses[0], versions=(replace(BASE.clauses[0].versions[0], amount=falling),))
    found = simulate(BASE, program(split, BASE.clauses[1]), {"claims": ROWS}, as_of=AS_OF, threads=1)
    assert any("拆分" in one for one in found.warnings)
