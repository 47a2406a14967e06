"""The clocks of the general administrative laws as cases with dates, each counted by hand on the calendar of 2026."""

from datetime import date

import pytest

from zhicheng.kernel.calendar import Calendar
from zhicheng.kernel.clock import Extension, Limit, Stop, due_day

CALENDAR = Calendar.official()
WORKING, DAYS, MONTHS = "working_days", "days", "months"
CASES = [
    ("许可法三十二条：五个工作日内一次告知补正，否则收到之日起受理", "2026-02-13", 5, WORKING, None, "2026-02-27"),
    ("许可法四十二条：二十个工作日", "2026-03-02", 20, WORKING, None, "2026-03-30"),
    ("许可法四十二条：联合办理四十五个工作日", "2026-03-02", 45, WORKING, None, "2026-05-08"),
    ("许可法四十二条：联合办理延长十五个工作日", "2026-03-02", 45, WORKING, 15, "2026-05-28"),
    ("许可法四十四条：十个工作日内送达", "2026-09-18", 10, WORKING, None, "2026-10-09"),
    ("处罚法六十条：立案起九十日，日历日", "2026-03-02", 90, DAYS, None, "2026-05-31"),
    ("处罚法六十一条、八十五条：七日内送达，是工作日", "2026-05-08", 7, WORKING, None, "2026-05-18"),
    ("复议法三十条：五日内决定是否受理，是工作日", "2026-04-30", 5, WORKING, None, "2026-05-11"),
    ("复议法六十二条：六十日", "2026-03-02", 60, DAYS, None, "2026-05-01"),
    ("复议法六十二条：延长三十日", "2026-03-02", 60, DAYS, 30, "2026-05-31"),
    ("复议法六十二条：简易程序三十日", "2026-03-02", 30, DAYS, None, "2026-04-01"),
    ("政府信息公开条例二十六条：形成起二十个工作日", "2026-02-10", 20, WORKING, None, "2026-03-16"),
    ("政府信息公开条例三十条：七个工作日内告知补正", "2026-06-15", 7, WORKING, None, "2026-06-25"),
    ("政府信息公开条例三十条：自收到补正起重新计算", "2026-07-01", 20, WORKING, None, "2026-07-29"),
    ("政府信息公开条例三十二条：第三方十五个工作日", "2026-09-18", 15, WORKING, None, "2026-10-15"),
    ("政府信息公开条例三十三条：延长二十个工作日", "2026-03-02", 20, WORKING, 20, "2026-04-28"),
    ("信访工作条例二十二条：十五日", "2026-03-02", 15, DAYS, None, "2026-03-17"),
    ("信访工作条例三十四条：六十日，延长三十日", "2026-03-02", 60, DAYS, 30, "2026-05-31"),
    ("信访工作条例三十五条：三十日内申请复查", "2026-04-30", 30, DAYS, None, "2026-05-30"),
    ("信访工作条例三十六条：三十日内复核", "2026-06-01", 30, DAYS, None, "2026-07-01"),
    ("优化营商环境条例六十二条：征求意见不少于三十日", "2026-08-03", 30, DAYS, None, "2026-09-02"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("law", "start", "amount", "unit", "more", "due"), CASES, ids=[one[0] for one in CASES]
)
def test_a_clock_of_a_general_law_ends_on_the_day_counted_by_hand(law, start, amount, unit, more, due):
    extensions = (Extension(more, unit, approved_by="负责人"),) if more else ()
    found = due_day(
        date.fromisoformat(start), Limit(amount, unit, roll=False), calendar=CALENDAR, extensions=extensions
    )
    assert str(found.day) == due
    assert found.derivation[-1].day == found.day


@pytest.mark.parametrize(
    ("law", "start", "amount", "unit", "due"),
    [
        ("复议法二十条、八十八条：六十日内申请，末日在国庆假期", "2026-08-02", 60, DAYS, "2026-10-08"),
        ("诉讼法四十五条：收到复议决定起十五日，末日在国庆假期", "2026-09-17", 15, DAYS, "2026-10-08"),
        ("诉讼法四十六条：六个月，末日是补班的星期六", "2025-08-31", 6, MONTHS, "2026-02-28"),
        ("诉讼法四十六条：六个月，末日在春节假期", "2025-08-17", 6, MONTHS, "2026-02-24"),
    ],
)
def test_the_last_day_to_apply_or_sue_moves_off_a_holiday(law, start, amount, unit, due):
    found = due_day(date.fromisoformat(start), Limit(amount, unit, roll=True), calendar=CALENDAR)
    assert str(found.day) == due


def test_a_hearing_is_not_counted_in_the_term_of_a_licence():
    # 行政许可法 45: 20 个工作日, 其间听证 3 月 9 日至 13 日（5 个工作日）
    stop = Stop(date(2026, 3, 9), date(2026, 3, 13))
    found = due_day(date(2026, 3, 2), Limit(20, WORKING, roll=False), (stop,), calendar=CALENDAR)
    assert str(found.day) == "2026-04-07"
