"""Verbs of the ledger: begin a city, load files, look at change sets and decide them."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click
from django.conf import settings
from django.core.management import call_command
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from zhicheng.apps.accounts.public import User, acting_user, demo_loaded, one_person_mode
from zhicheng.apps.records import actions, staging
from zhicheng.apps.records.beginning import begin_city
from zhicheng.apps.records.models import ChangeSet
from zhicheng.apps.records.staging import folder_of
from zhicheng.apps.records.working import wait_for_others
from zhicheng.engines.intake.kinds import Unreadable
from zhicheng.kernel.refusals import NotAllowed, NotFound, Refusal

EXIT_REJECTED = 3
EXIT_UNREADABLE = 2


@click.command()
@click.option("--region", required=True, help="城市的区划代码，如 370700。")
@click.option("--one-person", is_flag=True, help="一人模式：可以复核自己的导入。")
def init(region: str, one_person: bool) -> None:
    """Begin an empty city in the data folder."""
    call_command("migrate", verbosity=0, interactive=False)
    city = begin_city(region_code=region, one_person=one_person)
    click.echo(f"{city.name}（{city.region_code}）已建立，数据在 {settings.ZHICHENG_HOME}。")
    click.echo("下一步：zhicheng users create-admin 建第一个管理员；zhicheng load 文件 导入台账。", err=True)


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--type", "type_id", help="台账种类，默认由表头识别。")
@click.option("--dry-run", is_flag=True, help="只读取和比对，不留下变更集。")
@click.option("--yes", is_flag=True, help="立即入库（仅限一人模式或演示数据）。")
@click.option("--as", "as_user", default="", help="以谁的身份办理。")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def load(
    files: tuple[Path, ...], type_id: str | None, dry_run: bool, yes: bool, as_user: str, form: str
) -> None:
    """Load files: parse, validate, compare; then review, or apply at once with --yes."""
    wait_for_others(_to_stderr)
    actions.recover_interrupted()
    by = acting_user(as_user) if as_user else default_user()
    if yes and not (one_person_mode() or demo_loaded()):
        raise NotAllowed("--yes 只能在一人模式或演示数据下使用。", fix="请去掉 --yes，由另一人复核入库。")
    results, worst = [], 0
    for path in files:
        try:
            results.append(load_one(path, type_id=type_id, by=by, dry_run=dry_run, yes=yes))
        except (Unreadable, NotFound) as refusal:
            click.echo(f"{path.name}：{refusal}", err=True)
            results.append(unread(path, str(refusal)))
            worst = EXIT_UNREADABLE
            continue
        if results[-1]["rejected"] and worst == 0:
            worst = EXIT_REJECTED
    if form == "json":
        click.echo(json.dumps(results[0] if len(results) == 1 else results, ensure_ascii=False))
    else:
        for result in results:
            click.echo(in_words(result))
    sys.exit(worst)


def _to_stderr(words: str) -> None:
    click.echo(words, err=True)


def default_user() -> User:
    """Who acts when nobody is named: the only officer of a one-person or demo city.

    Raises:
        Refusal: there is nobody, or more than one and the city is neither.
    """
    people = User.objects.filter(is_active=True, role="city_officer").order_by("pk")
    if people.count() == 1 or ((one_person_mode() or demo_loaded()) and people.exists()):
        return people[0]
    raise Refusal("没有指明以谁的身份导入。", fix="请加 --as 用户名；新库可先用 zhicheng users 建立人员。")


def load_one(path: Path, *, type_id: str | None, by: User, dry_run: bool, yes: bool) -> dict[str, object]:
    """Stage one file and, with yes, apply it; returns the summary of the issue's format."""
    wait_for_others(_to_stderr)
    with _bar(path.name) as told:
        change_set = actions.stage_file(path, by=by, type_id=type_id, progress=told)
        if yes and not dry_run:
            change_set = actions.approve(change_set=change_set, by=by, progress=told)
    for note in change_set.notes:
        click.echo(f"{path.name}：{note}", err=True)
    rejects = folder_of(change_set) / "rejects.csv"
    kept: str | None = str(rejects) if rejects.exists() else None
    if dry_run:
        if kept:
            kept = str(_aside(rejects, path))
        actions.discard(change_set=change_set, by=by, why="试运行")
    elif change_set.status == ChangeSet.Status.STAGED:
        actions.submit(change_set=change_set, by=by)
    return {
        "file": path.name,
        "type": change_set.type,
        "read": change_set.read,
        "new": change_set.new,
        "changed": change_set.changed,
        "unchanged": change_set.unchanged,
        "rejected": change_set.rejected,
        "change_set": None if dry_run else str(change_set.key),
        "rejects_file": kept,
        "status": "dry_run" if dry_run else ChangeSet.objects.get(pk=change_set.pk).status,
    }


def _aside(rejects: Path, path: Path) -> Path:
    target = Path(settings.ZHICHENG_HOME) / "rejects" / f"{path.stem}-退回.csv"
    target.parent.mkdir(parents=True, exist_ok=True)
    return rejects.replace(target)


def unread(path: Path, why: str) -> dict[str, object]:
    """Summary of a file that could not be read at all."""
    counts: dict[str, object] = dict.fromkeys(("read", "new", "changed", "unchanged", "rejected"), 0)
    return {"file": path.name, **counts, "change_set": None, "rejects_file": None, "error": why}


def in_words(result: dict[str, object]) -> str:
    """One line for a person."""
    if "error" in result:
        return f"{result['file']}：未读取。"
    counts = (
        f"读取 {result['read']}，新增 {result['new']}，变更 {result['changed']}，"
        f"不变 {result['unchanged']}，退回 {result['rejected']}"
    )
    end = f"；退回行在 {result['rejects_file']}" if result["rejects_file"] else ""
    state = {"applied": "已入库", "submitted": "待复核", "dry_run": "试运行，未入库"}.get(
        str(result["status"]), ""
    )
    return f"{result['file']}（{result['type']}）：{counts}。{state} {result['change_set'] or ''}{end}"


class _bar:  # noqa: N801 - reads as a word in `with`
    """A progress bar on stderr with rows a second."""

    def __init__(self, title: str) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
            TextColumn("{task.fields[speed]}"), TimeElapsedColumn(),
            console=Console(stderr=True), transient=True,
        )  # fmt: skip
        self._task = self._progress.add_task(title, total=None, speed="")

    def __enter__(self) -> staging.Progress:
        self._progress.start()
        return self._told

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def _told(self, step: str, rows: int) -> None:
        task = self._progress.tasks[0]
        rate = rows / task.elapsed if task.elapsed else 0
        self._progress.update(self._task, completed=rows, description=step, speed=f"{rate:,.0f} 行/秒")


@click.group()
def changes() -> None:
    """Look at change sets and decide them."""


@changes.command("list")
@click.option("--all", "every", is_flag=True, help="包括已入库和已撤销的。")
def list_changes(every: bool) -> None:
    """List change sets that wait."""
    rows = (
        ChangeSet.objects.all()
        if every
        else ChangeSet.objects.filter(status__in=("staged", "submitted", "applying"))
    )
    for row in rows[:200]:
        click.echo(
            f"{row.key}  {row.get_status_display()}  {row.type}  {row.source}  新增 {row.new} 变更 {row.changed} 退回 {row.rejected}"
        )


def found(key: str) -> ChangeSet:
    """The change set of a key or the beginning of one.

    Raises:
        NotFound: no or several sets begin so.
    """
    rows = [row for row in ChangeSet.objects.all() if str(row.key).startswith(key)]
    if len(rows) != 1:
        raise NotFound(f"没有唯一对应“{key}”的变更集。", fix="请用 zhicheng changes list 查编号。")
    return rows[0]


@changes.command()
@click.argument("key")
@click.option("--as", "as_user", default="", help="以谁的身份办理。")
def approve(key: str, as_user: str) -> None:
    """Approve a set and write it into the ledger."""
    by = acting_user(as_user) if as_user else default_user()
    wait_for_others(_to_stderr)
    actions.recover_interrupted()
    row = found(key)
    with _bar(row.source) as told:
        row = actions.approve(change_set=row, by=by, progress=told)
    click.echo(f"{row.source} 已入库：新增 {row.new}，变更 {row.changed}。")


@changes.command()
@click.argument("key")
@click.option("--why", required=True, help="撤销理由。")
@click.option("--as", "as_user", default="", help="以谁的身份办理。")
def undo(key: str, why: str, as_user: str) -> None:
    """Take an applied set back while nothing later touched its rows."""
    by = acting_user(as_user) if as_user else default_user()
    wait_for_others(_to_stderr)
    row = actions.undo(change_set=found(key), by=by, why=why)
    click.echo(f"{row.source} 已撤销。")
