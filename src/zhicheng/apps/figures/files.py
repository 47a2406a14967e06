"""Figures and the rows behind them as files: CSV that Excel opens, and workbooks with a sheet that says what they are."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter

from zhicheng.apps.web.public import BOM, csv_line
from zhicheng.engines.intake.rejects import inert
from zhicheng.kernel.refusals import Refusal

XLSX_ROWS = 1_000_000


def csv_lines(frame: pl.DataFrame) -> Iterator[str]:
    """Lines of a CSV in UTF-8 with a mark that Excel knows; no cell can become a formula."""
    yield BOM + csv_line(frame.columns)
    for row in frame.iter_rows():
        yield csv_line([inert(cell) if isinstance(cell, str) else cell for cell in row])


def workbook(frame: pl.DataFrame, about: list[tuple[str, str]]) -> Path:
    """Write rows and a sheet `说明` into a temporary workbook, row by row.

    Args:
        frame: the rows.
        about: what they are: (word, text).

    Raises:
        Refusal: more rows than a sheet holds.
    """
    if frame.height > XLSX_ROWS:
        raise Refusal(f"明细有 {frame.height:,} 行，超过 Excel 的 {XLSX_ROWS:,} 行。", fix="请下载 CSV。")
    path = Path(tempfile.mkstemp(suffix=".xlsx")[1])
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_formulas": False})
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet("明细")
    for column, name in enumerate(frame.columns):
        sheet.write_string(0, column, name, bold)
    for line, row in enumerate(frame.iter_rows(), start=1):
        for column, cell in enumerate(row):
            _write(sheet, line, column, cell, day)
    sheet.freeze_panes(1, 1)
    note = book.add_worksheet("说明")
    for line, (word, text) in enumerate(about):
        note.write_string(line, 0, word, bold)
        note.write_string(line, 1, text)
    book.close()
    return path


def _write(sheet: Any, line: int, column: int, cell: Any, day: Any) -> None:
    if isinstance(cell, date):
        sheet.write_datetime(line, column, cell, day)
    elif isinstance(cell, bool) or cell is None:
        sheet.write_string(line, column, "" if cell is None else str(cell))
    elif isinstance(cell, int) and abs(cell) < 10**15:
        sheet.write_number(line, column, cell)
    elif isinstance(cell, Decimal):
        sheet.write_string(line, column, f"{cell:f}")  # a number of Excel would lose digits
    else:
        sheet.write_string(line, column, str(cell))
