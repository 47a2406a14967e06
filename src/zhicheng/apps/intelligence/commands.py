"""The verb `news`: repair a public text, extract its figures, score the extraction; needs no database."""

from __future__ import annotations

import json
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from zhicheng.engines.extraction.document import Reading

# sub-command → module that defines it under the same name; loaded only when called for
ELSEWHERE = dict.fromkeys(("extract", "score"), "zhicheng.apps.intelligence.extract_commands")
SHORT = 40


class NewsVerbs(click.Group):
    """A group whose further sub-commands are imported on first use."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the sub-commands that are installed."""
        return [*super().list_commands(ctx), *(name for name, where in ELSEWHERE.items() if find_spec(where))]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a sub-command, or None when there is no such one."""
        where = ELSEWHERE.get(cmd_name)
        if where is None or find_spec(where) is None:
            return super().get_command(ctx, cmd_name)
        command: click.Command | None = getattr(import_module(where), cmd_name, None)
        return command


@click.group(cls=NewsVerbs)
def news() -> None:
    """Public texts: repair, extract, score."""


@news.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="输出格式。")
def repair(file: Path, form: str) -> None:
    """Print a public text repaired, with every repair and cut and its place in the file."""
    from zhicheng.engines.extraction.repairing import read_file  # noqa: PLC0415 - loads opencc and pypinyin

    reading = read_file(file)
    click.echo(json.dumps(as_data(reading), ensure_ascii=False) if form == "json" else _text(reading))


def as_data(reading: Reading) -> dict[str, object]:
    """The reading as JSON values; offsets are code points in the decoded file, end exclusive."""
    article = reading.article
    return {
        "file": reading.name,
        "sha256": reading.sha256,
        "encoding": reading.encoding,
        "article": {
            "title": article.title,
            "publisher": article.publisher,
            "published_on": article.published_on.isoformat() if article.published_on else None,
            "author": article.author,
            "region": article.region,
            "region_code": article.region_code,
            "event_on": article.event_on.isoformat() if article.event_on else None,
            "year": article.year,
            "year_reason": article.year_reason,
        },
        "text": reading.text,
        "origin": list(reading.origin),
        "repairs": [
            {
                "kind": one.kind, "start": one.start, "end": one.end, "before": one.before, "after": one.after,
                "reason": one.reason, "confidence": str(one.confidence), "candidates": list(one.candidates),
            }
            for one in reading.repairs
        ],
        "cuts": [
            {"kind": one.kind, "start": one.start, "end": one.end, "reason": one.reason,
             "text": reading.raw[one.start : one.end]}
            for one in reading.cuts
        ],
    }  # fmt: skip


def _text(reading: Reading) -> str:
    article = reading.article
    head = [
        f"文件　{reading.name}（编码 {reading.encoding}，{len(reading.raw)} 个字符）",
        f"标题　{article.title or '未给出'}",
        f"来源　{article.publisher or '未给出'}",
        f"作者　{article.author or '未给出'}",
        f"发布　{article.published_on or '未知'}",
        f"地区　{article.region or '未知'}{f'（{article.region_code}）' if article.region_code else ''}",
        f"事件　{article.event_on or '未知'}",
        f"年份　{article.year or '未知'}：{article.year_reason}",
    ]
    repairs = [f"修复 {len(reading.repairs)} 处", *(_repair_line(one) for one in reading.repairs)]
    cuts = [f"舍去 {len(reading.cuts)} 处"]
    for cut in reading.cuts:
        words = _short(reading.raw[cut.start : cut.end])
        cuts.append(f"  {cut.start}–{cut.end} {cut.kind} {cut.reason}｜{words}")
    return "\n".join([*head, "", reading.text, "", *repairs, "", *cuts])


def _repair_line(one: object) -> str:
    from zhicheng.engines.extraction.document import Repair  # noqa: PLC0415 - see repair()

    assert isinstance(one, Repair)
    others = f"；候选 {'、'.join(one.candidates)}" if one.candidates else ""
    before, after = _short(one.before), _short(one.after)
    return f"  {one.start}–{one.end} {one.kind} “{before}”→“{after}” {one.reason}（把握 {one.confidence}{others}）"


def _short(words: str) -> str:
    plain = " ".join(words.split())
    return plain if len(plain) <= SHORT else f"{plain[:SHORT]}…"
