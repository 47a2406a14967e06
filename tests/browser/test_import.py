"""An officer's Monday: a broken file goes in, its problems are seen, a colleague reviews it, and it is taken back."""

from __future__ import annotations

from pathlib import Path

import pytest

from zhicheng.apps.accounts.testing import make_user
from zhicheng.apps.ledger.models import Organisation

pytestmark = pytest.mark.django_db(transaction=True)

BROKEN = (
    "统一社会信用代码,企业名称,主体类型,区划代码,成立日期\n"
    "91110000600037341L,演示甲公司,企业,370783,2020/1/2\n"
    "91110000600037341,演示乙公司,企业,370783,2020-02-30\n"
)


def test_a_broken_file_is_mended_reviewed_applied_and_undone(town, open_as, tmp_path: Path):
    path = tmp_path / "主体.csv"
    path.write_bytes(BROKEN.encode("gb18030"))
    officer = open_as(town.city_officer, "/records/imports/")
    officer.set_input_files("input[name=file]", str(path))
    officer.get_by_role("button", name="读取并比对").click()
    officer.wait_for_url("**/records/imports/*-*/")
    address = officer.url
    assert "演示乙公司" in officer.locator("td.problem").locator("xpath=..").first.inner_text()
    assert "不是日期" in officer.locator("main").inner_text()
    with officer.expect_download() as download:
        officer.get_by_role("link", name="退回的行（CSV）").click()
    assert "演示乙公司" in Path(download.value.path()).read_text(encoding="utf-8-sig")
    officer.get_by_role("button", name="送复核").click()
    officer.wait_for_load_state()
    assert "待复核" in officer.locator("main").inner_text()
    assert not Organisation.objects.exists()

    reviewer = open_as(make_user("fuhe", "city_officer", "370700"), address)
    reviewer.get_by_role("button", name="复核并入库").click()
    reviewer.wait_for_load_state()
    assert "已入库" in reviewer.locator("main").inner_text()
    assert Organisation.objects.get().name == "演示甲公司"

    reviewer.fill("#why", "装错了文件")
    reviewer.get_by_role("button", name="撤销入库").click()
    reviewer.wait_for_load_state()
    assert "已撤销" in reviewer.locator("main").inner_text()
    assert not Organisation.objects.exists()


def test_a_file_nobody_knows_is_explained_column_by_column_on_a_phone(town, open_as, tmp_path: Path):
    path = tmp_path / "表.csv"
    path.write_text("甲栏,乙栏\n演示园一,370783\n", encoding="utf-8")
    page = open_as(town.city_officer, "/records/imports/", width=390)
    page.set_input_files("input[name=file]", str(path))
    page.get_by_role("button", name="读取并比对").click()
    page.wait_for_url("**/records/imports/files/**")
    page.select_option("#type", "parks")
    page.get_by_role("button", name="选定种类").click()
    page.wait_for_load_state()
    page.select_option("#map-1", "name")
    page.select_option("#map-2", "region_code")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name="读取并比对").click()
    page.wait_for_url("**/records/imports/*-*/")
    assert "演示园一" in page.locator("main").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
