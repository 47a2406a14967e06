"""A city's own map: a GeoJSON file named by a setting, drawn as SVG; without one the schematic tiles stand."""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from zhicheng.kernel import regions

WIDTH = 480.0
CODES = ("adcode", "code", "region_code", "区划代码", "id")
NAMES = ("name", "名称", "NAME", "区划名称")
NEAREST = 0.6  # points closer than this on the drawing are one
COARSE = 3.0  # the same, where only the room for a name is looked for
SAMPLES = 14
ASPECT = 0.6
ROOMY = 13.0  # units of the drawing around a name that also has room for its value
DEGREES = 180.5  # coordinates beyond this are metres of a projection
LARGEST_FILE = 20_000_000

Point = tuple[float, float]


@dataclass(frozen=True)
class Outline:
    """One region of the drawing: its path, where its name stands, and whether its value has room below it."""

    path: str
    x: float
    y: float
    roomy: bool = True


@dataclass(frozen=True)
class OutlineMap:
    """The drawing of all regions.

    Args:
        outlines: region code → outline. width, height: of the drawing.
        problem: why there is no drawing, in words; empty when there is one or none was asked for.
    """

    outlines: dict[str, Outline]
    width: float = WIDTH
    height: float = 0
    problem: str = ""


def outline_map(codes: Iterable[str]) -> OutlineMap:
    """The drawing of the file that the setting names, with those of the regions asked for that it holds."""
    named = str(getattr(settings, "ZHICHENG_BOUNDARIES", "") or "")
    if not named:
        return OutlineMap({})
    path, codes = Path(named), list(codes)
    try:
        stamp = path.stat().st_mtime_ns
    except OSError:
        return OutlineMap({}, problem=f"设置的边界文件“{path.name}”读不到")
    whole = _drawn(path, stamp)
    found = {code: whole.outlines[code] for code in codes if code in whole.outlines}
    if not found and not whole.problem:
        return OutlineMap({}, problem=f"边界文件“{path.name}”里没有这些区划")
    return OutlineMap(found, whole.width, whole.height, whole.problem)


@lru_cache(maxsize=4)
def _drawn(path: Path, stamp: int) -> OutlineMap:
    del stamp  # part of the key: a changed file is drawn again
    try:
        if path.stat().st_size > LARGEST_FILE:
            return OutlineMap({}, problem=f"边界文件“{path.name}”大于 20 MB，请先简化")
        features = json.loads(path.read_text(encoding="utf-8-sig"))["features"]
        shapes = {code: rings for one in features if (code := _code(one)) and (rings := list(_rings(one)))}
    except (ValueError, KeyError, TypeError, OSError) as error:
        return OutlineMap({}, problem=f"边界文件“{path.name}”不是可用的 GeoJSON（{type(error).__name__}）")
    points = [point for rings in shapes.values() for ring in rings for point in ring]
    if not points:
        return OutlineMap({}, problem=f"边界文件“{path.name}”里没有带区划代码的图形")
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    # degrees of longitude are shorter than those of latitude; metres are metres
    in_degrees = max(abs(one) for one in (west, east, south, north)) <= DEGREES
    flat = math.cos(math.radians((south + north) / 2)) if in_degrees else 1.0
    scale = WIDTH / ((east - west) * flat or 1.0)

    def place(point: Point) -> Point:
        return (point[0] - west) * flat * scale, (north - point[1]) * scale

    drawn = {code: _outline([[place(p) for p in ring] for ring in rings]) for code, rings in shapes.items()}
    return OutlineMap(drawn, WIDTH, round((north - south) * scale, 1))


def _code(feature: dict[str, Any]) -> str:
    """The region a feature is: by its code, else by a name that only one region of the country bears."""
    given = {**(feature.get("properties") or {}), "id": feature.get("id", "")}
    for name in CODES:
        text = str(given.get(name) or "")
        if len(text) >= 6 and text[:6].isdigit():
            return text[:6]
    for name in NAMES:
        bearers = {one.code for one in regions.find(str(given.get(name) or "")) if one.valid_to is None}
        if len(bearers) == 1:
            return bearers.pop()
    return ""


def _rings(feature: dict[str, Any]) -> Iterator[list[Point]]:
    """Every ring of a feature with at least three corners; a feature without a shape has none."""
    geometry = feature.get("geometry") or {}
    parts = geometry.get("geometries", [geometry])
    for part in parts:
        kind, given = part.get("type"), part.get("coordinates", [])
        polygons = [given] if kind == "Polygon" else given if kind == "MultiPolygon" else []
        for ring in itertools.chain.from_iterable(polygons):
            if len(ring) > 2:
                yield [(float(point[0]), float(point[1])) for point in ring]


def _outline(rings: list[list[Point]]) -> Outline:
    largest = max(rings, key=lambda ring: abs(_area(ring)))
    (x, y), room = _roomiest(_thinned(largest, COARSE))
    return Outline(" ".join(_path(ring) for ring in rings), round(x, 1), round(y, 1), room >= ROOMY)


def _path(ring: list[Point]) -> str:
    return "M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in _thinned(ring, NEAREST)) + "Z"


def _thinned(ring: list[Point], nearest: float) -> list[Point]:
    kept = [ring[0]]
    for point in ring[1:]:
        if math.dist(point, kept[-1]) >= nearest:
            kept.append(point)
    return kept


def _roomiest(ring: list[Point]) -> tuple[Point, float]:
    """The point inside a region that lies farthest from its border, and how far: where a name has most room."""
    west, east = min(x for x, _ in ring), max(x for x, _ in ring)
    north, south = min(y for _, y in ring), max(y for _, y in ring)
    step_x, step_y = (east - west) / SAMPLES, (south - north) / SAMPLES
    best, room = _middle(ring), 0.0
    for column, row in itertools.product(range(1, SAMPLES), repeat=2):
        point = west + column * step_x, north + row * step_y
        # names are wide: a border beside them is nearer than one above
        far = min(math.hypot((point[0] - x) * ASPECT, point[1] - y) for x, y in ring)
        if far > room and _inside(point, ring):
            best, room = point, far
    return best, room


def _inside(point: Point, ring: list[Point]) -> bool:
    x, y = point
    crossed = False
    for (ax, ay), (bx, by) in zip(ring, ring[1:] + ring[:1], strict=True):
        if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
            crossed = not crossed
    return crossed


def _area(ring: list[Point]) -> float:
    pairs = zip(ring, ring[1:] + ring[:1], strict=True)
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs) / 2


def _middle(ring: list[Point]) -> Point:
    area = _area(ring)
    if not area:
        return ring[0]
    pairs = list(zip(ring, ring[1:] + ring[:1], strict=True))
    x = sum((a[0] + b[0]) * (a[0] * b[1] - b[0] * a[1]) for a, b in pairs) / (6 * area)
    y = sum((a[1] + b[1]) * (a[0] * b[1] - b[0] * a[1]) for a, b in pairs) / (6 * area)
    return x, y
