"""A city's own map: a GeoJSON file named by a setting, drawn as SVG; without one the schematic tiles stand."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

WIDTH = 480.0
CODES = ("adcode", "code", "region_code", "区划代码", "id")
NEAREST = 0.6  # points closer than this on the drawing are one
LARGEST_FILE = 20_000_000

Point = tuple[float, float]


@dataclass(frozen=True)
class Outline:
    """One region of the drawing: its path, and where its name stands."""

    path: str
    x: float
    y: float


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
    path = Path(named)
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
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        shapes = {code: list(_rings(one["geometry"])) for one in features if (code := _code(one))}
    except (ValueError, KeyError, TypeError, OSError) as error:
        return OutlineMap({}, problem=f"边界文件“{path.name}”不是可用的 GeoJSON（{type(error).__name__}）")
    points = [point for rings in shapes.values() for ring in rings for point in ring]
    if not points:
        return OutlineMap({}, problem=f"边界文件“{path.name}”里没有带区划代码的图形")
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    flat = math.cos(math.radians((south + north) / 2)) or 1.0
    scale = WIDTH / ((east - west) * flat or 1.0)

    def place(point: Point) -> Point:
        return (point[0] - west) * flat * scale, (north - point[1]) * scale

    drawn = {code: _outline([[place(p) for p in ring] for ring in rings]) for code, rings in shapes.items()}
    return OutlineMap(drawn, WIDTH, round((north - south) * scale, 1))


def _code(feature: dict[str, Any]) -> str:
    given = {**feature.get("properties", {}), "id": feature.get("id", "")}
    for name in CODES:
        text = str(given.get(name) or "")
        if len(text) >= 6 and text[:6].isdigit():
            return text[:6]
    return ""


def _rings(geometry: dict[str, Any]) -> Iterator[list[Point]]:
    kind, parts = geometry["type"], geometry["coordinates"]
    polygons = [parts] if kind == "Polygon" else parts if kind == "MultiPolygon" else []
    for polygon in polygons:
        for ring in polygon:
            yield [(float(point[0]), float(point[1])) for point in ring]


def _outline(rings: list[list[Point]]) -> Outline:
    largest = max(rings, key=lambda ring: abs(_area(ring)))
    x, y = _middle(largest)
    return Outline(" ".join(_path(ring) for ring in rings), round(x, 1), round(y, 1))


def _path(ring: list[Point]) -> str:
    kept = [ring[0]]
    for point in ring[1:]:
        if math.dist(point, kept[-1]) >= NEAREST:
            kept.append(point)
    return "M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in kept) + "Z"


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
