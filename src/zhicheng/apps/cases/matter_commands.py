"""The verb `matters`: list, show, check and export definitions, without any database."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from pathlib import Path

import click

from zhicheng.catalogue.matter_loader import check_matter, load_matters
from zhicheng.engines.procedures.bpmn import bpmn_of
from zhicheng.engines.procedures.definition import Matter
from zhicheng.engines.procedures.diagram import draw, in_words
from zhicheng.kernel.refusals import NotFound, Refusal

VERSION = click.option("--version", type=click.IntRange(1), help="哪一版；默认最新。")


@click.group()
def matters() -> None:
    """Matters as data."""


@matters.command("list")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def list_matters(form: str) -> None:
    """List every version of every matter."""
    found = load_matters()
    if form == "json":
        rows = [
            {
                "code": one.code, "version": one.version, "name": {"zh": one.name.zh, "en": one.name.en},
                "since": _day(one.since), "until": _day(one.until), "sources": [str(each) for each in one.sources],
            }
            for one in found
        ]  # fmt: skip
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for one in found:
        span = f"{one.since or '…'} 至 {one.until or '今'}"
        click.echo(
            f"{one.code}  v{one.version}  {one.name.zh}  {span}  环节 {len(one.stages)}、动作 {len(one.actions)}、"
            f"时限 {len(one.limits)}"
        )


@matters.command()
@click.argument("code")
@VERSION
def show(code: str, version: int | None) -> None:
    """Show a matter in words: legal basis, stages, actions, limits."""
    matter = _one(code, version)
    click.echo(f"{matter}\n{matter.purpose}")
    for source in matter.sources:
        click.echo(f"  依据 {source}")
    click.echo("\n".join(in_words(matter)))


@matters.command()
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
def check(files: tuple[Path, ...]) -> None:
    """Prove definitions and play their examples; a broken one is named with file and line, exit 2."""
    broken = []
    for path in files:
        try:
            matter = check_matter(path)
        except Refusal as refusal:
            broken.append(refusal)
            click.echo(f"{refusal}", err=True)
            continue
        click.echo(
            f"{path.name}：{matter} 可用。环节 {len(matter.stages)}，动作 {len(matter.actions)}，"
            f"时限 {len(matter.limits)}，示例 {len(matter.examples)} 个全部相符。"
        )
    if broken:
        raise Refusal(f"{len(broken)} 个文件不可用。", fix="请按上面的说明改正。")


@matters.command()
@click.argument("code")
@VERSION
@click.option("--format", "form", type=click.Choice(["bpmn", "svg", "json"]), default="bpmn")
@click.option("--to", "target", type=click.Path(path_type=Path), help="写到文件；默认打印。")
def export(code: str, version: int | None, form: str, target: Path | None) -> None:
    """Export a matter as BPMN 2.0 with its diagram, as an SVG drawing or as JSON."""
    matter = _one(code, version)
    if form == "json":
        text = json.dumps(asdict(matter), ensure_ascii=False, default=str, indent=1)
    else:
        text = bpmn_of(matter) if form == "bpmn" else draw(matter)
    if target is None:
        click.echo(text)
        return
    target.write_text(text, encoding="utf-8")
    click.echo(f"已写入 {target}（{len(text.encode())} 字节）。")


def _one(code: str, version: int | None) -> Matter:
    found = [one for one in load_matters() if one.code == code and version in (None, one.version)]
    if not found:
        known = "、".join(dict.fromkeys(one.code for one in load_matters()))
        raise NotFound(f"没有事项“{code}”{f'第 {version} 版' if version else ''}。", fix=f"现有：{known}。")
    return found[-1]


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
