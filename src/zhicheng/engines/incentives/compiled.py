"""What a compiled program is: numbered rules with their checks, and the SQL of each clause."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from zhicheng.engines.incentives.rules import Clause, Policy, Program, Version

FIRST, NEWLY, ONCE = 58, 59, 60  # bits of the conditions that need the beneficiary's history
BREAK = "chr(31)"
JUDGED = (
    "rule", "clause", "fact", "beneficiary", "kind", "event_date", "object", "region", "fail", "missing", "found",
    "base", "gross", "amount",
)  # fmt: skip
COLUMNS = (*JUDGED, "after_matter", "counted", "after_caps", "cut", "after_budget", "budget")
WEIGHED = (*JUDGED, "weight")  # until the payees of a fact have their parts


def with_changed(columns: Sequence[str], **changed: str) -> str:
    """Columns by name, some of them changed; written out, because not every dialect can leave columns out of `*`."""
    return ", ".join(f"{changed[one]} as {one}" if one in changed else one for one in columns)


@dataclass(frozen=True)
class Check:
    """One condition of eligibility.

    Args:
        code: short name of the condition.
        words: what an officer reads.
        ok: SQL for whether it holds; null when that cannot be told.
        found: SQL for the value found.
        quick: SQL over `fact_X` that is true exactly where `ok` is, and cheaper; `ok` itself unless given.
    """

    code: str
    words: str
    ok: str
    found: str
    quick: str = ""


@dataclass(frozen=True)
class Rule:
    """A clause in one version, numbered, with the checks its answer bits refer to."""

    number: int
    clause_number: int
    clause: Clause
    version: Version
    policy: Policy
    checks: tuple[Check, ...]


@dataclass(frozen=True)
class ClauseSql:
    """The SQL of one clause.

    Each is given by the number of the rule, which is a version of the clause.

    Args:
        every: each fact that triggers it, judged by itself and priced.
        again: the same over the facts of the clause in `again_FACT` only.
        bare: a narrow row per fact: where the fact lies, whether every condition of the fact holds, and the amount.
            Columns begin with `z_`.
    """

    every: Mapping[int, str]
    again: Mapping[int, str]
    bare: Mapping[int, str]


@dataclass(frozen=True)
class Compiled:
    """A program ready to run: its rules, and the SQL of each clause that can be asked."""

    program: Program
    rules: tuple[Rule, ...]
    clauses: Mapping[str, ClauseSql]
    uncovered: Mapping[str, str]
    as_of: date
    tables: frozenset[str]


@dataclass(frozen=True)
class Kept:
    """What was kept narrow.

    Args:
        tables: the narrow tables.
        wide: for each of them a select with the columns of outcomes.
        clauses: numbers of the clauses asked this way.
        again: numbers of those among them that have facts to be judged beside others.
    """

    tables: tuple[str, ...]
    wide: tuple[str, ...]
    clauses: frozenset[int]
    again: frozenset[int]


NOTHING_KEPT = Kept((), (), frozenset(), frozenset())
