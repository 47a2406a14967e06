"""The parts a template falls into: words, figures, tables, charts, page breaks and conditions."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from zhicheng.engines.bulletins.formats import AS_IT_IS, Format


@dataclass(frozen=True)
class Words:
    """Text as written."""

    text: str
    line: int


@dataclass(frozen=True)
class Given:
    """A word that the build fills in: 截至, 年, 区划 …"""

    name: str
    line: int


@dataclass(frozen=True)
class Options:
    """Where and when a figure is looked up; empty means as the bulletin itself.

    Args:
        region: six-digit code.
        period: ytd, month, quarter or year.
        as_of: ISO day, or `上年同日`.
    """

    region: str = ""
    period: str = ""
    as_of: str = ""


HERE = Options()


@dataclass(frozen=True)
class FigurePart:
    """One figure.

    Args:
        id: indicator.
        what: value, rank, change or names.
        form: how the number is written.
        with_unit: False to leave the unit out.
        column: for names, the column of the rows behind the figure.
        raw: the placeholder as written, for messages.
    """

    id: str
    line: int
    raw: str
    what: str = "value"
    where: Options = HERE
    form: Format = AS_IT_IS
    with_unit: bool = True
    column: str = ""


@dataclass(frozen=True)
class TablePart:
    """A table of figures by region."""

    ids: tuple[str, ...]
    line: int
    raw: str
    where: Options = HERE
    form: Format = AS_IT_IS


@dataclass(frozen=True)
class ChartPart:
    """A chart of one figure, by region or by year (``years`` of them)."""

    id: str
    line: int
    raw: str
    by: str = "region"
    years: int = 0
    where: Options = HERE
    form: Format = AS_IT_IS


@dataclass(frozen=True)
class PageBreakPart:
    """A new page."""

    line: int


@dataclass(frozen=True)
class Condition:
    """Either of two branches, by a figure against a number."""

    left: FigurePart
    compare: str
    right: Decimal
    line: int
    then: tuple[Part, ...] = ()
    otherwise: tuple[Part, ...] = ()


Part = Words | Given | FigurePart | TablePart | ChartPart | PageBreakPart | Condition
