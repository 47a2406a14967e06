"""The verb `cases`: list, show, act, import, export, tick, recompute and migrate, by the same actions as the pages."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
from django.utils import timezone

from zhicheng.apps.accounts.public import acting_user
from zhicheng.apps.cases import actions, exporting, moving, queries, recomputing, ticking
from zhicheng.apps.cases.importing import import_cases

AS = click.option("--as", "username", required=True, help="以谁的身份。")
ON = click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="哪一天；默认今天。")
JSON = click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="输出格式。"
)


def _day(on: datetime | None) -> date:
    return on.date() if on else timezone.localdate()


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


@click.group()
def cases() -> None:
    """Cases in progress."""


@cases.command("list")
@AS
@ON
@JSON
@click.option("--list", "which", type=click.Choice(queries.LISTS), default="all", help="哪张清单。")
@click.option("--matter", default="", help="只列这一事项。")
@click.option("--light", default="", help="red、yellow、green 或 stopped。")
@click.option("--all", "everything", is_flag=True, help="列出全部，不只第一页。")
def list_cases(
    username: str, on: datetime | None, form: str, which: str, matter: str, light: str, everything: bool
) -> None:
    """List cases, those due first in front."""
    user, day = acting_user(username), _day(on)
    given = {"list": which, "matter": matter, "light": light}
    while True:
        page = queries.worklist(user, given, day)
        for row in page.rows:
            one = row.handling
            if form == "json":
                click.echo(_json({"id": one.pk, "number": one.number, "title": row.title, "stage": one.stage,
                                  "light": row.light, "due_on": one.due_on, "handler": str(one.handler or "")}))  # fmt: skip
            else:
                lit = row.light.words if row.light else ""
                click.echo(f"{one.pk}\t{one.number}\t{row.stage}\t{lit}\t{one.due_on or '—'}\t{row.title}")
        if not (everything and page.next):
            break
        given["after"] = page.next
    if form == "text":
        click.echo(page.count)


@cases.command()
@click.argument("case", type=int)
@AS
@ON
@JSON
def show(case: int, username: str, on: datetime | None, form: str) -> None:
    """Show a case: where it stands, what may be done, its history."""
    told = queries.story(acting_user(username), case, _day(on))
    row = told.handling
    data: dict[str, Any] = {
        "id": row.pk, "number": row.number, "matter": str(told.matter), "title": row.title, "stage": told.stage,
        "light": told.light.words if told.light else "", "due_on": row.due_on, "provisional": row.provisional,
        "received_on": row.received_on, "accepted_on": row.accepted_on, "closed_on": row.closed_on,
        "outcome": row.outcome, "handler": str(row.handler or ""), "revision": row.revision,
        "actions": [one.action.id for one in told.offers if one.ready],
        "history": [f"{one.on} {one.by or '系统'} {one.words} {one.before}→{one.after} {one.why}".strip() for one in told.events],
    }  # fmt: skip
    if form == "json":
        click.echo(_json(data))
        return
    for name, value in data.items():
        if name == "history":
            click.echo("history")
            click.echo("\n".join(f"  {line}" for line in value))
        else:
            click.echo(f"{name}\t{'、'.join(value) if isinstance(value, list) else value}")


@cases.command()
@click.argument("case", type=int)
@click.argument("action")
@AS
@ON
@click.option("--set", "values", multiple=True, help="填写的内容：字段=值，可多次。")
@click.option("--why", default="", help="理由，记入办理经过。")
def act(
    case: int, action: str, username: str, on: datetime | None, values: tuple[str, ...], why: str
) -> None:
    """Take an action of a case."""
    given = dict(one.split("=", 1) for one in values if "=" in one)
    row = actions.act(case=case, action=action, by=acting_user(username), values=given, why=why, on=_day(on))
    click.echo(f"{row.number}：{row.stage}，届满日 {row.due_on or '—'}")


@cases.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@AS
@ON
@click.option("--matter", required=True, help="事项编号。")
@click.option("--rejects", type=click.Path(path_type=Path), help="退回的行写到这个文件。")
def import_(file: Path, username: str, on: datetime | None, matter: str, rejects: Path | None) -> None:
    """File cases from a CSV or XLSX; good rows are filed, rejected ones named with row, column and reason."""
    done = import_cases(path=file, matter=matter, by=acting_user(username), on=_day(on), rejects=rejects)
    click.echo(f"登记 {len(done.filed)} 件，此前已登记 {done.known} 件，退回 {len(done.rejected)} 件")
    for line in done.rejected:
        click.echo(f"  {line}", err=True)
    if done.rejected:
        sys.exit(2)


@cases.command()
@AS
@ON
@click.option("--list", "which", type=click.Choice(queries.LISTS), default="all", help="哪张清单。")
@click.option("--matter", default="", help="只给这一事项。")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export(file: Path, username: str, on: datetime | None, which: str, matter: str) -> None:
    """Write a worklist as CSV."""
    with file.open("w", encoding="utf-8", newline="") as out:
        out.writelines(exporting.lines(acting_user(username), {"list": which, "matter": matter}, _day(on)))
    click.echo(f"已写入 {file}")


@cases.command()
@ON
@click.option("--no-send", is_flag=True, help="不发送邮件和推送。")
@JSON
def tick(on: datetime | None, no_send: bool, form: str) -> None:
    """Do what a day brings: deemed acceptance, reminders, escalation, the daily mail, webhooks; safe to run again."""
    done = ticking.tick(on=_day(on), send=not no_send)
    if form == "json":
        click.echo(_json(asdict(done)))
        return
    click.echo(
        f"依规自动办理 {done.automatic} 件，提醒 {done.reminders} 次，上报 {done.escalations} 次，日报 {done.digests} 封，"
        f"邮件发出 {done.mails[0]} 封、失败 {done.mails[1]} 封，推送 {done.deliveries[0]} 条、失败 {done.deliveries[1]} 条"
    )
    for line in done.problems:
        click.echo(f"  未能办理：{line}", err=True)


@cases.command("load-notice")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@AS
def load_notice(file: Path, username: str) -> None:
    """Load a holiday notice (CSV date,kind,name) and compute the due days it moves again."""
    days, found = recomputing.load_notice(path=file, by=acting_user(username))
    click.echo(
        f"载入 {days} 天；重新计算时限 {found.limits} 项，届满日改变 {found.changed} 项，不再暂定 {found.settled} 项，"
        f"涉及办件 {found.cases} 件"
    )


@cases.command()
@click.option("--all", "every", is_flag=True, help="全部在办时限，不只暂定的。")
@AS
def recompute(every: bool, username: str) -> None:
    """Compute due days again, and say how many changed."""
    found = recomputing.recompute(every=every, by=acting_user(username))
    click.echo(f"重新计算时限 {found.limits} 项，届满日改变 {found.changed} 项，不再暂定 {found.settled} 项")


@cases.command()
@click.argument("matter", required=False, default="")
@AS
@ON
@click.option("--to", "to_version", type=int, help="新版本号。")
@click.option("--stage", "stages", multiple=True, help="环节对应：旧=新，可多次。")
@click.option("--why", default="", help="理由。")
@click.option("--do", "do_it", is_flag=True, help="真的迁移；不写只是预览。")
@click.option("--undo", "batch", default="", help="撤销这一批。")
def migrate(
    matter: str, username: str, on: datetime | None, to_version: int | None, stages: tuple[str, ...], why: str, do_it: bool,
    batch: str,
) -> None:  # fmt: skip
    """Move running cases to a new version of their definition: shown first, recorded, taken back with --undo."""
    user, day = acting_user(username), _day(on)
    if batch:
        click.echo(f"已撤销 {moving.undo(batch=batch, by=user, why=why, on=day)} 件")
        return
    if not matter or to_version is None:
        raise click.UsageError("请写明事项和 --to 新版本号。")
    pairs = moving.stage_pairs(stages)
    if do_it:
        key, count = moving.move(matter=matter, to_version=to_version, by=user, why=why, stages=pairs, on=day)
        click.echo(f"已迁移 {count} 件，批次 {key}")
        return
    planned = moving.plan(matter=matter, to_version=to_version, by=user, stages=pairs, on=day)
    for one in planned:
        state = "；".join(one.problems) or "、".join(f"{name} {old}→{new}" for name, old, new in one.limits)
        click.echo(f"{one.handling.number}\t{one.handling.stage}→{one.stage}\t{state}")
    click.echo(
        f"共 {len(planned)} 件，其中 {sum(bool(one.problems) for one in planned)} 件不能迁移；加 --do 执行"
    )
