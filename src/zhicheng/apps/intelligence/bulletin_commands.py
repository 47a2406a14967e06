"""`zhicheng bulletin`: build a bulletin from a template, list and show bulletins, check a finished file."""

from __future__ import annotations

import json
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from zhicheng.apps.accounts.public import city, opening_date
from zhicheng.apps.intelligence.bulletin_building import FORMATS, draft, finished, write_file
from zhicheng.apps.intelligence.bulletin_checking import Report, check_file
from zhicheng.apps.intelligence.bulletin_models import Bulletin
from zhicheng.catalogue.bulletin_loader import load_bulletins
from zhicheng.kernel.refusals import NotFound, Refusal

NOT_MATCHING_EXIT = 1
WORDS = {"matches": "相符", "differs": "不符", "unsigned": "没有签发", "unknown": "没有依据"}


@click.group()
def bulletin() -> None:
    """Bulletins: build, list, show, check."""


@bulletin.command()
@click.argument("template")
@click.option("--region", default="", help="区划代码，默认本市。")
@click.option("--as-of", "as_of", type=click.DateTime(["%Y-%m-%d"]), help="截至日期，默认页面起始日期。")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="写成文件：.docx、.pdf、.html 或 .md；不给则打印文本。",
)
def build(template: str, region: str, as_of: datetime | None, output: Path | None) -> None:
    """Build a bulletin from a template of the catalogue or from a file; every number must stand signed."""
    text = _template(template)
    place, day = _where(region, as_of)
    form = output.suffix.lstrip(".").lower() if output else "md"
    if form not in FORMATS:
        raise Refusal(
            f"不能写成“{form[:20]}”。", fix=f"文件名请以 {'、'.join(f'.{one}' for one in FORMATS)} 结尾。"
        )
    document = finished(text, region=place, as_of=day)
    _warn(text, place, day)
    data = write_file(document, form)
    if output is None:
        click.echo(data.decode(), nl=False)
        return
    try:
        output.write_bytes(data)
    except OSError as error:
        raise Refusal(f"“{output}”写不进去：{error.strerror}。", fix="请换一个文件夹。") from error
    count = len(document.sources())
    click.echo(f"{output}：{document.title}，{count} 项数据，{len(data):,} 字节", err=True)


def _warn(text: str, region: str, day: date) -> None:
    found = draft(text, region=region, as_of=day)
    for one in found.contradictions:
        click.echo(f"与已发布的通稿矛盾：{one}", err=True)
    for typed in found.typed:
        click.echo(f"手写的数，没有数据依据：{typed}", err=True)


def _template(name: str) -> str:
    """Return the text of a template: one of the catalogue by its id, else a file."""
    entry = load_bulletins().get(name)
    if entry:
        return entry.text
    path = Path(name)
    if not path.is_file():
        known = "、".join(load_bulletins())
        raise NotFound(f"没有通稿模板“{name}”，也没有这个文件。", fix=f"可用的模板：{known}。")
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Refusal(f"模板文件“{name}”读不出来。", fix="请存成 UTF-8 文本。") from error


def _where(region: str, as_of: datetime | None) -> tuple[str, date]:
    here = city()
    if here is None:
        raise Refusal(
            "数据文件夹里还没有城市。", fix="请先运行 zhicheng init --region 代码，或 make demo-data。"
        )
    return region or here.region_code, as_of.date() if as_of else opening_date()


@bulletin.command(name="list")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", help="输出格式。")
def list_bulletins(form: str) -> None:
    """List the templates of the catalogue and the bulletins of this city."""
    rows = [_row(one) for one in Bulletin.objects.defer("template", "html", "markdown")]
    entries = [
        {"id": one.id, "name": one.name.zh, "description": one.description}
        for one in load_bulletins().values()
    ]
    if form == "json":
        click.echo(json.dumps({"templates": entries, "bulletins": rows}, ensure_ascii=False, indent=1))
        return
    click.echo("模板")
    for one in entries:
        click.echo(f"  {one['id']:<24}{one['name']}：{one['description']}")
    click.echo("通稿" if rows else "还没有通稿。")
    for row in rows:
        click.echo(
            f"  {row['number']:>4}  {row['status_name']}  {row['region']}  截至 {row['as_of']}  {row['title']}"
        )


def _row(one: Bulletin) -> dict[str, Any]:
    return {
        "number": one.pk, "title": one.title, "status": one.status, "status_name": one.get_status_display(),
        "region": one.region_code, "as_of": one.as_of.isoformat(), "revision": one.revision,
        "published_at": one.published_at.isoformat() if one.published_at else None, "why": one.why or None,
        "figures": len(one.figures), "files": one.files, "synthetic": one.synthetic,
    }  # fmt: skip


@bulletin.command()
@click.argument("which")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="输出格式。")
def show(which: str, form: str) -> None:
    """Show a bulletin by its number, or the text of a template by its id."""
    entry = load_bulletins().get(which)
    if entry:
        click.echo(entry.text if form == "text" else json.dumps(entry.model_dump(), ensure_ascii=False))
        return
    row = Bulletin.objects.filter(pk=int(which)).first() if which.isascii() and which.isdigit() else None
    if row is None:
        raise NotFound(f"没有编号或模板“{which[:40]}”。", fix="用 zhicheng bulletin list 查看。")
    if form == "json":
        click.echo(json.dumps({**_row(row), "numbers": row.figures}, ensure_ascii=False, indent=1))
    else:
        click.echo(row.markdown or row.template)


@bulletin.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--region", default="", help="文件所写的区划，默认看文件自己怎么说。")
@click.option("--as-of", "as_of", type=click.DateTime(["%Y-%m-%d"]), help="按哪一天签发的数核对。")
@click.option("--all", "everything", is_flag=True, help="相符的也列出。")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", help="输出格式。")
def check(file: Path, region: str, as_of: datetime | None, everything: bool, form: str) -> None:
    """Check the numbers of a finished Word, PDF or text file; exit 1 when one does not match a signed figure."""
    report = check_file(file, region=region, as_of=as_of.date() if as_of else None)
    if form == "json":
        click.echo(json.dumps(report_data(report), ensure_ascii=False, indent=1))
    else:
        _print(report, everything)
    sys.exit(NOT_MATCHING_EXIT if report.wrong else 0)


def _print(report: Report, everything: bool) -> None:
    for one in report.verdicts if everything else report.wrong:
        click.echo(f"{WORDS[one.state]}\t{one.written}\t{one.why}\t{one.sentence[:60]}")
    matched = len(report.verdicts) - len(report.wrong)
    click.echo(
        f"{report.name}：{report.region} 截至 {report.as_of}，核对 {len(report.verdicts)} 个数，相符 {matched}，"
        f"不相符 {len(report.wrong)}；日期、期限、奖励金额与位次 {report.skipped} 处不核。"
    )


def report_data(report: Report) -> dict[str, Any]:
    """Return a report as JSON values."""
    return {
        "file": report.name, "sha256": report.sha256, "region": report.region, "as_of": report.as_of.isoformat(),
        "checked": len(report.verdicts), "wrong": len(report.wrong), "skipped": report.skipped,
        "numbers": [
            {
                "written": one.written, "state": one.state, "why": one.why, "sentence": one.sentence,
                "id": one.figure.id if one.figure else None, "signed": f"{one.figure.value:f}" if one.figure else None,
            }
            for one in report.verdicts
        ],
    }  # fmt: skip
