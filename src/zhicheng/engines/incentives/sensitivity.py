"""How much of the cost hangs on each number of the rules: every one is turned down and up alone."""

# ruff: noqa: S608 - the name of a table is the run's own
from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from zhicheng.engines.incentives.affected import difference
from zhicheng.engines.incentives.evaluation import open_tables, run
from zhicheng.engines.incentives.progress import Told, nobody
from zhicheng.engines.incentives.rules import Program
from zhicheng.engines.incentives.tables import Source


@dataclass(frozen=True)
class Nudge:
    """One number of the rules, turned down and up.

    Args:
        owner: id of the clause or document. place: dotted place of the number. label: what it is, in words.
        kind: money (元), rate (a factor), or count.
        value, low, high: as it stands, turned down, turned up, exact.
        reached: clauses the number can change the amounts of; it decides over none of their triggers.
        turned: a program with the number set to another value.
    """

    owner: str
    place: str
    label: str
    kind: str
    value: Decimal
    low: Decimal
    high: Decimal
    reached: frozenset[str]
    turned: Callable[[Program, Decimal], Program]


@dataclass(frozen=True)
class Sensitive:
    """What a number is worth: cost of turning it down and up, in 元, against the rules as they stand."""

    nudge: Nudge
    lower: Decimal
    higher: Decimal

    @property
    def reach(self) -> Decimal:
        """The larger of the two, without sign."""
        return max(abs(self.lower), abs(self.higher))


def sensitivity(
    baseline: Program,
    nudges: Iterable[Nudge],
    sources: Mapping[str, Source],
    *,
    as_of: date,
    told: Told = nobody,
) -> tuple[Decimal, tuple[Sensitive, ...]]:
    """Turn every number down and up, one at a time, over the same facts.

    Args:
        baseline: the rules as they stand.
        nudges: the numbers to turn.
        sources: fact tables by name.
        as_of: the day asked about.
        told: is told how many numbers are done, of all; what it raises ends the work.

    Returns:
        Cost as the rules stand, and what each number is worth, the one that moves most first.

    Raises:
        Refusal: a source or an expression is not allowed.
    """
    facts = {key: one for key, one in sources.items() if key != "organisations"}
    base = run(baseline, open_tables(baseline, facts), tables=facts, as_of=as_of)
    triggered = {
        baseline.clauses[n].id for (n,) in base.query(f"select distinct clause from {base.table}") if n >= 0
    }

    def cost(nudge: Nudge, number: Decimal) -> Decimal:
        # a number decides how much is due for a fact that triggered, never whether one triggers
        if not nudge.reached & triggered:
            return Decimal("0.00")
        return difference(base, nudge.turned(baseline, number), as_of=as_of)

    found, every = [], list(nudges)
    for place, one in enumerate(every):
        told(place, len(every))
        found.append(Sensitive(one, cost(one, one.low), cost(one, one.high)))
    told(len(every), len(every))
    total = base.total()
    base.connection.close()
    return total, tuple(sorted(found, key=lambda one: (-one.reach, one.nudge.owner, one.nudge.place)))
