"""Runs the examples of a clause as tests, so that an official can read what a clause does and trust it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

import duckdb

from zhicheng.engines.incentives.answers import NO_RULE, Outcome, answers
from zhicheng.engines.incentives.evaluation import open_tables, run
from zhicheng.engines.incentives.rules import Clause, Example, Program

EXAMPLE_DAY = date(2026, 12, 31)  # examples are asked about at one fixed day unless they name theirs


@dataclass(frozen=True)
class ExampleResult:
    """What an example expected and what came out; `ok` when they agree."""

    clause: str
    example: Example
    ok: bool
    got: str


def run_examples(program: Program, clause: Clause) -> list[ExampleResult]:
    """Run every example of a clause within its own document.

    Args:
        program: the loaded program.
        clause: the clause whose examples run.

    Returns:
        One result per example, in order.
    """
    own = program.only(frozenset({clause.policy}))
    results, connection = [], None
    for one in clause.examples:
        result, connection = _run(own, clause, one, connection)
        results.append(result)
    if connection is not None:
        connection.close()
    return results


def _run(
    program: Program, clause: Clause, example: Example, opened: duckdb.DuckDBPyConnection | None
) -> tuple[ExampleResult, duckdb.DuckDBPyConnection]:
    """Run one example; the connection is handed on to the next, which brings facts of its own."""
    region = program.policies[clause.policy].region
    facts = [
        {"fact": f"示例-{i + 1}", **({"region": region} if region else {}), **one}
        for i, one in enumerate(example.given)
    ]
    tables: dict[str, list[Mapping[str, object]]] = {
        clause.fact: [*facts],
        "payments": [*example.tables.get("payments", ())],
        "negative_list": [*example.tables.get("negative_list", ())],
        "owners": [{"fact": facts[-1]["fact"], **one} for one in example.tables.get("owners", ())],
    }
    connection = open_tables(program, tables, threads=1, again=opened)
    found = list(answers(run(program, connection, tables=tables, as_of=example.as_of or EXAMPLE_DAY)))
    expect, _, because = example.expect.partition(" because ")
    got = _got(expect, found, clause, str(facts[-1]["fact"]), [str(one["fact"]) for one in facts])
    reasons = {one.code for outcome in found if outcome.fact == facts[-1]["fact"] for one in outcome.reasons}
    ok = _same(expect, got) and (not because or because in reasons)
    result = ExampleResult(clause.id, example, ok, got + (f" {sorted(reasons)}" if not ok else ""))
    return result, connection


def _got(expect: str, found: list[Outcome], clause: Clause, last: str, facts: list[str]) -> str:
    """The result in the form the example expects: one amount or status, one per fact, or one per payee."""
    own = [one for one in found if one.clause == clause.id]
    if "=" in expect:
        return " ".join(f"{one.beneficiary}={one.amount}" for one in own if one.fact == last)
    if " " in expect:
        return " ".join(_short(one) for fact in facts for one in own if one.fact == fact)
    mine = [one for one in own if one.fact == last]
    if mine:
        return _short(mine[0])
    if any(one.status == NO_RULE for one in found if one.fact == last):
        return NO_RULE
    return "not_triggered"


def _short(outcome: Outcome) -> str:
    return str(outcome.amount) if outcome.status == "entitled" else outcome.status


def _same(expect: str, got: str) -> bool:
    wanted, found = sorted(expect.split(" ")), sorted(got.split(" "))
    if "=" not in expect:
        wanted, found = expect.split(" "), got.split(" ")
    return len(wanted) == len(found) and all(
        _value(one) == _value(two) for one, two in zip(wanted, found, strict=True)
    )


def _value(text: str) -> tuple[str, Decimal | str]:
    name, _, value = text.rpartition("=")
    try:
        return name, Decimal(value)
    except InvalidOperation:
        return name, value
