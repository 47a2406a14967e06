"""The forty clauses in plain Python, firm by firm: what a program of hand-written rules does and keeps.

Every condition of ours is asked for every fact a clause speaks of, in the same order, and every outcome holds what ours
holds: who, which fact, the day, the status, the reasons with the value found, and the amount after each step.
The facts lie ready as tuples, grouped by firm. `incentives.py` times `evaluate` and compares its outcomes with ours.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from operator import attrgetter
from typing import NamedTuple

FEN, ZERO = Decimal("0.01"), Decimal("0.00")
BY_DAY = attrgetter("day", "fact")


class Fact(NamedTuple):
    """One fact of a firm."""

    fact: str
    organisation: str | None
    holder_kind: str | None
    region: str
    day: date
    kind: str
    base: Decimal | None


class Rule(NamedTuple):
    """One clause: its trigger, whom it pays, and how much (a fixed amount, or a rate of the base up to a cap)."""

    clause: str
    kind: str
    since: date
    payees: tuple[str, ...]
    fixed: Decimal | None
    rate: Decimal | None
    rate_cap: Decimal | None
    first_time: bool
    annual_cap: Decimal | None


class Outcome(NamedTuple):
    """A complete answer about one fact under one clause."""

    clause: str
    version: date
    fact: str
    beneficiary: str | None
    kind: str | None
    region: str
    event_date: date
    status: str
    reasons: tuple[tuple[str, str], ...]
    base: Decimal | None
    gross: Decimal | None
    amount: Decimal | None
    after_matter: Decimal
    after_caps: Decimal
    cut: bool
    after_budget: Decimal


def price(rule: Rule, fact: Fact) -> tuple[Decimal | None, Decimal | None]:
    """The amount before and after the cap of the rate; None where the base is missing."""
    if rule.fixed is not None:
        return rule.fixed, rule.fixed
    if fact.base is None:
        return None, None
    gross = (fact.base * rule.rate).quantize(FEN, ROUND_HALF_UP)
    return gross, min(gross, rule.rate_cap)


def evaluate(firms: Iterable[list[Fact]], rules: list[Rule], as_of: date) -> tuple[list[Outcome], Decimal]:
    """All outcomes of all firms, and the money due in all."""
    outcomes: list[Outcome] = []
    for facts in firms:
        ordered = sorted(facts, key=BY_DAY)
        for rule in rules:
            judge(rule, ordered, as_of, outcomes)
    return outcomes, sum((one.after_budget for one in outcomes), ZERO)


def judge(rule: Rule, facts: list[Fact], as_of: date, outcomes: list[Outcome]) -> None:
    """Add the outcomes of one firm under one clause; its facts come in order of day."""
    kind, first = rule.kind, None
    spent: dict[int, Decimal] = {}
    for fact in facts:
        if fact.kind != kind or fact.day > as_of:
            continue
        gross, amount = price(rule, fact)
        reasons = failed(rule, fact, amount)
        if rule.first_time:
            if first is not None:
                reasons.append(("first_time", f"最早一次 {first}"))
            else:
                first = fact.day
        status = "not_entitled" if reasons else "entitled"
        matter = paid = ZERO if reasons else amount
        if rule.annual_cap is not None and not reasons:
            year = fact.day.year
            before = spent.get(year, ZERO)
            paid = min(matter, rule.annual_cap - before)
            spent[year] = before + paid
            if not paid:
                status = "not_entitled"
                reasons.append(("caps", ""))
        outcomes.append(
            Outcome(
                rule.clause, rule.since, fact.fact, fact.organisation, fact.holder_kind, fact.region, fact.day,
                status, tuple(reasons), fact.base if rule.rate is not None else None, gross, amount, matter,
                paid, paid < matter, paid,
            )
        )  # fmt: skip


def failed(rule: Rule, fact: Fact, amount: Decimal | None) -> list[tuple[str, str]]:
    """The conditions of a fact by itself that do not hold, each with the value found."""
    reasons = []
    if fact.day < rule.since:
        reasons.append(("version", str(fact.day)))
    if fact.organisation is None:
        reasons.append(("holder", "（空）"))
    if fact.holder_kind not in rule.payees:
        reasons.append(("kind", fact.holder_kind or "（空）"))
    if amount is None or amount <= 0:
        reasons.append(("amount", f"基数={fact.base}"))
    return reasons
