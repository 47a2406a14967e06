"""Any list of the room as a file: CSV that Excel opens in Chinese, or a workbook; inert cells, every export logged."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

import xlsxwriter
from django.db import transaction
from django.http import HttpResponse
from django.utils.http import content_disposition_header

from zhicheng.apps.accounts.public import User, record_event
from zhicheng.engines.intake.rejects import inert
from zhicheng.kernel.refusals import Refusal

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A table as CSV with the byte-order mark Excel needs."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows([inert(_text(cell)) for cell in row] for row in rows)
    return ("\ufeff" + out.getvalue()).encode("utf-8")


def xlsx_bytes(title: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A table as a workbook; amounts stay text, because a sheet's numbers are binary floats."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet(title[:31])
        sheet.write_row(0, 0, header, book.add_format({"bold": True}))
        for number, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                sheet.write_string(number, column, _text(cell))
        sheet.freeze_panes(1, 0)
    return out.getvalue()


def _text(cell: object) -> str:
    return "" if cell is None else str(cell)


def as_file(
    form: str, *, title: str, header: Sequence[Any], rows: Iterable[Sequence[object]], by: Any, subject: str
) -> HttpResponse:
    """Answer with a table as a file and log who took it.

    Raises:
        Refusal: the form is neither csv nor xlsx.
    """
    words = [str(one) for one in header]
    if form == "csv":
        content, kind = csv_bytes(words, rows), "text/csv; charset=utf-8"
    elif form == "xlsx":
        content, kind = xlsx_bytes(title, words, rows), XLSX
    else:
        raise Refusal(f"不能导出为“{form[:20]}”。", fix="可选 csv、xlsx。")
    with transaction.atomic():
        who = by if isinstance(by, User) else None
        record_event(by=who, action="policies.export", subject=subject, after={"form": form})
    return download(content, kind, f"{title}.{form}")


def download(content: bytes, kind: str, name: str) -> HttpResponse:
    """Bytes as a file that is saved, not shown."""
    answer = HttpResponse(content, content_type=kind)
    answer.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return answer
