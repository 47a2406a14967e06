"""What is wrong with an entry is named with its file and line; a city's own folder overlays the built-in catalogue."""

from __future__ import annotations

import json

import pytest

from zhicheng.apps.web.outlines import outline_map
from zhicheng.catalogue.entry import CatalogueError
from zhicheng.catalogue.loader import BUILT_IN, load_catalogue
from zhicheng.catalogue.maps import tile_layout

MINE = """id: pct_applications
version: 2
name: {zh: 本市 PCT 申请, en: PCT of this city}
unit: {zh: 件, en: applications}
kind: flow
link: creation
definition: 本市口径
source: {title: 本市统计办法}
fact: patents
where: kind = 'invention'
"on": pct_filed_on
"""


@pytest.fixture
def city(tmp_path, monkeypatch):
    (tmp_path / "indicators").mkdir()
    monkeypatch.setenv("ZHICHENG_CATALOGUE", str(tmp_path))
    return tmp_path


def write(city, text):
    (city / "indicators" / "pct_applications.yaml").write_text(text, encoding="utf-8")


def test_an_entry_of_the_city_takes_the_place_of_the_built_in_one(city):
    before = len(list((BUILT_IN / "indicators").glob("*.yaml")))
    write(city, MINE)
    found = load_catalogue()
    assert (found.indicators["pct_applications"].name_zh, found.indicators["pct_applications"].version) == (
        "本市 PCT 申请",
        2,
    )
    assert len(found.indicators) == before


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("kind = 'invention'", "colour = 'red'", 10, "colour"),
        ('"on": pct_filed_on', '"on": title', 11, "不是日期列"),
        ("fact: patents", "fact: nothing", 9, "不存在"),
        ("link: creation", "link: nowhere", 6, "link"),
        ("source: {title: 本市统计办法}", "source: {number: 一号}", 8, "title"),
        ("version: 2", "version: 2\ncolour: red", 3, "colour"),
        ("fact: patents", "fact: patents\nvalue: sum(title)", 10, "取值"),
        ("kind: flow", "kind: ratio", 5, "ratio"),
    ],
)
def test_what_is_wrong_is_named_with_file_and_line(city, old, new, line, words):
    write(city, MINE.replace(old, new))
    with pytest.raises(CatalogueError, match=words) as refused:
        load_catalogue()
    assert f"pct_applications.yaml 第 {line} 行" in str(refused.value)


def test_a_folder_that_does_not_exist_is_refused_by_name(monkeypatch):
    monkeypatch.setenv("ZHICHENG_CATALOGUE", "/no/such/folder")
    with pytest.raises(CatalogueError, match="/no/such/folder"):
        load_catalogue()


def test_a_city_draws_its_own_schematic_map(city):
    (city / "maps").mkdir()
    own = "id: '110000'\nname: {zh: 演示, en: Demo}\nsource: {title: 本市}\nrows: [['110101', ''], ['', '110102']]\n"
    (city / "maps" / "110000.yaml").write_text(own, encoding="utf-8")
    assert tile_layout("110000") == {"110101": (1, 1), "110102": (2, 2)}
    assert len(tile_layout("370700")) == 13


def square(code, west, south):
    corners = [[west, south], [west + 1, south], [west + 1, south + 1], [west, south + 1], [west, south]]
    return {
        "type": "Feature",
        "properties": {"adcode": code, "name": "演示"},
        "geometry": {"type": "Polygon", "coordinates": [corners]},
    }


def test_a_citys_own_geojson_is_drawn_and_a_broken_one_is_named(tmp_path, settings):
    path = tmp_path / "city.json"
    path.write_text(
        json.dumps(
            {"type": "FeatureCollection", "features": [square(370702, 119, 36), square(370783, 120, 36)]}
        )
    )
    settings.ZHICHENG_BOUNDARIES = str(path)
    drawn = outline_map(["370702", "370783", "370772"])
    assert set(drawn.outlines) == {"370702", "370783"}
    assert drawn.outlines["370702"].x < drawn.outlines["370783"].x
    assert "没有这些区划" in outline_map(["110101"]).problem
    path.write_text("{}")
    assert "city.json" in outline_map(["370702"]).problem
    settings.ZHICHENG_BOUNDARIES = str(tmp_path / "absent.json")
    assert "absent.json" in outline_map(["370702"]).problem
    settings.ZHICHENG_BOUNDARIES = ""
    assert outline_map(["370702"]).problem == ""
