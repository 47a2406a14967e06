"""A built bulletin: headings, paragraphs, tables and charts of runs, each run words or one locked number."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from zhicheng.engines.bulletins.locked import FigureKey, SignedValue

# Everything behind this line is about the numbers, not of the text; a check stops reading here.
SOURCES_TITLE = "附：数据来源表"


@dataclass(frozen=True)
class Text:
    """Words of the template, or a list of names."""

    text: str


@dataclass(frozen=True)
class Number:
    """A number locked to a signed figure.

    Args:
        text: as written, before the unit, e.g. `1300多` or `145.3亿`; a quoted rank is its whole phrase.
        unit: written behind it, may be empty.
        figure: what it stands on.
        form: the format it was written in, e.g. `多100`.
        role: value, change (against last year, ``other``) or rank (quoted, ``quoted_from``).
    """

    text: str
    unit: str
    figure: SignedValue
    form: str = ""
    role: str = "value"
    other: SignedValue | None = None
    quoted_from: str = ""

    @property
    def written(self) -> str:
        """Number and unit as they stand in the text."""
        return f"{self.text}{self.unit}"

    @property
    def key(self) -> FigureKey:
        """The figure it stands on."""
        one = self.figure
        return FigureKey(one.id, one.region, one.as_of, one.period)


Run = Text | Number


@dataclass(frozen=True)
class Heading:
    """A heading; level 1 is the title of the document."""

    level: int
    runs: tuple[Run, ...]


@dataclass(frozen=True)
class Paragraph:
    """One paragraph of running text."""

    runs: tuple[Run, ...]


@dataclass(frozen=True)
class Table:
    """A table; the first column names its rows."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[tuple[Run, ...], ...], ...]


@dataclass(frozen=True)
class Chart:
    """One series of locked numbers over labels; ``kind`` is bar or line, values are in ``unit`` times ``scale``."""

    title: str
    kind: str
    unit: str
    scale: int
    labels: tuple[str, ...]
    points: tuple[Number, ...]

    @property
    def summary(self) -> str:
        """The chart in words, for those who do not see it."""
        pairs = zip(self.labels, self.points, strict=True)
        return "；".join(f"{label} {point.written}" for label, point in pairs)


@dataclass(frozen=True)
class PageBreak:
    """What follows begins on a new page."""


Block = Heading | Paragraph | Table | Chart | PageBreak


@dataclass(frozen=True)
class Source:
    """One line of the source table.

    Args:
        written: how the text writes it, in order, each once.
        quoted_from: for a quoted rank who published it; empty for computed figures.
    """

    figure: SignedValue
    written: tuple[str, ...]
    quoted_from: str = ""


@dataclass(frozen=True)
class Document:
    """A built bulletin.

    Args:
        synthetic: made from demo data, which every writer says.
    """

    title: str
    region: str
    region_name: str
    as_of: date
    blocks: tuple[Block, ...]
    synthetic: bool = False

    def numbers(self) -> Iterator[Number]:
        """Every locked number in the order of the text."""
        for block in self.blocks:
            if isinstance(block, Heading | Paragraph):
                yield from _locked(block.runs)
            elif isinstance(block, Table):
                for row in block.rows:
                    for cell in row:
                        yield from _locked(cell)
            elif isinstance(block, Chart):
                yield from block.points

    def sources(self) -> tuple[Source, ...]:
        """The source table: one line per figure and per quoted rank, in the order of first use."""
        found: dict[tuple[FigureKey, str], tuple[SignedValue, list[str]]] = {}
        for one in self.numbers():
            _note(found, one.figure, one.quoted_from, one.written)
            if one.other:
                _note(found, one.other, "", "（同比基数）")
        return tuple(
            Source(figure, tuple(dict.fromkeys(written)), quoted)
            for (_, quoted), (figure, written) in found.items()
        )


def _locked(runs: tuple[Run, ...]) -> Iterator[Number]:
    return (one for one in runs if isinstance(one, Number))


def _note(
    found: dict[tuple[FigureKey, str], tuple[SignedValue, list[str]]],
    figure: SignedValue,
    quoted: str,
    written: str,
) -> None:
    key = FigureKey(figure.id, figure.region, figure.as_of, figure.period)
    found.setdefault((key, quoted), (figure, []))[1].append(written)
