"""The clock with stops, extensions and readings, held to the dates of 局令第81号 and to what must always hold."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhicheng.kernel.calendar import Calendar
from zhicheng.kernel.clock import (
    Clock,
    ClockStopped,
    Extension,
    Limit,
    Stop,
    due_day,
    is_stopped,
    remaining_days,
)
from zhicheng.kernel.refusals import Refusal

CALENDAR = Calendar.official()
STARTS = st.dates(date(2004, 1, 1), date(2025, 6, 30))
APPRAISAL = Stop(date(2026, 8, 1), date(2026, 8, 20), "鉴定")
THREE_MONTHS = Limit(3, "months", roll=False)
ONE_MONTH = Extension(1, "months", "负责人", "案情复杂")
FILED = date(2026, 7, 16)


def test_three_months_with_twenty_days_of_appraisal_and_a_months_extension():
    assert due_day(FILED, THREE_MONTHS, calendar=CALENDAR).day == date(2026, 10, 16)
    assert due_day(FILED, THREE_MONTHS, (APPRAISAL,), calendar=CALENDAR).day == date(2026, 11, 5)
    extended = due_day(FILED, THREE_MONTHS, (APPRAISAL,), calendar=CALENDAR, extensions=(ONE_MONTH,))
    assert extended.day == date(2026, 12, 6)


def test_the_other_reading_counts_the_extension_from_the_day_already_put_off():
    other = due_day(
        FILED, THREE_MONTHS, (APPRAISAL,), calendar=CALENDAR, extensions=(ONE_MONTH,), order="extensions_last"
    )
    assert other.day == date(2026, 12, 5)


def test_a_rolled_decision_limit_leaves_the_sunday():
    rolled = due_day(
        FILED, Limit(3, "months", roll=True), (APPRAISAL,), calendar=CALENDAR, extensions=(ONE_MONTH,)
    )
    assert rolled.day == date(2026, 12, 7)


def test_three_years_for_the_examination_request_end_on_the_corresponding_day():
    assert due_day(date(1998, 6, 1), Limit(36, "months", roll=False), calendar=CALENDAR).day == date(
        2001, 6, 1
    )


def test_a_saturday_that_is_a_make_up_workday_does_not_roll():
    due = due_day(date(2025, 12, 31), Limit(2, "months", roll=True), calendar=CALENDAR)
    assert due.day == date(2026, 2, 28)
    assert [line.kind for line in due.derivation] == ["day0", "limit", "due"]


def test_the_derivation_names_every_excluded_day_with_its_reason():
    due = due_day(date(2026, 9, 30), Limit(3, "working_days", roll=True), calendar=CALENDAR)
    told = [(line.kind, str(line.day)) for line in due.derivation]
    assert told == [
        ("day0", "2026-09-30"),
        *(("excluded", f"2026-10-0{day}") for day in range(1, 8)),
        ("makeup", "2026-10-10"),
        ("limit", "2026-10-10"),
        ("due", "2026-10-10"),
    ]
    assert "国庆节放假" in str(due)
    assert due.as_data()["due"] == "2026-10-10"


def test_a_stop_before_the_start_or_after_the_end_gives_nothing_back():
    limit = Limit(10, "days", roll=False)
    before = Stop(date(2026, 3, 1), date(2026, 3, 3))
    after = Stop(date(2026, 3, 14), date(2026, 3, 20))
    assert due_day(date(2026, 3, 3), limit, (before, after), calendar=CALENDAR).day == date(2026, 3, 13)


def test_a_second_stop_in_the_time_given_back_by_the_first_counts_too():
    limit = Limit(10, "days", roll=False)
    stops = (Stop(date(2026, 3, 5), date(2026, 3, 9)), Stop(date(2026, 3, 16), date(2026, 3, 17)))
    assert due_day(date(2026, 3, 3), limit, stops, calendar=CALENDAR).day == date(2026, 3, 20)


def test_only_working_days_of_a_stop_are_given_back_to_a_limit_in_working_days():
    stop = Stop(date(2026, 9, 30), date(2026, 10, 8), "听证")
    assert due_day(
        date(2026, 9, 28), Limit(5, "working_days", roll=True), (stop,), calendar=CALENDAR
    ).day == date(2026, 10, 13)


def test_an_open_stop_has_no_due_day_unless_one_asks_as_of_a_day():
    clock = Clock(FILED, THREE_MONTHS, (Stop(date(2026, 8, 1), None, "中止"),))
    with pytest.raises(ClockStopped, match="2026-08-01"):
        clock.due(calendar=CALENDAR)
    so_far = clock.due(calendar=CALENDAR, as_of=date(2026, 8, 20))
    assert (so_far.day, so_far.stopped) == (date(2026, 11, 5), True)
    assert clock.resumed(date(2026, 8, 20)).due(calendar=CALENDAR).day == date(2026, 11, 5)


def test_a_clock_cannot_be_stopped_twice_nor_resumed_while_it_runs():
    running = Clock(FILED, THREE_MONTHS)
    with pytest.raises(Refusal, match="没有停止"):
        running.resumed(date(2026, 8, 1))
    with pytest.raises(Refusal, match="已经在停止"):
        running.stopped(date(2026, 8, 1), "中止").stopped(date(2026, 8, 2), "公告")


def test_days_left_stand_still_during_a_stop_and_go_below_zero_when_overdue():
    clock = Clock(
        date(2026, 3, 2), Limit(10, "working_days", roll=True), (Stop(date(2026, 3, 5), None, "补正"),)
    )
    assert remaining_days(clock, on=date(2026, 3, 4), calendar=CALENDAR) == 8
    assert {remaining_days(clock, on=date(2026, 3, day), calendar=CALENDAR) for day in range(5, 20)} == {8}
    assert is_stopped(clock, on=date(2026, 3, 19))
    resumed = clock.resumed(date(2026, 3, 6))
    assert resumed.due(calendar=CALENDAR).day == date(2026, 3, 18)
    assert remaining_days(resumed, on=date(2026, 3, 20), calendar=CALENDAR) == -2


def test_a_due_day_in_a_year_to_come_is_provisional_and_settles_with_the_notice():
    limit = Limit(10, "working_days", roll=True)
    guess = due_day(date(2026, 12, 25), limit, calendar=CALENDAR.provisional())
    assert guess.provisional
    assert "暂定" in guess.derivation[-1].words
    notice = [
        {"date": day, "kind": "rest", "name": "元旦"} for day in ("2027-01-01", "2027-01-04", "2027-10-01")
    ]
    settled = due_day(date(2026, 12, 25), limit, calendar=CALENDAR.with_notice(notice))
    assert not settled.provisional
    assert settled.day == guess.day + timedelta(days=1) == date(2027, 1, 12)


def test_a_due_day_in_the_last_week_of_the_last_published_year_carries_a_warning():
    due = due_day(date(2026, 12, 21), Limit(5, "working_days", roll=True), calendar=CALENDAR)
    assert any("2027 年放假通知" in line.words for line in due.derivation)


@given(STARTS, st.integers(1, 60), st.integers(1, 50), st.integers(0, 30))
def test_a_stop_inside_a_limit_in_days_puts_it_off_by_exactly_its_length(start, days, offset, more):
    limit = Limit(days + 50, "days", roll=False)
    first = start + timedelta(days=offset)
    stop = Stop(first, first + timedelta(days=more))
    plain, put_off = (due_day(start, limit, stops, calendar=CALENDAR) for stops in ((), (stop,)))
    assert put_off.day - plain.day == timedelta(days=more + 1)


@given(STARTS, st.integers(1, 40), st.integers(0, 60), st.integers(0, 30))
def test_skipping_stopped_days_one_by_one_gives_the_same_day(start, amount, offset, more):
    first = start + timedelta(days=offset)
    stop = Stop(first, first + timedelta(days=more))
    day, left = start, amount
    while left:
        day += timedelta(days=1)
        left -= CALENDAR.is_working_day(day) and not stop.first <= day <= stop.last
    limit = Limit(amount, "working_days", roll=True)
    assert due_day(start, limit, (stop,), calendar=CALENDAR).day == day


@given(STARTS, st.integers(1, 40), st.integers(0, 60), st.integers(0, 20), st.integers(0, 60))
def test_days_left_follow_the_formula_of_the_service_standard(start, amount, offset, more, later):
    """remaining = promise − working days since acceptance + working days paused so far."""
    first = start + timedelta(days=1 + offset)
    on = start + timedelta(days=later)
    clock = Clock(
        start, Limit(amount, "working_days", roll=True), (Stop(first, first + timedelta(days=more)),)
    )
    if first > clock.due(calendar=CALENDAR).day or on > clock.due(calendar=CALENDAR).day:
        return
    paused_until = min(on, first + timedelta(days=more))
    paused = (
        CALENDAR.count_working_days(first - timedelta(days=1), paused_until) if paused_until >= first else 0
    )
    passed = CALENDAR.count_working_days(start, on)
    assert remaining_days(clock, on=on, calendar=CALENDAR) == amount - passed + paused


@given(STARTS, st.integers(1, 12), st.integers(1, 3))
def test_more_time_never_makes_a_limit_end_earlier(start, months, more):
    clock = Clock(start, Limit(months, "months", roll=True))
    longer = replace(clock, extensions=(Extension(more, "months", "负责人"),))
    assert longer.due(calendar=CALENDAR).day > clock.due(calendar=CALENDAR).day
