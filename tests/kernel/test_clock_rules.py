"""Extensions, acceptance, lights and the commands of the clock."""

import json
from datetime import date
from decimal import Decimal

import pytest
from click.testing import CliRunner

from zhicheng.apps.cases.clock_commands import clock as clock_command
from zhicheng.kernel.acceptance import acceptance
from zhicheng.kernel.calendar import Calendar, CalendarNotPublished
from zhicheng.kernel.clock import Clock, Limit, Stop
from zhicheng.kernel.extensions import ExtensionRefused, ExtensionRule, extend
from zhicheng.kernel.lights import Escalation, Light, escalated_to, is_not_longer, reminders, standing
from zhicheng.kernel.refusals import Refusal, Source

CALENDAR = Calendar.official()
ARTICLE_37 = Source("重大专利侵权纠纷行政裁决", article="第三十七条")
RULES = (
    ExtensionRule(1, "months", "负责人", source=ARTICLE_37),
    ExtensionRule(2, "months", "上一级", after=1, source=ARTICLE_37),
)
ADJUDICATION = Clock(date(2026, 7, 16), Limit(3, "months", roll=False))


def extended(
    clock: Clock, by: str, amount: int, told_on: date = date(2026, 10, 10), reason: str = "案情复杂"
):
    return extend(
        clock,
        by=by,
        amount=amount,
        unit="months",
        reason=reason,
        told_on=told_on,
        rules=RULES,
        calendar=CALENDAR,
    )


def due(*words: str) -> str:
    answer = CliRunner().invoke(clock_command, ["add", *words, "--format", "json"], catch_exceptions=False)
    return str(json.loads(answer.output)["due"])


def test_an_adjudication_takes_three_plus_one_plus_two_months_each_approved_once():
    first = extended(ADJUDICATION, "负责人", 1)
    assert first.due(calendar=CALENDAR).day == date(2026, 11, 16)
    second = extended(first, "上一级", 1, date(2026, 11, 10))
    assert second.due(calendar=CALENDAR).day == date(2026, 12, 16)
    with pytest.raises(ExtensionRefused, match="已批准延长 1 次"):
        extended(first, "负责人", 1)


@pytest.mark.parametrize(
    ("by", "amount", "told_on", "reason", "why"),
    [
        ("经办人", 1, date(2026, 10, 10), "案情复杂", "不能批准"),
        ("负责人", 2, date(2026, 10, 10), "案情复杂", "不在 1 至 1 之间"),
        ("上一级", 1, date(2026, 10, 10), "案情复杂", "须在前一次延长之后"),
        ("负责人", 1, date(2026, 10, 17), "案情复杂", "晚于届满日 2026-10-16"),
        ("负责人", 1, date(2026, 10, 10), " ", "没有写明理由"),
    ],
)
def test_an_extension_outside_the_rules_is_refused_in_words(by, amount, told_on, reason, why):
    with pytest.raises(ExtensionRefused, match=why):
        extended(ADJUDICATION, by, amount, told_on, reason)


def test_a_filing_nobody_asked_to_correct_in_five_working_days_counts_as_accepted_on_receipt():
    received = date(2026, 9, 24)
    assert acceptance(received_on=received, on=date(2026, 10, 9), calendar=CALENDAR).accepted_on is None
    silent = acceptance(received_on=received, on=date(2026, 10, 10), calendar=CALENDAR)
    assert (silent.accepted_on, silent.deemed, silent.ask_until) == (received, True, date(2026, 10, 9))


def test_corrections_asked_for_in_time_hold_acceptance_back_and_late_ones_do_not():
    received, today = date(2026, 9, 24), date(2026, 10, 20)
    asked = acceptance(
        received_on=received, on=today, calendar=CALENDAR, corrections_asked_on=date(2026, 9, 30)
    )
    assert (asked.accepted_on, asked.deemed) == (None, False)
    mended = acceptance(
        received_on=received,
        on=today,
        calendar=CALENDAR,
        corrections_asked_on=date(2026, 9, 30),
        decided_on=date(2026, 10, 15),
    )
    assert (mended.accepted_on, mended.deemed) == (date(2026, 10, 15), False)
    late = acceptance(
        received_on=received, on=today, calendar=CALENDAR, corrections_asked_on=date(2026, 10, 12)
    )
    assert (late.accepted_on, late.deemed) == (received, True)


def test_the_light_turns_yellow_at_a_fifth_left_and_red_after_the_due_day():
    clock = Clock(date(2026, 3, 2), Limit(10, "working_days", roll=True))
    lights = {
        day: standing(clock, on=date(2026, 3, day), calendar=CALENDAR).light for day in (11, 12, 16, 17)
    }
    assert lights == {11: Light.GREEN, 12: Light.YELLOW, 16: Light.YELLOW, 17: Light.RED}
    early = standing(clock, on=date(2026, 3, 9), calendar=CALENDAR, yellow_share=Decimal("0.5"))
    assert (early.light, early.remaining) == (Light.YELLOW, 5)


def test_a_stopped_clock_shows_as_stopped_but_an_overdue_one_stays_red():
    clock = Clock(date(2026, 3, 2), Limit(5, "working_days", roll=True))
    assert (
        standing(clock.stopped(date(2026, 3, 5), "补正"), on=date(2026, 3, 20), calendar=CALENDAR).light
        is Light.STOPPED
    )
    late = Clock(clock.started, clock.limit, (Stop(date(2026, 3, 10), None),))
    assert standing(late, on=date(2026, 3, 20), calendar=CALENDAR).light is Light.RED


def test_reminders_fall_before_on_and_after_the_due_day():
    days = [str(one.day) for one in reminders(date(2026, 10, 10), unit="working_days", calendar=CALENDAR)]
    assert days == ["2026-09-28", "2026-10-09", "2026-10-10", "2026-10-12", "2026-10-16"]
    days = [
        str(one.day) for one in reminders(date(2026, 10, 10), unit="days", calendar=CALENDAR, offsets=(-3,))
    ]
    assert days == ["2026-10-07"]


def test_an_overdue_limit_climbs_to_each_role_in_its_turn():
    rules = (Escalation(5, "分管领导"), Escalation(1, "科长"))
    assert escalated_to(0, rules) == ()
    assert escalated_to(-1, rules) == ("科长",)
    assert escalated_to(-6, rules) == ("科长", "分管领导")


@pytest.mark.parametrize(
    ("promised", "statutory", "answer"),
    [
        ((7, "working_days"), (20, "working_days"), True),
        ((21, "working_days"), (20, "working_days"), False),
        ((20, "days"), (20, "working_days"), True),
        ((29, "days"), (1, "months"), None),
        ((28, "days"), (1, "months"), True),
        ((30, "working_days"), (20, "days"), False),
    ],
)
def test_a_promise_is_compared_with_the_law_only_where_the_units_allow(promised, statutory, answer):
    assert is_not_longer(Limit(*promised, roll=True), Limit(*statutory, roll=True)) is answer


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("--from 2008-06-21 --months 2", "2008-08-21"),
        ("--from 2025-12-31 --months 2", "2026-02-28"),
        ("--from 2026-08-01 --months 2", "2026-10-08"),
        ("--from 2025-11-15 --months 3", "2026-02-24"),
        ("--from 1998-06-01 --months 36 --no-roll", "2001-06-01"),
        ("--from 2026-07-16 --months 3 --stop 2026-08-01..2026-08-20", "2026-11-05"),
        ("--from 2026-07-16 --months 3 --stop 2026-08-01..2026-08-20 --extend 1m:负责人", "2026-12-06"),
        ("--from 2026-07-16 --months 4 --stop 2026-08-01..2026-08-20 --roll", "2026-12-07"),
        ("--from 2026-09-18 --working-days 15", "2026-10-15"),
        ("--from 2026-09-10 --days 21", "2026-10-08"),
    ],
)
def test_the_command_gives_the_worked_dates(words, expected):
    assert due(*words.split()) == expected


def test_the_command_prints_the_rule_it_chose():
    runner = CliRunner()
    plain = runner.invoke(clock_command, ["add", "--from", "2026-08-01", "--months", "2"]).output
    assert "顺延至其后第一个工作日（默认" in plain
    stopped = runner.invoke(
        clock_command, ["add", "--from", "2026-07-16", "--months", "3", "--stop", "2026-08-01..2026-08-20"]
    ).output
    assert "不顺延（默认：有停止计算" in stopped


@pytest.mark.parametrize(
    "words",
    [
        "--from 2026-12-25 --working-days 10",
        "--from 2026-12-25 --days 10",
        "--from 2026-12-25 --months 1 --no-roll",
        "--from 2026-12-25 --months 1 --stop 2026-12-26..2026-12-27",
    ],
)
def test_the_command_refuses_a_year_without_a_notice_by_name(words):
    answer = CliRunner().invoke(clock_command, ["add", *words.split()])
    assert isinstance(answer.exception, CalendarNotPublished)
    assert "2027" in str(answer.exception)


def test_the_command_takes_a_further_notice(tmp_path):
    notice = tmp_path / "2027.csv"
    notice.write_text("date,kind,name\n2027-01-01,rest,元旦\n2027-10-01,rest,国庆节\n", encoding="utf-8")
    assert due("--from", "2026-12-31", "--working-days", "1", "--notice", str(notice)) == "2027-01-04"


@pytest.mark.parametrize(
    "words",
    [
        "--from 2026-03-01",
        "--from 2026-03-01 --days 3 --months 1",
        "--from 2026-03-01 --days 3 --stop yesterday",
        "--from 2026-03-01 --days 3 --stop 2026-03-05..2026-03-02",
        "--from 2026-03-01 --days 3 --extend soon",
    ],
)
def test_the_command_refuses_what_it_cannot_read(words):
    answer = CliRunner().invoke(clock_command, ["add", *words.split()])
    assert isinstance(answer.exception, Refusal)
