"""Measures an extraction against hand labels: precision and recall by kind, offsets, base values, traps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from zhicheng.engines.extraction.figure import Figure

KINDS = ("metric", "change", "rank", "policy_amount", "time_commitment", "count", "date")
Label = Literal["figure", "trap", "either"]


@dataclass(frozen=True)
class GoldLabel:
    """One hand label.

    Args:
        start: first code point in the raw text; ``end`` is exclusive.
        label: figure, trap (no figure at all) or either (people disagree; never scored).
        kinds: kinds that are right; several where the line between two is a matter of taste.
        base_value: exact value in ``base_unit``; None where it was not labelled.
        approx: None where it was not labelled.
        indicator_id: catalogue id; None where it was not labelled.
    """

    start: int
    end: int
    label: Label
    kinds: tuple[str, ...] = ()
    base_value: str | None = None
    base_unit: str | None = None
    approx: str | None = None
    indicator_id: str | None = None


@dataclass
class Score:
    """Counts of one part of the gold set, by kind."""

    found: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    exact_offsets: Counter[str] = field(default_factory=Counter)
    exact_values: Counter[str] = field(default_factory=Counter)
    valued: Counter[str] = field(default_factory=Counter)
    exact_approx: Counter[str] = field(default_factory=Counter)
    approximated: Counter[str] = field(default_factory=Counter)
    named: Counter[str] = field(default_factory=Counter)
    exact_ids: Counter[str] = field(default_factory=Counter)
    traps: int = 0
    fallen: int = 0
    cut: int = 0

    def precision(self, kind: str | None = None) -> Decimal | None:
        """Share of what was extracted that is right; None when nothing was extracted."""
        return _share(self._sum(self.found, kind), self._sum(self.wrong, kind))

    def recall(self, kind: str | None = None) -> Decimal | None:
        """Share of what is labelled that was extracted; None when nothing is labelled."""
        return _share(self._sum(self.found, kind), self._sum(self.missed, kind))

    def add(self, other: Score) -> None:
        """Add the counts of another part."""
        for name, value in vars(other).items():
            if isinstance(value, Counter):
                getattr(self, name).update(value)
        self.traps += other.traps
        self.fallen += other.fallen
        self.cut += other.cut

    @staticmethod
    def _sum(counts: Counter[str], kind: str | None) -> int:
        return counts[kind] if kind else sum(counts.values())


@dataclass(frozen=True)
class Mistake:
    """One thing that went wrong: missed, wrong, or a wrong value, offset, approximation or id."""

    why: str
    start: int
    end: int
    seen: str


def score(
    labels: Iterable[GoldLabel], figures: Iterable[Figure], cuts: Iterable[tuple[int, int]] = ()
) -> tuple[Score, list[Mistake]]:
    """Compare the figures of one text with its labels; every numeral of the text has to be labelled.

    A figure is found when one of a right kind overlaps its span; each label answers for one figure only.
    Labels inside a part that was cut (a caption that repeats the paragraph, a menu) are counted, not scored.
    """
    result, mistakes = Score(), []
    spans = list(cuts)
    every = list(labels)
    gold = [one for one in every if not any(start <= one.start < end for start, end in spans)]
    result.cut = len(every) - len(gold)
    left = list(figures)
    result.traps = sum(one.label == "trap" for one in gold)
    for one in (label for label in gold if label.label == "figure"):
        match = next((f for f in left if f.kind in one.kinds and _overlap(one, f)), None)
        if match is None:
            result.missed[one.kinds[0]] += 1
            mistakes.append(Mistake("missed", one.start, one.end, "/".join(one.kinds)))
            continue
        left.remove(match)
        result.found[match.kind] += 1
        mistakes += _details(result, one, match)
    for figure in left:
        near = [one for one in gold if _overlap(one, figure)]
        if near and all(one.label == "either" for one in near):
            continue
        result.wrong[figure.kind] += 1
        result.fallen += any(one.label == "trap" for one in near)
        mistakes.append(
            Mistake("wrong", figure.start, figure.end, f"{figure.kind} {figure.value}{figure.unit}")
        )
    return result, mistakes


def _details(result: Score, label: GoldLabel, figure: Figure) -> list[Mistake]:
    mistakes = []
    kind = figure.kind
    checks = (
        ("offset", None, None, (label.start, label.end) == (figure.start, figure.end), result.exact_offsets),
        ("value", label.base_value, result.valued, _same_value(label, figure), result.exact_values),
        ("approx", label.approx, result.approximated, label.approx == figure.approx, result.exact_approx),
        ("id", label.indicator_id, result.named, label.indicator_id == figure.indicator_id, result.exact_ids),
    )
    for why, wanted, asked, right, exact in checks:
        if asked is not None and wanted is None:
            continue
        if asked is not None:
            asked[kind] += 1
        if right:
            exact[kind] += 1
        else:
            seen = f"{figure.base_value}{figure.base_unit} {figure.approx} {figure.indicator_id}"
            mistakes.append(Mistake(why, label.start, label.end, seen))
    return mistakes


def _same_value(label: GoldLabel, figure: Figure) -> bool:
    try:
        same = Decimal(label.base_value or "") == Decimal(figure.base_value)
    except InvalidOperation:
        same = label.base_value == figure.base_value
    return same and (label.base_unit is None or label.base_unit == figure.base_unit)


def _overlap(label: GoldLabel, figure: Figure) -> bool:
    return label.start < figure.end and figure.start < label.end


def _share(right: int, other: int) -> Decimal | None:
    return (Decimal(right) / (right + other)).quantize(Decimal("0.0001")) if right + other else None


def label_of(row: Mapping[str, Any]) -> GoldLabel:
    """Read one line of a gold file."""
    kind = row.get("kind", ())
    return GoldLabel(
        start=int(row["start"]), end=int(row["end"]), label=row.get("label", "figure"),
        kinds=tuple([kind] if isinstance(kind, str) else kind), base_value=row.get("base_value"),
        base_unit=row.get("base_unit"), approx=row.get("approx"), indicator_id=row.get("indicator_id"),
    )  # fmt: skip
