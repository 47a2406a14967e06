"""Files as offices have them: encodings, delimiters, merged headers, odd numbers, bombs; each bad cell by name."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from decimal import Decimal

import openpyxl
import polars as pl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from zhicheng.engines.intake import (
    Column,
    HeaderMap,
    Unreadable,
    batches,
    convert,
    guess_type,
    map_header,
    row_words,
    sheets_left_out,
    sniff,
    write_rejects,
)
from zhicheng.engines.intake.long_sheets import longest_sheet
from zhicheng.engines.intake.rejects import inert

COLUMNS = [
    Column(
        "number",
        "申请号",
        "identifier",
        ("专利申请号", "申请（专利）号"),
        identifier="patent_application",
        required=True,
    ),
    Column("title", "名称", "text", ("标题", "专利名称"), max_length=20),
    Column("filed_on", "申请日", "date", ("申请日期",)),
    Column("kind", "类型", "choice", ("专利类型",), choices={"发明": "invention", "invention": "invention"}),
    Column("amount", "金额", "money"),
    Column("count", "件数", "integer"),
    Column("owners", "专利权人", "list", ("申请人",)),
    Column("live", "有效", "boolean"),
]
HEADER = "申请号,名称,申请日,金额"
ROW = "CN202010123456.2,一种演示装置,2020-02-17,1.1万"
WORDS = frozenset(word for one in COLUMNS for word in (one.label, *one.synonyms))


def one_column(kind: str, text: str, **more) -> tuple[object, list[dict]]:
    column = Column("x", "列", kind, **more)
    rows = pl.DataFrame({"__row__": [2], "列": [text]})
    found = convert(rows, HeaderMap({"列": "x"}), [column])
    value = found.frame["x"].to_list()[0] if found.frame.height else None
    return value, found.problems.to_dicts()


def read(path) -> list[pl.DataFrame]:
    return [sheet.frame for sheet in batches(path, vocabulary=WORDS)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("mark", [",", "\t", ";", "|"])
def test_a_csv_is_read_in_any_encoding_with_any_delimiter(tmp_path, encoding, mark):
    path = tmp_path / "专利.csv"
    path.write_bytes(f"{HEADER}\n{ROW}\n".replace(",", mark).encode(encoding))
    (frame,) = read(path)
    assert frame["名称"].to_list() == ["一种演示装置"]
    assert frame["__row__"].to_list() == [2]


def test_a_title_line_above_the_header_is_passed_over(tmp_path):
    path = tmp_path / "专利.csv"
    path.write_text(f"某市专利清单,,,\n填报单位：演示局,,,\n{HEADER}\n{ROW}\n", encoding="utf-8")
    (frame,) = read(path)
    assert frame["申请号"].to_list() == ["CN202010123456.2"]


def test_every_sheet_of_a_workbook_is_read_with_its_merged_header(tmp_path):
    book = openpyxl.Workbook()
    book.create_sheet("填报说明").append(["请于每月 5 日前报送"])
    for index, name in enumerate(("一季度", "二季度")):
        sheet = book.active if index == 0 else book.create_sheet()
        sheet.title = name
        sheet.append(["演示专利清单", None, None, None])
        sheet.merge_cells("A1:D1")
        sheet.append(HEADER.split(","))
        sheet.append(["CN202010123456.2", f"装置{index}", date(2020, 2, 17), 11000])
    path = tmp_path / "专利.xlsx"
    book.save(path)
    titles = [title for frame in read(path) for title in frame["名称"].to_list()]
    assert titles == ["装置0", "装置1"]
    assert [row_words(number) for frame in read(path) for number in frame["__row__"]] == ["3", "第3张表 3"]
    assert sheets_left_out(path, WORDS) == ["填报说明"]


def test_json_lines_are_read(tmp_path):
    path = tmp_path / "专利.jsonl"
    path.write_text(
        '{"申请号": "CN202010123456.2", "名称": "甲"}\n{"申请号": "1", "名称": "乙"}\n', encoding="utf-8"
    )
    assert [one for frame in read(path) for one in frame["名称"].to_list()] == ["甲", "乙"]


def test_a_wrong_extension_is_told_and_read_by_content(tmp_path):
    path = tmp_path / "专利.xlsx"
    path.write_text(f"{HEADER}\n{ROW}\n", encoding="utf-8")
    kind = sniff(path)
    assert kind.kind == "csv"
    assert "按内容读取" in kind.notes[0]


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"\x89PNG\r\n", b"\x00" * 4000])
def test_what_is_no_table_is_refused_in_words(tmp_path, content):
    path = tmp_path / "文件.csv"
    path.write_bytes(content)
    with pytest.raises(Unreadable):
        sniff(path)


def test_a_zip_bomb_is_not_opened(tmp_path):
    path = tmp_path / "专利.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * (120 * 1024**2))
    with pytest.raises(Unreadable, match="压缩炸弹"):
        sniff(path)


def test_a_zip_that_is_no_workbook_and_a_broken_one_are_refused(tmp_path):
    path = tmp_path / "专利.xlsx"
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("a.csv", "1")
    path.write_bytes(data.getvalue())
    with pytest.raises(Unreadable, match="不是 Excel"):
        sniff(path)
    path.write_bytes(data.getvalue()[:30])
    with pytest.raises(Unreadable, match="不完整"):
        sniff(path)


@settings(max_examples=60, deadline=None)
@given(data=st.binary(min_size=1, max_size=3000))
def test_random_bytes_are_read_or_refused_but_never_crash(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("fuzz") / "x.csv"
    path.write_bytes(data)
    try:
        sniff(path)
        read(path)
    except Unreadable:
        pass


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.1万", Decimal("11000.00")),
        ("４２．０７亿元", Decimal("4207000000.00")),
        ("1,234.5", Decimal("1234.50")),
        ("￥100", Decimal("100.00")),
        ("100元", Decimal("100.00")),
    ],
)
def test_money_is_read_exactly_as_offices_write_it(text, value):
    assert one_column("money", text)[0] == value


def test_a_unit_in_the_header_multiplies():
    mapping = map_header(["申请号", "金额（万元）"], COLUMNS)
    rows = pl.DataFrame({"__row__": [2], "申请号": ["CN202010123456.2"], "金额（万元）": ["1.5"]})
    assert convert(rows, mapping, COLUMNS).frame["amount"].to_list() == [Decimal("15000.00")]


@pytest.mark.parametrize(
    "text",
    ["2020-2-17", "2020/02/17", "2020.2.17", "20200217", "2020年2月17日", "43878", "２０２０－０２－１７"],
)
def test_a_day_is_read_in_every_spelling_also_as_a_serial(text):
    assert one_column("date", text)[0] == date(2020, 2, 17)


@pytest.mark.parametrize(
    ("kind", "text", "rule"),
    [
        ("date", "2020-02-30", "不是日期"),
        ("integer", "三十几", ""),
        ("money", "若干", ""),
        ("boolean", "也许", ""),
        ("choice", "外观", ""),
    ],
)
def test_a_cell_that_breaks_a_rule_is_named_with_row_column_value(kind, text, rule):
    more = {"choices": {"发明": "invention"}} if kind == "choice" else {}
    _, problems = one_column(kind, text, **more)
    assert [(one["row"], one["column"], one["value"], one["level"]) for one in problems] == [
        (2, "列", text, "error")
    ]
    assert rule in problems[0]["message"]


def test_a_missing_required_cell_rejects_its_row_and_the_good_one_stands():
    rows = pl.DataFrame({"__row__": [2, 3], "申请号": ["", "CN202010123456.2"], "名称": ["甲", "乙"]})
    found = convert(rows, map_header(["申请号", "名称"], COLUMNS), COLUMNS)
    assert found.frame["title"].to_list() == ["乙"]
    assert found.problems["row"].to_list() == [2]


def test_lists_are_split_and_blanks_of_all_kinds_are_nothing():
    assert one_column("list", "甲公司；乙公司、丙公司")[0] == ["甲公司", "乙公司", "丙公司"]
    for blank in ("", "-", "——", "无", "NULL", "N/A"):
        assert one_column("date", blank) == (None, [])


def test_headers_are_found_by_synonym_and_what_nobody_claims_is_told():
    mapping = map_header(["申请（专利）号", "标题", "备注"], COLUMNS)
    assert mapping.matched == {"申请（专利）号": "number", "标题": "title"}
    assert mapping.unmatched == ("备注",)


def test_what_a_person_decided_about_a_header_comes_first_and_can_leave_a_column_out():
    mapping = map_header(["申请号", "名称", "标题"], COLUMNS, {"标题": "title", "名称": ""})
    assert mapping.matched == {"标题": "title", "申请号": "number"}


def test_the_type_that_explains_the_header_is_found():
    types = {"patents": COLUMNS, "other": [Column("name", "企业名称", required=True)]}
    assert guess_type(["申请号", "名称", "申请日"], types)[0][0] == "patents"
    assert guess_type(["甲", "乙"], types) == []


def test_rejects_come_back_as_a_file_that_can_be_mended(tmp_path):
    rows = pl.DataFrame({"__row__": [2, 3], "申请号": ["", "CN202010123456.2"], "名称": ["=1+1", "乙"]})
    found = convert(rows, map_header(["申请号", "名称"], COLUMNS), COLUMNS)
    path = tmp_path / "rejects.csv"
    write_rejects(rows, found.problems, path)
    text = path.read_text(encoding="utf-8-sig")
    assert "申请号" in text.splitlines()[0]
    assert len(text.strip().splitlines()) == 2


@pytest.mark.parametrize("text", ["=1+1", "+A1", "-1+cmd", "@sum", "\t=1"])
def test_a_cell_that_a_spreadsheet_would_run_is_made_inert(text):
    assert inert(text)[:1] not in "=+-@\t"


def test_rows_of_a_long_sheet_are_counted_without_loading_it(tmp_path):
    path = tmp_path / "长表.xlsx"
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet, wide = book.add_worksheet(), "演示" * 400
    blank = book.add_format({"bold": True})
    for row in range(12_000):
        sheet.write_row(row, 0, [wide, row])
    for row in range(12_000, 15_000):
        sheet.write_blank(row, 0, None, blank)
    book.close()
    assert longest_sheet(path, enough=20_000) == 12_000
    assert longest_sheet(path, enough=5_000) == 5_001


@pytest.mark.parametrize("words", ["合计", "合 计：", "小计", "总　计"])
def test_a_row_that_adds_up_the_others_is_no_record_and_is_said_so(words):
    rows = pl.DataFrame(
        {"__row__": [2, 3], "序号": ["", ""], "名称": ["一种演示装置", words], "金额": ["5", "5"]}
    )
    found = convert(rows, map_header(["序号", "名称", "金额"], COLUMNS[1:]), COLUMNS[1:])
    assert found.frame["__row__"].to_list() == [2]
    assert "合计行" in found.problems["message"][0]
