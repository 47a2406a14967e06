"""What earlier batches of a year leave of a rule's budget (预算上限), and how the new amounts share it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from zhicheng.apps.incentives.models import Entitlement
from zhicheng.engines.incentives.answers import Outcome, yuan
from zhicheng.engines.incentives.rules import Budget, Program
from zhicheng.kernel.money import split

ZERO = Decimal("0.00")
Pot = tuple[str, int]


def within_budgets(due: Sequence[tuple[Outcome, Decimal]], program: Program) -> list[tuple[Decimal, str]]:
    """Share what is left of each budget among new amounts, by the budget's own method.

    The evaluation has shared the whole budget among all facts of the year, as if nothing had been listed yet. What is
    listed stands, so later amounts share the rest: in proportion by largest remainder, or first come; never more than the
    evaluation gives them. Money that came back is not spent again.

    Args:
        due: each outcome with what is left of it before the budget, in order.
        program: the rules.

    Returns:
        Each amount, with the reason in words where the budget makes it less.
    """
    found = [(left, "") for _, left in due]
    pots: dict[Pot, list[int]] = defaultdict(list)
    budgets: dict[Pot, Budget] = {}
    for place, (one, left) in enumerate(due):
        drawn = pot_of(program, one.clause, one.version, one.event_date)
        if drawn is not None and left > 0:
            pots[drawn[0]].append(place)
            budgets[drawn[0]] = drawn[1]
    listed = _listed(set(pots), program)
    for pot, places in pots.items():
        whole, before = budgets[pot].years[pot[1]], listed[pot]
        rest = max(ZERO, whole - before)
        amounts = [due[place][1] for place in places]
        if not before or sum(amounts) <= rest:
            continue
        in_parts = budgets[pot].method == "pro_rata"
        words = (
            f"{pot[1]} 年预算 {yuan(whole)}，以前批次已列 {yuan(before)}，余额"
            f"{'按比例兑付' if in_parts else '先到先得'}"
        )
        parts = split(rest, amounts) if in_parts else _in_order(rest, amounts)
        for place, part in zip(places, parts, strict=True):
            found[place] = (part, words if part < due[place][1] else "")
    return found


def pot_of(program: Program, clause: str, version: str, day: date | None) -> tuple[Pot, Budget] | None:
    """The budget an amount draws on, its own clause's before its document's; None where no limit holds for that year."""
    rule = program.clause(clause)
    if rule is None or day is None:
        return None
    standing = next((one for one in rule.versions if one.since.isoformat() == version), rule.versions[-1])
    owner = rule.id if standing.budget else rule.policy
    budget = standing.budget or program.policies[rule.policy].budget
    return ((owner, day.year), budget) if budget and day.year in budget.years else None


def _in_order(rest: Decimal, amounts: Sequence[Decimal]) -> list[Decimal]:
    parts = []
    for amount in amounts:
        parts.append(min(amount, rest))
        rest -= parts[-1]
    return parts


def _listed(pots: set[Pot], program: Program) -> dict[Pot, Decimal]:
    """What earlier batches have listed, by budget and year."""
    found: dict[Pot, Decimal] = defaultdict(lambda: ZERO)
    if not pots:
        return found
    owners, years = {owner for owner, _ in pots}, {year for _, year in pots}
    clauses = [one.id for one in program.clauses if {one.id, one.policy} & owners]
    rows = Entitlement.objects.filter(clause__in=clauses, live=True, event_date__year__in=years)
    for clause, version, day, amount in rows.values_list("clause", "version", "event_date", "amount"):
        drawn = pot_of(program, clause, version, day)
        if drawn is not None:
            found[drawn[0]] += amount
    return found
