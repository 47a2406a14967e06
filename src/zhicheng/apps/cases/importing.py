"""Cases filed from a table: one row one case; what is wrong is named with row and column, good rows stand."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from django.db import transaction

from zhicheng.apps.accounts.public import User, city, record_event, require
from zhicheng.apps.cases.definitions import matter_in_force
from zhicheng.apps.cases.entering import application_from
from zhicheng.apps.cases.filing import file_case
from zhicheng.apps.cases.for_rooms import refuse_here
from zhicheng.apps.cases.models import Channel, FieldValue, Handling
from zhicheng.engines.procedures.definition import Matter
from zhicheng.kernel.refusals import Refusal

# Column by which a row is known again: the same file twice files nothing twice.
OUTSIDE = "外部编号"
COMMON = {
    "案由": "title",
    "区划代码": "region",
    "权利种类": "ip_kind",
    "邮箱": "email",
    "申请人": "applicant.name",
}
KINDS = {"专利": "patent", "商标": "trademark", "地理标志": "gi", "著作权": "copyright", "商业秘密": "secret"}
RECEIVED = "收到日"


@dataclass
class Imported:
    """What an import did.

    Args:
        filed: numbers of the new cases.
        known: rows filed by an earlier run.
        rejected: rows with the reason.
    """

    filed: list[str] = field(default_factory=list)
    known: int = 0
    rejected: list[str] = field(default_factory=list)


def import_cases(*, path: Path, matter: str, by: User, on: date, rejects: Path | None = None) -> Imported:
    """File a case for each row of a CSV or XLSX file.

    Args:
        path: the file; its header names fields by their Chinese label or by name, and `外部编号` for each row.
        matter: code of the matter.
        by: who files them.
        on: day of receipt where a row names none.
        rejects: where rejected rows are written, with their reason, to be mended and imported again.
    """
    require(by, "cases.handle")
    definition = matter_in_force(matter, on)
    done = Imported()
    bad: list[dict[str, str]] = []
    header = _header(definition)
    for number, row in enumerate(_rows(path), 2):
        try:
            _file(row, header, definition, by, on, done)
        except Refusal as refusal:
            done.rejected.append(f"{path.name} 第 {number} 行：{refusal}")
            bad.append({**row, "退回原因": str(refusal)})
    if rejects is not None and bad:
        with rejects.open("w", encoding="utf-8-sig", newline="") as out:
            writer = csv.DictWriter(out, list(bad[0]))
            writer.writeheader()
            writer.writerows(bad)
    with transaction.atomic():
        record_event(
            by=by, action="cases.import", subject=f"file:{path.name}",
            after={"filed": len(done.filed), "known": done.known, "rejected": len(done.rejected)},
        )  # fmt: skip
    return done


def _header(matter: Matter) -> dict[str, str]:
    found = dict(COMMON)
    for one in matter.fields:
        found[str(one.label)] = found[one.id] = f"f.{one.id}"
    return found


def _rows(path: Path) -> Iterator[dict[str, str]]:
    if path.suffix.lower() == ".xlsx":
        from python_calamine import CalamineWorkbook  # noqa: PLC0415 - only for workbooks

        head, *rest = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
        names = [str(one).strip() for one in head]
        yield from ({name: _text(cell) for name, cell in zip(names, row, strict=False)} for row in rest)
        return
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from (
            {(k or "").strip(): (v or "").strip() for k, v in row.items()} for row in csv.DictReader(file)
        )


def _text(cell: object) -> str:
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return cell.isoformat()[:10] if isinstance(cell, date) else str(cell).strip()


@transaction.atomic
def _file(
    row: dict[str, str], header: dict[str, str], matter: Matter, by: User, on: date, done: Imported
) -> None:
    refuse_here(matter)
    unknown = [
        name for name in row if name and name not in header and name not in (OUTSIDE, RECEIVED, "退回原因")
    ]
    if unknown:
        raise Refusal(f"不认识列“{'、'.join(unknown)[:80]}”。", fix=f"可用：{'、'.join(list(header)[:30])}。")
    key = row.get(OUTSIDE, "")
    if not key:
        raise Refusal(f"没有“{OUTSIDE}”。", fix="请给每行一个不重复的编号，重复导入时据以识别。")
    if Handling.objects.filter(
        matter=matter.code, pk__in=FieldValue.objects.filter(name="outside", value=key).values("case")
    ).exists():
        done.known += 1
        return
    values = {
        header[name]: _coded(matter, header[name], value)
        for name, value in row.items()
        if name in header and value
    }
    office = city()
    values.setdefault("region", by.region_code or (office.region_code if office else ""))
    values["ip_kind"] = KINDS.get(values.get("ip_kind", ""), values.get("ip_kind", ""))
    try:
        received = date.fromisoformat(row[RECEIVED]) if row.get(RECEIVED) else on
    except ValueError as error:
        raise Refusal(f"“{RECEIVED}”的“{row[RECEIVED]}”不是日期。", fix="请写成 2026-03-01。") from error
    receipt = file_case(
        application=application_from(matter, values), by=by, channel=Channel.IMPORT, on=received
    )
    FieldValue.objects.create(case=receipt.case, name="outside", value=key)
    done.filed.append(receipt.case.number)


def _coded(matter: Matter, name: str, value: str) -> str:
    """A choice may be written in its words."""
    one = next((each for each in matter.fields if f"f.{each.id}" == name), None)
    words = {label: code for code, label in one.choices} if one else {}
    return words.get(value, value)
