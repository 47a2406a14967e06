"""A bulletin as Markdown, with the source table at its end."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from zhicheng.engines.bulletins import source_table
from zhicheng.engines.bulletins.document import (
    SOURCES_TITLE,
    Block,
    Chart,
    Document,
    Heading,
    PageBreak,
    Run,
    Table,
    Text,
)

_SPECIAL = re.compile(r"([\\`*_\[\]<>|#])")


def markdown(document: Document) -> str:
    """Write a bulletin as Markdown."""
    parts = [_block(one) for one in document.blocks]
    if document.synthetic:
        parts.insert(1, f"> {source_table.SYNTHETIC}")
    listed = _table(source_table.HEADER, source_table.rows(document))
    parts += [f"## {SOURCES_TITLE}", listed, source_table.NOTE]
    return "\n\n".join(parts) + "\n"


def _block(block: Block) -> str:
    if isinstance(block, Heading):
        return f"{'#' * block.level} {_escaped(block.runs)}"
    if isinstance(block, Table):
        return _table(block.header, [[_words(cell) for cell in row] for row in block.rows])
    if isinstance(block, Chart):
        pairs = [(label, point.written) for label, point in zip(block.labels, block.points, strict=True)]
        return f"**{_escape(block.title)}**\n\n" + _table(("项目", "数值"), pairs)
    if isinstance(block, PageBreak):
        return "---"
    return _escaped(block.runs)


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    def line(cells: Iterable[str]) -> str:
        return f"| {' | '.join(_escape(cell) for cell in cells)} |"

    return "\n".join([line(header), line("---" for _ in header), *(line(row) for row in rows)])


def _escaped(runs: tuple[Run, ...]) -> str:
    return "".join(_escape(one.text) if isinstance(one, Text) else one.written for one in runs)


def _words(runs: tuple[Run, ...]) -> str:
    return "".join(one.text if isinstance(one, Text) else one.written for one in runs)


def _escape(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text.replace("\n", " "))
