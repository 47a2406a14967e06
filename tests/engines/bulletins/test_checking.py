"""The numeric lock: a number in a finished file is right only if a signed figure can be written so."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO

import docx as python_docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhicheng.engines.bulletins import FigureKey, build, parse
from zhicheng.engines.bulletins.checking import Found, Signed, agrees, check
from zhicheng.engines.bulletins.contradictions import Earlier, contradictions
from zhicheng.engines.bulletins.formats import parse_format, write
from zhicheng.engines.bulletins.word import docx
from zhicheng.engines.bulletins.word_controls import read_controls

from .conftest import CITY, DAY, city_facts, key, signed

PATENTS = signed("patents", "27650", name="有效发明专利拥有量")
STANDING = Signed({FigureKey("patents", "370700", DAY, ""): PATENTS})


def found(value, *, unit="件", scale=1, places=0, approx="exact", identity="patents", kind="metric"):
    return Found(
        f"{value}{unit}", Decimal(value), unit, scale, places, approx, kind, identity, "370700", "一句话。", 0
    )


@pytest.mark.parametrize(
    ("exact", "one", "right"),
    [
        ("10980", found("11000", scale=10_000, places=1), True),
        ("10499", found("11000", scale=10_000, places=1), False),
        ("10500", found("11000", scale=10_000, places=1), True),
        ("1343", found("1300", approx="at_least"), True),
        ("1400", found("1300", approx="at_least"), False),
        ("1299", found("1300", approx="at_least"), False),
        ("97", found("100", approx="below"), True),
        ("101", found("100", approx="below"), False),
        ("105", found("100", approx="above"), True),
        ("99", found("100", approx="above"), False),
        ("27650", found("27650"), True),
        ("27651", found("27650"), False),
    ],
)
def test_a_rounded_number_stands_for_what_it_may_be_rounded_from(exact, one, right):
    assert agrees(one, Decimal(exact)) is right


@given(st.integers(min_value=1000, max_value=10**9), st.sampled_from(["万1", "万2", "多100", "原数"]))
def test_whatever_a_template_writes_the_check_accepts(value, form):
    text = write(Decimal(value), parse_format(form))
    scale = 10_000 if "万" in text else 1
    digits = text.rstrip("万多")
    approx = "at_least" if "多" in text else "exact"
    one = found(
        str(Decimal(digits) * scale), scale=scale, places=len(digits.partition(".")[2]), approx=approx
    )
    assert agrees(one, Decimal(value))


def test_a_changed_number_differs_and_the_signed_one_is_named():
    (verdict,) = check([found("27651")], (), STANDING, region="370700")
    assert verdict.state == "differs"
    assert "27650件" in verdict.why


def test_a_number_that_no_figure_stands_behind_is_said_so():
    (verdict,) = check([found("3000", unit="人", identity="")], (), STANDING, region="370700")
    assert verdict.state == "unknown"


def test_a_number_whose_figure_is_not_signed_that_day_is_said_so():
    (verdict,) = check([found("3", identity="others")], (), STANDING, region="370700")
    assert verdict.state == "unsigned"


def test_a_growth_rate_is_computed_from_the_two_signed_figures():
    before = {
        FigureKey("patents", "370700", date(2024, 12, 16), ""): signed(
            "patents", "26000", day=date(2024, 12, 16)
        )
    }
    standing = replace(STANDING, before=before)
    right, wrong = (
        found("6.3", unit="%", places=1, kind="change"),
        found("6.4", unit="%", places=1, kind="change"),
    )
    states = [one.state for one in check([right, wrong], (), standing, region="370700")]
    assert states == ["matches", "differs"]


def word_file(facts):
    document, _ = build(
        parse("# 题\n共{{patents}}，产品{{products 格式=多100}}。"), facts=facts, place=CITY, as_of=DAY
    )
    return docx(document)


def edited(data, old, new):
    word = python_docx.Document(BytesIO(data))
    for node in word.element.body.iter():
        if node.tag.endswith("}t") and node.text == old:
            node.text = new
    out = BytesIO()
    word.save(out)
    return out.getvalue()


def test_a_word_file_remembers_what_was_locked_where(facts):
    controls, region, day = read_controls(word_file(facts))
    assert (region, day) == ("370700", DAY)
    assert [(one.key.id, one.written, one.now) for one in controls] == [
        ("patents", "27650件", "27650件"), ("products", "1300多个", "1300多个"),
    ]  # fmt: skip


def test_a_number_edited_by_hand_in_word_is_found_even_where_its_sentence_is_not_understood(facts):
    controls, _, _ = read_controls(edited(word_file(facts), "1300多个", "1400多个"))
    verdicts = check([], controls, STANDING, region="370700")
    assert ("differs", "“特色产品”成稿时写的是 1300多个，现在是 1400多个") in [
        (one.state, one.why) for one in verdicts
    ]


def test_a_number_corrected_since_the_file_was_made_differs(facts):
    controls, _, _ = read_controls(word_file(facts))
    newer = Signed({FigureKey("patents", "370700", DAY, ""): replace(PATENTS, value=Decimal(27655))})
    assert "成稿后已更正" in check([], controls[:1], newer, region="370700")[0].why


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"PK\x03\x04" + b"\x00" * 200, b"%PDF-1.7"])
def test_a_broken_file_has_no_controls(data):
    assert read_controls(data) == ((), "", None)


@settings(deadline=None)
@given(st.binary(max_size=400), st.integers(min_value=0, max_value=40_000))
def test_a_truncated_or_scribbled_word_file_has_no_controls_or_the_true_ones(noise, at):
    whole = _whole()
    data = whole[:at] + noise + whole[at + len(noise) :]
    for one in read_controls(data)[0]:
        assert one.key.id in {"patents", "products"}


_KEPT: list[bytes] = []


def _whole() -> bytes:
    if not _KEPT:
        _KEPT.append(word_file(city_facts()))
    return _KEPT[0]


def an_earlier(value, *, day=DAY, kind="stock", identity="patents"):
    return Earlier(
        1,
        "早先的通稿",
        date(2025, 12, 1),
        FigureKey(identity, "370700", day, ""),
        kind,
        Decimal(value),
        f"{value}件",
    )


def test_a_number_that_contradicts_an_earlier_bulletin_is_flagged_with_both(facts):
    document, _ = build(parse("# 题\n{{patents}}"), facts=facts, place=CITY, as_of=DAY)
    (one,) = contradictions(document, [an_earlier("27000")])
    assert "27650件" in str(one)
    assert "27000件" in str(one)
    assert "早先的通稿" in str(one)
    assert contradictions(document, [an_earlier("27650"), an_earlier("30000", day=date(2025, 11, 1))]) == ()


def test_a_cumulative_number_that_fell_is_flagged(facts):
    document, _ = build(parse("# 题\n{{products}}"), facts=facts, place=CITY, as_of=DAY)
    fell = an_earlier("2000", day=date(2025, 11, 1), kind="cumulative", identity="products")
    assert "只增不减" in str(contradictions(document, [fell])[0])
    assert key("products") in facts.figures
