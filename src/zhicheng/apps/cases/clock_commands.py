"""The verb `clock`: a due day with its derivation, without any database."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

import click

from zhicheng.apps.cases.explain_commands import explain
from zhicheng.kernel.calendar import Calendar, CalendarNotPublished
from zhicheng.kernel.clock import UNIT_WORDS, Due, Extension, Limit, Stop, Unit, due_day
from zhicheng.kernel.refusals import Refusal

LONGEST = 100_000
EXTENSION = re.compile(r"(?P<amount>[1-9][0-9]{0,3})(?P<unit>wd|d|m)(?::(?P<by>.+))?", re.ASCII)
EXTENSION_UNITS: dict[str, Unit] = {"wd": "working_days", "d": "days", "m": "months"}


@click.group()
def clock() -> None:
    """Statutory time limits."""


clock.add_command(explain)


@clock.command()
@click.option(
    "--from", "start", required=True, type=click.DateTime(["%Y-%m-%d"]), help="起算日，不计入期限。"
)
@click.option("--working-days", type=click.IntRange(0, LONGEST), help="工作日数。")
@click.option("--days", type=click.IntRange(0, LONGEST), help="自然日数。")
@click.option("--months", type=click.IntRange(0, 12_000), help="月数，计至对应日。")
@click.option("--stop", "stops", multiple=True, help="不计入的期间，首尾都计：2026-08-01..2026-08-20。")
@click.option("--extend", "extensions", multiple=True, help="延长：1m、10wd、15d，可写批准人，如 1m:负责人。")
@click.option(
    "--roll/--no-roll", default=None, help="届满日遇休息日是否顺延；默认：没有中止时顺延，有中止时不顺延。"
)
@click.option(
    "--notice",
    "notices",
    multiple=True,
    type=click.Path(path_type=Path),
    help="追加的放假通知（CSV：date,kind,name）。",
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def add(
    start: datetime,
    working_days: int | None,
    days: int | None,
    months: int | None,
    stops: tuple[str, ...],
    extensions: tuple[str, ...],
    roll: bool | None,
    notices: tuple[Path, ...],
    form: str,
) -> None:
    """Add a limit to a day and print how the due day came about."""
    unit, amount = _one_unit(working_days, days, months)
    periods = tuple(_stop(text) for text in stops)
    # 专利法实施细则 rolls a party's period, which knows no stops; 局令第81号 is silent on an authority's own limit.
    limit = Limit(amount, unit, roll if roll is not None else not periods)
    calendar = Calendar.official()
    for notice in notices:
        calendar = calendar.with_notice(notice)
    try:
        added = tuple(_extension(text) for text in extensions)
        due = due_day(start.date(), limit, periods, calendar=calendar, extensions=added)
    except OverflowError as error:
        raise Refusal("届满日超出公历可以表示的范围。", fix="请核对期限的数目。") from error
    _require_notice(due.day, calendar, explicit=roll is False)
    rule = {"unit": unit, "amount": amount, "roll": limit.roll, "why": _why(unit, roll, limit.roll)}
    click.echo(
        json.dumps({**due.as_data(), "rule": rule}, ensure_ascii=False)
        if form == "json"
        else _text(due, rule)
    )


def _text(due: Due, rule: Mapping[str, object]) -> str:
    lines = [f"{due.derivation[0].day} 起，届满日 {due.day}", f"  规则：{rule['why']}"]
    return "\n".join([*lines, *(f"  {line.day}  {line}" for line in due.derivation)])


def _why(unit: Unit, asked: bool | None, roll: bool) -> str:
    if unit == "working_days":
        return "按工作日计，届满日总是工作日。"
    words = "最后一日遇休息日顺延至其后第一个工作日" if roll else "最后一日遇休息日不顺延"
    if asked is not None:
        return f"{words}（按选项）。"
    return f"{words}（默认：{'没有停止，按专利法实施细则第五条' if roll else '有停止计算，局令第81号未规定顺延'}，可用 --roll/--no-roll 改）。"


def _require_notice(due: date, calendar: Calendar, *, explicit: bool) -> None:
    """A due day in a year to come stands only once its notice is out; years before the table need none unrolled."""
    if due.year not in calendar.years and not (explicit and due.year < min(calendar.years)):
        raise CalendarNotPublished(due.year, known=calendar.span)


def _one_unit(working_days: int | None, days: int | None, months: int | None) -> tuple[Unit, int]:
    given: Sequence[tuple[Unit, int | None]] = (
        ("working_days", working_days), ("days", days), ("months", months),
    )  # fmt: skip
    chosen = [(unit, amount) for unit, amount in given if amount is not None]
    if len(chosen) != 1:
        raise Refusal("期限须写明一种单位。", fix="请在 --working-days、--days、--months 中选一个。")
    return chosen[0]


def _stop(text: str) -> Stop:
    first, mark, last = text.partition("..")
    try:
        return Stop(date.fromisoformat(first), date.fromisoformat(last if mark else first))
    except ValueError as error:
        raise Refusal(f"中止期“{text}”看不懂。", fix="请写成 2026-08-01..2026-08-20。") from error


def _extension(text: str) -> Extension:
    found = EXTENSION.fullmatch(text)
    if found is None:
        units = "、".join(f"{short}={UNIT_WORDS[unit]}" for short, unit in EXTENSION_UNITS.items())
        raise Refusal(f"延长“{text}”看不懂。", fix=f"请写成 1m 或 10wd:负责人（{units}）。")
    return Extension(int(found["amount"]), EXTENSION_UNITS[found["unit"]], found["by"] or "有权机关")
