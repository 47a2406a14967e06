"""Hostile templates: whatever people or programs write is a template or a refusal in words, in bounded time."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhicheng.engines.bulletins import BuildStopped, TemplateError, build, parse
from zhicheng.engines.bulletins.html import html_body
from zhicheng.engines.bulletins.markdown import markdown

from .conftest import CITY, DAY, city_facts

FACTS = city_facts()

pieces = st.sampled_from(
    ["{{", "}}", "{{如果 patents > 0}}", "{{否则}}", "{{完}}", "{{patents}}", "{{表 patents}}", "\n", "# ", "{", "|",
     "<script>", "=1+1", "{%", "${", "{{patents 格式=", "'", '"', "\\", "１", "\u202e"]
) | st.text(max_size=6)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(pieces, max_size=40).map("".join))
def test_any_text_is_a_template_or_a_refusal_in_words(text):
    try:
        template = parse(text)
    except TemplateError as refused:
        said = (refused.what, refused.fix)
        assert all(said)
        return
    document, _ = build(template, facts=FACTS, place=CITY, as_of=DAY, lenient=True)
    assert "<script" not in html_body(document, address=lambda one: one.id, picture=lambda *_: "")
    markdown(document)


def test_deep_nesting_is_refused_not_followed():
    with pytest.raises(TemplateError, match="最多"):
        parse("{{如果 patents > 0}}" * 500 + "{{完}}" * 500)


def test_a_huge_text_is_refused():
    with pytest.raises(TemplateError, match="上限"):
        parse("字" * 200_000)


def test_a_huge_number_of_placeholders_is_refused():
    with pytest.raises(TemplateError, match="占位超过"):
        parse("{{patents}}" * 2_000)


def test_a_huge_placeholder_is_refused():
    with pytest.raises(TemplateError, match="没有闭合"):
        parse("{{patents " + "格式=万 " * 2_000 + "}}")


def test_unknown_ids_are_all_named_and_none_is_guessed(facts):
    with pytest.raises(BuildStopped) as stopped:
        build(
            parse("# 题\n" + "".join(f"{{{{id_{n}}}}}" for n in range(50))),
            facts=facts,
            place=CITY,
            as_of=DAY,
        )
    assert len(stopped.value.problems) == 50
    assert "另有 38 处" in str(stopped.value)


def test_text_that_looks_like_a_program_stays_text(facts):
    text = "# 题\n=HYPERLINK(\"http://x\") {% include 'x' %} ${7*7} <img src=x onerror=alert(1)> [a](javascript:1)"
    document, _ = build(parse(text), facts=facts, place=CITY, as_of=DAY)
    page = html_body(document, address=lambda one: one.id, picture=lambda *_: "")
    assert "<img" not in page
    assert "\\[a\\](javascript:1)" in markdown(document)
