"""Loads facts and indicators: the built-in ones, and over them a city's own, entry by id."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from zhicheng.catalogue.checking import check_fact, check_indicator
from zhicheng.catalogue.entry import CatalogueError, FactEntry, IndicatorEntry, read_entries
from zhicheng.engines.facts import Fact
from zhicheng.engines.indicators import Earlier, Indicator, Ratio

BUILT_IN = Path(__file__).parent


@dataclass(frozen=True)
class Catalogue:
    """Everything a figure may stand on."""

    facts: dict[str, Fact]
    indicators: dict[str, Indicator]

    def indicator(self, identity: str) -> Indicator:
        """Return an indicator.

        Raises:
            CatalogueError: there is none of this name; near names are listed.
        """
        if identity in self.indicators:
            return self.indicators[identity]
        near = [one for one in self.indicators if identity[:6] in one][:6]
        fix = f"相近的有：{'、'.join(near)}。" if near else "用 zhicheng catalogue list 查看全部。"
        raise CatalogueError(f"没有指标“{identity}”。", fix=fix)


def folders() -> list[Path]:
    """The built-in catalogue and, if one is named, the city's own.

    Raises:
        CatalogueError: the city's own folder does not exist.
    """
    own = os.environ.get("ZHICHENG_CATALOGUE")
    if own and not Path(own).is_dir():
        raise CatalogueError(
            f"ZHICHENG_CATALOGUE 指的文件夹“{own}”不存在。", fix="请改正路径，或取消这个设置。"
        )
    return [BUILT_IN, Path(own)] if own else [BUILT_IN]


def load_catalogue() -> Catalogue:
    """Load and check the catalogue.

    Raises:
        CatalogueError: an entry is broken, or stands on something that does not exist; file and line are named.
    """
    return _load(tuple(folders()))


@lru_cache(maxsize=4)
def _load(places: tuple[Path, ...]) -> Catalogue:
    facts: dict[str, Fact] = {}
    indicators: dict[str, Indicator] = {}
    files: dict[str, Path] = {}
    for place in places:
        for fact in read_entries(place / "facts", FactEntry).values():
            facts[fact.id] = _fact(fact)
            check_fact(facts[fact.id], place / "facts" / f"{fact.id}.yaml")
        for one in read_entries(place / "indicators", IndicatorEntry).values():
            indicators[one.id] = _indicator(one)
            files[one.id] = place / "indicators" / f"{one.id}.yaml"
    for indicator in indicators.values():
        check_indicator(indicator, files[indicator.id], facts, indicators)
    return Catalogue(facts, indicators)


def _fact(entry: FactEntry) -> Fact:
    return Fact(
        entry.id, entry.grain, tuple(entry.tables), entry.prepare.strip(), entry.belongs.strip(),
        dict(entry.columns), dict(entry.derived), dict(entry.labels), dict(entry.words),
    )  # fmt: skip


def _indicator(entry: IndicatorEntry) -> Indicator:
    ratio = Ratio(**entry.ratio.model_dump()) if entry.ratio else None
    cited = entry.source
    source = f"《{cited.title}》" + (f"（{cited.number}）" if cited.number else "") + cited.article
    source += f"，{cited.date}" if cited.date else ""
    return Indicator(
        entry.id, entry.version, entry.kind, entry.link, entry.name.zh, entry.name.en, entry.unit.zh, entry.unit.en,
        entry.definition, source, entry.unverified, entry.direction, entry.fact, entry.value, entry.where, entry.on,
        ratio, entry.check_sql.strip(), tuple(entry.needs), tuple(entry.parts),
        tuple(Earlier(**one.model_dump()) for one in entry.earlier), entry.unavailable,
    )  # fmt: skip
