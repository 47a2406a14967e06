"""Working days and time limits, held to the worked examples of the law."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from zhicheng.apps.cases.clock_commands import clock
from zhicheng.kernel.calendar import Calendar, CalendarNotPublished
from zhicheng.kernel.clock import Limit, Stop, corresponding_day, due_day
from zhicheng.kernel.refusals import Refusal

OFFICIAL = Calendar.official()
PUBLISHED = st.dates(date(2004, 1, 1), date(2026, 6, 30))


@pytest.mark.parametrize(
    ("start", "count", "due"),
    [
        ("2026-02-13", 5, "2026-02-27"),
        ("2026-04-30", 5, "2026-05-11"),
        ("2026-09-24", 5, "2026-10-09"),
        ("2026-09-30", 3, "2026-10-10"),
        ("2026-02-10", 20, "2026-03-16"),
        ("2026-09-18", 15, "2026-10-15"),
    ],
)
def test_working_days_count_make_up_days_and_skip_holidays(start, count, due):
    assert OFFICIAL.add_working_days(date.fromisoformat(start), count) == date.fromisoformat(due)


@pytest.mark.parametrize(
    ("start", "months", "due"),
    [
        ("2008-06-21", 2, "2008-08-21"),
        ("2022-12-31", 2, "2023-02-28"),
        ("2025-12-31", 2, "2026-02-28"),
        ("2026-08-01", 2, "2026-10-08"),
        ("2025-11-15", 3, "2026-02-24"),
        ("2024-08-31", 6, "2025-02-28"),
    ],
)
def test_months_end_on_the_corresponding_day_and_roll_over_rest_days(start, months, due):
    found = due_day(date.fromisoformat(start), Limit(months, "months", roll=True), calendar=OFFICIAL)
    assert found.day == date.fromisoformat(due)


def test_excluded_days_are_given_back_after_the_months():
    stop = Stop(date(2026, 8, 1), date(2026, 8, 20), "鉴定")
    start = date(2026, 7, 16)
    assert due_day(start, Limit(3, "months", roll=False), (stop,), calendar=OFFICIAL).day == date(2026, 11, 5)
    assert due_day(start, Limit(4, "months", roll=False), (stop,), calendar=OFFICIAL).day == date(2026, 12, 6)


def test_2026_has_248_working_days():
    assert OFFICIAL.count_working_days(date(2025, 12, 31), date(2026, 12, 31)) == 248


def test_a_year_without_a_notice_is_refused_by_name():
    with pytest.raises(CalendarNotPublished, match="2027"):
        OFFICIAL.add_working_days(date(2026, 12, 30), 5)


def test_overlapping_stops_are_refused():
    stops = (Stop(date(2026, 8, 1), date(2026, 8, 5)), Stop(date(2026, 8, 5), date(2026, 8, 9)))
    with pytest.raises(Refusal, match="重叠"):
        due_day(date(2026, 7, 1), Limit(10, "days", roll=False), stops, calendar=OFFICIAL)


def test_the_command_prints_due_day_and_derivation():
    result = CliRunner().invoke(
        clock, ["add", "--from", "2026-09-30", "--working-days", "3", "--format", "json"]
    )
    answer = json.loads(result.output)
    assert answer["due"] == "2026-10-10"
    assert answer["derivation"][0]["day"] == "2026-09-30"
    assert any("国庆" in line["words"] for line in answer["derivation"])


@given(PUBLISHED, st.integers(1, 40))
def test_counting_undoes_adding(start, count):
    assert OFFICIAL.count_working_days(start, OFFICIAL.add_working_days(start, count)) == count


@given(PUBLISHED, st.integers(1, 30))
def test_a_due_day_in_working_days_is_one_offices_work_on(start, count):
    assert OFFICIAL.is_working_day(
        due_day(start, Limit(count, "working_days", roll=True), calendar=OFFICIAL).day
    )


@given(st.dates(date(1990, 1, 1), date(2060, 1, 1)), st.integers(0, 240))
def test_the_corresponding_day_lies_in_the_right_month(start, count):
    found = corresponding_day(start, count)
    assert (found.year * 12 + found.month) - (start.year * 12 + start.month) == count
    assert found.day == start.day or (found + timedelta(days=1)).day == 1
