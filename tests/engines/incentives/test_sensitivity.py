"""What each number of the rules is worth: the same as the cost of two full evaluations."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import zhicheng.catalogue
from zhicheng.catalogue.policy_dials import dials_of, dials_of_policy
from zhicheng.catalogue.policy_loader import load_policies
from zhicheng.catalogue.policy_nudges import nudges_of
from zhicheng.engines.incentives.affected import affected
from zhicheng.engines.incentives.evaluation import open_tables, run
from zhicheng.engines.incentives.sensitivity import sensitivity

AS_OF = date(2026, 6, 30)
CATALOGUE = Path(zhicheng.catalogue.__file__).parent
PROGRAM = load_policies([CATALOGUE / "policies", CATALOGUE / "example_policies"])


def test_every_number_of_the_catalogue_is_turned_down_and_up():
    turned = {(one.owner, one.place) for one in nudges_of(PROGRAM)}
    wanted = {
        (dial.owner, dial.place)
        for dials in (
            *(dials_of(one, PROGRAM.facts[one.fact]) for one in PROGRAM.clauses),
            *map(dials_of_policy, PROGRAM.policies.values()),
        )
        for dial in dials
        if dial.kind in {"money", "rate", "count"} and Decimal(dial.value)
    }
    assert turned == wanted
    assert len(turned) > 40
    for one in nudges_of(PROGRAM):
        assert one.low < one.value < one.high
        for number in (one.low, one.high):
            turned = one.turned(PROGRAM, number)
            assert affected(PROGRAM, turned) >= one.reached


def test_a_number_is_worth_what_two_full_evaluations_differ_by():
    program = PROGRAM.only(frozenset({"ex_sd_insurance", "ex_budget"}))
    insurance = [
        {"fact": f"P{n}", "organisation": f"示例单位{n % 3}", "holder_kind": "enterprise", "region": "370702", "cover": "domestic",
         "high_value": n % 2 == 0, "premium": f"{90_000 + n * 40_000}.55", "policy_number": f"P{n}", "paid_on": "2021-12-01"}
        for n in range(9)
    ]  # fmt: skip
    sources = {"insurance": insurance}
    total, found = sensitivity(program, nudges_of(program), sources, as_of=AS_OF)
    tables = open_tables(program, sources, threads=1)

    def evaluated(wanted):
        return run(wanted, tables, tables=sources, as_of=AS_OF).total()

    assert total == evaluated(program)
    for one in found:
        for number, cost in ((one.nudge.low, one.lower), (one.nudge.high, one.higher)):
            assert cost == evaluated(one.nudge.turned(program, number)) - total
    assert [one.reach for one in found] == sorted((one.reach for one in found), reverse=True)
    assert found[0].reach > 0
