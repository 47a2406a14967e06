"""A number of a new bulletin against those of earlier ones: the same figure otherwise, or a total that fell."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from zhicheng.engines.bulletins.document import Document
from zhicheng.engines.bulletins.formats import plain
from zhicheng.engines.bulletins.locked import FigureKey, SignedValue


@dataclass(frozen=True)
class Earlier:
    """A number of a bulletin that was published.

    Args:
        bulletin: number of the bulletin; ``title`` and ``published_on`` name it.
        kind: stock, flow, cumulative or ratio.
        written: as the bulletin wrote it.
    """

    bulletin: int
    title: str
    published_on: date
    key: FigureKey
    kind: str
    value: Decimal
    written: str


@dataclass(frozen=True)
class Contradiction:
    """Two numbers that cannot both be right, and why."""

    figure: SignedValue
    earlier: Earlier
    why: str

    def __str__(self) -> str:
        now, then = self.figure, self.earlier
        return (
            f"“{now.name}”本稿为 {plain(now.value)}{now.unit}（{now.when}），"
            f"{then.published_on} 发布的《{then.title}》写的是 {then.written}（至 {then.key.as_of}，"
            f"精确值 {plain(then.value)}）：{self.why}。"
        )


def contradictions(document: Document, earlier: Iterable[Earlier]) -> tuple[Contradiction, ...]:
    """Find the numbers of a document that contradict an earlier bulletin; the newest of each is named.

    Args:
        document: built from signed figures.
        earlier: numbers of published bulletins of the same regions.
    """
    by_figure: dict[tuple[str, str], list[Earlier]] = {}
    for one in sorted(earlier, key=lambda row: row.published_on, reverse=True):
        by_figure.setdefault((one.key.id, one.key.region), []).append(one)
    found = []
    for source in document.sources():
        figure = source.figure
        if source.quoted_from:
            continue
        for one in by_figure.get((figure.id, figure.region), ()):
            why = _why(figure, one)
            if why:
                found.append(Contradiction(figure, one, why))
                break
    return tuple(found)


def _why(now: SignedValue, then: Earlier) -> str:
    if now.period != then.key.period:
        return ""
    day = then.key.as_of
    if day == now.as_of:
        return "" if now.value == then.value else "同一口径、同一日期的两个数不一样"
    rises = now.kind == "cumulative" or (
        now.kind == "flow" and now.period == "ytd" and day.year == now.as_of.year
    )
    later, former = (now.value, then.value) if now.as_of > day else (then.value, now.value)
    return "累计的数只增不减，后来的却比先前的小" if rises and later < former else ""
