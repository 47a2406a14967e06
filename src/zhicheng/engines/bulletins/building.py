"""From a template and what is signed to a document; an unsigned, missing or changed number stops the build."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import NoReturn

from zhicheng.engines.bulletins import needs
from zhicheng.engines.bulletins.document import (
    Block,
    Chart,
    Document,
    Heading,
    Number,
    PageBreak,
    Paragraph,
    Run,
    Table,
    Text,
)
from zhicheng.engines.bulletins.formats import SCALES, FormatError, write
from zhicheng.engines.bulletins.locked import Facts, FigureKey, Place, SignedValue
from zhicheng.engines.bulletins.parsing import Template
from zhicheng.engines.bulletins.stopping import BuildStopped, Problem, problem_of
from zhicheng.engines.bulletins.syntax import (
    ChartPart,
    Condition,
    FigurePart,
    Given,
    PageBreakPart,
    Part,
    TablePart,
    Words,
)

__all__ = ["BuildStopped", "Problem", "build"]

_HEADING = re.compile(r"(#{1,3})[ \t]+")
_COMPARE = {
    ">": Decimal.__gt__,
    "<": Decimal.__lt__,
    ">=": Decimal.__ge__,
    "<=": Decimal.__le__,
    "=": Decimal.__eq__,
    "<>": Decimal.__ne__,
}
Piece = Run | Block | Words


class _Unknown(Exception):
    """A number cannot be written; the reason has been noted."""


def build(
    template: Template,
    *,
    facts: Facts,
    place: Place,
    as_of: date,
    synthetic: bool = False,
    lenient: bool = False,
) -> tuple[Document, tuple[Problem, ...]]:
    """Fill a template with signed figures.

    Args:
        template: as read by ``parse``.
        facts: everything it may look up.
        place: the region it is about.
        as_of: its day.
        synthetic: the figures come from demo data.
        lenient: for a preview: put 【…】 where a number is not to be had, and return the problems beside it.

    Returns:
        The document, and the problems found (always empty unless lenient).

    Raises:
        BuildStopped: a number is unsigned, missing, changed or unknown; every one is named with its line.
    """
    work = _Builder(facts, place, as_of)
    pieces = work.run(template.parts)
    if work.problems and not lenient:
        raise BuildStopped(tuple(work.problems))
    blocks = _blocks(pieces)
    title = next((_plain(one.runs) for one in blocks if isinstance(one, Heading) and one.level == 1), "")
    if not title and not lenient:
        raise BuildStopped((Problem(1, "", "no_title", "模板没有标题。", "请在第一行写“# 标题”。"),))
    document = Document(title, place.code, place.name, as_of, tuple(blocks), synthetic)
    return document, tuple(work.problems)


class _Builder:
    """Works through the parts of one template."""

    def __init__(self, facts: Facts, place: Place, as_of: date) -> None:
        self.facts = facts
        self.place = place
        self.as_of = as_of
        self.problems: list[Problem] = []
        self._noted: set[tuple[str, int, FigureKey | str]] = set()

    def run(self, parts: Iterable[Part]) -> list[Piece]:
        """Turn parts into words, locked numbers and blocks."""
        found: list[Piece] = []
        for part in parts:
            if isinstance(part, Words):
                found.append(part)
            elif isinstance(part, Given):
                found.append(Text(self._given(part)))
            elif isinstance(part, PageBreakPart):
                found.append(PageBreak())
            elif isinstance(part, Condition):
                found += self._condition(part)
            elif isinstance(part, FigurePart):
                found += self._figure(part)
            else:
                found += self._picture(part)
        return found

    def _given(self, part: Given) -> str:
        day = self.as_of
        words = {
            "as_of": f"{day.year}年{day.month}月{day.day}日", "year": f"{day.year}年", "month": f"{day.month}月",
            "day": f"{day.day}日", "region": self.place.name, "quarter": f"第{'一二三四'[(day.month - 1) // 3]}季度",
        }  # fmt: skip
        return words[part.name]

    def _condition(self, part: Condition) -> list[Piece]:
        try:
            signed = self._signed(self._key(part.left), part.left.line, part.left.raw)
        except _Unknown:
            return []
        holds = _COMPARE[part.compare](signed.value, part.right)
        return self.run(part.then if holds else part.otherwise)

    def _figure(self, part: FigurePart) -> list[Piece]:
        try:
            return self._written(part)
        except _Unknown:
            return [Text(f"【{part.id}】")]

    def _written(self, part: FigurePart) -> list[Piece]:
        key = self._key(part)
        signed = self._signed(key, part.line, part.raw)
        if part.what == "rank":
            return [self._rank(part, key, signed)]
        if part.what == "change":
            return self._change(part, key, signed)
        if part.what == "names":
            return [Text("、".join(self._names(part, key)))]
        return [self._number(signed, part)]

    def _number(
        self, signed: SignedValue, part: FigurePart | TablePart | ChartPart, *, bare: bool = False
    ) -> Number:
        try:
            text = write(signed.value, part.form)
        except FormatError as error:
            self._stop(part.line, part.raw, "format", error.what, error.fix)
        shows = not bare and getattr(part, "with_unit", True)
        return Number(text, signed.unit if shows else "", signed, part.form.text)

    def _rank(self, part: FigurePart, key: FigureKey, signed: SignedValue) -> Number:
        quoted = self.facts.ranks.get(key)
        if quoted is None:
            what = f"“{signed.name}”没有 {key.as_of} 的引用位次。"
            self._stop(
                part.line, part.raw, "no_rank", what, "请先在台账“引用位次”中录入并注明来源，或删去位次。"
            )
        words = quoted.text if quoted.text.startswith(quoted.scope) else f"{quoted.scope}{quoted.text}"
        return Number(words, "", signed, role="rank", quoted_from=quoted.source)

    def _change(self, part: FigurePart, key: FigureKey, signed: SignedValue) -> list[Piece]:
        before = self._signed(needs.year_before(key), part.line, part.raw)
        if before.value == 0:
            what = f"“{signed.name}”上年同日为 0，算不出同比。"
            self._stop(part.line, part.raw, "no_base", what, "请改写成两个数，或删去同比。")
        rate = (signed.value - before.value) / abs(before.value) * 100
        shown = abs(rate).quantize(Decimal("0.1"), ROUND_HALF_UP)
        if shown == 0:
            return [Number("同比持平", "", signed, role="change", other=before)]
        word = "同比增长" if rate > 0 else "同比下降"
        return [Text(word), Number(f"{shown:f}", "%", signed, role="change", other=before)]

    def _names(self, part: FigurePart, key: FigureKey) -> tuple[str, ...]:
        found = self.facts.names.get((key, part.column))
        if found is None:
            what = f"“{part.id}”背后的明细没有可公布的列“{part.column}”，或明细与签发时不同。"
            self._stop(part.line, part.raw, "no_names", what, "请核对列名；明细有变的，先更正该数据。")
        if not found:
            self._stop(
                part.line,
                part.raw,
                "no_names",
                f"“{part.id}”背后没有名称可列。",
                "请用 {{如果 …}} 避开空名单。",
            )
        return found

    def _picture(self, part: TablePart | ChartPart) -> list[Piece]:
        region = part.where.region or self.place.code
        places = self.facts.children.get(region, ())
        if not places and (isinstance(part, TablePart) or part.by == "region"):
            self._note(
                part.line, part.raw, "no_children", f"区划 {region} 没有下级区划，列不出“{part.raw[:60]}”。",
                "请去掉，或换成市级。",
            )  # fmt: skip
            return [Text(f"【{part.raw.strip('{}')}】")]
        try:
            return [self._table(part, places)] if isinstance(part, TablePart) else [self._chart(part, places)]
        except _Unknown:
            return [Text(f"【{part.raw.strip('{}')}】")]

    def _table(self, part: TablePart, places: tuple[Place, ...]) -> Table:
        columns: list[SignedValue] = []
        rows = []
        failed = False
        for place in places:
            cells: list[tuple[Run, ...]] = [(Text(place.name),)]
            for identity in part.ids:
                key = needs.key_of(identity, part.where, place.code, self.as_of)
                try:
                    signed = self._signed(
                        FigureKey(identity, place.code, key.as_of, key.period), part.line, part.raw
                    )
                except _Unknown:
                    failed = True
                    continue
                columns.append(signed)
                cells.append((self._number(signed, part, bare=True),))
            rows.append(tuple(cells))
        if failed:
            raise _Unknown
        scale = part.form.scale
        heads = [f"{one.name}（{scale}{one.unit}）" for one in columns[: len(part.ids)]]
        if scale:
            rows = [tuple(_without_scale(cell, scale) for cell in row) for row in rows]
        return Table("", ("区划", *heads), tuple(rows))

    def _chart(self, part: ChartPart, places: tuple[Place, ...]) -> Chart:
        keys = needs.chart_keys(part, self.place.code, self.as_of, lambda _: places)
        points = []
        for key in keys:
            try:
                points.append(self._number(self._signed(key, part.line, part.raw), part))
            except _Unknown:
                continue
        if len(points) < len(keys):
            raise _Unknown
        by_year = part.by == "year"
        labels = tuple(str(key.as_of.year) for key in keys) if by_year else tuple(one.name for one in places)
        first = points[0].figure
        if not by_year:
            pairs = sorted(zip(labels, points, strict=True), key=lambda pair: -pair[1].figure.value)
            labels, points = tuple(label for label, _ in pairs), [point for _, point in pairs]
        kind = "line" if by_year and first.kind != "flow" else "bar"
        where = "各年同日" if by_year else "各县市区"
        scale = SCALES[part.form.scale]
        return Chart(
            f"{first.name}（{where}）", kind, f"{part.form.scale}{first.unit}", scale, labels, tuple(points)
        )

    def _key(self, part: FigurePart) -> FigureKey:
        return needs.key_of(part.id, part.where, self.place.code, self.as_of)

    def _signed(self, key: FigureKey, line: int, raw: str) -> SignedValue:
        known = self.facts.figures.get(key)
        problem = problem_of(key, known, line, raw)
        if problem:
            self._note(line, key, problem.state, problem.what, problem.fix, problem)
            raise _Unknown
        assert known is not None
        assert known.signed is not None
        return known.signed

    def _stop(self, line: int, raw: str, state: str, what: str, fix: str) -> NoReturn:
        self._note(line, raw, state, what, fix)
        raise _Unknown

    def _note(
        self,
        line: int,
        about: FigureKey | str,
        state: str,
        what: str,
        fix: str,
        problem: Problem | None = None,
    ) -> None:
        mark = (state, 0 if isinstance(about, FigureKey) else line, about)
        if mark not in self._noted:
            self._noted.add(mark)
            self.problems.append(problem or Problem(line, str(about), state, what, fix))


def _without_scale(cell: tuple[Run, ...], scale: str) -> tuple[Run, ...]:
    """The header of a column names 万 or 亿 once; its cells carry digits only."""
    return tuple(
        Number(one.text.removesuffix(scale), one.unit, one.figure, one.form)
        if isinstance(one, Number)
        else one
        for one in cell
    )


def _blocks(pieces: list[Piece]) -> list[Block]:
    """Cut runs into lines; a line that begins with # is a heading."""
    blocks: list[Block] = []
    runs: list[Run] = []
    level = 0

    def close() -> None:
        nonlocal level
        kept = _trimmed(runs)
        if kept:
            blocks.append(Heading(level, kept) if level else Paragraph(kept))
        runs.clear()
        level = 0

    for piece in pieces:
        if isinstance(piece, Words):
            for index, line in enumerate(piece.text.split("\n")):
                if index:
                    close()
                mark = None if runs else _HEADING.match(line)
                if mark:
                    level = len(mark[1])
                text = line[mark.end() :] if mark else line
                if text:
                    runs.append(Text(text))
        elif isinstance(piece, Text | Number):
            runs.append(piece)
        else:
            close()
            blocks.append(piece)
    close()
    return blocks


def _trimmed(runs: list[Run]) -> tuple[Run, ...]:
    kept = list(runs)
    if kept and isinstance(kept[0], Text):
        kept[0] = Text(kept[0].text.lstrip())
    if kept and isinstance(kept[-1], Text):
        kept[-1] = Text(kept[-1].text.rstrip())
    merged: list[Run] = []
    for one in kept:
        if isinstance(one, Text) and merged and isinstance(merged[-1], Text):
            merged[-1] = Text(merged[-1].text + one.text)
        elif not isinstance(one, Text) or one.text:
            merged.append(one)
    return tuple(merged)


def _plain(runs: tuple[Run, ...]) -> str:
    return "".join(one.text if isinstance(one, Text) else one.written for one in runs)
