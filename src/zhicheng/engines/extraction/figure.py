"""What one extracted figure, reward rule and person is: values only, spans in the raw file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

Kind = Literal["metric", "change", "rank", "policy_amount", "time_commitment", "count", "date"]
Bound = Literal["exact", "at_most", "front"]
PeriodKind = Literal[
    "state", "ytd", "cumulative", "flow", "year", "quarter", "month", "range", "plan", "span", "target"
]


@dataclass(frozen=True)
class Period:
    """The time a figure speaks about.

    Args:
        text: the words that say it, e.g. `截至目前`.
        kind: state (a stock on a day), ytd, cumulative, flow (new, time not said), year, quarter, month, range,
            plan (`十四五`), span (`近五年`) or target (a day still to come).
        start: first day; None for a state or when the text does not give the year.
        end: last day; None when the text does not give the year.
    """

    text: str
    kind: PeriodKind
    start: date | None = None
    end: date | None = None


@dataclass(frozen=True)
class Rank:
    """A place among others: `居全省第三位` is exactly 3, `前两位` at most 2, `前列` has no number.

    Args:
        text: the words.
        value: the place; None when no number is given.
        bound: exact, at_most (`前三位`) or front (`前列`).
        scope: among whom, e.g. `全省`; empty when not said.
    """

    text: str
    value: int | None
    bound: Bound
    scope: str


@dataclass(frozen=True)
class Figure:
    """One figure of a text.

    Args:
        kind: metric, change (growth), rank, policy_amount, time_commitment, count (of things or people) or date.
        value: the number as written, before 万 or 亿; a change carries its sign; a date is ISO, `--11-20` without year.
        unit: scale and unit as written, e.g. `亿元`.
        base_value: exact value in the base unit, e.g. `4207000000`.
        base_unit: unit without scale; a percentage keeps `%`, `成` becomes `%`.
        approx: exact, at_least (多、余), about (约、左右), below (近、不到), above (超).
        indicator: the phrase of the text that says what is counted; empty when there is none.
        indicator_id: id of the catalogue, only where the phrase is certain.
        subject: who, as the text says it.
        region: name of the region; ``region_code`` its code, empty when not certain.
        period: what time it speaks about, None when the text does not say.
        qualifiers: words that narrow it (累计, 新增, 连续4年, 同比, 时期承上文 …).
        rank: place among others, if one is given.
        sentence: the sentence of the repaired text.
        start: first code point of the number in the raw file; ``end`` is exclusive.
        confidence: 0 to 1.
        of: span in the raw file of the figure that a change qualifies.
    """

    kind: Kind
    value: str
    unit: str
    base_value: str
    base_unit: str
    approx: str
    indicator: str
    indicator_id: str
    subject: str
    region: str
    region_code: str
    period: Period | None
    qualifiers: tuple[str, ...]
    rank: Rank | None
    sentence: str
    start: int
    end: int
    confidence: Decimal
    of: tuple[int, int] | None = None


@dataclass(frozen=True)
class PolicyRule:
    """One reward of a reward rule: who gets how much for what.

    Args:
        trigger: what has to happen, e.g. `获得中国质量奖`.
        conditions: 首次, 新获评, 一次性, 最高 … as the text says.
        payee: who is paid, e.g. `单位`.
        payer: who pays, empty when not said.
        mode: 奖励, 资助, 补助 or 补贴, empty when not said.
        amount: exact amount in the base unit; ``unit`` 元 or %.
        written: the amount as written, e.g. `100万元`.
        sentence: the sentence of the repaired text.
        start: first code point of the number in the raw file; ``end`` is exclusive.
    """

    trigger: str
    conditions: tuple[str, ...]
    payee: str
    payer: str
    mode: str
    amount: str
    unit: str
    written: str
    sentence: str
    start: int
    end: int


@dataclass(frozen=True)
class PersonRole:
    """A title a person bears in this text.

    Args:
        title: e.g. `局长`.
        organisation: of which body, empty when the text leaves it out.
    """

    title: str
    organisation: str


@dataclass(frozen=True)
class Person:
    """A person named with a title; the ledger confirms who it is.

    Args:
        name: as written.
        roles: every title borne in this text.
        on: day of the text or event, None when its year is unknown.
        sentence: the sentence of the repaired text.
        start: first code point of the name in the raw file; ``end`` is exclusive.
        confidence: 0 to 1.
    """

    name: str
    roles: tuple[PersonRole, ...]
    on: date | None
    sentence: str
    start: int
    end: int
    confidence: Decimal


def plain_number(value: Decimal) -> str:
    """Write a number without exponent and without needless noughts: 4207000000.00 → 4207000000."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
