"""What a template will look up: so that the caller can fetch it all in a few questions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from zhicheng.engines.bulletins.locked import FigureKey, Place
from zhicheng.engines.bulletins.options import LAST_YEAR
from zhicheng.engines.bulletins.parsing import Template
from zhicheng.engines.bulletins.syntax import (
    ChartPart,
    Condition,
    FigurePart,
    Options,
    Part,
    TablePart,
)


@dataclass(frozen=True)
class Needs:
    """What a build may look up; branches of conditions that are not taken included.

    Args:
        figures: each once, with the first line that asks for it.
        ranks: keys whose quoted rank is written.
        names: keys and columns of lists of names.
    """

    figures: dict[FigureKey, int]
    ranks: tuple[FigureKey, ...]
    names: tuple[tuple[FigureKey, str], ...]


def regions_split(template: Template, region: str) -> tuple[str, ...]:
    """Regions whose parts a table or chart lists; their children are needed before `needs`."""
    found = [
        part.where.region or region
        for part in _flat(template.parts)
        if isinstance(part, TablePart) or (isinstance(part, ChartPart) and part.by == "region")
    ]
    return tuple(dict.fromkeys(found))


def needs(
    template: Template, *, region: str, as_of: date, children: Callable[[str], tuple[Place, ...]]
) -> Needs:
    """Say what a template looks up.

    Args:
        region: six-digit code the bulletin is about.
        as_of: its day.
        children: regions directly below a region.
    """
    figures: dict[FigureKey, int] = {}
    ranks: list[FigureKey] = []
    names: list[tuple[FigureKey, str]] = []
    for part in _flat(template.parts):
        for key in keys_of(part, region, as_of, children):
            figures.setdefault(key, getattr(part, "line", 0))
        if isinstance(part, FigurePart):
            own = key_of(part.id, part.where, region, as_of)
            if part.what == "rank":
                ranks.append(own)
            elif part.what == "names":
                names.append((own, part.column))
    return Needs(figures, tuple(dict.fromkeys(ranks)), tuple(dict.fromkeys(names)))


def keys_of(
    part: Part, region: str, as_of: date, children: Callable[[str], tuple[Place, ...]]
) -> Iterator[FigureKey]:
    """The figures one part stands on."""
    if isinstance(part, FigurePart):
        own = key_of(part.id, part.where, region, as_of)
        yield own
        if part.what == "change":
            yield year_before(own)
    elif isinstance(part, Condition):
        yield key_of(part.left.id, part.left.where, region, as_of)
    elif isinstance(part, TablePart):
        for place in children(part.where.region or region):
            for identity in part.ids:
                yield _at(key_of(identity, part.where, region, as_of), place.code)
    elif isinstance(part, ChartPart):
        yield from chart_keys(part, region, as_of, children)


def chart_keys(
    part: ChartPart, region: str, as_of: date, children: Callable[[str], tuple[Place, ...]]
) -> list[FigureKey]:
    """The points of a chart: one for each region below, or for each year, oldest first."""
    own = key_of(part.id, part.where, region, as_of)
    if part.by == "region":
        return [_at(own, place.code) for place in children(own.region)]
    keys = [own]
    while len(keys) < part.years:
        keys.append(year_before(keys[-1]))
    return keys[::-1]


def key_of(identity: str, where: Options, region: str, as_of: date) -> FigureKey:
    """The figure a placeholder means within a bulletin."""
    day = as_of
    if where.as_of == LAST_YEAR:
        day = same_day_last_year(as_of)
    elif where.as_of:
        day = date.fromisoformat(where.as_of)
    return FigureKey(identity, where.region or region, day, where.period or "ytd")


def year_before(key: FigureKey) -> FigureKey:
    """The same figure on the same day of the year before."""
    return FigureKey(key.id, key.region, same_day_last_year(key.as_of), key.period)


def same_day_last_year(day: date) -> date:
    """The same day of the year before; 29 February becomes 28 February."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


def _at(key: FigureKey, region: str) -> FigureKey:
    return FigureKey(key.id, region, key.as_of, key.period)


def _flat(parts: Iterable[Part]) -> Iterator[Part]:
    for part in parts:
        yield part
        if isinstance(part, Condition):
            yield from _flat(part.then)
            yield from _flat(part.otherwise)
