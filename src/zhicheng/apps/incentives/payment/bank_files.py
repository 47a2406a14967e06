"""Bank files: what goes out to a bank, and how its answer is read."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import xlsxwriter

from zhicheng.apps.incentives.models import PaymentOrder
from zhicheng.apps.incentives.written import fen_of
from zhicheng.engines.intake.columns import plain
from zhicheng.engines.intake.kinds import sniff
from zhicheng.engines.intake.rejects import inert
from zhicheng.engines.intake.sheets import batches, row_words
from zhicheng.kernel.refusals import Refusal

OUT = ("指令编号", "收款户名", "开户银行", "收款账号", "金额（元）", "用途", "付款方", "统一社会信用代码")
RESULT = {
    "number": ("指令编号", "业务编号", "编号"), "state": ("支付结果", "结果", "状态"), "amount": ("金额（元）", "金额", "实付金额"),
    "paid_on": ("到账日期", "交易日期", "支付日期"), "reference": ("银行流水号", "流水号", "交易流水号"),
    "failure": ("失败原因", "原因", "备注"),
}  # fmt: skip
PAID_WORDS, FAILED_WORDS = ("成功", "已到账", "已支付"), ("失败", "退票", "退回")
WORDS = frozenset(plain(word) for words in RESULT.values() for word in words)
MOST_ROWS = 200_000


@dataclass(frozen=True)
class Result:
    """One row of a bank's answer; `problem` says why it cannot be read."""

    row: str
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
        # without a fixed day two makings of one file would differ, and could not be held against each other
        book.set_properties({"created": datetime(2000, 1, 1, tzinfo=UTC)})
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
        name: its name as the person knows it; what it is its content says.

    Raises:
        Refusal: it is neither CSV nor a workbook, is empty, a packed bomb, or lacks a column.
    """
    if sniff(path).kind not in {"csv", "xlsx", "xls"}:
        raise Refusal(f"结果文件“{name}”不是表格。", fix="请用银行回盘文件：CSV 或 XLSX。")
    found: list[Result] = []
    for piece in batches(path, vocabulary=WORDS):
        places = _places(piece.header, name)
        found += [_result(row, cells, places) for row, *cells in piece.frame.iter_rows()]
        if len(found) > MOST_ROWS:
            raise Refusal(f"结果文件超过 {MOST_ROWS:,} 行。", fix="请分成几个文件。")
    return found


def _places(header: Sequence[str], name: str) -> dict[str, int | None]:
    """Where each column stands, under any of the words banks use for it."""
    written = [plain(one) for one in header]
    places = {
        key: next((written.index(plain(word)) for word in words if plain(word) in written), None)
        for key, words in RESULT.items()
    }
    lacking = [RESULT[key][0] for key in ("number", "state", "amount") if places[key] is None]
    if lacking:
        raise Refusal(
            f"结果文件“{name}”缺少列：{'、'.join(lacking)}。",
            fix=f"请用银行回盘文件；读到的表头是：{'、'.join(one for one in header if one.isprintable())[:200]}。",
        )
    return places


def _result(row: int, cells: Sequence[str], places: dict[str, int | None]) -> Result:
    def text(key: str) -> str:
        place = places[key]
        written = cells[place] if place is not None else ""
        return unicodedata.normalize("NFKC", written or "").strip().lstrip("'")

    state, problem = text("state"), ""
    paid = state in PAID_WORDS
    if not paid and state not in FAILED_WORDS:
        problem = f"支付结果“{state}”看不懂，应为成功或失败"
    amount = fen_of(text("amount"))
    if amount is None:
        problem = problem or f"金额“{text('amount')}”不是精确到分的数"
    day = _day(text("paid_on"))
    if paid and day is None:
        problem = problem or f"到账日期“{text('paid_on')}”看不懂"
    return Result(
        row=row_words(row), number=text("number"), paid=paid, amount=amount, paid_on=day, reference=text("reference"),
        failure=text("failure"), shown="，".join(one or "" for one in cells)[:300], problem=problem,
    )  # fmt: skip


def _day(text: str) -> date | None:
    text = text.split(" ", maxsplit=1)[0]  # a workbook writes the hour behind the day
    for form in ("%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%Y年%m月%d日"):
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a bank's day has no hour
        except ValueError:
            continue
    return None
