"""Items as a table that leaves the room: CSV or XLSX, exactly what is filtered, inert in a spreadsheet, logged."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhicheng.apps.accounts.public import User, record_event
from zhicheng.apps.consultation.models import Item
from zhicheng.apps.consultation.queries import Line, lines_of
from zhicheng.apps.web.public import BOM, csv_line
from zhicheng.engines.intake.rejects import inert

HEADER = (
    gettext_lazy("编号"), gettext_lazy("类别"), gettext_lazy("事项"), gettext_lazy("状态"), gettext_lazy("轮次"), gettext_lazy("办理地"), gettext_lazy("主办单位"), gettext_lazy("协办单位"), gettext_lazy("提出日"), gettext_lazy("进入本状态日"), gettext_lazy("停留天数"),
    gettext_lazy("办结期限"), gettext_lazy("逾期天数"), gettext_lazy("重开"), gettext_lazy("转手"), gettext_lazy("提出人"), gettext_lazy("一般办理"),
)  # fmt: skip
CHUNK = 500
XLSX_ROWS = 200_000


def cells(line: Line) -> list[Any]:
    """Return one item as cells."""
    one = line.item
    overdue = next((late.days for late in line.late if late.kind == "overdue"), "")
    return [
        one.number, one.get_kind_display(), one.title, one.get_state_display(), one.round, one.region_code,
        one.lead_unit, one.assisting_units, one.raised_on.isoformat(), one.entered_state_on.isoformat(), line.days,
        one.due_on.isoformat() if one.due_on else "", overdue, one.reopened, one.handed_over,
        "、".join(line.speakers), _("是") if one.ordinary else "",
    ]  # fmt: skip


def _chunks(rows: QuerySet[Item], on: date) -> Iterator[Line]:
    after = 0
    ordered = rows.select_related("session").order_by("pk")
    while found := list(ordered.filter(pk__gt=after)[:CHUNK]):
        yield from lines_of(found, on=on)
        after = found[-1].pk


def csv_lines(rows: QuerySet[Item], *, on: date) -> Iterator[str]:
    """Lines of a CSV that Excel opens as UTF-8; rows are read as they are sent."""
    yield BOM + csv_line([str(one) for one in HEADER])
    for line in _chunks(rows, on):
        yield csv_line([inert(str(cell)) for cell in cells(line)])


def workbook(rows: QuerySet[Item], *, on: date) -> Path:
    """Write a workbook row by row into a temporary file."""
    path = Path(tempfile.mkstemp(suffix=".xlsx")[1])
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet(_("协商事项"))
    for place, words in enumerate(HEADER):
        sheet.write_string(0, place, str(words))
    for number, line in enumerate(_chunks(rows, on), 1):
        if number > XLSX_ROWS:
            sheet.write_string(
                number, 0, _("只导出前 %(count)s 行；全部请导出 CSV。") % {"count": f"{XLSX_ROWS:,}"}
            )
            break
        for place, cell in enumerate(cells(line)):
            if isinstance(cell, int):
                sheet.write_number(number, place, cell)
            else:
                sheet.write_string(number, place, str(cell))
    sheet.freeze_panes(1, 1)
    book.close()
    return path


def log_export(by: User, what: str, how_many: int) -> None:
    """Note in the audit trail that a table left the room."""
    with transaction.atomic():
        record_event(by=by, action="consultation.export", subject=f"items:{what}", after={"rows": how_many})
