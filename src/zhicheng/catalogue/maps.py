"""Schematic maps: where each region below a city stands in a grid of tiles; the built-in ones and a city's own."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from pydantic import Field

from zhicheng.catalogue.entry import CatalogueError, Citation, Entry, Words, line_of, read_entries
from zhicheng.catalogue.loader import folders

WIDEST = 8


class MapEntry(Entry):
    """A schematic map as it stands in its file: rows of region codes from north to south, empty cells as ''."""

    id: str
    name: Words
    source: Citation
    rows: list[list[str]] = Field(min_length=1, max_length=12)


def tile_layout(region: str) -> dict[str, tuple[int, int]]:
    """Region code → (row, column) from 1; empty where nobody drew the region.

    Raises:
        CatalogueError: an entry is broken; file and line are named.
    """
    return _layouts(tuple(folders())).get(region, {})


@lru_cache(maxsize=4)
def _layouts(places: tuple[Path, ...]) -> dict[str, dict[str, tuple[int, int]]]:
    found = {}
    for place in places:
        for one in read_entries(place / "maps", MapEntry).values():
            found[one.id] = _spots(one, place / "maps" / f"{one.id}.yaml")
    return found


def _spots(one: MapEntry, path: Path) -> dict[str, tuple[int, int]]:
    spots: dict[str, tuple[int, int]] = {}
    for number, row in enumerate(one.rows, start=1):
        for column, code in enumerate(row, start=1):
            if not code:
                continue
            if code in spots or column > WIDEST:
                raise CatalogueError(
                    f"{path.name} 第 {line_of(path, 'rows', number - 1)} 行的“{code}”重复或超出 {WIDEST} 列。",
                    fix="每个区划只排一格。",
                )
            spots[code] = (number, column)
    return spots
