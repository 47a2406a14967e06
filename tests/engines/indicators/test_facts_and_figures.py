"""Laws of counting: stock, flow and cumulative agree; a shared row counts once above and once in each place."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhicheng.engines.facts import Fact, materialise_sql
from zhicheng.engines.indicators import Earlier, Indicator, period_bounds, rows_sql, scan_sql
from zhicheng.engines.indicators.periods import same_day_last_year
from zhicheng.engines.indicators.scanning import plain_sql
from zhicheng.kernel.refusals import Refusal

FIRST = date(2020, 1, 1)
COUNTIES = ("370702", "370783", "330201")
FACT = Fact(
    id="rights", grain="one row a right", tables=("rights", "owners"),
    columns={"granted_on": "date", "ended_on": "date", "amount": "decimal", "owner": "text"},
    derived={"in_force": "granted_on <= :as_of and (ended_on is null or ended_on > :as_of)"},
    prepare="select id as row_key, region_code, granted_on, ended_on, amount, owner from rights",
    belongs="select id as row_key, region_code, null::date as from_on, null::date as until_on from owners",
)  # fmt: skip


def indicator(kind: str, **more: str) -> Indicator:
    return Indicator(
        id=f"rights_{kind}", version=1, kind=kind, link="creation", name_zh="权利", name_en="Rights", unit_zh="件",
        unit_en="rights", definition="演示", source="演示", unverified=True, fact="rights", **more,
    )  # fmt: skip


STOCK = indicator("stock", where="in_force")
FLOW = indicator("flow", on="granted_on")
ENDED = indicator("flow", on="ended_on")
CUMULATIVE = indicator("cumulative", on="granted_on")

days = st.integers(0, 1500).map(lambda n: FIRST + timedelta(days=n))
rights = st.lists(
    st.tuples(
        days, st.none() | st.integers(1, 900), st.lists(st.sampled_from(COUNTIES), min_size=1, max_size=3)
    ),
    max_size=25,
)


def base(rows) -> duckdb.DuckDBPyConnection:
    made = duckdb.connect()
    made.execute(
        "create table rights (id integer, region_code varchar, granted_on date, ended_on date, amount decimal(18,2), owner varchar)"
    )
    made.execute("create table owners (id integer, region_code varchar)")
    for number, (granted, life, counties) in enumerate(rows):
        ended = granted + timedelta(days=life) if life else None
        made.execute(
            "insert into rights values (?, '', ?, ?, 0.10, ?)", [number, granted, ended, f"o{number % 3}"]
        )
        for county in counties:
            made.execute("insert into owners values (?, ?)", [number, county])
    made.execute(f"create table fact as {materialise_sql(FACT)}")
    return made


def count(made, one: Indicator, region: str, as_of: date, start: date = FIRST) -> int:
    text = scan_sql(FACT, [one], "fact")
    given_ = {"regions": [region], "as_of": as_of, "start": start}
    row = made.execute(text, {k: v for k, v in given_.items() if f"${k}" in text}).fetchone()
    return int(row[1] or 0) if row else 0


@settings(max_examples=40, deadline=None)
@given(rows=rights, then=days, later=st.integers(0, 400))
def test_old_stock_plus_new_minus_ended_is_the_new_stock(rows, then, later):
    made = base(rows)
    now = then + timedelta(days=later)
    after = then + timedelta(days=1)
    came = count(made, FLOW, "370700", now, after)
    went = count(made, ENDED, "370700", now, after)
    assert count(made, STOCK, "370700", now) == count(made, STOCK, "370700", then) + came - went


@settings(max_examples=40, deadline=None)
@given(rows=rights, day=days)
def test_a_cumulative_is_every_flow_since_the_beginning(rows, day):
    made = base(rows)
    assert count(made, CUMULATIVE, "370700", day) == count(made, FLOW, "370700", day, date(1, 1, 1))


@settings(max_examples=40, deadline=None)
@given(rows=rights, day=days)
def test_a_right_of_two_counties_counts_once_in_the_city(rows, day):
    made = base(rows)
    city = count(made, STOCK, "370700", day)
    counties = [count(made, STOCK, code, day) for code in ("370702", "370783")]
    assert max(counties) <= city <= sum(counties)
    assert count(made, STOCK, "370000", day) == city


@settings(max_examples=25, deadline=None)
@given(rows=rights, day=days)
def test_the_rows_behind_a_figure_are_as_many_as_it_counts(rows, day):
    made = base(rows)
    text = rows_sql(FACT, STOCK, "fact")
    behind = made.execute(text, {"regions": ["370700"], "as_of": day}).fetchall()
    assert len(behind) == count(made, STOCK, "370700", day)


def test_sums_of_money_are_exact():
    made = base([(FIRST, None, ["370702"])] * 3)
    one = indicator("cumulative", on="granted_on", value="sum(amount)")
    row = made.execute(scan_sql(FACT, [one], "fact"), {"regions": ["370700"], "as_of": FIRST}).fetchone()
    assert row[1] == Decimal("0.30")


def test_one_scan_answers_like_one_query_each():
    made = base(
        [(FIRST + timedelta(days=n), 40 + n if n % 2 else None, ["370702", "370783"]) for n in range(30)]
    )
    day = FIRST + timedelta(days=60)
    text = scan_sql(FACT, [STOCK, FLOW, CUMULATIVE], "fact")
    row = made.execute(text, {"regions": ["370700"], "as_of": day, "start": FIRST}).fetchone()
    assert row[1:] == tuple(count(made, one, "370700", day) for one in (STOCK, FLOW, CUMULATIVE))


def test_a_value_that_is_not_in_the_language_is_refused():
    with pytest.raises(Refusal, match="取值"):
        scan_sql(FACT, [indicator("stock", value="max(amount)")], "fact")


@pytest.mark.parametrize(
    ("period", "first"),
    [
        ("ytd", date(2024, 1, 1)),
        ("month", date(2024, 2, 1)),
        ("quarter", date(2024, 1, 1)),
        ("year", date(2023, 3, 1)),
    ],
)
def test_a_period_ends_on_the_day_asked_for(period, first):
    assert period_bounds(period, date(2024, 2, 29)) == (first, date(2024, 2, 29))


@given(st.dates(date(1990, 1, 1), date(2100, 12, 31)))
def test_last_year_has_the_same_day_or_the_last_of_february(day):
    then = same_day_last_year(day)
    assert then.year == day.year - 1
    assert (then.month, then.day) in {(day.month, day.day), (2, 28)}


MONEY = indicator("cumulative", on="granted_on", value="sum(amount)")
OWNERS = indicator("stock", where="in_force", value="distinct(owner)")


@settings(max_examples=40, deadline=None)
@given(rows=rights, day=days, start=days)
def test_a_shared_scan_answers_like_one_question_each(rows, day, start):
    made = base(rows)
    asked = [STOCK, FLOW, ENDED, CUMULATIVE, MONEY, indicator("stock", where="in_force and owner = 'o1'")]
    regions = ["370702", "370783", "370700"]
    given_ = {"regions": regions, "as_of": day, "start": start}
    whole = {row[0]: row[1:] for row in made.execute(scan_sql(FACT, asked, "fact"), given_).fetchall()}
    for region in regions:
        singles = []
        for one in asked:
            text = plain_sql(FACT, [one], "fact")
            values = {k: v for k, v in given_.items() if f"${k}" in text} | {"regions": [region]}
            row = made.execute(text, values).fetchone()
            singles += list(row[1:]) if row else [None, 0] if one is MONEY else [0]
        assert list(whole.get(region, singles)) == singles


@settings(max_examples=40, deadline=None)
@given(rows=rights, day=days)
def test_an_owner_counts_once_however_many_rights_and_places_it_has(rows, day):
    made = base(rows)
    expected = {
        f"o{number % 3}"
        for number, (granted, life, counties) in enumerate(rows)
        if granted <= day
        and (not life or granted + timedelta(days=life) > day)
        and any(code.startswith("3707") for code in counties)
    }
    assert count(made, OWNERS, "370700", day) == len(expected)


def test_a_condition_many_indicators_share_is_written_once():
    kinds = [indicator("stock", where=f"in_force and owner = 'o{n}'") for n in range(5)]
    assert scan_sql(FACT, kinds, "fact").count("ended_on") == 2  # `is null` and `>`, once each


def test_a_former_definition_applies_until_its_last_day():
    then = Earlier(version=1, until=date(2024, 12, 31), definition="旧", why="改", where="owner = 'o1'")
    one = replace(STOCK, version=2, earlier=(then,))
    assert (one.at(date(2024, 12, 31)).version, one.at(date(2024, 12, 31)).where) == (1, "owner = 'o1'")
    assert one.at(date(2025, 1, 1)) == one
