"""Conditions that need more than one fact: 首次, 新获评, 一次性, and the shares of several payees."""

# ruff: noqa: S608 - every part of the SQL is a checked expression, a number or a quoted text

from __future__ import annotations

from collections.abc import Sequence

from zhicheng.engines.incentives.amounts import MONEY, matches_of
from zhicheng.engines.incentives.compiled import BREAK, FIRST, NEWLY, ONCE, WEIGHED, Rule, with_changed


def history_sql(rows: str, rules: Sequence[Rule]) -> str:
    """Add the conditions that need more than one fact, to the rows of all clauses that have one, in one sort each."""

    def numbers(condition: str) -> str:
        return ", ".join(str(one.number) for one in rules if getattr(one.version, condition))

    def guard(condition: str, window: str, bit: int, *, clean: str = "true") -> str:
        placed = f"partition by clause, {window} order by event_date, fact, kind"
        # the first day of the same sorted window: a second window would be a second sort
        nth, earliest = f"row_number() over ({placed})", f"first_value(event_date) over ({placed})"
        hit = f"(rule in ({numbers(condition)}) and {clean} and z_nth > 1)"
        found = f"case when {hit} then concat_ws({BREAK}, nullif(found, ''), cast(z_first as VARCHAR)) else found end"
        fail = f"case when {hit} then fail | {1 << bit} else fail end"
        return (
            f"select {with_changed(WEIGHED, fail=fail, found=found)}"
            f" from (select *, {nth} as z_nth, {earliest} as z_first from ({rows}))"
        )

    clean = "(fail = 0 and missing = 0)"
    if numbers("first_time"):
        rows = guard("first_time", "beneficiary", FIRST)
    if numbers("newly_awarded"):
        rows = guard("newly_awarded", "beneficiary, object", NEWLY)
    if numbers("once"):
        rows = guard("once", f"beneficiary, object, {clean}", ONCE, clean=clean)
    return rows


def looks_back(rule: Rule) -> bool:
    """Tell whether a rule asks what the beneficiary had before."""
    return rule.version.first_time or rule.version.newly_awarded or rule.version.once


def is_divided(rule: Rule) -> bool:
    """Tell whether several payees share the amount of one fact; what an upper level paid each of them is matched whole."""
    return rule.clause.payee.mode in {"split", "owners"} and not matches_of(rule.version.amount)


def shares_sql(rows: str) -> str:
    """Split each fact's amount among its payees by largest remainder."""
    cents = "cast(amount * 100 as HUGEINT)"
    whole = "sum(weight) over (partition by rule, fact)"
    ranked = "row_number() over (partition by rule, fact order by z_rest desc, kind, beneficiary)"
    spare = "z_cents - sum(z_part) over (partition by rule, fact)"
    part = f"z_part + case when {ranked} <= {spare} then 1 else 0 end"
    amount = f"cast(cast({part} as DECIMAL(20,0)) * 0.01 as {MONEY})"
    return (
        f"select {with_changed(WEIGHED, amount=amount)}"
        " from (select *, z_cents * weight // z_whole as z_part, z_cents * weight % z_whole as z_rest"
        f" from (select *, {cents} as z_cents, {whole} as z_whole from ({rows})))"
    )
