"""What holds for every identifier, not only for examples: single errors are caught, forms are stable."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhicheng.kernel.identifiers import IDENTIFIERS, gtin, patent_application, uscc

LETTERS = st.text(alphabet=uscc.ALPHABET, min_size=9, max_size=9)
BODIES = st.builds(
    lambda head, region, tail: head + region + tail,
    st.text(alphabet=uscc.ALPHABET, min_size=2, max_size=2),
    st.from_regex(r"[0-9]{6}", fullmatch=True),
    LETTERS,
)
NUMBERS = st.from_regex(r"20(0[3-9]|[1-4][0-9])[12389][0-9]{7}", fullmatch=True)


@pytest.mark.parametrize("at", range(18))
def test_every_single_wrong_character_of_a_uscc_is_seen(at):
    code = "91110000600037341L"
    for wrong in uscc.ALPHABET.replace(code[at], ""):
        assert uscc.validate(code[:at] + wrong + code[at + 1 :]).level != "ok"


@pytest.mark.parametrize("at", range(17))
def test_every_swap_of_neighbours_in_a_uscc_is_seen(at):
    code = "91110000600037341L"
    swapped = code[:at] + code[at + 1] + code[at] + code[at + 2 :]
    assert swapped == code or uscc.validate(swapped).level != "ok"


@given(BODIES, st.integers(0, 17), st.sampled_from(uscc.ALPHABET))
def test_a_generated_uscc_passes_and_any_single_error_in_it_does_not(body, at, letter):
    code = uscc.with_check(body)
    assert uscc.validate(code) == ("ok", "", code)
    wrong = code[:at] + letter + code[at + 1 :]
    assert wrong == code or uscc.validate(wrong).level != "ok"


@given(BODIES, st.integers(0, 16))
def test_a_swap_of_neighbours_in_any_uscc_is_seen(body, at):
    code = uscc.with_check(body)
    swapped = code[:at] + code[at + 1] + code[at] + code[at + 2 :]
    assert swapped == code or uscc.validate(swapped).level != "ok"


@given(NUMBERS, st.integers(0, 11), st.sampled_from("0123456789"))
def test_a_single_wrong_digit_of_an_application_number_is_seen(body, at, digit):
    number = patent_application.with_check(body)
    assert patent_application.validate(number).level == "ok"
    wrong = number[:at] + digit + number[at + 1 :]
    assert wrong == number or patent_application.validate(wrong).level == "error"


@given(NUMBERS)
def test_an_application_number_comes_back_from_each_way_of_writing_it(body):
    number = patent_application.with_check(body)
    shown = patent_application.display(number)
    for written in (shown, f"ZL{shown}", f"CN{number}", f" zl {shown} "):
        assert patent_application.parse(written).normal == number


@given(st.from_regex(r"[0-9]{12}", fullmatch=True), st.integers(0, 12), st.sampled_from("0123456789"))
def test_a_single_wrong_digit_of_a_bar_code_is_seen(body, at, digit):
    number = gtin.with_check(body)
    wrong = number[:at] + digit + number[at + 1 :]
    assert gtin.validate(number).level == "ok"
    assert wrong == number or gtin.validate(wrong).level == "error"


ODD = st.text(alphabet="0123456789XGZLCNTDBQABUSI/.-—:（）第号类 ０１Ａ　OP", max_size=24) | st.text(
    max_size=12
)


@pytest.mark.parametrize("kind", sorted(IDENTIFIERS))
@given(text=ODD)
def test_normalising_twice_is_normalising_once_and_no_text_breaks_a_rule(kind, text):
    rule = IDENTIFIERS[kind]
    once = rule.normalise(text)
    assert rule.normalise(once) == once
    verdict = rule.validate(text)
    if verdict.level != "error":
        assert rule.validate(verdict.normal).level in ("ok", verdict.level)
        assert rule.normalise(text) == verdict.normal
