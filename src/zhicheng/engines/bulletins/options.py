"""What may stand behind the name in a placeholder: place, day, period, format, and what to write of the figure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from zhicheng.engines.bulletins.formats import AS_IT_IS, Format, FormatError, parse_format
from zhicheng.engines.bulletins.refusing import TemplateError
from zhicheng.engines.bulletins.syntax import HERE, ChartPart, FigurePart, Options, TablePart

ID = re.compile(r"[a-z][a-z0-9_]{0,79}")
TABLE = {"表", "table"}
CHART = {"图", "chart"}
LAST_YEAR = "上年同日"
MOST_COLUMNS = 8
MOST_YEARS = 10
PERIODS = {"ytd": "ytd", "month": "month", "quarter": "quarter", "year": "year",
           "今年以来": "ytd", "本月": "month", "本季度": "quarter", "全年": "year"}  # fmt: skip
_NAMED = {"区划": "region", "region": "region", "期间": "period", "period": "period", "截至": "as_of", "as_of": "as_of",
          "格式": "form", "format": "form", "名单": "names", "names": "names", "按": "by", "by": "by",
          "年数": "years", "years": "years"}  # fmt: skip
_BARE = {
    "位次": "rank",
    "rank": "rank",
    "同比": "change",
    "change": "change",
    "不带单位": "bare",
    "bare": "bare",
}
_COLUMN = re.compile(r"[a-z][a-z0-9_]{0,39}")


@dataclass
class Read:
    """Options as read."""

    where: Options = HERE
    form: Format = AS_IT_IS
    what: str = "value"
    column: str = ""
    with_unit: bool = True
    by: str = ""
    years: int = 0
    seen: set[str] = field(default_factory=set)


def figure(identity: str, words: list[str], raw: str, line: int) -> FigurePart:
    """Read a placeholder of one figure."""
    found = read(
        words, raw, line, allowed={"region", "period", "as_of", "form", "names", "rank", "change", "bare"}
    )
    return FigurePart(
        identity, line, raw, found.what, found.where, found.form, found.with_unit, found.column
    )  # fmt: skip


def table(words: list[str], raw: str, line: int) -> TablePart:
    """Read a table of figures by region."""
    ids = [word for word in words if ID.fullmatch(word)]
    found = read(words[len(ids) :], raw, line, allowed={"region", "period", "as_of", "form", "by"})
    if not ids or len(ids) > MOST_COLUMNS or words[: len(ids)] != ids:
        raise TemplateError(
            line,
            f"表“{raw[:60]}”要有 1 到 {MOST_COLUMNS} 个指标编号。",
            fix="例如 {{表 gi_products_total 按=区划}}。",
        )
    if found.by not in {"", "region"}:
        raise TemplateError(line, "表只能按区划分行。", fix="请写 按=区划。")
    return TablePart(tuple(ids), line, raw, found.where, found.form)


def chart(words: list[str], raw: str, line: int) -> ChartPart:
    """Read a chart of one figure by region or by year."""
    if not words or not ID.fullmatch(words[0]):
        raise TemplateError(
            line, f"图“{raw[:60]}”没有指标编号。", fix="例如 {{图 valid_invention_patents 按=年 年数=6}}。"
        )
    found = read(words[1:], raw, line, allowed={"region", "period", "as_of", "form", "by", "years"})
    years = found.years or (6 if found.by == "year" else 0)
    return ChartPart(words[0], line, raw, found.by or "region", years, found.where, found.form)


def read(words: list[str], raw: str, line: int, allowed: set[str] | None = None) -> Read:
    """Read options; what is not understood or given twice is refused.

    Args:
        allowed: names that make sense here; all when left out.

    Raises:
        TemplateError: see above.
    """
    found = Read()
    for word in words:
        name, mark, value = word.partition("=")
        key = _NAMED.get(name) if mark else _BARE.get(word)
        if key is None or (allowed is not None and key not in allowed):
            known = "、".join(
                [*(one for one in _NAMED if not one.isascii()), *(one for one in _BARE if not one.isascii())]
            )
            raise TemplateError(
                line, f"占位“{raw[:60]}”里的“{word[:30]}”不认识或不能用在这里。", fix=f"可用：{known}。"
            )
        if key in found.seen:
            raise TemplateError(line, f"占位“{raw[:60]}”里“{name}”写了两次。", fix="请只留一个。")
        found.seen.add(key)
        _take(found, key, value, line)
    return found


def _take(found: Read, key: str, value: str, line: int) -> None:
    if key in {"region", "period", "as_of"}:
        found.where = _where(found.where, key, value, line)
    elif key == "form":
        try:
            found.form = parse_format(value)
        except FormatError as error:
            raise TemplateError(line, error.what, fix=error.fix) from error
    elif key == "names":
        if not _COLUMN.fullmatch(value):
            raise TemplateError(line, f"名单的列名“{value[:30]}”不对。", fix="例如 名单=holder_name。")
        found.what, found.column = "names", value
    elif key in {"rank", "change"}:
        found.what = key
    elif key == "bare":
        found.with_unit = False
    else:
        _chart_option(found, key, value, line)


def _chart_option(found: Read, key: str, value: str, line: int) -> None:
    if key == "by":
        by = {"区划": "region", "region": "region", "年": "year", "year": "year"}.get(value)
        if by is None:
            raise TemplateError(line, f"不能按“{value[:20]}”。", fix="可写 按=区划 或 按=年。")
        found.by = by
    else:
        if not value.isdecimal() or not 2 <= int(value[:4]) <= MOST_YEARS:
            raise TemplateError(line, f"年数“{value[:20]}”不对。", fix=f"请写 2 到 {MOST_YEARS}。")
        found.years = int(value)


def _where(where: Options, key: str, value: str, line: int) -> Options:
    if key == "region":
        if not re.fullmatch(r"[1-9]\d{5}", value, re.ASCII):
            raise TemplateError(line, f"区划“{value[:20]}”不是六位代码。", fix="例如 区划=370783。")
        return Options(value, where.period, where.as_of)
    if key == "period":
        if value not in PERIODS:
            raise TemplateError(line, f"期间“{value[:20]}”不认识。", fix=f"可写：{'、'.join(PERIODS)}。")
        return Options(where.region, PERIODS[value], where.as_of)
    if value not in {LAST_YEAR, "last_year"}:
        try:
            date.fromisoformat(value)
        except ValueError as error:
            raise TemplateError(
                line, f"截至“{value[:20]}”不是日期。", fix=f"请写 2025-12-16 或 {LAST_YEAR}。"
            ) from error
    return Options(where.region, where.period, LAST_YEAR if value == "last_year" else value)
