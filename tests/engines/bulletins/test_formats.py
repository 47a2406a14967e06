"""How numbers are written: half up at the digits shown, 多 and 余 only ever round down."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhicheng.engines.bulletins.formats import FormatError, parse_format, write

values = st.decimals(min_value=0, max_value=10**12, places=2)


@pytest.mark.parametrize(
    ("value", "form", "written"),
    [
        ("10980", "万1", "1.1万"),
        ("10400", "万1", "1.0万"),
        ("10450", "万1", "1.0万"),
        ("10500", "万1", "1.1万"),
        ("20000", "万", "2万"),
        ("1343", "多100", "1300多"),
        ("1300", "多100", "1300"),
        ("4386", "余1000", "4000余"),
        ("4207000000.00", "亿2", "42.07亿"),
        ("14530000000.00", "亿1", "145.3亿"),
        ("14530000000.00", "原数", "14530000000"),
        ("16.28", "原数", "16.28"),
        ("27650", "分节", "27,650"),
        ("71.05", "1位", "71.1"),
    ],
)
def test_a_number_is_written_as_its_format_says(value, form, written):
    assert write(Decimal(value), parse_format(form)) == written


@given(values)
def test_half_up_never_moves_a_number_by_more_than_half_a_digit(value):
    shown = Decimal(write(value, parse_format("万1")).removesuffix("万")) * 10_000
    assert abs(shown - value) <= Decimal(500)
    assert shown == (value / 1000).quantize(Decimal(1), ROUND_HALF_UP) * 1000


@given(values.filter(lambda value: value >= 100))
def test_more_than_never_says_more_than_there_is(value):
    shown = Decimal(write(value, parse_format("多100")).removesuffix("多"))
    assert shown <= value < shown + 100


def test_a_number_below_the_step_is_not_written_as_nought_and_more():
    with pytest.raises(FormatError, match="不到 100"):
        write(Decimal(42), parse_format("多100"))


@pytest.mark.parametrize("text", ["", "万99", "多3", "多", "十", "%s", "多100000000000", "９位"])
def test_a_format_that_does_not_exist_is_refused_with_those_that_do(text):
    with pytest.raises(FormatError) as refused:
        parse_format(text)
    assert "多100" in refused.value.fix
