"""Clauses alike but for their values are planned as one statement and answer as if each were asked alone."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import duckdb
import pytest

from tests.engines.incentives.claims import document, shape
from zhicheng.engines.incentives.alike import form_of, together
from zhicheng.engines.incentives.answers import answers
from zhicheng.engines.incentives.evaluation import evaluate
from zhicheng.engines.incentives.rules import (
    Cap,
    Citation,
    Clause,
    Fixed,
    Payee,
    Program,
    Rate,
    Version,
)  # fmt: skip

SHAPE = shape("base", "kind")
POLICY = {"demo": document()}


def clause(name, kind, amount, since=date(2020, 1, 1), **conditions):
    version = Version(since, "kind = '" + kind.replace("'", "''") + "'", amount, Citation("试"), **conditions)
    return Clause(f"demo.{name}", "demo", name, name, "claims", "", Payee(), (version,))


CLAUSES = (
    clause("a", "it's", Fixed(Decimal("100.5")), first_time=True),
    clause("b", "二", Fixed(Decimal("7")), first_time=True),
    clause("c", "三", Fixed(Decimal("12.25")), date(2023, 6, 1), first_time=True),
    clause("d", "二", Rate("base", Decimal("0.5"), cap=Decimal(300)), caps=(Cap(Decimal(900)),)),
    clause("e", "三", Rate("base", Decimal("0.125"), cap=Decimal(50)), caps=(Cap(Decimal(80)),)),
    clause("f", "it's", Rate("base", Decimal("0.25"), cap=Decimal("99.99")), caps=(Cap(Decimal(80)),)),
)
FACTS = [
    {
        "fact": f"{i:03d}", "organisation": None if i % 31 == 0 else "甲乙丙丁"[i % 4], "holder_kind": "enterprise",
        "day": f"202{3 + i % 3}-0{1 + i % 9}-11", "base": None if i % 17 == 0 else f"{i * 37 % 900}.{i % 100:02d}",
        "kind": None if i % 23 == 0 else ("it's", "二", "三")[i * 7 % 3],
    }
    for i in range(150)
]  # fmt: skip


def said(*clauses):
    run = evaluate(
        Program({"claims": SHAPE}, POLICY, clauses), {"claims": FACTS}, as_of=date(2026, 1, 1), threads=1
    )
    found = list(answers(run))
    run.connection.close()
    return found


def test_clauses_asked_together_answer_as_each_does_alone():
    alone = [one for clause in CLAUSES for one in said(clause)]
    assert said(*CLAUSES) == alone
    assert {one.status for one in alone} == {"entitled", "not_entitled", "cannot_tell", "no_rule"}


def test_values_are_taken_out_of_a_statement_and_names_and_types_are_not():
    form, values = form_of(
        """select 3::INTEGER, z_0, "k2", 'it''s', cast(0.25 as DECIMAL(18,2)), DATE '2024-01-01'"""
    )
    assert values == ("3", "'it''s'", "0.25", "DATE '2024-01-01'")
    assert form_of(form.replace("\0", "'"))[0].count("DECIMAL(18,2)") == 1
    assert '"k2"' in form


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        (["select 1 from t where a = 'x'", "select 2 from t where a = 'y'"], 1),
        (["select 1 from t where a = 'x'", "select 1.5 from t where a = 'y'"], 2),
        (["select 1 from t where a = 'x'", "select 1 from t where a = DATE '2024-01-01'"], 2),
        (["select 1 from t where a = 'x'", "select 1 from t where b = 'x'"], 2),
    ],
    ids=["values", "places", "type", "column"],
)
def test_only_statements_that_differ_in_values_alone_become_one(statements, expected):
    assert len(together(statements, "t")) == expected


def test_one_statement_of_many_gives_the_rows_of_all():
    connection = duckdb.connect()
    connection.execute("create table t as select unnest(['x', 'y', 'z']) as a")
    statements = [
        f"select {number} as n, a from (select * from t where a = '{letter}')"
        for number, letter in enumerate("xyz")
    ]
    (joined,) = together(statements, "t")
    assert sorted(connection.execute(joined).fetchall()) == [(0, "x"), (1, "y"), (2, "z")]


def test_statements_alike_to_the_last_value_are_each_counted():
    (joined,) = together(["select 1 as n from t where a = 'x'"] * 2, "t")
    connection = duckdb.connect()
    connection.execute("create table t as select 'x' as a")
    assert connection.execute(joined).fetchall() == [(1,), (1,)]


def test_a_text_that_looks_like_the_statement_stays_a_text():
    connection = duckdb.connect()
    connection.execute("create table t as select 'x' as a")
    texts = [f"select ' from t where ' as w, {n} as n from (select * from t where a = 'x')" for n in (1, 2)]
    (joined,) = together(texts, "t")
    assert sorted(connection.execute(joined).fetchall()) == [(" from t where ", 1), (" from t where ", 2)]
