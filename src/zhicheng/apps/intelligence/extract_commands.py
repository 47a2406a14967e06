"""`zhicheng news extract` and `zhicheng news score`: figures out of public texts, and how well that goes."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from zhicheng.kernel.refusals import Refusal

if TYPE_CHECKING:
    from zhicheng.engines.extraction.document import Reading
    from zhicheng.engines.extraction.extracting import Extraction
    from zhicheng.engines.extraction.scoring import GoldLabel, Mistake, Score

SHARED = "ZHICHENG_SHARED"
NEAR = 14


class GoldError(Refusal):
    """A gold file, or a text it speaks of, cannot be used."""

    code = "gold_unreadable"


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", help="输出格式。")
def extract(files: tuple[Path, ...], form: str) -> None:
    """Print the figures, reward rules and people of public texts, each with its place in the file."""
    from zhicheng.catalogue.alias_loader import load_aliases  # noqa: PLC0415 - only when it runs
    from zhicheng.engines.extraction.extracting import extract as extract_text  # noqa: PLC0415
    from zhicheng.engines.extraction.repairing import read_file  # noqa: PLC0415 - loads opencc and pypinyin

    aliases = load_aliases()
    found = [extract_text(read_file(file), aliases=aliases) for file in files]
    if form == "table":
        click.echo("\n\n".join(_table(one) for one in found))
        return
    data = [one.as_data() for one in found]
    click.echo(json.dumps(data[0] if len(data) == 1 else data, ensure_ascii=False, indent=1))


def _table(extraction: Extraction) -> str:
    reading = extraction.reading
    lines = [
        f"{reading.name}　{reading.article.title or '未给出标题'}　{reading.article.region or '地区未知'}"
    ]
    for one in extraction.figures:
        period = f"{one.period.text}（{one.period.kind}）" if one.period else ""
        parts = [
            f"{one.start}–{one.end}", one.kind, f"{one.value}{one.unit}", one.approx, one.indicator, one.indicator_id,
            one.region, period, one.rank.text if one.rank else "", " ".join(one.qualifiers),
        ]  # fmt: skip
        lines.append("\t".join(parts))
    for rule in extraction.policies:
        conditions = "、".join(rule.conditions)
        lines.append(
            f"{rule.start}–{rule.end}\t奖励条款\t{rule.trigger}\t{conditions}\t{rule.payee}\t{rule.written}"
        )
    for person in extraction.people:
        roles = "；".join(f"{role.organisation}{role.title}" for role in person.roles)
        lines.append(f"{person.start}–{person.end}\t人物\t{person.name}\t{roles}")
    return "\n".join(lines)


@click.command()
@click.argument("gold", type=click.Path(path_type=Path))
@click.option(
    "--texts",
    type=click.Path(path_type=Path),
    multiple=True,
    help="文本所在文件夹，可给多个；缺省为标注文件所在处。",
)
@click.option("--part", default="", help="只评一部分，如 unseen。")
@click.option("--mistakes", is_flag=True, help="逐条列出漏抽、误抽和取值不符之处。")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", help="输出格式。")
def score(gold: Path, texts: tuple[Path, ...], part: str, mistakes: bool, form: str) -> None:
    """Print precision and recall by kind against hand labels (JSON lines)."""
    from zhicheng.engines.extraction.scoring import Score  # noqa: PLC0415

    totals: dict[str, Score] = {}
    notes: list[str] = []
    for name, reading, labels in _documents(gold, _folders(gold, texts), part):
        result, wrong = _scored(reading, labels)
        totals.setdefault(name, Score()).add(result)
        notes += [_mistake(name, reading, one) for one in wrong]
    if not totals:
        raise GoldError(
            f"{gold} 里没有可评的标注{f'（part = {part}）' if part else ''}。", fix="请核对文件与 --part。"
        )
    if form == "json":
        click.echo(
            json.dumps({name: _score_data(one) for name, one in totals.items()}, ensure_ascii=False, indent=1)
        )
    else:
        click.echo("\n\n".join(_score_table(name, one) for name, one in totals.items()))
    if mistakes:
        click.echo("\n".join(notes), err=form == "json")


def _scored(reading: Reading, labels: list[GoldLabel]) -> tuple[Score, list[Mistake]]:
    from zhicheng.catalogue.alias_loader import load_aliases  # noqa: PLC0415
    from zhicheng.engines.extraction.extracting import extract as extract_text  # noqa: PLC0415
    from zhicheng.engines.extraction.scoring import score as compare  # noqa: PLC0415

    cuts = [(one.start, one.end) for one in reading.cuts]
    return compare(labels, extract_text(reading, aliases=load_aliases()).figures, cuts)


def _folders(gold: Path, texts: tuple[Path, ...]) -> list[Path]:
    shared = os.environ.get(SHARED)
    return [*texts, gold.parent, *([Path(shared), Path(shared) / "fixtures" / "news"] if shared else [])]


def _documents(gold: Path, folders: list[Path], part: str) -> Iterator[tuple[str, Reading, list[GoldLabel]]]:
    from zhicheng.engines.extraction.scoring import label_of  # noqa: PLC0415

    grouped: dict[tuple[str, str, Any, str], list[dict[str, Any]]] = {}
    for row in _rows(gold):
        name = row.get("part", "all")
        if not part or name == part:
            grouped.setdefault((name, row["file"], row.get("item"), row.get("field", "")), []).append(row)
    missing = []
    for (name, file, item, field), rows in grouped.items():
        path = next((folder / file for folder in folders if (folder / file).exists()), None)
        if path is None:
            missing.append(file)
            continue
        yield name, _read(path, item, field, rows[0].get("sha256", "")), [label_of(row) for row in rows]
    if missing:
        names = "、".join(dict.fromkeys(missing))
        raise GoldError(
            f"找不到标注所依据的文本：{names}。", fix=f"请用 --texts 指明文件夹，或设置环境变量 {SHARED}。"
        )


def _rows(gold: Path) -> list[dict[str, Any]]:
    try:
        lines = gold.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise GoldError(f"读不到标注文件 {gold}：{error.strerror}。", fix="请核对路径。") from error
    rows = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise GoldError(f"{gold} 第 {number} 行不是 JSON。", fix="每行写一个标注对象。") from error
        if not isinstance(row, dict) or not {"file", "start", "end"} <= row.keys():
            raise GoldError(f"{gold} 第 {number} 行缺少 file、start 或 end。", fix="请补全这几项。")
        rows.append(row)
    return rows


def _read(path: Path, item: int | None, field: str, sha256: str) -> Reading:
    """A file, or one entry of a JSON list of texts; the hash guards against another version."""
    from zhicheng.engines.extraction.repairing import read_file, read_text  # noqa: PLC0415

    if item is None:
        reading = read_file(path)
    else:
        reading = read_text(
            json.loads(path.read_text(encoding="utf-8"))[item][field], name=f"{path.name}#{item}"
        )
    if sha256 and reading.sha256 != sha256:
        raise GoldError(
            f"{path}{f' 第 {item} 条' if item is not None else ''}的内容与标注时不同（sha256 {reading.sha256[:12]}…，标注时 {sha256[:12]}…）。",
            fix="请换回标注时的文本，或重新标注。",
        )
    return reading


def _score_table(name: str, one: Score) -> str:
    from zhicheng.engines.extraction.scoring import KINDS  # noqa: PLC0415

    lines = [f"[{name}]", "类别\t抽对\t漏抽\t误抽\t精确率\t召回率\t位置准确\t基值准确\t约数准确\t指标准确"]
    for kind in (*KINDS, None):
        row = _row(one, kind)
        if row["found"] or row["missed"] or row["wrong"]:
            lines.append("\t".join(str(value) for value in (kind or "合计", *row.values())))
    lines.append(f"陷阱 {one.traps} 处，误入 {one.fallen} 处；标注在舍去部分内、不评：{one.cut} 处")
    return "\n".join(lines)


def _row(one: Score, kind: str | None) -> dict[str, Any]:
    def count(counter: Any) -> int:
        return counter[kind] if kind else sum(counter.values())

    return {
        "found": count(one.found), "missed": count(one.missed), "wrong": count(one.wrong),
        "precision": _percent(one.precision(kind)), "recall": _percent(one.recall(kind)),
        "offsets": f"{count(one.exact_offsets)}/{count(one.found)}",
        "base_values": f"{count(one.exact_values)}/{count(one.valued)}",
        "approx": f"{count(one.exact_approx)}/{count(one.approximated)}",
        "indicator_ids": f"{count(one.exact_ids)}/{count(one.named)}",
    }  # fmt: skip


def _score_data(one: Score) -> dict[str, Any]:
    from zhicheng.engines.extraction.scoring import KINDS  # noqa: PLC0415

    kinds = {kind: _row(one, kind) for kind in KINDS}
    return {
        "all": _row(one, None),
        **kinds,
        "traps": one.traps,
        "traps_fallen_into": one.fallen,
        "in_cut_parts": one.cut,
    }


def _percent(share: Decimal | None) -> str:
    return "—" if share is None else f"{share * 100:.1f}%"


def _mistake(name: str, reading: Reading, one: Mistake) -> str:
    before = reading.raw[max(0, one.start - NEAR) : one.start].replace("\n", " ")
    after = reading.raw[one.end : one.end + NEAR].replace("\n", " ")
    return f"{name}\t{reading.name}\t{one.why}\t{one.seen}\t{before}【{reading.raw[one.start : one.end]}】{after}"
