"""What a change would cost: the baseline and a variant over the same facts, side by side in one run."""

from __future__ import annotations

# ruff: noqa: S608 - every part of the SQL is a number or a quoted text of a loaded catalogue
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from zhicheng.engines.incentives.affected import affected, difference, what_if
from zhicheng.engines.incentives.answers import answer, yuan
from zhicheng.engines.incentives.evaluation import Run, open_tables, run
from zhicheng.engines.incentives.measures import (
    Group,
    Shortage,
    Spread,
    cost_by,
    shortages,
    spread_of,
)  # fmt: skip
from zhicheng.engines.incentives.progress import Passes, Told, nobody
from zhicheng.engines.incentives.replaying import Replay, replay
from zhicheng.engines.incentives.rules import Brackets, Program
from zhicheng.engines.incentives.stages import caps_of_version
from zhicheng.engines.incentives.tables import Source, text_sql

MOST_NAMED = 200


@dataclass(frozen=True)
class Moved:
    """A beneficiary whose money changes, in 元, and why."""

    beneficiary: str
    baseline: Decimal
    variant: Decimal
    reasons: tuple[str, ...]

    @property
    def difference(self) -> Decimal:
        """Variant less baseline."""
        return self.variant - self.baseline


@dataclass(frozen=True)
class Comparison:
    """A what-if beside its baseline.

    Args:
        baseline: money due under the rules as they stand.
        variant: money due under the changed rules.
        groups: cost by year, county, industry, size and clause.
        winners: beneficiaries who get more, most first, at most 200.
        losers: beneficiaries who get less, most first, at most 200.
        moved: how many win and how many lose.
        top: share of money of the top 1, 5 and 10 beneficiaries, baseline and variant.
        sensitivity: what each change costs when made alone.
        shortages: budgets that run out, with the month.
        replay: the last whole years as though both sides had been in force, and a coming year as their mean.
        warnings: where the changed rule invites splitting or stacking.
        rerun: clauses that had to be evaluated again.
    """

    baseline: Decimal
    variant: Decimal
    groups: Mapping[str, tuple[Group, ...]]
    winners: tuple[Moved, ...]
    losers: tuple[Moved, ...]
    moved: tuple[int, int]
    top: Mapping[int, Spread]
    sensitivity: tuple[tuple[str, Decimal], ...]
    shortages: Mapping[str, tuple[Shortage, ...]]
    replay: Replay
    warnings: tuple[str, ...]
    rerun: tuple[str, ...]


def _money_sql(base: Run, other: Run, changed: frozenset[str]) -> str:
    """Every payment of both sides: side, clause, fact, beneficiary, day, region, amount before budget, amount."""

    def side(name: str, source: Run, where: str) -> str:
        names = ", ".join(
            f"({number}, {text_sql(one.id)})" for number, one in enumerate(source.compiled.program.clauses)
        )
        if not names:
            names = "(-2, '')"
        return (
            f"select '{name}' as side, n.id as clause, o.rule, fact, beneficiary, event_date, region,"
            f" after_caps, after_budget as amount from {source.table} o"
            f" join (values {names}) n(number, id) on n.number = o.clause where after_caps > 0 and {where}"
        )

    ids = ", ".join(text_sql(one) for one in sorted(changed)) or "''"
    kept = side("both", base, f"n.id not in ({ids})")
    return f"{kept} union all {side('baseline', base, f'n.id in ({ids})')} union all {side('variant', other, 'true')}"


def _moved(base: Run, other: Run) -> tuple[list[Moved], tuple[int, int]]:
    rows = base.query(
        "select beneficiary, sum(case when side = 'baseline' then amount else 0 end) as b,"
        " sum(case when side = 'variant' then amount else 0 end) as v from money where side <> 'both'"
        " group by beneficiary having b <> v order by abs(v - b) desc, beneficiary"
    )
    up, down = [one for one in rows if one[2] > one[1]], [one for one in rows if one[2] < one[1]]
    named = up[:MOST_NAMED] + down[:MOST_NAMED]
    kept = dict(
        base.query("select beneficiary, sum(amount) from money where side = 'both' group by beneficiary")
        if named
        else []
    )
    reasons = _reasons(base, other, [one[0] for one in named])
    found = [
        Moved(who, before + kept.get(who, 0), after + kept.get(who, 0), tuple(reasons.get(who, ())))
        for who, before, after in named
    ]
    return found, (len(up), len(down))


def _reasons(base: Run, other: Run, who: list[str]) -> dict[str, list[str]]:
    """Per beneficiary: each fact whose amount differs, with the variant's step or reason that made it so."""
    if not who:
        return {}
    chosen = ", ".join(text_sql(one) for one in who)
    before = {
        (one.clause, one.fact, one.beneficiary): one
        for one in (answer(row, base.compiled) for row in base.rows(f"beneficiary in ({chosen})"))
    }
    after = {
        (one.clause, one.fact, one.beneficiary): one
        for one in (answer(row, other.compiled) for row in other.rows(f"beneficiary in ({chosen})"))
    }
    changed = affected(base.compiled.program, other.compiled.program) if other.compiled.rules else frozenset()
    clauses = {one.id for one in other.compiled.program.clauses} | changed
    names = {one.id: one.name for run in (base, other) for one in run.compiled.program.clauses}
    found: dict[str, list[str]] = {}
    for key in sorted(before.keys() | after.keys()):
        if key[0] not in clauses:
            continue
        old, new = before.get(key), after.get(key)
        was, now = (old.amount if old else Decimal(0)), (new.amount if new else Decimal(0))
        if was == now:
            continue
        if new is None:
            why = "条款已取消或不再触发"
        elif new.reasons:
            why = "；".join(one.text for one in new.reasons)
        else:
            why = "；".join(
                one.text for one in new.steps if one.step == "amount" or one.before not in (None, one.after)
            )
        found.setdefault(key[2], []).append(f"{names[key[0]]}（{key[1]}）：{yuan(was)} → {yuan(now)}，{why}")
    return found


def _warnings(variant: Program, changed: frozenset[str]) -> tuple[str, ...]:
    """Where a changed rule rewards cutting one matter into several, or collecting twice."""
    found = []
    for clause in variant.clauses:
        if clause.id not in changed:
            continue
        version, policy = clause.versions[-1], variant.policies[clause.policy]
        slots = caps_of_version(version, policy)
        if isinstance(version.amount, Brackets):
            rates = [one.rate for one in version.amount.steps]
            if rates != sorted(rates) and not any(per == "beneficiary" for per, _, _ in slots):
                found.append(f"{clause.name}：比例随基数递减，又没有按受益人封顶，拆分合同可多得。")
        if any(per == "object" for per, _, _ in slots) and not any(
            per == "beneficiary" for per, _, _ in slots
        ):
            found.append(f"{clause.name}：只按对象封顶，拆成多个对象可多得。")
        if not clause.object and not (version.once or version.first_time or slots):
            found.append(f"{clause.name}：没有对象、一次性或封顶，可重复申领。")
        if version.same_matter and version.same_matter.rule == "stack":
            found.append(f"{clause.name}：同一事项可叠加（{version.same_matter.group}）。")
    return tuple(found)


def simulate(
    baseline: Program,
    variant: Program,
    sources: Mapping[str, Source],
    *,
    as_of: date,
    alone: Mapping[str, Program] | None = None,
    threads: int | None = None,
    told: Told = nobody,
) -> Comparison:
    """Replay history under the rules as they stand and under changed ones.

    Args:
        baseline: the program as it stands.
        variant: the changed program.
        sources: fact tables; `organisations` (organisation, region, industry_code, size) where known.
        as_of: the day asked about.
        alone: per change its words and the program with only that change, for the sensitivity.
        threads: processors to use; None leaves it to DuckDB.
        told: is told how many clauses are done, of all evaluations together; what it raises ends them.

    Returns:
        The comparison, money in 元.

    Raises:
        Refusal: a source or an expression is not allowed.
    """
    facts = {key: one for key, one in sources.items() if key != "organisations"}
    connection = open_tables(baseline, {"organisations": [], **sources}, threads=threads)
    passes = Passes(told, clauses=len(baseline.clauses), passes=4 + len(alone or {}))
    base = run(baseline, connection, tables=facts, as_of=as_of, told=passes.next())
    other, changed = what_if(base, variant, as_of=as_of, told=passes.next())
    connection.execute(f"create or replace temp table money as {_money_sql(base, other, changed)}")
    moved, counts = _moved(base, other)
    totals = dict(base.query("select side, sum(amount) from money group by side"))
    both = totals.get("both", Decimal(0))
    return Comparison(
        baseline=both + totals.get("baseline", Decimal(0)),
        variant=both + totals.get("variant", Decimal(0)),
        groups=cost_by(base),
        winners=tuple(one for one in moved if one.difference > 0),
        losers=tuple(one for one in moved if one.difference < 0),
        moved=counts,
        top={size: spread_of(base, size) for size in (1, 5, 10)},
        sensitivity=tuple(
            (words, difference(base, program, as_of=as_of, told=passes.next()))
            for words, program in (alone or {}).items()
        ),
        shortages={
            "baseline": shortages(base, baseline, "baseline"),
            "variant": shortages(base, variant, "variant"),
        },
        replay=replay(base, variant, as_of=as_of, passes=passes),
        warnings=_warnings(variant, changed),
        rerun=tuple(sorted(changed)),
    )
