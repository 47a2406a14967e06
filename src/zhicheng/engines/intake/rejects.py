"""The file of rejected rows, to be mended and imported again, and the empty template of a record type."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import polars as pl
import xlsxwriter

from zhicheng.engines.intake.columns import Column
from zhicheng.engines.intake.sheets import row_words

# What a file of rejects has beside the columns of the file they came from; ignored when it comes back.
ADDED_BY_REJECTS = ("原文件行号", "问题")
# A cell that begins so would be run as a formula by a spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def inert(text: str, *, numbers: bool = True) -> str:
    """Return a cell that no spreadsheet takes for a formula.

    Args:
        text: the cell.
        numbers: plain signed numbers stay as they are; False where a cell is words and nothing may be computed from it.
    """
    if not text.startswith(_FORMULA) or (numbers and text.lstrip("+-").replace(".", "", 1).isdigit()):
        return text
    return f"'{text}"


def write_rejects(rows: pl.DataFrame, problems: pl.DataFrame, path: Path, *, append: bool = False) -> None:
    """Write the rejected rows as they stood, each with column, value and rule; UTF-8 CSV with a mark.

    The two added columns are ignored when the mended file comes back.
    """
    errors = problems.filter(pl.col("level") == "error")
    said = errors.group_by("row").agg(
        pl.format("{}：{}（{}）", "column", "message", "value").str.join("；").alias("问题"),
    )
    kept = rows.drop([name for name in ADDED_BY_REJECTS if name in rows.columns])
    joined = kept.join(said, left_on="__row__", right_on="row", how="inner").sort("__row__")
    header = [name for name in rows.columns if name not in {"__row__", *ADDED_BY_REJECTS}]
    with path.open("a" if append else "w", encoding="utf-8" if append else "utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        if not append:
            writer.writerow([*header, *ADDED_BY_REJECTS])
        for *cells, number, problem in joined.select([*header, "__row__", "问题"]).iter_rows():
            row = [*("" if cell is None else str(cell) for cell in cells), row_words(number), problem]
            writer.writerow([inert(cell) for cell in row])


def rejects_workbook(source: Path, path: Path) -> None:
    """Write a file of rejects as a workbook, every cell as text, for offices that mend in Excel."""
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet("退回的行")
    head = book.add_format({"bold": True, "bg_color": "#E8EDF3", "border": 1})
    with source.open(encoding="utf-8-sig", newline="") as stream:
        for line, cells in enumerate(csv.reader(stream)):
            for index, cell in enumerate(cells):
                sheet.write_string(line, index, cell.removeprefix("'"), *((head,) if line == 0 else ()))
    sheet.freeze_panes(1, 0)
    book.close()


def template(columns: Sequence[Column], path: Path, title: str) -> None:
    """Write an import template: one sheet to fill, one that explains every column."""
    book = xlsxwriter.Workbook(str(path))
    head = book.add_format({"bold": True, "bg_color": "#E8EDF3", "border": 1, "text_wrap": True})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    sheet = book.add_worksheet(title[:28])
    notes = book.add_worksheet("填写说明")
    notes.write_row(0, 0, ["列", "必填", "说明", "可填的值", "也认的表头"], head)
    for index, column in enumerate(columns):
        sheet.write(0, index, f"{column.label}*" if column.required else column.label, head)
        sheet.set_column(index, index, max(12, len(column.label) * 2 + 2))
        words = [word for word in column.choices if not word.isascii()]
        if column.kind == "choice" and words and sum(map(len, words)) + len(words) < 250:
            sheet.data_validation(
                1, index, 5000, index, {"validate": "list", "source": words, "error_type": "warning"}
            )
        row = [
            column.label,
            "是" if column.required else "",
            column.help,
            "、".join(words[:40]),
            "、".join(column.synonyms),
        ]
        for position, cell in enumerate(row):
            notes.write(index + 1, position, cell, wrap)
    notes.set_column(0, 0, 20)
    notes.set_column(2, 4, 46)
    sheet.freeze_panes(1, 0)
    book.close()
