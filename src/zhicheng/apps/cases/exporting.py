"""A worklist as CSV, in the order of the list, row by row so that a million rows need little memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from django.db import transaction

from zhicheng.apps.accounts.public import User, record_event
from zhicheng.apps.cases import queries
from zhicheng.apps.web.public import BOM, csv_line
from zhicheng.engines.intake.rejects import inert

HEADER = (
    "案号",
    "事项",
    "案由",
    "环节",
    "灯",
    "届满日",
    "承办人",
    "单位",
    "区划",
    "收到日",
    "受理日",
    "办结日",
    "结果",
)


def lines(user: User, given: Mapping[str, str], on: date) -> Iterator[str]:
    """Return the lines of the file, with a mark of its encoding; the export is recorded."""
    with transaction.atomic():
        record_event(
            by=user, action="cases.export", subject="cases:list", after={k: v for k, v in given.items() if v}
        )
    yield BOM + _line(HEADER)
    asked = dict(given)
    while True:
        page = queries.worklist(user, asked, on)
        for row in page.rows:
            one = row.handling
            yield _line(
                (
                    one.number, row.matter, row.title, row.stage, row.light.words if row.light else "", one.due_on or "",
                    one.handler or "", one.unit, one.region_code, one.received_on, one.accepted_on or "",
                    one.closed_on or "", one.outcome,
                )
            )  # fmt: skip
        if not page.next:
            return
        asked["after"] = page.next


def _line(cells: tuple[object, ...]) -> str:
    return csv_line([inert(str(one), numbers=False) for one in cells])
