"""From compiled rules to the statements that give every outcome: judged, with its history, through all stages."""

# ruff: noqa: S608 - every part of the SQL is a checked expression, a number or a quoted text

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from zhicheng.engines.incentives.alike import together
from zhicheng.engines.incentives.amounts import MONEY
from zhicheng.engines.incentives.compiled import COLUMNS, JUDGED, Compiled, Kept, Rule
from zhicheng.engines.incentives.history import history_sql, is_divided, looks_back, shares_sql
from zhicheng.engines.incentives.stages import is_tied, stage_steps


@dataclass(frozen=True)
class Statements:
    """What to ask for all outcomes that are not kept narrow.

    Args:
        judged: rows judged by themselves, for a table `judged_NAME`; None where no other fact has a say in any.
        steps: the stages those rows go through, each over the one before.
        rows: all outcomes, from the last of the steps and from what needs none, with the columns of `COLUMNS`.
    """

    judged: str | None
    steps: Mapping[str, str]
    rows: str

    @property
    def outcomes(self) -> str:
        """All outcomes as one statement."""
        named = ", ".join(f"{name} as ({text})" for name, text in self.steps.items())
        return f"with {named} {self.rows}" if named else self.rows


def outcome_statements(compiled: Compiled, kept: Kept, table: str) -> Statements:
    """The statements for every outcome that is not kept narrow, through all stages.

    Args:
        compiled: the program.
        kept: what is kept narrow, and what of it is left to be judged again.
        table: name of the outcomes, from which the name of the judged rows is made.
    """
    left = [
        one
        for one in compiled.rules
        if one.clause.id in compiled.clauses
        and (one.clause_number not in kept.clauses or one.clause_number in kept.again)
    ]
    tied = {one.clause_number for one in left if is_tied(one)}
    alone = _judged_sql([one for one in left if one.clause_number not in tied], compiled, kept)
    staged = _judged_sql([one for one in left if one.clause_number in tied], compiled, kept)
    parts = [_unstaged_sql(f"({sql})") for sql in (*alone, *compiled.uncovered.values())]
    judged = "\nunion all\n".join(staged) if staged else None if parts else _nothing_sql()
    steps = stage_steps(f"judged_{table}", compiled, sifted=tied <= kept.again) if judged else {}
    if judged:
        parts.append(f"select {', '.join(COLUMNS)} from {next(reversed(steps))}")
        parts.append(_unstaged_sql(f"judged_{table} where fail <> 0 or missing <> 0"))
    return Statements(judged, steps, " union all ".join(parts))


def _judged_sql(rules: Sequence[Rule], compiled: Compiled, kept: Kept) -> list[str]:
    """Selects of judged rows; clauses that ask for a history, or divide an amount, go through it together."""
    kinds: dict[tuple[bool, bool], list[Rule]] = {}
    back = {one.clause_number for one in rules if looks_back(one)}
    for one in rules:
        kinds.setdefault((one.clause_number in back, is_divided(one)), []).append(one)
    selects = []
    for (asks_back, divided), own in kinds.items():
        rows = "\nunion all\n".join(_forms(own, compiled, kept))
        rows = history_sql(rows, own) if asks_back else rows
        selects.append(shares_sql(rows) if divided else rows)
    return selects


def _forms(rules: Sequence[Rule], compiled: Compiled, kept: Kept) -> list[str]:
    """The statements of some rules: over the facts left to be judged again, or over all."""
    alike: dict[str, list[str]] = {}
    others = []
    for one in rules:
        own = compiled.clauses[one.clause.id]
        if one.clause_number not in kept.again:
            others.append(own.every[one.number])
        elif one.version.negative_list or one.version.application:  # its values are used inside a sub-query
            others.append(own.again[one.number])
        else:
            alike.setdefault(f"again_{one.clause.fact}", []).append(own.again[one.number])
    return [*others, *(text for table, own in alike.items() for text in together(own, table))]


def _unstaged_sql(rows: str) -> str:
    """Judged rows on which no other fact has a say: the amount stands as it was set, or nothing is due."""
    due = f"case when fail = 0 and missing = 0 then amount else cast(0 as {MONEY}) end"
    return (
        f"select {', '.join(JUDGED)}, {due} as after_matter, cast(0 as {MONEY}) as counted, {due} as after_caps, 0 as cut,"
        f" {due} as after_budget, cast(null as {MONEY}) as budget from {rows}"
    )


def _nothing_sql() -> str:
    """An empty relation with the columns of judged rows."""
    return (
        "select 0::INTEGER as rule, 0::INTEGER as clause, ''::VARCHAR as fact, ''::VARCHAR as beneficiary,"
        " ''::VARCHAR as kind, null::DATE as event_date, ''::VARCHAR as object, ''::VARCHAR as region,"
        " 0::BIGINT as fail, 0::BIGINT as missing, ''::VARCHAR as found,"
        " null::DECIMAL(38,10) as base, null::DECIMAL(18,2) as gross, null::DECIMAL(18,2) as amount, 1::BIGINT as weight where false"
    )
