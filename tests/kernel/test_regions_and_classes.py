"""Regions by code, name and year; industries and patent classes by level."""

from __future__ import annotations

from datetime import date

import pytest

from zhicheng.kernel import industries, ipc, regions
from zhicheng.kernel.identifiers import IdentifierError
from zhicheng.kernel.refusals import NotFound, Refusal


def test_weifang_has_its_twelve_counties():
    names = [one.name for one in regions.children("370700")]
    assert len(names) == 12
    assert {"潍城区", "临朐县", "寿光市", "昌邑市"} <= set(names)


def test_a_county_knows_its_city_and_province():
    assert [one.name for one in regions.ancestors("370783")] == ["潍坊市", "山东省"]
    assert regions.parse("370783").level == "county"
    assert regions.parse("110101").parent == "110000"


def test_a_city_that_ended_counts_only_on_its_days():
    assert "371200" in {one.code for one in regions.children("370000", date(2010, 1, 1))}
    assert "371200" not in {one.code for one in regions.children("370000", date(2020, 1, 1))}
    with pytest.raises(NotFound, match="371200") as refused:
        regions.region("371200", date(2020, 1, 1))
    assert "370116" in refused.value.fix


def test_a_code_is_refused_before_it_was_given():
    with pytest.raises(NotFound, match="2019 年起"):
        regions.region("370116", date(2010, 1, 1))


@pytest.mark.parametrize("name", ["潍坊", "潍坊市"])
def test_a_region_is_found_by_full_and_short_name(name):
    assert [one.code for one in regions.find(name)] == ["370700"]


def test_the_same_name_is_told_apart_by_where_it_lies():
    assert len(regions.find("市中区", within="370000")) > 1
    assert [one.code for one in regions.find("市中区", within="370100")] == ["370103"]


def test_a_zone_outside_the_standard_needs_the_citys_own_table():
    with pytest.raises(NotFound, match="370772"):
        regions.parse("370772")
    zone = regions.parse("370772", extra={"370772": "滨海区"})
    assert (zone.parent, zone.level, zone.extra) == ("370700", "county", True)
    assert regions.is_within("370772", "370700")
    assert not regions.is_within("370772", "370800")


def test_a_region_code_has_six_digits():
    with pytest.raises(Refusal, match="六位"):
        regions.parse("37077")


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("寿光市", "寿光"),
        ("内蒙古自治区", "内蒙古"),
        ("广西壮族自治区", "广西"),
        ("延边朝鲜族自治州", "延边"),
        ("城区", "城区"),
        ("香港特别行政区", "香港"),
    ],
)
def test_a_short_name_drops_the_rank(name, short):
    assert regions.short_name(name) == short


def test_every_current_region_hangs_on_one_that_is_current():
    todo, seen = list(regions.children("")), 0
    while todo:
        one = todo.pop()
        seen += 1
        assert one.in_force()
        todo.extend(regions.children(one.code))
    assert seen > 3200


def test_an_industry_is_read_with_or_without_its_section_letter():
    assert industries.parse("C3911") == industries.parse("3911")
    assert [one.code for one in industries.parents("3911")] == ["391", "39", "C"]
    assert industries.parse("C").level == "section"


def test_a_code_that_only_the_older_edition_holds_is_a_warning():
    codes = (f"{number:04}" for number in range(10000))
    only_2011 = next(
        code for code in codes if industries.exists(code, edition="2011") and not industries.exists(code)
    )
    assert industries.validate(only_2011).level == "warning"


@pytest.mark.parametrize(
    ("code", "level", "normal"),
    [
        ("370783", "ok", "370783"),
        ("3707", "ok", "370700"),
        ("371200", "warning", "371200"),
        ("370772", "error", "370772"),
    ],
)
def test_a_region_code_is_judged_by_whether_it_is_still_in_force(code, level, normal):
    assert regions.validate(code)[::2] == (level, normal)


def test_a_wrong_section_letter_is_refused():
    with pytest.raises(IdentifierError, match="门类应为 C"):
        industries.parse("D3911")


def test_the_editions_of_industries_are_kept_apart():
    counts = [
        sum(industries.exists(f"{n:02}", edition=year) for n in range(100)) for year in ("2017", "2011")
    ]
    assert counts == [97, 96]


@pytest.mark.parametrize(
    ("written", "normal", "display"),
    [
        ("A61K 31/00", "A61K31/00", "A61K 31/00"),
        ("G06F17/30(2006.01)I", "G06F17/30", "G06F 17/30"),
        ("ｇ０６ｆ　１７／３０", "G06F17/30", "G06F 17/30"),
        ("H04L0029/06", "H04L29/06", "H04L 29/06"),
        ("A61K", "A61K", "A61K"),
    ],
)
def test_an_ipc_symbol_has_one_normal_form(written, normal, display):
    symbol = ipc.parse(written)
    assert (symbol.normal, symbol.display, ipc.normalise(symbol.display)) == (normal, display, normal)


def test_an_ipc_symbol_lies_in_its_levels_only():
    assert all(ipc.is_within("G06F17/30", above) for above in ("G", "G06", "G06F", "G06F17/00", "G06F17/30"))
    assert not ipc.is_within("G06F17/30", "G06F1/00")
    assert ipc.validate("Z01").level == "error"


def test_a_cell_with_several_symbols_gives_each_once():
    assert ipc.split("A61K31/00; A61P 35/00；A61K 31/00") == ("A61K31/00", "A61P35/00")


def test_a_technology_field_follows_the_group_where_a_subclass_is_split():
    assert ipc.technology_field("H04N5/225").name == "Audio-visual technology"
    assert ipc.technology_field("H04N1/00").name != "Audio-visual technology"
    assert ipc.technology_field("A") is None
    assert ipc.title("A61K")
