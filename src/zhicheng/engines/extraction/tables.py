"""Tables that a web page lost its lines of: one cell a line, read by their headers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from zhicheng.engines.extraction.numbers import CLASSIFIERS, MONEY
from zhicheng.kernel.quantities import parse_quantity

_LINE = re.compile(r"[^\n]*")
_SENTENCE = re.compile(r"[。！？；]")
_CELL_NUMBER = re.compile(
    r"^[-−－+]?\s?(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)\s?(?P<unit>%|万亿元|亿元|万元|元|万件|万|个百分点|[\u4e00-\u9fff]{1,2})?$"
)
_BLANK = re.compile(r"^[-—–/／－]+$|^(?:无|暂无|…+)$")
_UNIT_IN = re.compile(r"[（(](?:单位[:：])?(?P<unit>[^（）()]{1,6})[）)]\s*$")
_UNIT_LINE = re.compile(r"单位\s?[:：]\s?(?P<unit>[^\s（）()，,]{1,8})")
_ORDER = re.compile(r"^(?:序号|编号|排名|名次|位次|No\.?)$")
_TOTAL = re.compile(r"^(?:合计|总计|小计|全市|全省|全国)$")
_KNOWN_UNIT = re.compile(
    rf"^(?:[十百千]?[万亿])?(?:{MONEY}|%|{'|'.join(sorted(CLASSIFIERS, key=len, reverse=True))})$|^[万亿]$"
)
_MOST = 20


@dataclass(frozen=True, slots=True)
class Cell:
    """One number of a table.

    Args:
        start: first character of the number; ``end`` after it.
        header: the words of its column without the unit.
        row: the words of its row (a region or body).
        caption: the line above the headers, empty when there is none.
    """

    start: int
    end: int
    value: Decimal
    unit: str
    base_value: Decimal
    base_unit: str
    header: str
    row: str
    caption: str


@dataclass(frozen=True, slots=True)
class _Row:
    start: int
    text: str

    @property
    def number(self) -> re.Match[str] | None:
        return _CELL_NUMBER.match(self.text)

    @property
    def value_like(self) -> bool:
        return self.number is not None or _BLANK.match(self.text) is not None


def table_cells(plain: str) -> list[Cell]:
    """Numbers of every flattened table of a text."""
    found: list[Cell] = []
    for block in _blocks(plain):
        found += _read(block)
    return found


def _blocks(plain: str) -> list[list[_Row]]:
    """Runs of at least six short lines without sentence marks; empty lines do not break a run."""
    blocks: list[list[_Row]] = [[]]
    for m in _LINE.finditer(plain):
        text = m.group().strip()
        if not text:
            continue
        if len(text) <= _MOST and not _SENTENCE.search(text):
            blocks[-1].append(_Row(m.start() + m.group().index(text[0]), text))
        else:
            blocks.append([])
    return [one for one in blocks if len(one) >= 6 and sum(row.number is not None for row in one) >= 2]


def _read(block: list[_Row]) -> list[Cell]:
    labels = [at for at, row in enumerate(block) if not row.value_like]
    numbers = [at for at, row in enumerate(block) if row.value_like]
    shape = _shape(block, labels, numbers)
    if shape is None:
        return []
    first, width, key = shape
    headers = block[first - width : first]
    caption = next(
        (row.text for row in reversed(block[: first - width]) if not _UNIT_LINE.search(row.text)), ""
    )
    unit_line = next((m["unit"] for row in block[: first - width] if (m := _UNIT_LINE.search(row.text))), "")
    found: list[Cell] = []
    for top in range(first, len(block) - width + 1, width):
        row = block[top : top + width]
        if row[key].value_like:
            break
        for header, cell in zip(headers, row, strict=True):
            one = _cell(header.text, cell, row[key].text, caption, unit_line)
            if one and not _ORDER.match(header.text):
                found.append(one)
    return found


def _shape(block: list[_Row], labels: list[int], numbers: list[int]) -> tuple[int, int, int] | None:
    """Index of the first row, columns, and which column names the row; None when the lines do not repeat."""
    if not numbers:
        return None
    ordered = next((at for at, row in enumerate(block) if _ORDER.match(row.text)), None)
    key = 1 if ordered is not None else 0
    start = numbers[0] - (0 if ordered is not None else 1)
    for width in range(2, min(10, start + 1)):
        rows = range(start, len(block) - width + 1, width)
        fits = [at for at in rows if _fits(block[at : at + width], key)]
        whole = list(rows[: len(fits)])
        if (
            start - width >= 0
            and len(fits) >= 2
            and fits == whole
            and all(not block[at].value_like for at in range(start - width, start))
        ):
            return start, width, key
    return None


def _fits(row: list[_Row], key: int) -> bool:
    """A row of a table: its key is words, all else values; with an order column before the key."""
    return (
        not row[key].value_like
        and all(cell.value_like for at, cell in enumerate(row) if at != key)
        and len(row) > key + 1
    )


def _cell(header: str, cell: _Row, row: str, caption: str, unit_line: str) -> Cell | None:
    m = cell.number
    if not m:
        return None
    named = _UNIT_IN.search(header)
    unit = m["unit"] or (named["unit"] if named else "") or unit_line
    if not _KNOWN_UNIT.match(unit):
        unit = unit if m["unit"] else ""
    name = _UNIT_IN.sub("", header).strip()
    read = parse_quantity(m["number"] + unit)
    sign = -1 if cell.text.startswith(("-", "−", "－")) else 1
    start = cell.start + (m.start("number") if sign > 0 else 0)
    return Cell(
        start,
        cell.start + m.end("number"),
        sign * read.value,
        unit,
        sign * read.base_value,
        read.base_unit,
        name,
        row,
        caption,
    )
