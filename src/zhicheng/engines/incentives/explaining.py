"""Answers one organisation in full: what it is due, and for every other clause why not."""

from __future__ import annotations

# ruff: noqa: S608 - every part of the SQL is a checked expression, a number or a quoted text
from collections.abc import Iterator

from zhicheng.engines.incentives.answers import NOT_ENTITLED, ZERO, Outcome, Reason, answers
from zhicheng.engines.incentives.compiling import expression_sql, found_sql
from zhicheng.engines.incentives.evaluation import Run
from zhicheng.engines.incentives.rules import Clause
from zhicheng.engines.incentives.saying import condition_words
from zhicheng.engines.incentives.tables import text_sql

NEAREST = 5


def explain(run: Run, beneficiary: str, *, clause: str | None = None) -> list[Outcome]:
    """Every answer about one beneficiary.

    Args:
        run: a finished evaluation.
        beneficiary: unified social credit code or the id the facts carry.
        clause: only this clause; None explains all.

    Returns:
        Outcomes of facts that triggered a clause or found none, then one per clause that nothing triggered,
        with the nearest facts and the values that kept them out.
    """
    found = [
        one
        for one in answers(run, where=f"beneficiary = {text_sql(beneficiary)}")
        if clause is None or one.clause == clause
    ]
    known = {one.clause for one in found}
    quiet = [one for one in run.compiled.program.clauses if one.id not in known and clause in (None, one.id)]
    return found + [_untriggered(run, beneficiary, one) for one in quiet]


def _untriggered(run: Run, beneficiary: str, clause: Clause) -> Outcome:
    shape = run.compiled.program.facts[clause.fact]
    reasons = tuple(_nearest(run, beneficiary, clause)) or (
        Reason("no_fact", f"没有“{shape.label}”的事实", supplied_by=shape.supplied_by),
    )
    version = clause.versions[-1].since.isoformat()
    return Outcome(
        clause.id, version, beneficiary, "", "", None, NOT_ENTITLED, ZERO, steps=(), reasons=reasons
    )


def _nearest(run: Run, beneficiary: str, clause: Clause) -> Iterator[Reason]:
    """The latest facts of the beneficiary that did not meet the trigger, with the values found."""
    shape, as_of = run.compiled.program.facts[clause.fact], run.compiled.as_of
    when = clause.versions[-1].when
    rows = run.query(
        f'select fact, cast("{shape.date}" as varchar), {found_sql(when, shape)} from fact_{shape.id}'
        f" where (organisation = {text_sql(beneficiary)} or person = {text_sql(beneficiary)})"
        f" and ({expression_sql(when, shape, as_of)}) is not true"
        f' order by "{shape.date}" desc nulls last, fact limit {NEAREST}'
    )
    said = condition_words(when, shape)
    for fact, day, found in rows:
        yield Reason("not_triggered", f"“{shape.label}”{fact}（{day}）不符合触发条件：{said}", found)
