"""Receipt of papers, deadlines set abroad, and the general clocks of administrative law, by their worked dates."""

from datetime import date

import pytest

from zhicheng.kernel.calendar import Calendar
from zhicheng.kernel.clock import Extension, Limit, Stop, due_day
from zhicheng.kernel.refusals import Refusal
from zhicheng.kernel.service import received_on
from zhicheng.kernel.zoned import beijing_day, in_zone_words

CALENDAR = Calendar.official()


@pytest.mark.parametrize(
    ("sent", "way", "received", "due"),
    [
        ("2008-06-06", "posted", "2008-06-21", "2008-08-21"),
        ("2022-12-31", "electronic", "2022-12-31", "2023-02-28"),
        ("2025-12-31", "electronic", "2025-12-31", "2026-02-28"),
        ("2026-08-01", "handed_over", "2026-08-01", "2026-10-08"),
        ("2026-01-31", "announced", "2026-02-28", "2026-04-28"),
    ],
)
def test_two_months_run_from_the_day_a_paper_counts_as_received(sent, way, received, due):
    day = received_on(date.fromisoformat(sent), way)
    assert str(day) == received
    assert str(due_day(day, Limit(2, "months", roll=True), calendar=CALENDAR).day) == due


@pytest.mark.parametrize(
    ("moment", "beijing"),
    [
        ("2026-12-01T17:00 America/New_York", "2026-12-02"),
        ("2026-07-01T11:59 America/New_York", "2026-07-01"),
        ("2026-12-01T23:59 Europe/Berlin", "2026-12-02"),
        ("2026-12-01T12:00+09:00", "2026-12-01"),
    ],
)
def test_a_deadline_abroad_falls_on_its_beijing_day_summer_time_counted(moment, beijing):
    assert str(beijing_day(moment)) == beijing
    assert "北京时间 " + beijing in in_zone_words(moment)


@pytest.mark.parametrize(
    ("moment", "why"),
    [
        ("2026-12-01T17:00", "没有写明时区"),
        ("2026-12-01T17:00 Mars/Olympus", "看不懂"),
        ("tomorrow", "看不懂"),
        ("2026-03-08T02:30 America/New_York", "不存在"),
    ],
)
def test_a_moment_that_cannot_be_told_is_refused(moment, why):
    with pytest.raises(Refusal, match=why):
        beijing_day(moment)


@pytest.mark.parametrize(
    ("start", "limit", "extension", "stop", "due"),
    [
        # 行政许可法 42: 20 个工作日, 经批准延长 10 个工作日
        ("2026-03-02", (20, "working_days"), None, None, "2026-03-30"),
        ("2026-03-02", (20, "working_days"), (10, "working_days"), None, "2026-04-14"),
        # 行政处罚法 60: 90 日; 行政复议法 62: 60 日, 延长 30 日
        ("2026-03-02", (90, "days"), None, None, "2026-05-31"),
        ("2026-03-02", (60, "days"), (30, "days"), None, "2026-05-31"),
        # 政府信息公开条例 33: 20 个工作日, 征求第三方意见的时间不计
        ("2026-04-20", (20, "working_days"), None, ("2026-04-27", "2026-05-08"), "2026-05-29"),
    ],
)
def test_general_administrative_clocks_come_out_by_hand_count(start, limit, extension, stop, due):
    extensions = (Extension(*extension, approved_by="负责人"),) if extension else ()
    stops = (Stop(date.fromisoformat(stop[0]), date.fromisoformat(stop[1])),) if stop else ()
    found = due_day(
        date.fromisoformat(start), Limit(*limit, roll=False), stops, calendar=CALENDAR, extensions=extensions
    )
    assert str(found.day) == due
