"""History replayed: what the rules would have cost in the last years had they been in force all along."""

from __future__ import annotations

# ruff: noqa: S608 - every part of the SQL is a number or a table of the run's own
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from zhicheng.engines.incentives.affected import what_if
from zhicheng.engines.incentives.evaluation import Run, run
from zhicheng.engines.incentives.progress import Passes, nobody
from zhicheng.engines.incentives.rules import Clause, Policy, Program

YEARS = 3
FEN = Decimal("0.01")


@dataclass(frozen=True)
class ReplayedYear:
    """Cost of one year of facts, in 元, under the rules as they stand and under the changed ones."""

    year: int
    baseline: Decimal
    variant: Decimal


@dataclass(frozen=True)
class Replay:
    """The last whole years replayed, and a coming year as their mean.

    Args:
        years: year by year, oldest first.
        baseline, variant: mean of the years, in 元 to the 分; the projection of a coming year.
        assumption: what replay and projection take for granted, in words.
    """

    years: tuple[ReplayedYear, ...]
    baseline: Decimal
    variant: Decimal
    assumption: str


def replay(
    base: Run, variant: Program, *, as_of: date, years: int = YEARS, passes: Passes | None = None
) -> Replay:
    """Replay the last whole years under both sides as though in force since their beginning.

    Args:
        base: a finished run of the rules as they stand; its facts are read again, its outcomes left alone.
        variant: the changed program.
        as_of: the day asked about; the year it lies in is not whole.
        years: how many.
        passes: the count these two evaluations belong to.

    Returns:
        The years with the mean as projection.
    """
    first, last = as_of.year - years, as_of.year - 1
    since = date(first, 1, 1)
    stretched = _since(base.compiled.program, since)
    passes = passes or Passes(nobody, clauses=1, passes=2)
    before = run(
        stretched, base.connection, tables=base.compiled.tables, as_of=as_of, table="replayed",
        told=passes.next(),
    )  # fmt: skip
    after, changed = what_if(
        before, _since(variant, since), as_of=as_of, table="replayed_variant", told=passes.next()
    )
    numbers = {one.id: n for n, one in enumerate(stretched.clauses)}
    kept = [numbers[key] for key in numbers if key not in changed]
    old, same, new = _by_year(before), _by_year(before, kept), _by_year(after)
    found = tuple(
        ReplayedYear(year, old.get(year, Decimal(0)), same.get(year, Decimal(0)) + new.get(year, Decimal(0)))
        for year in range(first, last + 1)
    )
    return Replay(
        found,
        _mean([one.baseline for one in found]),
        _mean([one.variant for one in found]),
        f"按 {first}–{last} 年的事实回放，假定条款自 {since} 起施行；推算取这几年的年均数，事实数量和结构不变",
    )


def _since(program: Program, day: date) -> Program:
    """A program whose earliest rules have held since a day; a later version still begins on its own day."""
    return replace(
        program,
        policies={key: _document(one, day) for key, one in program.policies.items()},
        clauses=tuple(_clause(one, day) for one in program.clauses),
    )


def _document(policy: Policy, day: date) -> Policy:
    begins = policy.valid_from
    return policy if begins is None or begins <= day else replace(policy, valid_from=day)


def _clause(clause: Clause, day: date) -> Clause:
    first, *later = clause.versions
    return clause if first.since <= day else replace(clause, versions=(replace(first, since=day), *later))


def _by_year(found: Run, clauses: list[int] | None = None) -> Mapping[int, Decimal]:
    where = "true" if clauses is None else f"clause in ({', '.join(map(str, clauses)) or '-2'})"
    return dict(
        found.query(
            f"select year(event_date), sum(after_budget) from {found.table} where after_budget > 0 and {where} group by all"
        )
    )


def _mean(amounts: list[Decimal]) -> Decimal:
    return (sum(amounts, Decimal(0)) / len(amounts)).quantize(FEN, ROUND_HALF_UP)
