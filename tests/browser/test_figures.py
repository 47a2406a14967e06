"""A figure as people meet it: from the tile down to its rows and into a file, and signed by two people."""

from __future__ import annotations

import csv
import io

import pytest

from tests.browser.conftest import fits
from zhicheng.apps.accounts.testing import make_user
from zhicheng.apps.records.public import Draft, approve, propose

pytestmark = pytest.mark.django_db(transaction=True)
FIGURE = "haopin_shandong_brands_total"


@pytest.fixture
def reviewer(town):
    return make_user("fuhe", "city_officer", "370700")


@pytest.fixture
def brands(town, reviewer):
    """Three brands of two years, of a county."""
    for number, day in enumerate(("2024-03-01", "2025-03-01", "2025-05-01")):
        values = {
            "scheme_code": "haopin_shandong", "holder_name": f"演示{number}公司", "granted_on": day, "round": str(number + 1),
            "region_code": "370783", "tier": "brand", "level": "provincial", "holder_kind": "enterprise",
        }  # fmt: skip
        approve(
            change_set=propose(draft=Draft("honours", values), by=town.city_officer, why="登记"), by=reviewer
        )
    return town


def test_a_tile_leads_to_its_figure_to_its_rows_and_into_a_file(brands, open_as):
    page = open_as(brands.city_officer, "/")
    page.locator("a.tile", has_text="“好品山东”品牌总量").click()
    page.wait_for_url(f"**/figures/{FIGURE}/**")
    assert page.locator(".figure-value.huge").inner_text() == "3"
    assert "as_of=2025-12-16" in page.url
    table = page.locator("#rows tbody tr")
    assert table.count() == 3
    with page.expect_download() as begun:
        page.get_by_role("link", name="下载明细 CSV").click()
    text = begun.value.path().read_text(encoding="utf-8-sig")
    assert len(list(csv.reader(io.StringIO(text)))) == 4
    table.first.locator("a").first.click()
    page.wait_for_url("**/records/honours/**")
    assert "演示0公司" in page.content()


def test_two_people_sign_a_figure_and_the_public_reads_it(brands, reviewer, open_as):
    page = open_as(brands.city_officer, f"/figures/{FIGURE}/")
    page.get_by_role("button", name="编制待签发").click()
    page.wait_for_load_state()
    page.get_by_role("button", name="签发", exact=True).click()
    page.wait_for_load_state()
    assert "编制人不能签发自己编制的数据" in page.content()
    other = open_as(reviewer, f"/figures/{FIGURE}/")
    other.get_by_role("button", name="签发", exact=True).click()
    other.wait_for_load_state()
    assert other.locator(".tag.signed", has_text="已签发").first.is_visible()
    assert "“好品山东”品牌总量" in open_as(None, "/figures/").content()


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("path", ["/", f"/figures/{FIGURE}/", "/figures/", "/figures/sources/", "/screen/"])
def test_pages_of_figures_fit_the_window(brands, open_as, path, width):
    assert fits(open_as(brands.city_officer, path, width=width))
