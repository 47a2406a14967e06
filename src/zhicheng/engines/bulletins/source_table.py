"""The source table at the end of every bulletin: what each number is, by which definition, from which snapshot."""

from __future__ import annotations

from zhicheng.engines.bulletins.document import Document, Source
from zhicheng.engines.bulletins.formats import plain

HEADER = ("序号", "数据", "文中写法", "精确值", "口径（版本）", "时间", "快照", "明细行数")
NOTE = "文中每个数都取自已签发的数据；引用的位次由他人公布，注明出处，不由本系统计算。"
SYNTHETIC = "演示数据：全部记录由程序生成，不代表真实情况。"


def rows(document: Document) -> tuple[tuple[str, ...], ...]:
    """The lines of the table as text, in the order the numbers first stand in the bulletin."""
    return tuple(_row(index, one) for index, one in enumerate(document.sources(), 1))


def _row(index: int, source: Source) -> tuple[str, ...]:
    one = source.figure
    written = "、".join(source.written)
    if source.quoted_from:
        return (
            str(index),
            f"{one.name}位次",
            written,
            "—",
            f"引用：{source.quoted_from}",
            one.when,
            "—",
            "—",
        )
    name = f"{one.region_name}{one.name}"
    definition = f"{one.definition}（v{one.version}）"
    return (
        str(index),
        name,
        written,
        f"{plain(one.value)}{one.unit}",
        definition,
        one.when,
        one.snapshot,
        str(one.rows),
    )
