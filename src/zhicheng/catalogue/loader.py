"""Loads facts and indicators: the built-in ones, and over them a city's own, entry by id."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from zhicheng.catalogue.entry import CatalogueError, FactEntry, IndicatorEntry, read_entries
from zhicheng.engines.facts import Fact
from zhicheng.engines.indicators import Earlier, Indicator, Ratio
from zhicheng.kernel.expressions import compile_expression

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
    """The built-in catalogue and, if one is named, the city's own."""
    own = os.environ.get("ZHICHENG_CATALOGUE")
    return [BUILT_IN, Path(own)] if own else [BUILT_IN]


def load_catalogue() -> Catalogue:
    """Load and check the catalogue.

    Raises:
        CatalogueError: an entry is broken, or stands on something that does not exist.
    """
    return _load(tuple(folders()))


@lru_cache(maxsize=4)
def _load(places: tuple[Path, ...]) -> Catalogue:
    facts: dict[str, Fact] = {}
    indicators: dict[str, Indicator] = {}
    for place in places:
        facts |= {one.id: _fact(one) for one in read_entries(place / "facts", FactEntry).values()}
        indicators |= {
            one.id: _indicator(one) for one in read_entries(place / "indicators", IndicatorEntry).values()
        }
    for indicator in indicators.values():
        _check(indicator, facts, indicators)
    return Catalogue(facts, indicators)


def _fact(entry: FactEntry) -> Fact:
    return Fact(
        entry.id, entry.grain, tuple(entry.tables), entry.prepare.strip(), entry.belongs.strip(),
        dict(entry.columns), dict(entry.derived),
    )  # fmt: skip


def _indicator(entry: IndicatorEntry) -> Indicator:
    ratio = Ratio(**entry.ratio.model_dump()) if entry.ratio else None
    cited = entry.source
    source = f"《{cited.title}》" + (f"（{cited.number}）" if cited.number else "") + cited.article
    return Indicator(
        entry.id, entry.version, entry.kind, entry.link, entry.name.zh, entry.name.en, entry.unit.zh, entry.unit.en,
        entry.definition, source, entry.unverified, entry.direction, entry.fact, entry.value, entry.where, entry.on,
        ratio, entry.check_sql.strip(), tuple(entry.needs), tuple(entry.parts),
        tuple(Earlier(**one.model_dump()) for one in entry.earlier),
    )  # fmt: skip


def _check(indicator: Indicator, facts: dict[str, Fact], indicators: dict[str, Indicator]) -> None:
    named = (indicator.ratio.numerator, indicator.ratio.denominator) if indicator.ratio else ()
    for part in (*named, *indicator.parts):
        if part not in indicators:
            raise CatalogueError(f"指标 {indicator.id} 引用了没有的指标“{part}”。", fix="请核对编号。")
    if indicator.ratio:
        return
    if indicator.fact not in facts:
        raise CatalogueError(
            f"指标 {indicator.id} 所依据的事实“{indicator.fact}”不存在。", fix=f"现有：{'、'.join(facts)}。"
        )
    if indicator.kind != "stock" and not indicator.on:
        raise CatalogueError(
            f"指标 {indicator.id} 是{indicator.kind}，缺少发生日 on。", fix="请写明按哪个日期计。"
        )
    fact = facts[indicator.fact]
    unknown = [one for one in indicator.needs if one not in fact.columns and "_" not in one]
    if unknown:
        raise CatalogueError(
            f"指标 {indicator.id} 的 needs 里没有列或表“{unknown[0]}”。",
            fix=f"可用的列：{'、'.join(fact.columns)}。",
        )
    for text in filter(None, (indicator.where, indicator.on)):
        compile_expression(text, fact.columns, fact.derived)
