"""Verbs of figures: compute, open to rows, show the statement, sign; and make the snapshot."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Sequence
from datetime import date, datetime

import click

from zhicheng.apps.accounts.public import User, acting_user, city, demo_loaded, one_person_mode, opening_date
from zhicheng.apps.figures import actions
from zhicheng.apps.figures.comparing import compare
from zhicheng.apps.figures.lineage import rows, statement
from zhicheng.apps.figures.queries import Figure, compute
from zhicheng.apps.figures.saying import KEYS, as_json, shortfall, with_comparison
from zhicheng.apps.figures.snapshots import current_snapshot, warm
from zhicheng.kernel.refusals import Refusal


@click.command(context_settings={"ignore_unknown_options": False})
@click.argument("ids", nargs=-1)
@click.option("--region", default="", help="区划代码，默认本市。")
@click.option("--as-of", "as_of", type=click.DateTime(["%Y-%m-%d"]), help="截至日期，默认页面起始日期。")
@click.option("--period", default="ytd", help="期间：ytd、month、quarter、year。")
@click.option("--by", type=click.Choice(["region"]), help="按下级区划分列。")
@click.option("--compare", "compared", is_flag=True, help="同时给出上年同日、目标、引用位次和缺项。")
@click.option("--rows", "show_rows", is_flag=True, help="列出背后的明细。")
@click.option("--sql", "show_sql", is_flag=True, help="显示计算语句。")
@click.option("--as", "as_user", default="", help="签发时以谁的身份。")
@click.option("--format", "form", type=click.Choice(["table", "json", "csv"]), default="table")
def figures(
    ids: tuple[str, ...], region: str, as_of: datetime | None, period: str, by: str | None, compared: bool, show_rows: bool,
    show_sql: bool, as_user: str, form: str,
) -> None:  # fmt: skip
    """Compute figures; without ids all of them. `figures sign ID…` prepares or signs them.

    What a figure lacks is said on stderr; the answer itself goes to stdout.
    """
    place = region or _home()
    day = as_of.date() if as_of else opening_date()
    if ids and ids[0] == "sign":
        _sign(ids[1:], place, day, period, as_user)
    elif show_sql:
        click.echo("\n\n".join(statement(one, region=place, as_of=day, period=period) for one in _named(ids)))
    elif show_rows:
        for one in _named(ids):
            _show_rows(one, place, day, period, form)
    elif compared:
        found = compare(ids or None, region=place, as_of=day, period=period, by=by)
        _write([with_comparison(one) for one in found], form)
    else:
        _show(compute(ids or None, region=place, as_of=day, period=period, by=by), form)


def _home() -> str:
    here = city()
    if here is None:
        raise Refusal(
            "数据文件夹里还没有城市。", fix="请先运行 zhicheng init --region 代码，或 make demo-data。"
        )
    return here.region_code


def _named(ids: Sequence[str]) -> Sequence[str]:
    if not ids:
        raise Refusal("没有指明指标。", fix="请写指标编号，例如 valid_invention_patents。")
    return ids


def _show(found: list[Figure], form: str) -> None:
    if form != "table":
        _write([as_json(one) for one in found], form)
    for one in found:
        if form == "table":
            value = f"{one.value:,f}" if one.value is not None else "缺数据"
            when = f"截至 {one.as_of}" if one.kind != "flow" else f"{one.period} 至 {one.as_of}"
            click.echo(f"{one.region}  {value:>22} {one.unit:<4} {one.name}  {one.id}  {when}")
        if words := shortfall(one):
            click.echo(words, err=True)


def _write(found: list[dict[str, object]], form: str) -> None:
    """Print figures as JSON, or as CSV with a heading even when there is none."""
    if form == "csv":
        writer = csv.writer(sys.stdout)
        names = list(found[0]) if found else list(KEYS)
        writer.writerow(names)
        writer.writerows([_cell(one[name]) for name in names] for one in found)
    elif form == "json":
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        for one in found:
            words = (f"{name}={_cell(value)}" for name, value in one.items() if value not in (None, [], ""))
            click.echo("  ".join(words))


def _cell(value: object) -> object:
    return "、".join(map(str, value)) if isinstance(value, list) else value


def _show_rows(identity: str, region: str, day: date, period: str, form: str) -> None:
    frame = rows(identity, region=region, as_of=day, period=period)
    if form == "json":
        click.echo(json.dumps(frame.to_dicts(), ensure_ascii=False, default=str))
    else:
        click.echo(frame.write_csv(), nl=False)


def _sign(ids: Sequence[str], region: str, day: date, period: str, as_user: str) -> None:
    by = acting_user(as_user) if as_user else _signer()
    for one in _named(ids):
        prepared = actions.prepare(indicator=one, region=region, as_of=day, period=period, by=by)
        if one_person_mode() or demo_loaded():
            prepared = actions.sign(figure=prepared, by=by)
        click.echo(f"{one}  {prepared.value} {prepared.unit}  {prepared.get_status_display()}")


def _signer() -> User:
    people = User.objects.filter(role="city_officer", is_active=True).order_by("pk")
    if people and (one_person_mode() or demo_loaded()):
        return people[0]
    raise Refusal("没有指明以谁的身份签发。", fix="请加 --as 用户名。")


@click.command()
def snapshot() -> None:
    """Make the snapshot of the ledger as it is, and every fact."""
    made = warm()
    click.echo(
        f"快照 {made.id}：{sum(one['rows'] for one in made.manifest['tables'].values()):,} 行，在 {current_snapshot().path}"
    )
