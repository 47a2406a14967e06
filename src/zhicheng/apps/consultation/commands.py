"""The verb `consultation`: items, one item, the board, and the daily job."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

import click

from zhicheng.apps.accounts.public import acting_user, opening_date
from zhicheng.apps.consultation import board as boards
from zhicheng.apps.consultation import queries
from zhicheng.apps.consultation.story import told
from zhicheng.apps.consultation.ticking import tick as run_tick

AS = click.option("--as", "username", required=True, help="以哪位用户的身份，只看得到其范围")
FORMAT = click.option(
    "--format", "shape", type=click.Choice(["text", "json"]), default="text", help="输出格式"
)
DAY = click.option(
    "--on", "on", type=click.DateTime(["%Y-%m-%d"]), default=None, help="哪一天，默认页面起始日期"
)


@click.group()
def consultation() -> None:
    """The consultation loop: every item raised, until whoever raised it has an answer."""


def _day(given: datetime | None) -> date:
    return given.date() if given else opening_date()


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2, default=str)


@consultation.command("list")
@AS
@FORMAT
@DAY
@click.option("--state", default="", help="状态，如 in_hand")
@click.option("--show", default="", help="open、late、mine、no_instruction、unanswered")
@click.option("--after", default="", help="上一页给出的游标")
def list_items(username: str, shape: str, on: datetime | None, state: str, show: str, after: str) -> None:
    """List items, newest first, with what is late."""
    page = queries.items_page(
        acting_user(username), {"state": state, "show": show, "after": after}, on=_day(on)
    )
    if shape == "json":
        rows = [
            {"number": one.item.number, "title": one.item.title, "state": one.item.state, "days": one.days,
             "lead_unit": one.item.lead_unit, "due_on": one.item.due_on, "late": [asdict(each) for each in one.late],
             "speakers": one.speakers} for one in page.rows
        ]  # fmt: skip
        click.echo(_json({"items": rows, "next": page.next or None}))
        return
    for one in page.rows:
        late = "、".join(f"{each.kind} {each.days}" for each in one.late)
        click.echo(
            f"{one.item.number}  {one.item.get_state_display()}  {one.days} 天  {one.item.title}  {late}"
        )
    click.echo(page.count + (f"，下一页 --after {page.next}" if page.next else ""))


@consultation.command()
@click.argument("number")
@AS
@FORMAT
def show(number: str, username: str, shape: str) -> None:
    """Tell the story of one item."""
    parts = queries.item_story(acting_user(username), number)
    item, story = parts["item"], told(parts)
    if shape == "json":
        lines = [{"on": one.day, "what": str(one.what), "who": one.who, "text": one.text, "state": str(one.tag)} for one in story]  # fmt: skip
        click.echo(_json({"number": item.number, "title": item.title, "state": item.state, "round": item.round,
                          "speakers": [one.title for one in parts["speakers"]], "story": lines}))  # fmt: skip
        return
    click.echo(f"{item.number}  {item.title}  {item.get_state_display()}  第 {item.round} 轮")
    click.echo(f"提出人：{'、'.join(one.title for one in parts['speakers']) or '无'}")
    for one in story:
        click.echo(f"{one.day}  {one.what}  {one.tag}  {one.who}  {one.text}")


@consultation.command()
@AS
@FORMAT
@DAY
@click.option("--group", default="", help="区域组代码：看两地的一张板")
def board(username: str, shape: str, on: datetime | None, group: str) -> None:
    """Show where every item is, who is late, and the measures beside each other."""
    user = acting_user(username)
    row = boards.group_of(user, group) if group else None
    found = boards.board(user, region=user.region_code, on=_day(on), group=row)
    if shape == "json":
        click.echo(_json({
            "columns": [asdict(one) for one in found.columns], "measures": [asdict(one) for one in found.measures],
            "units": [asdict(one) for one in found.units], "unanswered": found.unanswered_count,
            "overdue": [one.item.number for one in found.overdue],
        }))  # fmt: skip
        return
    for one in found.columns:
        click.echo(
            f"{one.label}  {one.count} 项  最久 {one.oldest_days} 天  平均停留 {one.average_days or '—'} 天"
        )
    for each in found.measures:
        value = "—" if each.value is None else each.value
        click.echo(f"{each.label}：{value} {each.unit}" + (f" / {each.of}" if each.of is not None else ""))
    for line in found.overdue:
        click.echo(
            f"逾期  {line.item.number}  {line.item.lead_unit}  {line.late[0].days} 天  {line.item.title}"
        )


@consultation.command()
@AS
@FORMAT
@DAY
def tick(username: str, shape: str, on: datetime | None) -> None:
    """Do what a day asks for: urge by rule, remind, send letters again; safe to run twice."""
    done = run_tick(on=_day(on), by=acting_user(username))
    if shape == "json":
        click.echo(_json(asdict(done)))
        return
    for number, unit, kind, days in done.late:
        click.echo(f"晚  {number}  {unit or '—'}  {kind}  {days} 天")
    for number, kind in done.urged:
        click.echo(f"催  {number}  {kind}")
    click.echo(
        f"催办 {len(done.urged)} 次，去信 {done.reminded} 封；邮件发出 {done.sent} 封，未发出 {done.unsent} 封。"
    )
