"""What goes wrong around a bank: lost downloads, odd files, a budget that is short, a file read twice."""

from __future__ import annotations

import csv
import io
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from zhicheng.apps.accounts.public import AuditEvent, set_city
from zhicheng.apps.accounts.testing import signed_in
from zhicheng.apps.incentives.batches import actions as batch_actions
from zhicheng.apps.incentives.batches import queries as batch_queries
from zhicheng.apps.incentives.batches import reviewing
from zhicheng.apps.incentives.models import BudgetEntry, PayeeAccount, PaymentOrder
from zhicheng.apps.incentives.payment import budgets, paying
from zhicheng.apps.incentives.payment.bank_files import Result, read_results
from zhicheng.apps.incentives.runs.keeping import keep_run
from zhicheng.apps.incentives.testing.city import AS_OF
from zhicheng.kernel.refusals import Refusal

ROOM = "/incentives/"
HEADER = "指令编号,支付结果,金额（元）,到账日期,银行流水号,失败原因"


def text(response) -> str:
    return response.content.decode()


def read(folder: Path, content: bytes | str, name: str = "回盘.csv") -> list[Result]:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_results(path, name)


def workbook(*rows: list[object], merged: str = "") -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("回盘")
        if merged:
            sheet.merge_range(0, 0, 0, 5, merged)
        for place, row in enumerate(rows, start=1 if merged else 0):
            sheet.write_row(place, 0, row)
    return out.getvalue()


ROW = ["B-1", "成功", 6172.84, "2025-12-25", "K1", ""]


def test_a_bank_s_workbook_is_read_below_its_title_and_whatever_its_name_says(tmp_path):
    content = workbook(HEADER.split(","), ROW, merged="某银行代发回盘清单")
    for name in ("回盘.xlsx", "回盘.csv", "回盘"):
        (found,) = read(tmp_path, content, name)
        assert (found.number, found.paid, found.amount) == ("B-1", True, Decimal("6172.84"))
        assert (found.row, found.paid_on.isoformat(), found.problem) == ("3", "2025-12-25", "")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_bank_s_text_is_read_in_every_encoding_and_also_named_a_workbook(tmp_path, encoding):
    content = f"代发清单\n{HEADER}\nB-1,失败,6172.84,,,户名不符\n".encode(encoding)
    (found,) = read(tmp_path, content, "回盘.xlsx")
    assert (found.number, found.paid, found.failure) == ("B-1", False, "户名不符")


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("６，１７２．８４", "6172.84"), ('"6,172.84"', "6172.84"), ("￥6172.84", "6172.84"), ("6172.84元", "6172.84"),
        ("1.1万", "11000.00"), ("0.617284万元", "6172.84"), ("1.12345678万", None), ("6172.845", None), ("约6000", None),
        ("1e4", None), ("", None),
    ],
)  # fmt: skip
def test_an_amount_is_read_to_the_fen_or_not_at_all(tmp_path, written, amount):
    (found,) = read(tmp_path, f"{HEADER}\nB-1,失败,{written},,,x\n")
    assert found.amount == (Decimal(amount) if amount else None)
    assert bool(found.problem) == (amount is None)


def bomb() -> bytes:
    """A small workbook whose sheet swells to 900 MB."""
    source, out = zipfile.ZipFile(io.BytesIO(workbook(HEADER.split(","), ROW))), io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in source.namelist():
            with packed.open(name, "w") as entry:
                entry.write(source.read(name))
                for _ in range(900 if name.endswith("sheet1.xml") else 0):
                    entry.write(b" " * 1024 * 1024)
    return out.getvalue()


def test_what_is_no_answer_of_a_bank_is_refused_in_words_and_a_packed_bomb_is_not_opened(tmp_path):
    for content, words in (
        (b"", "是空的"), (b"\xef\xbb\xbf", "没有表头"), ("甲,乙\n1,2\n".encode(), "缺少列：指令编号、支付结果、金额（元）"),
        (b"%PDF-1.4", "不是表格"), (b"PK\x03\x04abc", "打不开"), (b"<a/>", "不是表格"), (bomb(), "压缩炸弹"),
    ):  # fmt: skip
        with pytest.raises(Refusal, match=words) as refused:
            read(tmp_path, content)
        assert refused.value.fix


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_bank_file_whose_download_broke_off_is_had_again_to_the_byte_and_sends_nothing_twice(
    city, batch, form
):
    city.approved(batch)
    made, first = paying.export_orders(
        batch=batch, payer="市", payer_region="370700", form=form, by=city.officer
    )
    address = f"{ROOM}batches/{batch.number}/orders/bank/{made.pk}/"
    browser = signed_in(city.officer)
    assert browser.get(address).content == browser.get(address).content == first
    assert set(batch.orders.values_list("status", flat=True)) == {"sent"}
    assert AuditEvent.objects.filter(action="policies.export_again").count() == 2
    assert address in text(browser.get(f"{ROOM}batches/{batch.number}/orders/"))
    assert browser.get(f"{ROOM}batches/{batch.number}/orders/bank/999/").status_code == 404


def test_a_bank_file_is_not_made_again_once_a_payee_took_the_account_back(city, batch):
    city.approved(batch)
    (made,) = city.sent(batch)
    PayeeAccount.objects.update(withdrawn_at=made.made_at)
    shown = signed_in(city.officer).get(f"{ROOM}batches/{batch.number}/orders/bank/{made.pk}/")
    assert shown.status_code >= 400
    assert "已按收款人要求删除" in text(shown)


def test_an_answer_read_a_second_time_says_so_and_books_nothing(city, batch, tmp_path):
    city.approved(batch)
    city.sent(batch)
    lines = [f"{one.number},成功,{one.amount},2026-01-08,K{one.pk}," for one in batch.orders.all()]
    content = "\n".join([HEADER, *lines]).encode()
    browser, address = signed_in(city.officer), f"{ROOM}batches/{batch.number}/orders/results/"
    first = text(browser.post(address, {"file": SimpleUploadedFile("a.csv", content)}, follow=True))
    again = text(browser.post(address, {"file": SimpleUploadedFile("b.csv", content)}, follow=True))
    assert "到账 3" in first
    assert "以前导入过，没有重复记账" in again
    assert BudgetEntry.objects.filter(kind="paid").count() == 3
    empty = browser.post(address, {"file": SimpleUploadedFile("空.csv", b"")})
    assert "回盘文件是空的" in text(empty)
    assert "没有选择回盘文件" in text(browser.post(address))


def test_a_short_budget_is_told_from_the_first_day_of_a_batch_and_approval_waits_for_the_notice(world):
    firm = world.firm("甲公司")
    world.honour(firm, "china_patent_award/gold", object_number="ZL1")
    world.money("400000")
    batch = world.freeze()
    address = f"{ROOM}batches/{batch.number}/"
    shown = text(signed_in(world.officer).get(address))
    assert "市级预算结余 400,000.00 元，本批需 1,000,000.00 元，还缺 600,000.00 元" in shown
    assert "编制人以外的人员复核" in shown
    world.money("600000")
    set_city(region_code="370700", name="演示市", opens_on=AS_OF, demo=True)
    world.through_notice(batch)
    browser = signed_in(world.reviewer)
    shown = text(browser.get(address))
    assert "预算不足" not in shown
    assert "次日起由编制人以外的人员批准" in shown
    assert 'value="approve" disabled' in shown
    set_city(region_code="370700", name="演示市", opens_on="2026-02-01", demo=True)
    shown = text(browser.get(address))
    assert "公示期已满" in shown
    assert 'value="approve">' in shown


def test_the_refusal_of_an_approval_and_the_page_count_the_same_shortage(world):
    firm = world.firm("甲公司")
    world.honour(firm, "china_patent_award/gold", object_number="ZL1")
    world.money("999999.99")
    batch = world.through_notice(world.freeze())
    (draw,) = budgets.draws(batch, batch.entitlements.all())
    assert (draw.needed, draw.left, draw.short) == (Decimal(1_000_000), Decimal("999999.99"), Decimal("0.01"))
    with pytest.raises(Refusal, match=r"缺 0\.01 元"):
        batch_actions.approve(batch=batch, on=AS_OF.replace(year=2026), by=world.reviewer)
    reviewing.exclude(entitlement=batch.entitlements.get(), why="试", by=world.reviewer)
    assert budgets.draws(batch, batch.entitlements.filter(live=True)) == []


def test_a_year_without_anything_due_is_not_said_to_be_listed_already(world):
    with pytest.raises(Refusal, match="没有一项应得"):
        world.freeze(year=2020)


def test_the_budget_file_names_documents_and_regions_are_words_on_pages(city, batch):
    browser = signed_in(city.officer)
    rows = list(csv.reader(io.StringIO(browser.get(ROOM + "budget/export.csv").content.decode("utf-8-sig"))))
    assert rows[1][:2] == ["潍坊市质量品牌与专利奖励（发布会口径）", "整个政策"]
    assert "诸城市" in text(browser.get(ROOM + "firms/"))
    sheet = text(browser.get(f"{ROOM}batches/{batch.number}/rows/{batch.entitlements.first().pk}/"))
    assert "属于 370700 辖区" not in sheet
    city.approved(batch)
    assert "市（潍坊市）" in text(browser.get(f"{ROOM}batches/{batch.number}/orders/"))


@pytest.mark.parametrize(
    ("typed", "entered"), [("500,000.00", "500000.00"), ("５０万", "500000.00"), ("0.01", "0.01")]
)
def test_a_budget_is_entered_as_people_write_money_and_for_a_payer_that_exists(city, typed, entered):
    given = {
        "policy": "weifang",
        "clause": "",
        "year": 2026,
        "payer": "市",
        "amount": typed,
        "document": "演示批复",
    }
    browser = signed_in(city.officer)
    assert browser.post(ROOM + "budget/", given).status_code == 302
    assert BudgetEntry.objects.get(year=2026).amount == Decimal(entered)
    refused = browser.post(ROOM + "budget/", {**given, "amount": "约5000"})
    assert refused.status_code == 422
    assert "“约5000”不是金额" in text(refused)
    assert browser.post(ROOM + "budget/", {**given, "payer": "市级"}).status_code == 422


def test_the_overview_leads_to_applications_and_a_run_says_what_of_it_is_paid(city, batch, tmp_path):
    city.paid(batch, tmp_path)
    run = keep_run(as_of=AS_OF, by=city.officer)
    shown = text(signed_in(city.officer).get(f"{ROOM}runs/{run.pk}/"))
    assert "含已到账和已列入批次的" in shown
    assert f"{batch_actions.total_of(batch):,.2f}" in shown


def test_a_batch_is_closed_only_when_nothing_of_it_is_open(city, batch, tmp_path):
    city.approved(batch)
    browser, address = signed_in(city.officer), f"{ROOM}batches/{batch.number}/"
    assert 'value="close" disabled' in text(browser.get(address))
    city.sent(batch)
    city.answered(batch, tmp_path)
    shown = text(browser.get(address))
    assert 'value="close">' in shown
    assert "可以办结" in shown
    paid = next(row for row in batch_queries.sums_of(batch).rows if row[1])
    assert paid == (str(PaymentOrder.Status.PAID.label), 3, batch_actions.total_of(batch))
