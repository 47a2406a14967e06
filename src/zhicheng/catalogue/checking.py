"""Whether an entry of the catalogue stands on things that exist; what is wrong is named with file and line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from zhicheng.catalogue.entry import CatalogueError, line_of
from zhicheng.engines.facts import Fact
from zhicheng.engines.indicators import Indicator
from zhicheng.kernel.expressions import compile_expression
from zhicheng.kernel.refusals import Refusal

_VALUE = re.compile(r"^(?:count|(sum|distinct)\((\w+)\))$")
ADDABLE = {"integer", "decimal"}


def check_fact(fact: Fact, path: Path) -> None:
    """Check the derived columns of a fact.

    Raises:
        CatalogueError: one of them uses a column that does not exist, or cannot be read.
    """
    for name, text in fact.derived.items():
        _expression(text, fact, path, "derived", name)
    for name in (*fact.labels, *fact.words):
        if name not in fact.columns:
            raise _broken(path, ("labels", name), f"没有列“{name}”", f"可用的列：{'、'.join(fact.columns)}。")


def check_indicator(
    one: Indicator, path: Path, facts: Mapping[str, Fact], indicators: Mapping[str, Indicator]
) -> None:
    """Check what an indicator refers to: other indicators, its fact, its day, its value, its conditions.

    Raises:
        CatalogueError: something it refers to does not exist.
    """
    named = (
        {"numerator": one.ratio.numerator, "denominator": one.ratio.denominator}.items() if one.ratio else ()
    )
    for key, part in (
        *((("ratio", key), part) for key, part in named),
        *((("parts",), p) for p in one.parts),
    ):
        if part not in indicators:
            raise _broken(path, key, f"引用了没有的指标“{part}”", "请核对编号。")
    if (one.kind == "ratio") != (one.ratio is not None):
        raise _broken(path, ("kind",), "比率要写 ratio，其他种类不写", "请写明分子和分母，或改正 kind。")
    if one.ratio is None:
        _check_counted(one, path, facts)


def _check_counted(one: Indicator, path: Path, facts: Mapping[str, Fact]) -> None:
    if one.fact not in facts:
        raise _broken(path, ("fact",), f"所依据的事实“{one.fact}”不存在", f"现有：{'、'.join(facts)}。")
    fact = facts[one.fact]
    if one.kind != "stock" and not one.on:
        raise _broken(path, ("kind",), f"{one.kind} 缺少发生日 on", "请写明按哪个日期计。")
    if one.on and fact.columns.get(one.on) != "date":
        days = [name for name, kind in fact.columns.items() if kind == "date"]
        raise _broken(path, ("on",), f"“{one.on}”不是日期列", f"可用的日期列：{'、'.join(days)}。")
    found = _VALUE.match(one.value)
    kind = fact.columns.get(found[2] or "", "") if found else ""
    if not found or (found[2] and not kind) or (found[1] == "sum" and kind not in ADDABLE):
        raise _broken(path, ("value",), f"取值“{one.value}”不认识", "可写 count、sum(数值列)、distinct(列)。")
    unknown = [need for need in one.needs if need not in fact.columns and "_" not in need]
    if unknown:
        raise _broken(path, ("needs",), f"没有列或表“{unknown[0]}”", f"可用的列：{'、'.join(fact.columns)}。")
    _expression(one.where, fact, path, "where")
    for number, then in enumerate(one.earlier):
        _expression(then.where or "", fact, path, "earlier", number, "where")


def _expression(text: str, fact: Fact, path: Path, *keys: str | int) -> None:
    if not text:
        return
    try:
        compile_expression(text, fact.columns, fact.derived)
    except Refusal as refusal:
        raise _broken(path, keys, refusal.what.rstrip("。"), refusal.fix) from refusal


def _broken(path: Path, keys: tuple[str | int, ...], what: str, fix: str) -> CatalogueError:
    where = ".".join(map(str, keys))
    return CatalogueError(f"{path.name} 第 {line_of(path, *keys)} 行的“{where}”：{what}。", fix=fix)
