"""The closed language of conditions: what it says is kept, what it does not know is refused, nothing runs."""

from __future__ import annotations

from contextlib import suppress

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhicheng.kernel.expressions import ExpressionError, compile_expression

COLUMNS = {
    "kind": "text",
    "level": "text",
    "claims": "integer",
    "amount": "decimal",
    "filed_on": "date",
    "live": "boolean",
}
TABLE = """
  create table facts as select * from (values
    ('invention', 'city', 3, 10.5::decimal(18,2), date '2024-02-29', true),
    ('design', null, 0, -1.25::decimal(18,2), date '2025-12-16', false),
    ('o''clock', 'x', null, null, null, null)
  ) t(kind, level, claims, amount, filed_on, live)
"""

words = st.text(alphabet="ab'%_\\\";-/*中文 ", max_size=8).map(
    lambda text: "'" + text.replace("'", "''") + "'"
)
numbers = st.integers(0, 10**6).map(str) | st.decimals(0, 9999, places=2).map(lambda value: f"{value:f}")
comparisons = st.sampled_from(["=", "<>", "<", "<=", ">", ">="])
leaves = st.one_of(
    st.tuples(st.sampled_from(["kind", "level"]), comparisons, words).map(" ".join),
    st.tuples(st.sampled_from(["claims", "amount"]), comparisons, numbers).map(" ".join),
    st.tuples(st.sampled_from(["claims", "amount"]), numbers, numbers).map(lambda t: f"{t[0]} between {t[1]} and {t[2]}"),
    st.tuples(st.sampled_from(["kind", "level"]), words).map(lambda t: f"{t[0]} like {t[1]}"),
    st.tuples(st.sampled_from(["kind", "level"]), st.lists(words, min_size=1, max_size=3)).map(
        lambda t: f"{t[0]} in ({', '.join(t[1])})"
    ),
    st.sampled_from(["filed_on <= :as_of", "filed_on is null", "level is not null", "live", "coalesce(claims, 0) > 1",
                     "year(filed_on) = 2024", "greatest(claims, 2) = 3"]),
)  # fmt: skip
conditions = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        inner.map(lambda one: f"not ({one})"),
    ),
    max_leaves=6,
)


@pytest.fixture(scope="module")
def base():
    connection = duckdb.connect()
    connection.execute(TABLE)
    yield connection
    connection.close()


def answers(base, condition: str) -> list[tuple[object, ...]]:
    given_day = {"as_of": "2025-01-01"} if "$as_of" in condition else None
    return base.execute(f"select kind from facts where {condition} order by kind", given_day).fetchall()


@settings(max_examples=120, deadline=None)
@given(text=conditions)
def test_what_is_compiled_means_what_was_written(base, text):
    compiled = compile_expression(text, COLUMNS).sql()
    assert answers(base, compiled) == answers(base, text.replace(":as_of", "$as_of"))


@settings(max_examples=80, deadline=None)
@given(text=conditions)
def test_compiling_what_was_compiled_changes_nothing(text):
    once = compile_expression(text, COLUMNS)
    again = compile_expression(once.sql().replace("$", ":"), COLUMNS)
    assert again.sql() == once.sql()
    assert set(once.columns) <= set(COLUMNS)
    assert again.columns == once.columns


@settings(max_examples=80, deadline=None)
@given(text=conditions)
def test_a_derived_column_stands_for_its_expression_in_brackets(base, text):
    derived = compile_expression("claims >= 0 and not fits", COLUMNS, {"fits": text}).sql()
    assert answers(base, derived) == answers(
        base, f"claims >= 0 and not ({text.replace(':as_of', '$as_of')})"
    )


HOSTILE = [
    "1=1; drop table patents",
    "kind = 'a' -- and level = 'b'\n; delete from patents",
    "kind in (select password from accounts_user)",
    "exists (select 1)",
    "(select count(*) from accounts_user) > 0",
    "read_csv('/etc/passwd') is not null",
    "read_text('/etc/passwd') = kind",
    "getenv('HOME') = kind",
    "pg_sleep(10) is null",
    "kind = current_user",
    "count(*) > 1",
    "row_number() over () = 1",
    "kind || level = 'ab'",
    "accounts_user.password = 'x'",
    "unknown_column = 1",
    "kind = :password",
    "kind = $1",
    "kind = ?",
    "kind ~ '(a+)+$'",
    "regexp_matches(kind, 'a')",
    "attach 'x.db'",
    "copy patents to '/tmp/x'",
    "install httpfs",
    "set memory_limit='1TB'",
    "x -> x + 1",
    "list_transform([1], x -> x)",
    "kind.level.amount",
    "*",
    "",
    "   ",
    ";",
    "'",
    "((((",
    "kind = 'a' union select 1",
    "try_cast(kind as json)['x'] = 1",
    "{'a': 1}['a'] = 1",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_what_the_language_does_not_know_is_refused_in_words(text):
    with pytest.raises(ExpressionError) as refused:
        compile_expression(text, COLUMNS)
    assert refused.value.fix


@pytest.mark.parametrize(
    "text",
    [
        "(" * 5000 + "1" + ")" * 5000,
        "not " * 1500 + "live",
        "-" * 1900 + "1 = claims",
        "- " * 990 + "1 = claims",
        "live" + " and live" * 20_000,
        "case when live then " * 90 + "1" + " else 0 end" * 90,
        "kind = '" + "a" * 100_000 + "'",
        "coalesce(" * 39 + "claims" + ")" * 39 + " = 1" + " and (" * 300,
    ],
    ids=["brackets", "nots", "comment", "minuses", "long", "cases", "text", "calls"],
)
def test_the_huge_and_the_deep_are_refused_or_compiled_but_never_break(text):
    with suppress(ExpressionError):
        compile_expression(text, COLUMNS)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60) | st.text(alphabet="kindleveclams=<>()'\"; -+*/,.:$?123[]{}", max_size=60))
def test_any_text_is_compiled_or_refused(text):
    try:
        compiled = compile_expression(text, COLUMNS)
    except ExpressionError:
        return
    assert set(compiled.columns) <= set(COLUMNS)
    assert ";" not in compiled.sql().split("'")[0]


def test_a_derived_column_that_leads_back_to_itself_is_refused():
    with pytest.raises(ExpressionError, match="绕回"):
        compile_expression("a", COLUMNS, {"a": "b", "b": "not a"})


def test_derived_columns_that_multiply_are_refused_before_they_fill_the_memory():
    derived = {f"d{number}": " and ".join([f"d{number + 1}"] * 20) for number in range(12)} | {"d12": "live"}
    with pytest.raises(ExpressionError):
        compile_expression("d0", COLUMNS, derived)
