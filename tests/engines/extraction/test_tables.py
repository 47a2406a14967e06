"""Tables, also those that a page flattened to one cell a line, are read by their headers."""

from __future__ import annotations

from tests.engines.extraction.short import figures

FLAT = """上半年质押情况
单位：万元
县区
笔数（笔）
质押金额
同比增长（%）
东湾县
12
3,450
5.5
西岭县
7
1,020.5
-3.1
合计
19
4,470.5
2.9
"""


def cells(text):
    return [
        (one.qualifiers[1], one.indicator, one.base_value, one.base_unit, one.kind) for one in figures(text)
    ]


def test_a_flattened_table_gives_each_number_its_column_its_row_and_the_unit_of_its_header():
    assert cells(FLAT)[:4] == [
        ("东湾县", "笔数", "12", "笔", "metric"),
        ("东湾县", "质押金额", "34500000", "元", "metric"),
        ("东湾县", "同比增长", "5.5", "%", "change"),
        ("西岭县", "笔数", "7", "笔", "metric"),
    ]
    assert len(cells(FLAT)) == 9


def test_a_decline_in_a_table_keeps_its_sign_and_a_total_its_name():
    rows = cells(FLAT)
    assert ("西岭县", "同比增长", "-3.1", "%", "change") in rows
    assert ("合计", "质押金额", "44705000", "元", "metric") in rows


def test_an_order_number_is_no_figure():
    text = "序号\n县区\n专利（件）\n1\n东湾县\n50\n2\n西岭县\n40\n3\n南川县\n30\n"
    assert [one.value for one in figures(text)] == ["50", "40", "30"]


def test_a_cell_without_a_number_does_not_shift_the_ones_behind_it():
    text = "县区\n专利（件）\n商标（件）\n东湾县\n—\n50\n西岭县\n40\n60\n南川县\n30\n20\n"
    assert [(one.qualifiers[1], one.indicator, one.value) for one in figures(text)] == [
        ("东湾县", "商标", "50"), ("西岭县", "专利", "40"), ("西岭县", "商标", "60"), ("南川县", "专利", "30"), ("南川县", "商标", "20"),
    ]  # fmt: skip


def test_a_table_of_a_page_is_read_like_a_flattened_one():
    rows = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in (("县区", "专利（件）", "商标（件）"), ("东湾县", "50", "70"), ("西岭县", "40", "60")))  # fmt: skip
    page = f"<html><body><p>各县区上半年的情况如下，请各单位认真核对。</p><table>{rows}</table></body></html>"
    assert [(one.qualifiers[1], one.value) for one in figures(page) if "表格" in one.qualifiers] == [
        ("东湾县", "50"), ("东湾县", "70"), ("西岭县", "40"), ("西岭县", "60"),
    ]  # fmt: skip


def test_the_region_of_a_row_is_the_region_of_its_numbers():
    text = "县区\n专利（件）\n商标（件）\n青州市\n50\n70\n诸城市\n40\n60\n"
    assert {(one.value, one.region_code) for one in figures(text)} == {
        ("50", "370781"), ("70", "370781"), ("40", "370782"), ("60", "370782"),
    }  # fmt: skip


def test_short_lines_without_headers_are_no_table():
    assert figures("要闻\n12\n专题\n34\n互动\n56\n") == []
