"""A table of the demo city, and how an office would have saved it."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

BANNER = "演示数据：全部由程序生成，不代表真实情况"


@dataclass(frozen=True)
class Table:
    """Rows of one record type under the headers an office would use.

    Args:
        type: record type the rows belong to.
        name: file name without its ending.
        header: column headers.
        rows: cells; days and decimals stay typed until they are written.
        form: `xlsx` with a title line above the header, `csv` in GB18030, `utf8` for a CSV in UTF-8.
    """

    type: str
    name: str
    header: list[str]
    rows: list[list[Any]] = field(default_factory=list)
    form: str = "xlsx"

    def write(self, folder: Path) -> Path:
        """Write the file and return its path."""
        if self.form == "xlsx":
            return self._write_workbook(folder / f"{self.name}.xlsx")
        encoding = "gb18030" if self.form == "csv" else "utf-8-sig"
        path = folder / f"{self.name}.csv"
        with path.open("w", encoding=encoding, newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(self.header)
            writer.writerows([_text(cell) for cell in row] for row in self.rows)
        return path

    def _write_workbook(self, path: Path) -> Path:
        book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
        book.set_properties({"title": self.name, "comments": BANNER, "created": _FIXED_STAMP})
        sheet = book.add_worksheet("台账")
        heading = book.add_format({"bold": True, "align": "center"})
        day = book.add_format({"num_format": "yyyy/m/d"})
        if len(self.header) > 1:
            sheet.merge_range(0, 0, 0, len(self.header) - 1, f"{self.name}（{BANNER}）", heading)
        sheet.write_row(1, 0, self.header, heading)
        for line, row in enumerate(self.rows, start=2):
            for column, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(line, column, cell, day)
                elif isinstance(cell, Decimal):
                    sheet.write_string(line, column, f"{cell:,.2f}")
                elif cell is not None and cell != "":
                    sheet.write(line, column, cell)
        book.close()
        return path


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)


_FIXED_STAMP = datetime(2025, 12, 16, 9, 0)  # noqa: DTZ001 - a workbook property has no zone
