"""Verbs of `zhicheng policies`: list, check, evaluate, explain, simulate."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click
from rich.console import Console
from rich.table import Table

from zhicheng.apps.incentives.ledger_facts import current_facts, facts_in
from zhicheng.apps.incentives.outputs import (
    as_csv,
    as_json,
    comparison_json,
    show,
    show_comparison,
    show_sheet,
    write_xlsx,
)  # fmt: skip
from zhicheng.catalogue.policy_changes import load_changes
from zhicheng.catalogue.policy_loader import EXAMPLES, POLICIES, load_policies
from zhicheng.engines.incentives.answers import Outcome, answers
from zhicheng.engines.incentives.compiling import region_prefix
from zhicheng.engines.incentives.evaluation import evaluate
from zhicheng.engines.incentives.explaining import explain
from zhicheng.engines.incentives.linting import lint
from zhicheng.engines.incentives.rules import Program
from zhicheng.engines.incentives.simulation import simulate
from zhicheng.engines.incentives.tables import Source, text_sql
from zhicheng.kernel.refusals import NotFound

BEIJING = ZoneInfo("Asia/Shanghai")
MACHINE = Console(width=200) if not sys.stdout.isatty() else Console()


def folders(*, examples: bool = False) -> list[Path]:
    """The catalogues in use: built in, examples when asked for, and the city's own last."""
    own = os.environ.get("ZHICHENG_CATALOGUE", "")
    city = Path(own) / "policies" if own else None
    return [POLICIES, *([EXAMPLES] if examples else []), *([city] if city and city.is_dir() else [])]


def _program(examples: bool, policy: str | None) -> Program:
    program = load_policies(folders(examples=examples))
    if policy is None:
        return program
    if policy not in program.policies:
        raise NotFound(f"没有政策“{policy}”。", fix=f"现有：{'、'.join(program.policies)}。")
    return program.only(frozenset({policy}))


def _facts(folder: Path | None) -> dict[str, Source]:
    return facts_in(folder) if folder else current_facts()[0]


def _day(text: str | None) -> date:
    return date.fromisoformat(text) if text else datetime.now(BEIJING).date()


def _shared(command: Callable[..., Any]) -> Callable[..., Any]:
    """Options that every verb over facts takes."""
    for option in (
        click.option("--as-of", "as_of", metavar="日期", help="以哪一天所知为准，默认今天。"),
        click.option("--facts", type=click.Path(exists=True, file_okay=False, path_type=Path),
                     help="事实目录（CSV 或 Parquet），默认用当前快照。"),
        click.option("--examples", is_flag=True, help="把示例条款也算进来。"),
    ):  # fmt: skip
        command = option(command)
    return command


@click.group()
def policies() -> None:
    """政策兑现：条款、测算、解释、模拟。"""


@policies.command("list")
@click.option("--examples", is_flag=True, help="也列出示例条款。")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table")
def list_clauses(examples: bool, form: str) -> None:
    """列出政策与条款。"""
    program = load_policies(folders(examples=examples))
    rows = [
        {
            "clause": one.id,
            "name": one.name,
            "policy": program.policies[one.policy].title,
            "since": one.versions[-1].since.isoformat(),
            "source": str(one.versions[-1].source or ""),
        }
        for one in program.clauses
    ]
    if form == "json":
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    table = Table("条款", "名称", "政策", "生效日", "来源")
    for row in rows:
        table.add_row(*row.values())
    MACHINE.print(table)


@policies.command("check")
@click.argument("path", required=False, type=click.Path(exists=True, path_type=Path))
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table")
def check(path: Path | None, form: str) -> None:
    """检查政策目录：缺引用、重叠、付不到、叠加、公平竞争等；有错误时退出码 1。"""
    found = lint(load_policies([path] if path else folders(examples=True)))
    if form == "json":
        rows = [
            {
                "level": one.level, "code": one.code, "where": one.where, "text": one.text, "fix": one.fix,
                "source": str(one.source) if one.source else None,
            }
            for one in found
        ]  # fmt: skip
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        for one in found:
            click.echo(str(one))
    errors = sum(one.level == "error" for one in found)
    click.echo(f"错误 {errors}，警告 {len(found) - errors}。", err=True)
    if errors:
        sys.exit(1)


@policies.command("evaluate")
@click.option("--policy", help="只算这一政策。")
@click.option("--region", help="只看这一区划及其下级，如 370783。")
@click.option("--year", type=int, help="只看这一年的事件。")
@click.option("--status", type=click.Choice(["entitled", "not_entitled", "cannot_tell", "no_rule"]))
@click.option("--format", "form", type=click.Choice(["table", "json", "csv", "xlsx"]), default="table")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="写到文件。")
@_shared
def evaluate_policies(
    policy: str | None, region: str | None, year: int | None, status: str | None, form: str,
    output: Path | None, as_of: str | None, facts: Path | None, examples: bool,
) -> None:  # fmt: skip
    """测算谁应得多少，每一步与每一条理由。"""
    program = _program(examples, policy)
    sources = _facts(facts)
    sources.pop("organisations", None)
    run = evaluate(program, sources, as_of=_day(as_of))
    where = ["true"]
    if region:
        where.append(f"starts_with(coalesce(region, ''), {text_sql(region_prefix(region))})")
    if year is not None:
        where.append(f"year(event_date) = {int(year)}")
    untold = region is None and year is None
    found = [
        one for one in answers(run, where=" and ".join(where), untold=untold) if status in (None, one.status)
    ]
    _write(found, program, form, output)


def _write(found: list[Outcome], program: Program, form: str, output: Path | None) -> None:
    if form == "xlsx":
        target = output or Path("policies.xlsx")
        write_xlsx(found, program, target)
        click.echo(f"已写入 {target}，{len(found)} 行。", err=True)
    elif form == "table" and output is None:
        show(found, program, MACHINE)
    else:
        text = as_csv(found, program) if form == "csv" else as_json(found)
        if output:
            output.write_text(text, encoding="utf-8")
            click.echo(f"已写入 {output}，{len(found)} 行。", err=True)
        else:
            click.echo(text)


@policies.command("explain")
@click.argument("organisation")
@click.argument("clause", required=False)
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table")
@_shared
def explain_organisation(
    organisation: str, clause: str | None, form: str, as_of: str | None, facts: Path | None, examples: bool
) -> None:
    """解释一个主体（信用代码或编号）每一条款得与不得的理由。"""
    program = load_policies(folders(examples=examples))
    if clause and program.clause(clause) is None and clause not in program.policies:
        raise NotFound(f"没有条款“{clause}”。", fix=f"现有：{'、'.join(one.id for one in program.clauses)}。")
    sources = _facts(facts)
    sources.pop("organisations", None)
    found = explain(evaluate(program, sources, as_of=_day(as_of)), organisation, clause=clause)
    if form == "json":
        click.echo(as_json(found))
        return
    for one in found:
        show_sheet(one, program, MACHINE)


@policies.command("simulate")
@click.argument("change", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table")
@_shared
def simulate_change(change: Path, form: str, as_of: str | None, facts: Path | None, examples: bool) -> None:
    """按差异文件模拟政策调整，与现行并列。"""
    baseline = load_policies(folders(examples=examples))
    wanted = load_changes(change, baseline)
    comparison = simulate(baseline, wanted.variant, _facts(facts), as_of=_day(as_of), alone=wanted.alone)
    if form == "json":
        shown = {"name": wanted.name, **comparison_json(comparison)}
        click.echo(json.dumps(shown, ensure_ascii=False, indent=2))
    else:
        MACHINE.print(f"[bold]{wanted.name}[/bold]")
        show_comparison(comparison, MACHINE)
