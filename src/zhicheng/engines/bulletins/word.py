"""A bulletin as a Word file in the layout of an official document; each number sits in a content control that names it."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import docx as python_docx
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_LINE_SPACING
from docx.shared import Cm, Pt

from zhicheng.engines.bulletins import source_table, word_parts
from zhicheng.engines.bulletins.charts import chart_png
from zhicheng.engines.bulletins.document import (
    SOURCES_TITLE,
    Block,
    Chart,
    Document,
    Heading,
    Number,
    PageBreak,
    Paragraph,
    Run,
    Table,
)
from zhicheng.engines.bulletins.word_parts import BODY, LEAD, LINE_PITCH, TITLE

_HEADING = {1: (TITLE, 22), 2: (LEAD, 16), 3: (BODY, 16)}
_SMALL = 8


def docx(document: Document, *, reference: str = "") -> bytes:
    """Write a bulletin as a Word file.

    Page, type sizes and line pitch follow GB/T 9704-2012 (A4, 三号, 28 磅): body 仿宋, headings 黑体, title 小标宋,
    each with Noto CJK named as its substitute. Numbers lie in content controls `zc-N`, listed in a custom XML part.

    Args:
        reference: what the file says it was made from, e.g. the address of the bulletin.
    """
    word = python_docx.Document()
    word_parts.prepare(word, document.title)
    writer = _Writer(word)
    for index, block in enumerate(document.blocks):
        writer.block(block)
        if index == 0 and document.synthetic:
            writer.small(source_table.SYNTHETIC)
    writer.sources(document)
    word_parts.attach_numbers(word, document, tuple(writer.locked), reference)
    word_parts.name_fonts(word)
    out = BytesIO()
    word.save(out)
    return out.getvalue()


class _Writer:
    """Adds blocks to a Word document and numbers its locked numbers."""

    def __init__(self, word: Any) -> None:
        self.word = word
        self.locked: list[Number] = []

    def block(self, block: Block) -> None:
        """Add one block."""
        if isinstance(block, Heading):
            self._heading(block)
        elif isinstance(block, Paragraph):
            paragraph = self._paragraph()
            word_parts.indent_two(paragraph)
            self._runs(paragraph, block.runs, BODY, 16)
        elif isinstance(block, Table):
            self._table(block)
        elif isinstance(block, Chart):
            self._chart(block)
        elif isinstance(block, PageBreak):
            self.word.add_paragraph().add_run().add_break(WD_BREAK.PAGE)

    def small(self, text: str) -> None:
        """Add one centred line in small type."""
        paragraph = self._paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        word_parts.style_run(paragraph.add_run(text), BODY, 10.5)

    def sources(self, document: Document) -> None:
        """Add the source table on a new page."""
        heading = self._paragraph(style="Heading 2")
        heading.paragraph_format.page_break_before = True
        word_parts.style_run(heading.add_run(SOURCES_TITLE), LEAD, 14)
        rows = source_table.rows(document)
        grid = self._grid(len(rows) + 1, source_table.HEADER, word_parts.SOURCE_WIDTHS)
        for cells, words in zip(grid, rows, strict=True):
            for cell, text in zip(cells, words, strict=True):
                self._cell(cell, text, BODY)
        note = self._paragraph()
        word_parts.style_run(note.add_run(source_table.NOTE), BODY, 9)

    def _heading(self, block: Heading) -> None:
        font, size = _HEADING[block.level]
        paragraph = self._paragraph(style="Title" if block.level == 1 else f"Heading {block.level}")
        if block.level == 1:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            paragraph.paragraph_format.space_after = Pt(18)
        else:
            word_parts.indent_two(paragraph)
            paragraph.paragraph_format.keep_with_next = True
        self._runs(paragraph, block.runs, font, size)

    def _paragraph(self, style: str | None = None) -> Any:
        paragraph = self.word.add_paragraph(style=style)
        kept = paragraph.paragraph_format
        kept.space_before = kept.space_after = Pt(0)
        kept.line_spacing_rule = WD_LINE_SPACING.AT_LEAST
        kept.line_spacing = Pt(LINE_PITCH)
        return paragraph

    def _runs(self, paragraph: Any, runs: tuple[Run, ...], font: word_parts.Font, size: float) -> None:
        for one in runs:
            if isinstance(one, Number):
                self.locked.append(one)
                run = paragraph.add_run(one.written)
                word_parts.style_run(run, font, size)
                word_parts.lock(run, len(self.locked), one)
            else:
                word_parts.style_run(paragraph.add_run(one.text), font, size)

    def _table(self, block: Table) -> None:
        width = word_parts.TEXT_WIDTH
        first = min(4.0, width / len(block.header))
        widths = (first, *[(width - first) / max(1, len(block.header) - 1)] * (len(block.header) - 1))
        grid = self._grid(len(block.rows) + 1, block.header, widths, size=10.5)
        for cells, row in zip(grid, block.rows, strict=True):
            for column, runs in enumerate(row):
                paragraph = cells[column].paragraphs[0]
                paragraph.style = self.word.styles[word_parts.CELL]
                if column:
                    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
                self._runs(paragraph, runs, BODY, 10.5)
        self._paragraph()

    def _grid(
        self, rows: int, header: tuple[str, ...], widths: tuple[float, ...], size: float = _SMALL
    ) -> list[tuple[Any, ...]]:
        """Add a table and return the cells of its rows below the header; asking cell by cell takes minutes."""
        table = self.word.add_table(rows=rows, cols=len(header), style="Table Grid")
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        lines = [tuple(row.cells) for row in table.rows]
        word_parts.fix_widths(table, lines, widths)
        word_parts.repeat_header(table.rows[0])
        for cell, name in zip(lines[0], header, strict=True):
            self._cell(cell, name, LEAD, size)
        return lines[1:]

    def _cell(self, cell: Any, text: str, font: word_parts.Font, size: float = _SMALL) -> None:
        word_parts.style_run(cell.paragraphs[0].add_run(text), font, size)

    def _chart(self, block: Chart) -> None:
        title = self._paragraph()
        title.alignment = WD_ALIGN_PARAGRAPH.CENTER
        title.paragraph_format.keep_with_next = True
        word_parts.style_run(title.add_run(block.title), LEAD, 12)
        paragraph = self._paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
        picture = paragraph.add_run().add_picture(BytesIO(chart_png(block)), width=Cm(word_parts.TEXT_WIDTH))
        picture._inline.docPr.set("descr", f"{block.title}：{block.summary}")
