"""Outcomes kept as a pointer to their fact say exactly what they say when judged in full beside all others."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from tests.engines.incentives.claims import document, shape
from zhicheng.engines.incentives.answers import answers
from zhicheng.engines.incentives.evaluation import evaluate
from zhicheng.engines.incentives.rules import (
    Budget,
    Cap,
    Citation,
    Clause,
    Payee,
    Program,
    Rate,
    Version,
)  # fmt: skip

SHAPE = shape("base", "object")
POLICY = document()
BEYOND = Budget(
    {year: Decimal(10) ** 12 for year in (2023, 2024, 2025)}
)  # never reached, but all facts draw on it

CONDITIONS = {
    "alone": {},
    "first_time": {"first_time": True},
    "newly_awarded": {"newly_awarded": True},
    "once": {"once": True},
    "annual_cap": {"caps": (Cap(Decimal(900)),)},
    "cap_of_an_object": {"caps": (Cap(Decimal(700), "ever", "object"),)},
    "cap_of_all": {"caps": (Cap(Decimal(5000), "year", "all"),)},
    "once_and_two_caps": {"once": True, "caps": (Cap(Decimal(900)), Cap(Decimal(1200), "ever"))},
}


def fact(number: int) -> dict[str, object]:
    """Facts of twelve firms over three years; some lack a base, a firm, or come before the clause."""
    return {
        "fact": f"{number:03d}",
        "organisation": None if number % 29 == 0 else f"U{number * 7 % 12}",
        "holder_kind": "institution" if number % 5 else "person" if number % 31 == 0 else "enterprise",
        "region": "370702",
        "day": str(date(2023 + number % 3, 1 + number * 5 % 12, 1 + number % 28)),
        "base": None if number % 17 == 0 else "0" if number % 23 == 0 else str(number * 37 % 1900),
        "object": "xyz"[number % 3],
    }


def program(budget: Budget | None, conditions: dict[str, object]) -> Program:
    versions = tuple(
        Version(since, "base >= 0", Rate("base", rate, cap=Decimal(600)), Citation("试"), budget=budget, **conditions)
        for since, rate in ((date(2023, 3, 1), Decimal("0.5")), (date(2024, 7, 1), Decimal("0.9")))
    )  # fmt: skip
    clause = Clause("demo.one", "demo", "条款", "c", "claims", "object", Payee(), versions)
    return Program({"claims": SHAPE}, {"demo": POLICY}, (clause,))


def said(rules: Program) -> list[object]:
    """Every answer but the words about the budget, which differ on purpose."""
    run = evaluate(rules, {"claims": [fact(i) for i in range(120)]}, as_of=date(2026, 1, 1), threads=1)
    found = list(answers(run))
    assert run.total() == sum(one.amount for one in found)
    run.connection.close()
    return [replace(one, steps=tuple(step for step in one.steps if step.step != "budget")) for one in found]


@pytest.mark.parametrize("name", CONDITIONS)
def test_an_outcome_kept_narrow_is_the_one_judged_in_full(name):
    narrow, full = said(program(None, CONDITIONS[name])), said(program(BEYOND, CONDITIONS[name]))
    assert narrow == full
    assert {"entitled", "not_entitled", "no_rule"} <= {one.status for one in narrow}
