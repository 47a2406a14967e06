"""How a number is written: as it is, grouped, in 万 or 亿, or rounded down with 多 or 余."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from zhicheng.kernel.quantities import rounded_down, shown
from zhicheng.kernel.refusals import Refusal

SCALES = {"": 1, "万": 10_000, "亿": 100_000_000}
HOW_TO = "可写：原数、分节、2位、万、万1、亿2、多100、余1000。"
_FORM = re.compile(
    r"(?P<plain>原数|分节)|(?P<places>[0-6])位|(?P<scale>万|亿)(?P<digits>[0-6])?|(?P<more>[多余])(?P<step>10{1,9})"
)


class FormatError(Refusal):
    """A number cannot be written in this format."""

    code = "bulletin_format"


@dataclass(frozen=True)
class Format:
    """A format of numbers.

    Args:
        text: as the template writes it.
        scale: 万, 亿 or nothing.
        places: decimals shown, None for those the value has.
        step: round down to multiples of it, 0 for none; ``more`` is 多 or 余.
        grouped: with thousands separators.
    """

    text: str = "原数"
    scale: str = ""
    places: int | None = None
    step: int = 0
    more: str = ""
    grouped: bool = False


AS_IT_IS = Format()


def parse_format(text: str) -> Format:
    """Read a format.

    Raises:
        FormatError: there is no such format.
    """
    found = _FORM.fullmatch(text)
    if not found:
        raise FormatError(f"没有“{text[:20]}”这种格式。", fix=HOW_TO)
    if found["plain"]:
        return Format(text, grouped=found["plain"] == "分节")
    if found["places"]:
        return Format(text, places=int(found["places"]))
    if found["scale"]:
        return Format(text, scale=found["scale"], places=int(found["digits"] or 0))
    return Format(text, step=int(found["step"]), more=found["more"])


def write(value: Decimal, form: Format) -> str:
    """Write a value; half up at the digits shown, 多 and 余 only ever round down.

    Args:
        value: exact, in its unit.
        form: how.

    Returns:
        Digits with scale or 多, without the unit: 10980 in `万1` → `1.1万`, 1343 in `多100` → `1300多`.

    Raises:
        FormatError: 多 or 余 would leave nothing of the number.
    """
    if form.step:
        if value < form.step:
            raise FormatError(
                f"{plain(value)} 不到 {form.step}，不能写成“几{form.more}”。",
                fix="请改用更小的一档，或写原数。",
            )
        return rounded_down(value, step=form.step).replace("多", form.more)
    if form.scale:
        return shown(value, scale=form.scale, places=form.places or 0)
    if form.places is not None:
        return f"{value.quantize(Decimal(1).scaleb(-form.places), ROUND_HALF_UP):f}"
    return f"{Decimal(plain(value)):,f}" if form.grouped else plain(value)


def plain(value: Decimal) -> str:
    """Write the exact value without exponent and needless noughts: 4207000000.00 → 4207000000."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
