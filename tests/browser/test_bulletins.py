"""A bulletin as two people make it: edited with a preview, approved by the other one, published and read by anybody."""

from __future__ import annotations

from datetime import date

import pytest

from tests.browser.conftest import fits
from zhicheng.apps.accounts.testing import make_user
from zhicheng.apps.intelligence.bulletin_models import Bulletin
from zhicheng.apps.ledger.models import LedgerRegion
from zhicheng.apps.records.public import Draft, approve, propose

pytestmark = pytest.mark.django_db(transaction=True)
DAY = date(2025, 12, 16)


@pytest.fixture
def other(town):
    """A second officer; one geographical indication stands in the ledger."""
    second = make_user("shending", "city_officer", "370700")
    LedgerRegion.objects.get_or_create(
        code="370783", defaults={"name": "寿光市", "parent_code": "370700", "level": "county"}
    )
    values = {
        "name": "演示产品", "kind": "product", "number": "演示1", "approved_on": "2025-03-01", "region_code": "370783",
    }  # fmt: skip
    row = propose(draft=Draft("geographical_indications", values), by=town.city_officer, why="登记")
    approve(change_set=row, by=second)
    return second


def write(page, text):
    page.locator("#template").fill(text)


def press(page, words):
    with page.expect_navigation():
        page.get_by_role("button", name=words, exact=True).click()


def test_a_bulletin_is_edited_approved_and_published_by_two_people(town, other, open_as):
    desk = open_as(town.city_officer, "/intelligence/bulletins/new/")
    press(desk, "开始")
    write(desk, "# {{区划}}简报\n\n今日通报：\n")
    desk.locator("#find").fill("地理标志保护产品总量")
    button = desk.locator("#found li", has_text="gi_products_total").get_by_role("button", name="插入")
    button.wait_for()
    desk.locator("#template").evaluate("box => box.setSelectionRange(box.value.length, box.value.length)")
    button.click()
    assert "{{gi_products_total}}" in desk.locator("#template").input_value()
    desk.locator("#preview >> text=未签发").first.wait_for()
    assert "【gi_products_total】" in desk.locator("#preview .bulletin-body").inner_text()
    press(desk, "保存")
    press(desk, "编制 1 项未签发的数据")

    second = open_as(other, desk.url)
    press(second, "签发 1 项他人编制的数据")
    second.locator("#preview .tag.signed").first.wait_for()

    desk.reload()
    press(desk, "保存并送审")
    assert desk.get_by_role("button", name="审定", exact=True).count() == 0
    second.reload()
    press(second, "审定")
    press(second, "发布")
    number = Bulletin.objects.get(status="published").pk

    reader = open_as(None, f"/intelligence/bulletins/published/{number}/", width=390)
    assert "今日通报" in reader.locator(".bulletin-body").inner_text()
    assert "1件" in reader.locator(".bulletin-body a").first.inner_text()
    assert fits(reader)
    with reader.expect_download() as download:
        reader.get_by_role("link", name="Word").click()
    assert download.value.suggested_filename.endswith(".docx")


@pytest.mark.parametrize("width", [1440, 390])
def test_the_pages_of_bulletins_fit_the_window(town, other, open_as, width):
    page = open_as(town.city_officer, "/intelligence/bulletins/new/", width=width)
    assert fits(page)
    press(page, "开始")
    assert fits(page)
    for path in (
        "/intelligence/bulletins/",
        "/intelligence/bulletins/check/",
        "/intelligence/bulletins/published/",
    ):
        page.goto(path)
        assert fits(page), path


def test_a_problem_leads_to_its_line(town, other, open_as):
    page = open_as(town.city_officer, "/intelligence/bulletins/new/")
    press(page, "开始")
    write(page, "# 题\n\n一行\n{{no_such_figure}}\n")
    page.locator("#preview .log >> text=第 4 行").first.click()
    chosen = page.locator("#template").evaluate(
        "box => box.value.slice(box.selectionStart, box.selectionEnd)"
    )
    assert chosen == "{{no_such_figure}}"
