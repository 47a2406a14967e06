"""A city's own GeoJSON: regions by code or name, whatever else the file holds; what cannot be used is said."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from zhicheng.apps.web.outlines import outline_map
from zhicheng.kernel import regions

SHARED = Path(os.environ.get("ZHICHENG_SHARED", Path(__file__).parents[5] / "../shared")) / "data/boundaries"
SQUARE = [[[118, 36], [119, 36], [119, 37], [118, 37], [118, 36]]]


def feature(shape=SQUARE, kind="Polygon", **properties):
    geometry = {"type": kind, "coordinates": shape} if shape else None
    return {"type": "Feature", "properties": properties, "geometry": geometry}


@pytest.fixture
def drawn(tmp_path, settings):
    def draw(*features, codes=("370783", "370705"), text=None):
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}.geojson"
        whole = {"type": "FeatureCollection", "features": list(features)}
        path.write_text(json.dumps(whole) if text is None else text, encoding="utf-8-sig")
        settings.ZHICHENG_BOUNDARIES = str(path)
        return outline_map(codes)

    return draw


@pytest.mark.parametrize(
    "properties",
    [
        {"adcode": 370783},
        {"code": "370783000000"},
        {"区划代码": "370783"},
        {"name": "寿光市"},
        {"名称": "寿光"},
    ],
)
def test_a_region_is_known_by_its_code_or_by_a_name_only_it_bears(drawn, properties):
    assert set(drawn(feature(**properties)).outlines) == {"370783"}


def test_shapeless_nameless_and_foreign_features_are_left_out_and_the_rest_is_drawn(drawn):
    line = [[118, 36], [119, 37]]
    found = drawn(
        feature(adcode=370783), feature(shape=None, adcode=370705), feature(line, "LineString", adcode=370702),
        feature(name="无此县"), feature(adcode=510703),
    )  # fmt: skip
    assert set(found.outlines) == {"370783"}
    assert found.problem == ""


def test_degrees_are_narrowed_by_latitude_and_metres_are_not(drawn):
    assert drawn(feature(adcode=370783)).height > 590
    metres = [[[1000 * x, 1000 * y] for x, y in SQUARE[0]]]
    assert drawn(feature(metres, adcode=370783)).height == 480


def test_a_name_stands_where_a_bent_region_has_room(drawn):
    bent = [[[0, 0], [30, 0], [30, 30], [28, 30], [28, 2], [0, 2], [0, 0]]]
    found = drawn(feature(bent, adcode=370783)).outlines["370783"]
    middle = 480 * 15 / 30
    assert found.x > middle or found.y > middle
    assert not found.roomy


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("{", "不是可用的 GeoJSON"),
        ('{"features": []}', "没有带区划代码"),
        ('{"type": "Topology"}', "KeyError"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_on_the_page(drawn, text, word):
    assert word in drawn(text=text).problem


def test_a_file_of_another_city_says_that_these_regions_are_not_in_it(drawn):
    assert "没有这些区划" in drawn(feature(adcode=510703)).problem


@pytest.mark.skipif(not SHARED.exists(), reason="the shared boundary files are not here")
@pytest.mark.parametrize("path", sorted(SHARED.glob("*.json")), ids=lambda path: path.stem)
def test_the_shared_boundaries_draw_every_region_below(path, settings):
    settings.ZHICHENG_BOUNDARIES = str(path)
    below = [one.code for one in regions.children(path.stem)]
    found = outline_map(below)
    assert set(found.outlines) == set(below)
    assert 200 < found.height < 800
