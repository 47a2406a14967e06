"""The calendar: reasons, notices, years without one, and what must hold for any days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhicheng.kernel.calendar import (
    Calendar,
    CalendarNotPublished,
    NoticeUnreadable,
    days_between,
)

CALENDAR = Calendar.official()
days_known = st.dates(min_value=date(2004, 1, 1), max_value=date(2026, 6, 30))


def notice_of(year: int) -> list[dict[str, str]]:
    return [
        {"date": f"{year}-01-01", "kind": "rest", "name": "元旦"},
        {"date": f"{year}-10-01", "kind": "rest", "name": "国庆节"},
    ]


def test_make_up_weekends_of_2026_are_working_days():
    makeup = {"01-04", "02-14", "02-28", "05-09", "09-20", "10-10"}
    weekends = [d for d in days_between(date(2025, 12, 31), date(2026, 12, 31)) if d.weekday() >= 5]
    assert {f"{d:%m-%d}" for d in weekends if CALENDAR.is_working_day(d)} == makeup


def test_every_rest_day_between_two_days_is_explained_with_its_festival():
    told = [str(one) for one in CALENDAR.explain(date(2026, 9, 30), date(2026, 10, 10))]
    assert told[0] == "2026-10-01（星期四）国庆节放假"
    assert told[-1] == "2026-10-10（星期六）国庆节调休上班"
    assert len(told) == 8


def test_an_ordinary_weekend_is_explained_by_its_weekday():
    assert [one.reason for one in CALENDAR.explain(date(2026, 3, 6), date(2026, 3, 9))] == [
        "星期六",
        "星期日",
    ]


@pytest.mark.parametrize("day", [date(2027, 1, 1), date(2027, 3, 1), date(2003, 12, 31), date(2030, 6, 1)])
def test_a_year_without_a_notice_is_refused_by_name(day):
    with pytest.raises(CalendarNotPublished, match=str(day.year)) as refused:
        CALENDAR.is_working_day(day)
    assert refused.value.year == day.year


def test_a_count_that_reaches_into_an_unpublished_year_is_refused_by_that_year():
    with pytest.raises(CalendarNotPublished, match="2027"):
        CALENDAR.add_working_days(date(2026, 12, 25), 10)
    with pytest.raises(CalendarNotPublished, match="2027"):
        CALENDAR.count_working_days(date(2026, 12, 25), date(2027, 1, 5))
    with pytest.raises(CalendarNotPublished, match="2003"):
        CALENDAR.add_working_days(date(2004, 1, 5), -10)


def test_the_last_day_of_the_last_published_year_can_still_be_reached():
    assert CALENDAR.add_working_days(date(2026, 12, 30), 1) == date(2026, 12, 31)


def test_a_further_notice_opens_its_year_and_leaves_the_official_calendar_as_it_was():
    longer = CALENDAR.with_notice(notice_of(2027))
    assert longer.add_working_days(date(2026, 12, 31), 1) == date(2027, 1, 4)
    assert 2027 not in CALENDAR.years


def test_days_of_the_next_year_in_a_notice_do_not_open_that_year():
    early = CALENDAR.with_notice(notice_of(2027)[:1])
    with pytest.raises(CalendarNotPublished, match="2027"):
        early.is_working_day(date(2027, 1, 5))


def test_a_gap_between_two_published_years_is_refused_and_not_jumped_over():
    gapped = CALENDAR.with_notice(notice_of(2028))
    with pytest.raises(CalendarNotPublished, match="2027"):
        gapped.add_working_days(date(2026, 12, 31), 3)


def test_a_notice_file_is_read_and_a_broken_row_is_named(tmp_path):
    good = tmp_path / "2027.csv"
    good.write_text("date,kind,name\n2027-10-01,rest,国庆节\n2027-10-09,work,国庆节\n", encoding="utf-8")
    assert CALENDAR.with_notice(good).is_working_day(date(2027, 10, 9))
    bad = tmp_path / "bad.csv"
    bad.write_text("date,kind,name\n2027-10-01,rest,国庆节\n2027-13-09,work,国庆节\n", encoding="utf-8")
    with pytest.raises(NoticeUnreadable, match=r"bad\.csv 第 3 行的日期“2027-13-09”"):
        CALENDAR.with_notice(bad)
    both = tmp_path / "both.csv"
    both.write_text("date,kind,name\n2027-10-01,rest,国庆节\n2027-10-01,work,国庆节\n", encoding="utf-8")
    with pytest.raises(NoticeUnreadable, match="既放假又上班"):
        CALENDAR.with_notice(both)


def test_a_provisional_answer_is_marked_and_only_given_when_asked_for():
    guess = CALENDAR.provisional()
    assert not guess.is_working_day(date(2027, 1, 1))
    assert guess.kind_of(date(2027, 5, 3)).provisional
    assert not guess.kind_of(date(2026, 5, 6)).provisional
    assert not guess.with_notice(notice_of(2027)).is_provisional(date(2027, 5, 3))


@given(start=days_known, days=st.integers(min_value=1, max_value=60))
def test_adding_then_counting_gives_the_number_back(start, days):
    end = CALENDAR.add_working_days(start, days)
    assert CALENDAR.count_working_days(start, end) == days
    assert CALENDAR.is_working_day(end)


@given(start=days_known, span=st.integers(min_value=0, max_value=120))
def test_the_count_equals_looking_at_every_day(start, span):
    end = start + timedelta(days=span)
    by_hand = sum(CALENDAR.is_working_day(day) for day in days_between(start, end))
    assert CALENDAR.count_working_days(start, end) == by_hand == -CALENDAR.count_working_days(end, start)


@given(start=st.dates(min_value=date(2005, 1, 1), max_value=date(2026, 6, 30)), days=st.integers(1, 60))
def test_going_back_from_a_working_day_undoes_going_forward(start, days):
    day = CALENDAR.next_working_day(start)
    assert CALENDAR.add_working_days(CALENDAR.add_working_days(day, days), -days) == day
