"""Measures of a what-if: cost by group, concentration of money, and the month a budget runs out."""

from __future__ import annotations

# ruff: noqa: S608 - every part of the SQL is a number or a quoted text of a loaded catalogue
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from zhicheng.engines.incentives.evaluation import Run
from zhicheng.engines.incentives.rules import Budget, Program
from zhicheng.engines.incentives.tables import text_sql

GROUPS = {
    "year": "cast(year(event_date) as varchar)",
    "county": "coalesce(nullif(m.region, ''), o.region, '（不详）')",
    "industry": "coalesce(nullif(left(ltrim(o.industry_code, 'ABCDEFGHIJKLMNOPQRST'), 2), ''), '（不详）')",
    "size": "coalesce(nullif(o.size, ''), '（不详）')",
    "clause": "clause",
}


@dataclass(frozen=True)
class Group:
    """Cost of one group, in 元, baseline and variant."""

    name: str
    baseline: Decimal
    variant: Decimal


@dataclass(frozen=True)
class Spread:
    """Share of all money that the largest beneficiaries get, 0 to 1, four places."""

    baseline: Decimal
    variant: Decimal


@dataclass(frozen=True)
class Shortage:
    """A budget that approved claims exceed: the month it ran out and what was missing at the year's end."""

    budget: str
    year: int
    amount: Decimal
    claimed: Decimal
    month: int

    @property
    def missing(self) -> Decimal:
        """Claims beyond the budget, in 元."""
        return self.claimed - self.amount


def cost_by(base: Run) -> Mapping[str, tuple[Group, ...]]:
    """Cost by year, county, industry, size and clause, over the table of both sides."""
    found = {}
    for name, key in GROUPS.items():
        rows = base.query(
            f"select {key} as k, coalesce(sum(amount) filter (side <> 'variant'), 0),"
            " coalesce(sum(amount) filter (side <> 'baseline'), 0) from money m"
            " left join organisations o on o.organisation = m.beneficiary group by k order by k"
        )
        found[name] = tuple(Group(*one) for one in rows)
    return found


def top_share(base: Run, size: int, side: str) -> Decimal:
    """Share of one side's money that its largest beneficiaries get."""
    other = "baseline" if side == "variant" else "variant"
    rows = base.query(
        f"select sum(s) filter (n <= {size}), sum(s) from (select sum(amount) as s,"
        " row_number() over (order by sum(amount) desc, beneficiary) as n"
        f" from money where side <> '{other}' group by beneficiary)"
    )
    part, whole = rows[0]
    return (Decimal(part) / Decimal(whole)).quantize(Decimal("0.0001")) if whole else Decimal("0.0000")


def spread_of(base: Run, size: int) -> Spread:
    """Concentration of money on both sides."""
    return Spread(top_share(base, size, "baseline"), top_share(base, size, "variant"))


def _pots(program: Program) -> dict[str, tuple[Budget, tuple[str, ...]]]:
    """Budgets by name, each with the clauses that draw on it."""
    pots: dict[str, tuple[Budget, tuple[str, ...]]] = {}
    for clause in program.clauses:
        own, shared = clause.versions[-1].budget, program.policies[clause.policy].budget
        if own:
            pots[clause.id] = (own, (clause.id,))
        elif shared:
            drawn = pots.get(clause.policy, (shared, ()))[1]
            pots[clause.policy] = (shared, (*drawn, clause.id))
    return pots


def shortages(base: Run, program: Program, side: str) -> tuple[Shortage, ...]:
    """Budgets of one side that run out, in order of year and name."""
    other = "baseline" if side == "variant" else "variant"
    found = []
    for name, (budget, clauses) in _pots(program).items():
        ids = ", ".join(text_sql(one) for one in clauses)
        for year, amount in budget.years.items():
            months = base.query(
                f"select month(event_date) as m, sum(after_caps) from money where side <> '{other}'"
                f" and clause in ({ids}) and year(event_date) = {year} group by m order by m"
            )
            claimed, month = Decimal(0), 0
            for number, due in months:
                claimed += due
                if claimed > amount and not month:
                    month = number
            if month:
                found.append(Shortage(name, year, amount, claimed, month))
    return tuple(sorted(found, key=lambda one: (one.year, one.budget)))
