"""A bulletin as PDF/A, set by typst with embedded Chinese fonts; the text goes in as data, never as program."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from zhicheng.engines.bulletins import fonts, source_table
from zhicheng.engines.bulletins.charts import chart_svg
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
from zhicheng.kernel.refusals import Refusal

PROGRAM = Path(__file__).with_name("bulletin.typ")


def pdf(document: Document, *, families: frozenset[str] | None = None) -> bytes:
    """Set a bulletin as PDF/A-2u with its fonts embedded.

    Args:
        families: font families installed; asked of the machine when left out.

    Raises:
        NoChineseFont: no font with Chinese characters is installed.
        Refusal: the typesetter failed.
    """
    serif, sans = fonts.chosen(fonts.installed() if families is None else families)
    import typst  # noqa: PLC0415 - only a PDF pays for it

    inputs = {"document": json.dumps(_data(document, serif, sans), ensure_ascii=False)}
    made = int(
        datetime(document.as_of.year, document.as_of.month, document.as_of.day, tzinfo=UTC).timestamp()
    )
    try:
        out = typst.compile(
            PROGRAM.read_bytes(), format="pdf", sys_inputs=inputs, pdf_standards=["a-2u"], timestamp=made
        )
    except typst.TypstError as error:
        raise Refusal(f"PDF 排不出来：{error}。", fix="请改出 Word 或 HTML，并告知管理员。") from error
    assert isinstance(out, bytes)
    return out


def _data(document: Document, serif: str, sans: str) -> dict[str, Any]:
    return {
        "title": document.title,
        "serif": serif,
        "sans": sans,
        "synthetic": source_table.SYNTHETIC if document.synthetic else "",
        "blocks": [_block(one) for one in document.blocks],
        "sources": {
            "title": SOURCES_TITLE, "header": source_table.HEADER, "rows": source_table.rows(document),
            "note": source_table.NOTE,
        },
    }  # fmt: skip


def _block(block: Block) -> dict[str, Any]:
    if isinstance(block, Heading):
        return {"kind": "heading", "level": block.level, "text": _words(block.runs)}
    if isinstance(block, Table):
        return {
            "kind": "table",
            "header": block.header,
            "rows": [[_words(cell) for cell in row] for row in block.rows],
        }
    if isinstance(block, Chart):
        alt = f"{block.title}：{block.summary}"
        return {"kind": "chart", "title": block.title, "svg": chart_svg(block), "alt": alt}
    if isinstance(block, PageBreak):
        return {"kind": "page"}
    return {"kind": "text", "text": _words(block.runs)}


def _words(runs: tuple[Run, ...]) -> str:
    return "".join(one.text if isinstance(one, Text) else one.written for one in runs)
