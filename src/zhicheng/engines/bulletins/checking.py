"""The numeric lock: numbers read back from a finished file against what is signed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from types import MappingProxyType
from typing import Literal

from zhicheng.engines.bulletins.formats import plain
from zhicheng.engines.bulletins.locked import FigureKey, SignedValue

State = Literal["matches", "differs", "unsigned", "unknown"]


@dataclass(frozen=True)
class Found:
    """A number read from a file.

    Args:
        written: number and unit as written.
        value: exact, in ``unit`` (the base unit). places: decimals written; scale: 1, 10000 or 100000000.
        approx: exact, at_least, about, below or above.
        kind: metric, count or change.
        id: indicator, empty when it is not certain. region: six-digit code, empty when not certain.
        sentence: where it stands.
        start: code point in the text of the file.
    """

    written: str
    value: Decimal
    unit: str
    scale: int
    places: int
    approx: str
    kind: str
    id: str
    region: str
    sentence: str
    start: int


@dataclass(frozen=True)
class Control:
    """A locked number in a Word file: what was locked, and what the file has there now."""

    key: FigureKey
    name: str
    locked: Decimal
    written: str
    now: str
    role: str = "value"


@dataclass(frozen=True)
class Verdict:
    """What is to be said of one number.

    Args:
        state: matches, differs (a signed figure says otherwise), unsigned (no signed figure of that day),
            unknown (no figure can be meant).
        why: in words. figure: the signed figure it was held against.
    """

    written: str
    state: State
    why: str
    sentence: str = ""
    figure: SignedValue | None = None
    start: int = 0


@dataclass(frozen=True)
class Signed:
    """Signed figures of the day, and those of the year before for growth rates."""

    figures: Mapping[FigureKey, SignedValue] = field(default_factory=lambda: MappingProxyType({}))
    before: Mapping[FigureKey, SignedValue] = field(default_factory=lambda: MappingProxyType({}))

    def of(self, identity: str) -> list[SignedValue]:
        """Signed figures of one indicator, in every region at hand."""
        return [one for key, one in self.figures.items() if key.id == identity]


def check(
    found: Iterable[Found], controls: Iterable[Control], signed: Signed, *, region: str
) -> tuple[Verdict, ...]:
    """Hold every number of a file against the signed figures.

    Args:
        found: numbers read from its text.
        controls: its content controls; empty for a file that has none.
        signed: what is signed.
        region: region the file is about.

    Returns:
        One verdict per number, in the order of the text; numbers of controls that were changed come first.
    """
    verdicts = [verdict for control in controls if (verdict := _control(control, signed))]
    told = {one.written for one in verdicts}
    for one in found:
        said = _growth(one, signed, region) if one.kind == "change" else _number(one, signed, region)
        if said.state == "matches" or one.written not in told:
            verdicts.append(said)
    return tuple(verdicts)


def _control(one: Control, signed: Signed) -> Verdict | None:
    """A verdict for a locked number that was edited, or is no longer signed so; None when well or taken out."""
    seen = one.now.strip()
    if not seen:
        return None
    if seen != one.written:
        return Verdict(seen, "differs", f"“{one.name}”成稿时写的是 {one.written}，现在是 {seen}")
    if one.role == "rank":
        return None
    current = signed.figures.get(one.key) or signed.before.get(one.key)
    if current is None:
        return Verdict(one.written, "unsigned", f"“{one.name}”（{one.key.as_of}）现在没有签发的数")
    if current.value != one.locked:
        why = f"“{one.name}”成稿后已更正：现在签发的是 {plain(current.value)}{current.unit}"
        return Verdict(one.written, "differs", why, figure=current)
    return None


def _number(one: Found, signed: Signed, region: str) -> Verdict:
    if not one.id:
        alike = next(
            (s for s in signed.figures.values() if s.unit == one.unit and agrees(one, s.value)), None
        )
        if alike:
            why = f"按数值与单位对上“{alike.region_name}{alike.name}”"
            return Verdict(one.written, "matches", why, one.sentence, alike, one.start)
        return Verdict(
            one.written, "unknown", "没有对应的已签发数据：不是由指标写入的数", one.sentence, None, one.start
        )
    candidates = signed.of(one.id)
    if not candidates:
        return Verdict(
            one.written, "unsigned", f"指标 {one.id} 在这一天没有签发的数", one.sentence, None, one.start
        )
    own = [s for s in candidates if s.region == (one.region or region)]
    for figure in (*own, *candidates):
        if agrees(one, figure.value):
            return Verdict(
                one.written, "matches", f"{figure.region_name}{figure.name}", one.sentence, figure, one.start
            )
    figure = (own or candidates)[0]
    why = f"“{figure.region_name}{figure.name}”签发的是 {plain(figure.value)}{figure.unit}（{figure.when}）"
    return Verdict(one.written, "differs", why, one.sentence, figure, one.start)


def _growth(one: Found, signed: Signed, region: str) -> Verdict:
    for figure in signed.of(one.id):
        before = next(
            (s for s in signed.before.values() if s.id == one.id and s.region == figure.region), None
        )
        if before is None or before.value == 0:
            continue
        rate = ((figure.value - before.value) / abs(before.value) * 100).quantize(
            Decimal(1).scaleb(-one.places), ROUND_HALF_UP
        )
        if rate == one.value:
            return Verdict(one.written, "matches", f"{figure.name}同比", one.sentence, figure, one.start)
        if figure.region == (one.region or region):
            why = f"“{figure.name}”由签发的两个数算得 {rate}%"
            return Verdict(one.written, "differs", why, one.sentence, figure, one.start)
    return Verdict(one.written, "unknown", "增幅没有可核对的两个已签发数据", one.sentence, None, one.start)


def agrees(one: Found, exact: Decimal) -> bool:
    """Tell whether a number as written can stand for an exact value.

    Digits shown are rounded half up; 多 and 余 only ever round down; 近, 超 and 约 stay within one step of the
    last digit that is not nought.
    """
    if one.approx == "exact":
        step = Decimal(one.scale).scaleb(-one.places)
        return (exact / step).quantize(Decimal(1), ROUND_HALF_UP) * step == one.value
    step = _last_digit(one.value)
    if one.approx == "at_least":
        return one.value <= exact < one.value + step
    if one.approx == "below":
        return one.value - step < exact <= one.value
    if one.approx == "above":
        return one.value < exact < one.value + step
    return abs(exact - one.value) <= step


def _last_digit(value: Decimal) -> Decimal:
    """The place value of the last digit that is not nought: 1300 → 100, 42.5 → 0.1."""
    exponent = value.normalize().as_tuple().exponent
    return Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)
