"""Files as offices and databases export them: the real ones where they are at hand, and their twins written here."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from zhicheng.apps.records.columns import header_words, import_columns, places
from zhicheng.apps.records.public import begin_city
from zhicheng.apps.records.staging import Unrecognised, recognise
from zhicheng.engines.intake import Unreadable, batches, convert

pytestmark = pytest.mark.django_db

SHARED = Path(os.environ.get("ZHICHENG_SHARED", Path(__file__).resolve().parents[6] / "shared"))
PATSNAP = (
    "公开(公告)号,标题,申请号,申请日,授权日,法律状态/事件,简单法律状态,[标]当前申请(专利权)人,[标]原始申请(专利权)人,"
    "第一原始申请(专利权)人,工商统一社会信用代码,当前申请(专利权)人州/省,IPC分类号,IPC主分类号(小类),战略新兴产业分类,失效日"
)
INCOPAT = "公开（公告）号,标题 (中文),摘要 (中文),申请人,申请号,申请日,IPC主分类号"
CNIPR = (
    "申请（专利）号,名称,主分类号,分类号,申请（专利权）人,发明（设计）人,公开（公告）日,公开（公告）号,专利代理机构,代理人,"
    "申请日,地址,优先权,国省代码,颁证日,分案原申请号"
)
OLD_XML = """<?xml version="1.0" encoding="UTF-8"?><cn-patent-document lang="ZH" country="CN"><cn-bibliographic-data>
<cn-publication-reference><document-id><country>CN</country><doc-number>104223352</doc-number><kind>A</kind>
<date>20141224</date></document-id></cn-publication-reference><application-reference appl-type="发明专利"><document-id>
<country>CN</country><doc-number>201710601862.3</doc-number><date>20170721</date></document-id></application-reference>
<classifications-ipcr><classification-ipcr><text>A24B   15/18    (2006.01)</text></classification-ipcr></classifications-ipcr>
<invention-title>一种演示装置</invention-title><cn-parties><cn-applicants><cn-applicant sequence="1"><addressbook lang="ZH">
<name>演示甲公司</name></addressbook></cn-applicant></cn-applicants><cn-inventors><cn-inventor sequence="1"><name>演示人甲
</name></cn-inventor></cn-inventors></cn-parties></cn-bibliographic-data></cn-patent-document>"""


@pytest.fixture
def city(db, settings, tmp_path):
    settings.ZHICHENG_HOME = tmp_path / "home"
    return begin_city(region_code="370700", one_person=True)


def read(path: Path) -> tuple[str, pl.DataFrame, pl.DataFrame, int]:
    """Kind, good rows, problems and rows read of a file that is recognised by itself."""
    record_type, mapping, _header = recognise(path, None)
    found = [
        (sheet.frame.height, convert(sheet.frame, mapping, import_columns(record_type, places())))
        for sheet in batches(path, vocabulary=header_words())
    ]
    frames = pl.concat([one.frame for _, one in found])
    return record_type.id, frames, pl.concat([one.problems for _, one in found]), sum(n for n, _ in found)


def real(*parts: str) -> Path:
    path = SHARED.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"the shared file {parts[-1]} is not here")
    return path


@pytest.mark.parametrize(
    ("header", "row", "owner"),
    [
        (PATSNAP, "CN107357789B,演示装置,CN201710601862.3,2017-07-21,2020-05-01,授权,有效,演示甲公司,演示乙公司,演示乙公司,,山东,A24B15/18,A24B,,", "演示甲公司"),
        (INCOPAT, "CN107357789B,演示装置,演示摘要,演示甲公司,CN201710601862.3,20170721,A24B15/18", "演示甲公司"),
        (CNIPR, "CN201710601862.3,演示装置,A24B15/18,A24B15/18;C11B9/00,演示甲公司;演示乙公司,演示人甲,2020.05.01,CN107357789B,演示代理所,演示代理人,2017.07.21,演示路,,山东;37,,", "演示甲公司"),
    ],
    ids=["patsnap", "incopat", "cnipr"],
)  # fmt: skip
def test_exports_of_the_common_databases_are_recognised_by_their_headers(city, tmp_path, header, row, owner):
    path = tmp_path / "导出.csv"
    path.write_text(f"{header}\n{row}\n", encoding="gb18030")
    kind, frame, problems, _ = read(path)
    assert kind == "patents"
    assert frame["application_number"].to_list() == ["2017106018623"]
    assert frame["filed_on"].to_list() == [date(2017, 7, 21)]
    assert frame["owners"].to_list()[0][0] == owner
    assert problems.is_empty()


def test_the_old_xml_of_the_office_gives_owner_inventor_and_publication(city, tmp_path):
    path = tmp_path / "专利.xml"
    path.write_text(OLD_XML, encoding="utf-8")
    kind, frame, _problems, _ = read(path)
    row = frame.to_dicts()[0]
    assert kind == "patents"
    assert (row["application_number"], row["publication_number"]) == ("2017106018623", "CN104223352A")
    assert (row["owners"], row["inventors"], row["main_ipc"]) == (["演示甲公司"], "演示人甲", "A24B15/18")


def test_a_workbook_of_an_office_with_everything_wrong_is_read(city, tmp_path):
    """A title over merged cells, a header in two rows, dates as serials, numbers as text, 万, a second sheet, a note."""
    book = openpyxl.Workbook()
    book.active.title = "说明"
    book.active.append(["请于每月 5 日前报送"])
    for name, number in (("一季度", "ZY-1"), ("二季度", "ZY-2")):
        sheet = book.create_sheet(name)
        sheet.append(["演示质押登记台账"])
        sheet.merge_cells("A1:E1")
        sheet.append(["登记编号", "当事人", None, "登记日", "金额"])
        sheet.merge_cells("B2:C2")
        sheet.append([None, "出质人", "质权人", None, "质押金额（万元）"])
        sheet.append([number, "演示甲公司", "演示银行", 45_000, "１，１００．５"])
    path = tmp_path / "质押.xlsx"
    book.save(path)
    kind, frame, problems, count = read(path)
    assert (kind, count) == ("pledges", 2)
    assert problems.is_empty()
    assert [str(one) for one in frame["amount"]] == ["11005000.00", "11005000.00"]
    assert frame["registered_on"].to_list() == [date(2023, 3, 15)] * 2


def test_what_registers_write_finer_is_read_coarser_and_said(city, tmp_path):
    path = tmp_path / "主体.csv"
    path.write_text(
        "企业名称,企业类型,地区\n演示甲厂,集体所有制,潍坊\n演示乙社,农民专业合作经济组织,达州\n演示丙,看不懂,潍坊\n",
        encoding="utf-8",
    )
    _kind, frame, problems, _ = read(path)
    assert frame.select("kind", "region_code").rows() == [("enterprise", "370700"), ("cooperative", "511700")]
    assert problems.sort("row")["level"].to_list() == ["warning", "warning", "error"]


def test_a_workbook_beyond_the_limit_says_so_before_it_is_read(city, tmp_path, monkeypatch):
    from zhicheng.engines.intake import sheets

    monkeypatch.setattr(sheets, "WORKBOOK_LIMIT", 3)
    book = openpyxl.Workbook()
    for row in (["产品编号", "产品名称"], *([f"K{n}", "演示"] for n in range(5))):
        book.active.append(row)
    path = tmp_path / "产品.xlsx"
    book.save(path)
    with pytest.raises(Unreadable, match="超过 3 行"):
        recognise(path, None)


@pytest.mark.parametrize(
    ("name", "rows", "most_rejected"),
    [("qdqzy_patent_info.xlsx", 7384, 0), ("carrotc_训练文件.xlsx", 199, 0)],
)
def test_real_tables_of_patents_load(city, name, rows, most_rejected):
    kind, frame, _problems, count = read(real("fixtures", "patents", "cn_tables", name))
    assert (kind, count) == ("patents", rows)
    assert count - frame.height <= most_rejected


@pytest.mark.parametrize(
    "name",
    [
        "bdci2022_patsnap_train.json",
        "carrotc_专利.xlsx",
        "lxingy3_9740_pub_title_ipc.csv",
        "newzhoujian_30.xlsx",
    ],
)
def test_real_tables_without_an_application_number_are_not_guessed(city, name):
    with pytest.raises(Unrecognised) as no:
        recognise(real("fixtures", "patents", "cn_tables", name), None)
    assert no.value.header


@pytest.mark.parametrize(
    "parts", [("new", "cn_new1.xml"), ("old", "cn_old1.xml"), ("old", "cn_old3.xml")], ids=lambda one: one[-1]
)
def test_real_xml_of_the_office_loads_with_owners(city, parts):
    kind, frame, problems, _ = read(real("fixtures", "patents", "cn_xml", *parts))
    assert kind == "patents"
    assert problems.filter(pl.col("level") == "error").is_empty()
    assert all(frame["owners"].to_list())
    assert all(frame["publication_number"].to_list())


def test_the_example_of_the_world_standard_is_recognised_and_its_foreign_number_named(city):
    kind, frame, problems, count = read(real("fixtures", "patents", "st96", "PatentPublication_Example.xml"))
    assert (kind, count, frame.height) == ("patents", 1, 0)
    assert "申请号" in problems["column"].to_list()


@pytest.mark.parametrize(("name", "rows"), [("weifang.csv", 9334), ("dazhou.csv", 2509)])
def test_real_registers_of_organisations_load(city, name, rows):
    kind, frame, _problems, count = read(real("data", "registry", name))
    assert (kind, count, frame.height) == ("organisations", rows, rows)
