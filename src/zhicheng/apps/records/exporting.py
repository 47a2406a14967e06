"""Exports of a list: exactly what is filtered, as CSV or XLSX, inert in a spreadsheet, and logged."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import xlsxwriter
from django.db.models import QuerySet

from zhicheng.apps.records.fields import Column
from zhicheng.apps.records.queries import shown
from zhicheng.apps.records.record import Record
from zhicheng.apps.web.public import BOM, csv_line
from zhicheng.engines.intake.rejects import inert

CSV_ROWS = 1_000_000
XLSX_ROWS = 200_000
CHUNK = 2_000


def csv_lines(rows: QuerySet[Record], columns: list[Column[Any, Any]], *, masked: bool) -> Iterator[str]:
    """Lines of a CSV that Excel opens as UTF-8; rows are read as they are sent."""
    yield BOM + csv_line([one.verbose_name for one in columns])
    for row in rows[:CSV_ROWS].iterator(chunk_size=CHUNK):
        yield csv_line([inert(shown(row, one, masked=masked)) for one in columns])


def workbook(rows: QuerySet[Record], columns: list[Column[Any, Any]], title: str, *, masked: bool) -> Path:
    """Write a workbook row by row into a temporary file; at most XLSX_ROWS rows, the last line says so."""
    path = Path(tempfile.mkstemp(suffix=".xlsx")[1])
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet(title[:31] or "Sheet1")
    bold = book.add_format({"bold": True})
    for index, one in enumerate(columns):
        sheet.write_string(0, index, str(one.verbose_name), bold)
    line = 0
    for row in rows[:XLSX_ROWS].iterator(chunk_size=CHUNK):
        line += 1
        for index, one in enumerate(columns):
            _write(sheet, line, index, one, row, masked=masked)
    if line == XLSX_ROWS:
        sheet.write_string(line + 1, 0, f"只导出前 {XLSX_ROWS:,} 行；全部请导出 CSV。")
    sheet.freeze_panes(1, 1)
    book.close()
    return path


def _write(sheet: Any, line: int, index: int, column: Column[Any, Any], row: Record, *, masked: bool) -> None:
    value = getattr(row, column.name)
    if column.kind == "integer" and isinstance(value, int):
        sheet.write_number(line, index, value)
    else:
        sheet.write_string(line, index, shown(row, column, masked=masked))
