"""What a clause asks a firm for: read from the clause's expressions and the shape of its fact, never from its name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from zhicheng.apps.incentives.written import fen_of
from zhicheng.engines.incentives.amounts import expressions_of
from zhicheng.engines.incentives.compiling import columns_of
from zhicheng.engines.incentives.expressions import compile_expression, literals
from zhicheng.engines.incentives.rules import Clause, FactColumn, FactShape, Program, Version
from zhicheng.kernel.refusals import Refusal

LONGEST = 200
NUMBER = "fact"  # the number of a fact that a firm describes itself
KINDS = {
    "date": "日期，如 2025-06-30", "money": "金额，写到元或分，如 12345.67 或 1.2万", "number": "数字", "integer": "整数", "boolean": "是或否",
}  # fmt: skip
PLACES = {"number": 6}
MOST = Decimal("9999999999999999")


@dataclass(frozen=True)
class Asked:
    """One thing a clause has to know about a fact.

    Args:
        column: the column with type, label, unit and help.
        choices: the values that may stand, each with its words; none where anything may.
    """

    column: FactColumn
    choices: tuple[tuple[str, str], ...] = ()

    @property
    def name(self) -> str:
        """Name of the column."""
        return self.column.name


def shape_of(program: Program, clause: Clause) -> FactShape:
    """The shape of the fact a clause stands on."""
    return program.facts[clause.fact]


def version_for(clause: Clause, day: date | None) -> Version:
    """The version that answers for an event day, the latest where the day is not known yet."""
    if day is None:
        return clause.versions[-1]
    return next((one for one in reversed(clause.versions) if one.since <= day), clause.versions[0])


def asked_of(clause: Clause, version: Version, shape: FactShape) -> tuple[Asked, ...]:
    """Every column of the fact that a version looks at, the firm's own to supply, in the order of the shape."""
    types = columns_of(shape)
    texts = (version.when, *(one.when for one in version.requires), *expressions_of(version.amount))
    compiled = [compile_expression(one, types) for one in texts]
    used = {name for one in compiled for name in one.columns} | {shape.date, clause.object}
    pinned = literals(compiled[0].tree)
    return tuple(
        Asked(
            one, tuple((key, one.values.get(key, key)) for key in sorted(pinned.get(name, ())) or one.values)
        )
        for name, one in shape.columns.items()
        if name in used and name not in {shape.ended, version.application} and one.firm
    )


def number_asked(clause: Clause, shape: FactShape) -> bool:
    """Whether a described fact needs a number of its own, because no asked column names it."""
    return not (clause.object and clause.object in shape.columns and shape.columns[clause.object].firm)


def can_apply(clause: Clause, version: Version, shape: FactShape) -> bool:
    """Whether a firm can do anything for this clause: it has to be applied for, or stands on what firms supply."""
    return bool(version.application or asked_of(clause, version, shape))


def checked(asked: tuple[Asked, ...], given: Mapping[str, str]) -> dict[str, str]:
    """What was filled in, each value in its normal form; empty ones are left out.

    Raises:
        Refusal: values are not what their columns take; all of them are named at once.
    """
    found: dict[str, str] = {}
    wrong: list[str] = []
    for one in asked:
        text = given.get(one.name, "").strip()
        if not text:
            continue
        try:
            found[one.name] = _normal(one, text)
        except (ValueError, InvalidOperation):
            kind = KINDS.get(one.column.type, f"不超过 {LONGEST} 字的文字")
            if one.choices:
                kind = f"可选的值：{'、'.join(words for _, words in one.choices)}"
            wrong.append(f"“{one.column.label}”填写的“{text[:40]}”不是{kind}")
    if wrong:
        raise Refusal(f"{'；'.join(wrong)}。", fix="请改正后再保存。")
    return found


def _money(text: str) -> str:
    amount = fen_of(text)
    if amount is None or not 0 <= amount <= MOST:
        raise ValueError(text)
    return format(amount.quantize(Decimal(1)) if amount == amount.to_integral() else amount, "f")


def _number(text: str, places: int) -> str:
    value = Decimal(text.replace(",", "").replace("，", ""))
    if not value.is_finite() or not 0 <= value <= MOST or -int(value.as_tuple().exponent) > places:
        raise ValueError(text)
    return format(value, "f")


def _normal(asked: Asked, text: str) -> str:
    kind = asked.column.type
    if asked.choices and text not in dict(asked.choices):
        raise ValueError(text)
    if kind == "date":
        day = date.fromisoformat(text)
        if not 1980 <= day.year <= 2200:
            raise ValueError(text)
        return day.isoformat()
    if kind == "money":
        return _money(text)
    if kind in PLACES:
        return _number(text, PLACES[kind])
    if kind == "integer":
        number = int(text)
        if not 0 <= number <= 10**12:
            raise ValueError(text)
        return str(number)
    if kind == "boolean":
        if text not in {"true", "false", "是", "否"}:
            raise ValueError(text)
        return "true" if text in {"true", "是"} else "false"
    if len(text) > LONGEST or any(ord(one) < 32 for one in text):
        raise ValueError(text)
    return text


def same(kind: str, one: str, other: str) -> bool:
    """Whether two values of a column are one value, however they are written."""
    if kind in {"money", "number", "integer"}:
        try:
            return Decimal(one) == Decimal(other)
        except InvalidOperation:
            return False
    return one == other


def in_words(column: FactColumn, text: str) -> str:
    """A value as a person reads it."""
    if not text:
        return ""
    if column.type == "boolean":
        return "是" if text == "true" else "否"
    if column.type == "money":
        return f"{Decimal(text):,.2f} {column.unit or '元'}"
    if column.type in {"number", "integer"}:
        shown = f"{Decimal(text).normalize():,f}"
        return f"{shown} {column.unit}".strip()
    return column.values.get(text, text)
