"""Verbs of `zhicheng policies`: list, check, evaluate, explain, simulate, sensitivity."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table

from zhicheng.apps.incentives.applications.windows import as_plain, windows
from zhicheng.apps.incentives.runs.evaluations import (
    Asked,
    Evaluation,
    current_program,
    evaluation_over,
    folders,
    organisation_names,
    rules_named,
    sources_for,
)
from zhicheng.apps.incentives.runs.ledger_facts import facts_in
from zhicheng.apps.incentives.runs.outputs import (
    Names,
    as_csv,
    as_json,
    comparison_json,
    sensitive_json,
    show,
    show_comparison,
    show_sensitivities,
    show_sheet,
    write_xlsx,
)  # fmt: skip
from zhicheng.apps.ledger.public import honour_names
from zhicheng.catalogue.policy_changes import load_changes
from zhicheng.catalogue.policy_loader import load_policies
from zhicheng.catalogue.policy_nudges import nudges_of
from zhicheng.engines.incentives.answers import Outcome
from zhicheng.engines.incentives.linting import lint
from zhicheng.engines.incentives.progress import Told, nobody
from zhicheng.engines.incentives.rules import Program
from zhicheng.engines.incentives.sensitivity import sensitivity
from zhicheng.engines.incentives.simulation import simulate
from zhicheng.engines.incentives.tables import Source
from zhicheng.kernel import regions
from zhicheng.kernel.refusals import NotFound, Refusal

BEIJING = ZoneInfo("Asia/Shanghai")
YEARS = range(1985, 2101)  # the first year of the patent law, and a century on
MACHINE = Console(width=200) if not sys.stdout.isatty() else Console()


def _catalogue(examples: bool) -> Program:
    """The documents in force; those that are for example or demonstration only where they are asked for."""
    program = current_program(examples=examples)
    if examples:
        return program
    return program.only(frozenset(key for key, one in program.policies.items() if not one.example))


def _program(examples: bool, policy: str | None) -> Program:
    program = _catalogue(examples)
    if policy is None:
        return program
    if policy not in program.policies:
        raise NotFound(f"没有政策“{policy}”。", fix=f"现有：{'、'.join(program.policies)}。")
    return program.only(frozenset({policy}))


def _facts(folder: Path | None, program: Program) -> tuple[dict[str, Source], str]:
    """The facts in a folder, or those of the current snapshot with what this city has paid."""
    if folder:
        return facts_in(folder), folder.name
    from zhicheng.apps.figures.public import current_snapshot  # noqa: PLC0415 - a folder needs no database

    snapshot = current_snapshot()
    return sources_for(program, Path(snapshot.path)), str(snapshot.id)


def _evaluated(program: Program, folder: Path | None, as_of: str | None, told: Told) -> Evaluation:
    sources, snapshot = _facts(folder, program)
    return evaluation_over(program, sources, snapshot, _day(as_of), told=told)


def _day(text: str | None) -> date:
    if not text:
        return datetime.now(BEIJING).date()
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Refusal(f"“{text}”不是有效日期。", fix="请按 2025-12-16 的格式填写。") from error


def _place(region: str | None) -> str | None:
    """A region as asked for: of the national code, or a zone of a city of that code."""
    if region and not (regions.exists(region) or (len(region) == 6 and regions.exists(f"{region[:4]}00"))):
        raise NotFound(
            f"没有区划“{region}”。", fix="请写六位行政区划代码，如 370700（市）、370783（县级市）。"
        )
    return region


def _year(year: int | None) -> int | None:
    """A year as asked for, if events can have been in it."""
    if year is not None and year not in YEARS:
        raise Refusal(
            f"年度 {year} 不在 {YEARS.start} 至 {YEARS.stop - 1} 之间。", fix="请写四位公历年度，如 2025。"
        )
    return year


def _target(output: Path | None) -> Path | None:
    """A file that can be written, told before the long work."""
    if output is not None and not output.absolute().parent.is_dir():
        raise NotFound(
            f"写不到 {output}：没有目录 {output.absolute().parent}。", fix="请先建目录，或换一个位置。"
        )
    return output


@contextmanager
def _working(words: str, things: str = "条款") -> Iterator[Told]:
    """Show on a terminal how far something long is, in parts of all and per cent; results are never mixed with it."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield nobody
        return
    columns = (
        SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(),
        TextColumn(things), MofNCompleteColumn(), TimeElapsedColumn(),
    )  # fmt: skip
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(words, total=None)
        yield lambda done, of: progress.update(task, completed=done, total=of or None)


@contextmanager
def _whole(target: Path) -> Iterator[Path]:
    """A file to write in place of the target: only a finished one takes its name."""
    part = target.with_name(f".{target.name}.part{target.suffix}")
    try:
        yield part
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


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
    program = _catalogue(examples)
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
    place, when, target = _place(region), _year(year), _target(output)
    asked = Asked(status=status or "", regions=(place,) if place else None, year=when)
    untold = place is None and when is None and status in {None, "cannot_tell"}
    with _working("测算") as told:
        evaluation = _evaluated(program, facts, as_of, told)
        found = list(evaluation.all(asked, untold=untold))
    if not found:
        click.echo("没有符合条件的结论。", err=True)
    if form == "table" and output is None:
        show(found, program, MACHINE, _names(evaluation, facts))
    else:
        _write(found, program, form, target)


def _names(evaluation: Evaluation, folder: Path | None) -> Names:
    """Names for a terminal; facts from a folder come without a register of honours."""
    return Names(evaluation.names, {} if folder else honour_names())


def _write(found: list[Outcome], program: Program, form: str, output: Path | None) -> None:
    if form == "xlsx":
        target = output or Path("policies.xlsx")
        with _whole(target) as part:
            write_xlsx(found, program, part)
        click.echo(f"已写入 {target}，{len(found)} 行。", err=True)
    else:
        text = as_csv(found, program) if form == "csv" else as_json(found)
        if output:
            with _whole(output) as part:
                part.write_text(text, encoding="utf-8")
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
    """解释一个主体（信用代码、编号或名称）每一条款得与不得的理由。"""
    program = _catalogue(examples)
    if clause and program.clause(clause) is None and clause not in program.policies:
        raise NotFound(f"没有条款“{clause}”。", fix=f"现有：{'、'.join(one.id for one in program.clauses)}。")
    with _working("测算") as told:
        evaluation = _evaluated(program, facts, as_of, told)
        found = evaluation.explain(evaluation.beneficiary_of(organisation), clause)
    if form == "json":
        click.echo(as_json(found))
        return
    for one in found:
        show_sheet(one, program, MACHINE, _names(evaluation, facts))


@policies.command("simulate")
@click.argument("change", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table")
@_shared
def simulate_change(change: Path, form: str, as_of: str | None, facts: Path | None, examples: bool) -> None:
    """按差异文件模拟政策调整，与现行并列。"""
    baseline = _catalogue(examples)
    wanted = load_changes(change, baseline)
    with _working("模拟") as told:
        sources, _ = _facts(facts, baseline)
        comparison = simulate(
            baseline, wanted.variant, sources, as_of=_day(as_of), alone=wanted.alone, told=told
        )
    if form == "json":
        shown = {"name": wanted.name, **comparison_json(comparison)}
        click.echo(json.dumps(shown, ensure_ascii=False, indent=2))
    else:
        MACHINE.print(f"[bold]{wanted.name}[/bold]")
        known = organisation_names(sources)
        names = Names(known, {} if facts else honour_names(), rules_named(baseline, wanted.variant))
        show_comparison(comparison, MACHINE, names)


@policies.command("sensitivity")
@click.option("--policy", help="只看这一政策。")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table")
@_shared
def sensitivity_of_parameters(
    policy: str | None, form: str, as_of: str | None, facts: Path | None, examples: bool
) -> None:
    """每个金额、比例、封顶、预算单独下调与上调一成，费用各变多少。"""
    program = _program(examples, policy)
    sources, _ = _facts(facts, program)
    with _working("逐个参数测算", "参数") as told:
        total, found = sensitivity(program, nudges_of(program), sources, as_of=_day(as_of), told=told)
    if form == "json":
        shown = {"baseline": f"{total:.2f}", "parameters": [sensitive_json(one) for one in found]}
        click.echo(json.dumps(shown, ensure_ascii=False, indent=2))
    else:
        show_sensitivities(total, found, MACHINE)


@policies.command("tick")
@click.option("--on", "on", metavar="日期", help="哪一天，默认本市的当日。")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table")
def tick(on: str | None, form: str) -> None:
    """每日核对已付：按台账当日的情况，对撤销、终止、非正常、付错的发起追回；重复运行不重复发起。"""
    from zhicheng.apps.accounts.public import opening_date  # noqa: PLC0415 - the other verbs need no database
    from zhicheng.apps.incentives.payment import clawbacks  # noqa: PLC0415

    day = _day(on) if on else opening_date()
    made = clawbacks.check_paid(on=day)
    if form == "json":
        rows = [
            {
                "clawback": one.pk, "batch": one.entitlement.batch.number, "clause": one.entitlement.clause, "reason": one.reason,
                "words": one.words, "amount": f"{one.amount:.2f}",
            }
            for one in made
        ]  # fmt: skip
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for one in made:
        click.echo(
            f"追回  {one.entitlement.batch.number}  {one.amount:.2f} 元  {one.get_reason_display()}  {one.words}"
        )
    click.echo(f"{day} 核对完毕，新发起追回 {len(made)} 件。", err=form == "json")


@policies.command("windows")
@click.option("--on", metavar="日期", help="以哪一天为准，默认今天。")
@click.option("--examples", is_flag=True, help="也列出示例和演示文件。")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table")
def list_windows(on: str | None, examples: bool, form: str) -> None:
    """列出开放的和六十天内开放的申报窗口，截止近的在前。"""
    found = windows(_catalogue(examples), _day(on))
    if form == "json":
        click.echo(json.dumps([as_plain(one) for one in found], ensure_ascii=False, indent=2))
        return
    if not found:
        click.echo("六十天内没有申报窗口。连同示例和演示文件请加 --examples。", err=True)
        return
    table = Table("政策", "年度", "开放", "截止", "还有（天）", "条款")
    for one in found:
        table.add_row(
            one.policy, str(one.year or "常年"), str(one.opens or ""), str(one.closes or ""),
            f"{one.days}{'' if one.open else ' 后开放'}" if one.days is not None else "",
            "、".join(name for _, name in one.clauses),
        )  # fmt: skip
    MACHINE.print(table)
