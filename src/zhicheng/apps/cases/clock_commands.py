"""The verb `clock`: a due day with its derivation, without any database."""

from __future__ import annotations

import json
from datetime import date, datetime

import click

from zhicheng.kernel.calendar import Calendar
from zhicheng.kernel.clock import UNIT_WORDS, Limit, Stop, Unit, due_day
from zhicheng.kernel.refusals import Refusal


@click.group()
def clock() -> None:
    """Statutory time limits."""


@clock.command()
@click.option(
    "--from", "start", required=True, type=click.DateTime(["%Y-%m-%d"]), help="起算日，不计入期限。"
)
@click.option("--working-days", type=click.IntRange(min=0), help="工作日数。")
@click.option("--days", type=click.IntRange(min=0), help="自然日数。")
@click.option("--months", type=click.IntRange(min=0), help="月数。")
@click.option("--stop", "stops", multiple=True, help="不计入的期间，首尾都计：2026-08-01..2026-08-20。")
@click.option(
    "--roll/--no-roll", default=None, help="届满日遇休息日是否顺延；默认：没有中止时顺延，有中止时不顺延。"
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def add(
    start: datetime,
    working_days: int | None,
    days: int | None,
    months: int | None,
    stops: tuple[str, ...],
    roll: bool | None,
    form: str,
) -> None:
    """Add a limit to a day and print how the due day came about."""
    given: list[tuple[Unit, int | None]] = [
        ("working_days", working_days),
        ("days", days),
        ("months", months),
    ]
    chosen = [(unit, amount) for unit, amount in given if amount is not None]
    if len(chosen) != 1:
        raise Refusal("期限须写明一种单位。", fix="请在 --working-days、--days、--months 中选一个。")
    unit, amount = chosen[0]
    periods = tuple(_stop(text) for text in stops)
    # 专利法实施细则 rolls a party's period; 局令第81号 is silent on an authority's own, stopped one.
    limit = Limit(amount, unit, roll if roll is not None else not periods)
    due = due_day(start.date(), limit, periods, calendar=Calendar.official())
    if form == "json":
        lines = [{"day": line.day.isoformat(), "words": line.words} for line in due.derivation]
        rule = {"unit": unit, "amount": amount, "roll": limit.roll}
        click.echo(
            json.dumps({"due": due.day.isoformat(), "rule": rule, "derivation": lines}, ensure_ascii=False)
        )
        return
    click.echo(f"{start.date()} 起 {amount} {UNIT_WORDS[unit]}，届满日 {due.day}")
    for line in due.derivation:
        click.echo(f"  {line.day}  {line.words}")


def _stop(text: str) -> Stop:
    first, mark, last = text.partition("..")
    try:
        return Stop(date.fromisoformat(first), date.fromisoformat(last if mark else first))
    except ValueError as error:
        raise Refusal(f"中止期“{text}”看不懂。", fix="请写成 2026-08-01..2026-08-20。") from error
