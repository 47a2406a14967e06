"""Quantities and money: what is written is read back, approximations stay, no 分 is lost."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhicheng.kernel import money, quantities
from zhicheng.kernel.quantities import QuantityError, parse_quantity

WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
SCALES = {
    "": 1,
    "万": 10**4,
    "亿": 10**8,
    "百万": 10**6,
    "千万": 10**7,
    "百亿": 10**10,
    "千亿": 10**11,
    "万亿": 10**12,
}
UNITS = ["", "元", "件", "家", "人次", "份"]
plain_numbers = st.decimals(0, 10**9, places=2, allow_nan=False).map(lambda value: value.normalize() + 0)


@given(plain_numbers, st.sampled_from(sorted(SCALES)), st.sampled_from(UNITS), st.booleans(), st.booleans())
def test_a_written_quantity_is_read_exactly(number, scale, unit, grouped, wide):
    digits = f"{number:,f}" if grouped else f"{number:f}"
    text = f"{digits}{scale}{unit}"
    found = parse_quantity(text.translate(WIDE) if wide else text)
    assert found.value == number
    assert found.base_value == number * SCALES[scale]
    assert (found.unit, found.base_unit, found.approx) == (scale + unit, unit, "exact")


@given(st.integers(0, 10**8), st.sampled_from(["", "万", "亿"]), st.integers(0, 4))
def test_what_is_shown_at_a_scale_is_read_back_within_half_a_unit_of_its_last_place(value, scale, places):
    amount = Decimal(value)
    back = parse_quantity(quantities.shown(amount, scale=scale, places=places)).base_value
    assert abs(back - amount) * 2 <= Decimal(SCALES[scale]).scaleb(-places)


@given(st.integers(1, 10**9), st.sampled_from([10, 100, 1000]))
def test_a_rounded_down_number_is_read_back_as_at_least_and_never_says_more_than_is_so(value, step):
    found = parse_quantity(quantities.rounded_down(Decimal(value), step=step))
    assert found.base_value <= value < found.base_value + step
    assert found.approx == ("exact" if value % step == 0 else "at_least")


@pytest.mark.parametrize(
    ("text", "base", "approx"),
    [
        ("1.1万", "11000", "exact"),
        ("42.07亿元", "4207000000", "exact"),
        ("４０００多", "4000", "at_least"),
        ("4000余家", "4000", "at_least"),
        ("1300多件", "1300", "at_least"),
        ("近百", "100", "below"),
        ("近3万元", "30000", "below"),
        ("约2万", "20000", "about"),
        ("5000左右", "5000", "about"),
        ("超1000家", "1000", "above"),
        ("不到50件", "50", "below"),
        ("1.8万多人次", "18000", "at_least"),
        ("２．７６５万件", "27650", "exact"),
        ("一百零五", "105", "exact"),
        ("三万五千", "35000", "exact"),
        ("1,234,567", "1234567", "exact"),
    ],
)
def test_an_approximation_is_kept_as_such(text, base, approx):
    found = parse_quantity(text)
    assert (found.base_value, found.approx) == (Decimal(base), approx)


@given(st.integers(0, 10**12 - 1))
def test_a_chinese_numeral_is_read_back(value):
    assert quantities.chinese_number(_in_chinese(value)) == value


def _in_chinese(value: int) -> str:
    """Write a number as Chinese do, in groups of four digits."""
    if value == 0:
        return "零"
    digits, small, large = "零一二三四五六七八九", ["", "十", "百", "千"], ["", "万", "亿"]
    text = ""
    for group in (2, 1, 0):
        part = value // 10 ** (4 * group) % 10_000
        if not part:
            continue
        if text and part < 1000:
            text += "零"
        zero = False
        for place in (3, 2, 1, 0):
            digit = part // 10**place % 10
            if digit:
                text += ("零" if zero else "") + digits[digit] + small[place]
            zero = digit == 0 and part % 10**place > 0 and part >= 10**place
        text += large[group]
    return text


@given(st.text(max_size=20) | st.text(alphabet="0123456789.,万亿元多近约百千一二三点-－％", max_size=14))
def test_any_text_is_a_quantity_or_is_refused_in_words(text):
    try:
        found = parse_quantity(text)
    except QuantityError:
        return
    assert found.base_value.is_finite()


amounts = st.decimals(0, 10**12, places=2, allow_nan=False)
weights = st.lists(st.decimals(0, 10**6, places=4, allow_nan=False), min_size=1, max_size=25).filter(any)


@given(amounts, weights, st.sampled_from([0, 2]))
def test_a_split_sums_to_the_whole_and_no_part_is_more_than_a_unit_off(total, shares, places):
    total = total.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    parts = money.split(total, shares, places=places)
    unit, whole = Decimal(1).scaleb(-places), sum(shares)
    assert sum(parts) == total
    for part, share in zip(parts, shares, strict=True):
        assert part >= 0
        assert abs(part - total * share / whole) <= unit
        assert part == part.quantize(unit)
        assert share or not part


@given(amounts, st.integers(1, 25))
def test_equal_weights_differ_by_at_most_one_fen(total, count):
    parts = money.split(total, [1] * count)
    assert max(parts) - min(parts) <= money.FEN
    assert parts == sorted(parts, reverse=True)


@given(st.lists(st.integers(-5, 0), max_size=4))
def test_weights_that_are_negative_or_all_nothing_are_refused(weights):
    with pytest.raises(ValueError, match="weights"):
        money.split(Decimal(1), weights)


@given(st.integers(-(10**15), 10**15))
def test_yuan_rounds_half_up_to_the_fen(thousandths):
    value = Decimal(thousandths).scaleb(-3)
    rounded = money.yuan(value)
    assert abs(rounded - value) <= Decimal("0.005")
    if thousandths % 10 == 5:
        assert abs(rounded) > abs(value)


@given(amounts, st.sampled_from(["元", "万元", "亿元"]))
def test_an_amount_shown_with_enough_places_is_read_back_exactly(amount, unit):
    assert parse_quantity(money.shown(amount, unit=unit, places=10)).base_value == amount
