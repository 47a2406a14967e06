"""Bank files: what goes out to a bank, and how its answer is read."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path

import xlsxwriter
from python_calamine import CalamineWorkbook

from zhicheng.apps.incentives.models import PaymentOrder
from zhicheng.engines.intake.rejects import inert
from zhicheng.kernel.refusals import Refusal

OUT = ("指令编号", "收款户名", "开户银行", "收款账号", "金额（元）", "用途", "付款方", "统一社会信用代码")
RESULT = {
    "number": ("指令编号", "业务编号", "编号"), "state": ("支付结果", "结果", "状态"), "amount": ("金额（元）", "金额", "实付金额"),
    "paid_on": ("到账日期", "交易日期", "支付日期"), "reference": ("银行流水号", "流水号", "交易流水号"),
    "failure": ("失败原因", "原因", "备注"),
}  # fmt: skip
PAID_WORDS, FAILED_WORDS = ("成功", "已到账", "已支付"), ("失败", "退票", "退回")
MOST_ROWS = 200_000


@dataclass(frozen=True)
class Result:
    """One row of a bank's answer; `problem` says why it cannot be read."""

    row: int
    number: str
    paid: bool
    amount: Decimal | None
    paid_on: date | None
    reference: str
    failure: str
    shown: str
    problem: str = ""


def _cells(order: PaymentOrder) -> tuple[str, ...]:
    account, due = order.account, order.entitlement
    organisation = due.organisation
    assert account is not None
    plain = (
        order.number, account.holder, account.bank, account.account, f"{order.amount:.2f}", due.clause_name, order.payer,
        organisation.uscc if organisation else "",
    )  # fmt: skip
    return tuple(inert(one, numbers=False) for one in plain)


def bank_csv(orders: Sequence[PaymentOrder]) -> bytes:
    """A bank file as CSV, with the byte-order mark Excel needs."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(OUT)
    writer.writerows(_cells(one) for one in orders)
    return ("\ufeff" + out.getvalue()).encode("utf-8")


def bank_xlsx(orders: Sequence[PaymentOrder]) -> bytes:
    """A bank file as a workbook; accounts and amounts stay text, a sheet's numbers are binary floats."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet("支付指令")
        sheet.write_row(0, 0, OUT, book.add_format({"bold": True}))
        for number, one in enumerate(orders, start=1):
            for column, cell in enumerate(_cells(one)):
                sheet.write_string(number, column, cell)
        sheet.freeze_panes(1, 0)
    return out.getvalue()


def read_results(path: Path, name: str) -> list[Result]:
    """Read a bank's answer.

    Args:
        path: the file.
        name: its name as the person knows it; the ending says what it is.

    Raises:
        Refusal: it is neither CSV nor a workbook, is empty, or lacks a column.
    """
    rows = list(_xlsx_rows(path) if name.lower().endswith((".xlsx", ".xls")) else _csv_rows(path))
    if len(rows) > MOST_ROWS:
        raise Refusal(f"结果文件有 {len(rows)} 行，超过 {MOST_ROWS} 行。", fix="请分成几个文件。")
    if not rows:
        raise Refusal(f"结果文件“{name}”是空的。", fix="请核对银行回盘文件。")
    header = [str(one).strip() for one in rows[0]]
    places = {
        key: next((header.index(word) for word in words if word in header), None)
        for key, words in RESULT.items()
    }
    lacking = [RESULT[key][0] for key in ("number", "state", "amount") if places[key] is None]
    if lacking:
        raise Refusal(f"结果文件“{name}”缺少列：{'、'.join(lacking)}。", fix="请用银行回盘文件，首行为表头。")
    numbered = enumerate(rows[1:], start=2)
    return [
        _result(number, row, places) for number, row in numbered if any(str(cell).strip() for cell in row)
    ]


def _csv_rows(path: Path) -> Iterable[list[object]]:
    content = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return [list(row) for row in csv.reader(io.StringIO(content.decode(encoding)))]
        except (UnicodeDecodeError, csv.Error):
            continue
    raise Refusal("结果文件的编码看不懂。", fix="请另存为 UTF-8 或 GBK 的 CSV，或 XLSX。")


def _xlsx_rows(path: Path) -> Iterable[list[object]]:
    try:
        book = CalamineWorkbook.from_path(str(path))
        return [list(row) for row in book.get_sheet_by_index(0).to_python()]
    except Exception as error:
        raise Refusal("结果文件不是可读的工作簿。", fix="请另存为 XLSX 或 CSV。") from error


def _result(row: int, cells: Sequence[object], places: dict[str, int | None]) -> Result:
    def cell(key: str) -> object:
        place = places[key]
        return cells[place] if place is not None and place < len(cells) else ""

    def text(key: str) -> str:
        return str(cell(key)).strip().lstrip("'")

    state, problem = text("state"), ""
    paid = state in PAID_WORDS
    if not paid and state not in FAILED_WORDS:
        problem = f"支付结果“{state}”看不懂，应为成功或失败"
    amount = _amount(text("amount"))
    if amount is None:
        problem = problem or f"金额“{text('amount')}”不是精确到分的数"
    day = _day(cell("paid_on"))
    if paid and day is None:
        problem = problem or f"到账日期“{text('paid_on')}”看不懂"
    return Result(
        row=row, number=text("number"), paid=paid, amount=amount, paid_on=day, reference=text("reference"),
        failure=text("failure"), shown="，".join(str(one) for one in cells)[:300], problem=problem,
    )  # fmt: skip


def _amount(text: str) -> Decimal | None:
    try:
        value = Decimal(text.replace(",", "").replace("，", ""))
        exact = value.quantize(Decimal("0.01"))
    except InvalidOperation:
        return None
    return exact if exact == value and value.is_finite() else None


def _day(value: object) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = str(value).strip()
    for form in ("%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%Y年%m月%d日"):
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a bank's day has no hour
        except ValueError:
            continue
    return None
