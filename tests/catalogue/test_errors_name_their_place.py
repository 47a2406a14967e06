"""Whatever is wrong with a policy file, facts.yaml or a file of differences: file, line, key, value and rule, in one language."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils.translation import gettext

from zhicheng.catalogue import wording
from zhicheng.catalogue.policy_changes import apply_changes, load_changes, read_changes
from zhicheng.catalogue.policy_loader import EXAMPLES, POLICIES, build_clause, build_policy, load_policies
from zhicheng.catalogue.policy_yaml import CatalogueError, content_of, read_yaml_text
from zhicheng.kernel import saying

EVERYTHING = load_policies([POLICIES, EXAMPLES])
ENGLISH = re.compile(r"[A-Za-z]+ [a-z]+ [a-z]+")  # a sentence of a library
CHANGES = """name: 试
changes:
  - drop: weifang.haopin_shandong
  - clause: weifang.china_patent_gold
    set:
      clawback: true
      KEY: VALUE
"""


def refused(call, *args, **kwargs) -> CatalogueError:
    with pytest.raises(CatalogueError) as found:
        call(*args, **kwargs)
    return found.value


@pytest.mark.parametrize(
    ("key", "value", "place", "said"),
    [
        ("amount", "-1", "versions.2024-01-01.amount", "不能小于 0，现为“-1”"),
        ("amount", "many", "versions.2024-01-01.amount", "须是一个数，现为“many”"),
        ("amount", "{rate: {of: base, rate: 0}}", "versions.2024-01-01.amount.rate.rate", "须大于 0，现为“0”"),
        ("amount.rate.rate", "0.1", "", "不是可展开的项"),
        ("once", "perhaps", "versions.2024-01-01.once", "须是 true 或 false，现为“perhaps”"),
        ("bonus", "1", "versions.2024-01-01.bonus", "没有这个键"),
        ("caps", "[{amount: 1}, {amount: 5, period: month}]", "versions.2024-01-01.caps.1.period", "只可为 'year' / 'ever'"),
        ("caps.3.amount", "1", "versions.2024-01-01.caps", "须是一列"),
        ("once.x", "1", "", "不是可展开的项"),
    ],
)  # fmt: skip
def test_a_wrong_value_of_a_difference_is_found_on_its_own_line(tmp_path, key, value, place, said):
    text = CHANGES.replace("KEY", key).replace("VALUE", value)
    if key == "once.x":
        text = text.replace("clawback: true", "once: true")
    path = tmp_path / "change.yaml"
    path.write_text(text, encoding="utf-8")
    from_file = refused(load_changes, path, EVERYTHING)
    model = read_changes(text)
    from_page = refused(apply_changes, model.name, model.changes, EVERYTHING, written=model.written)
    for error, file in ((from_file, "change.yaml"), (from_page, "差异")):
        assert (error.file, error.line) == (file, 7)
        assert error.place[:4] == ("changes", 1, "set", key)
        assert f"“{place}”" in str(error) or not place
        assert said in str(error)


@pytest.mark.parametrize(
    ("change", "line", "place"),
    [
        ("  - clause: weifang.nothing\n    set: {amount: 1}\n", 3, ("changes", 0, "clause")),
        ("  - clause: weifang.china_patent_gold\n    version: 2020-01-01\n", 4, ("changes", 0, "version")),
        ("  - {}\n", 3, ("changes", 0)),
        ("  - policy: weifang\n    set:\n      caps: [{amount: x}]\n", 5, ("changes", 0, "set", "caps", 0, "amount")),
        ("  - add:\n      id: weifang.x\n      fact: 5\n", 5, ("changes", 0, "add", "fact")),
        ("  - add: {id: weifang.x, name: {zh: 试, en: x}, fact: nothing, versions: {2024-01-01: {when: a, amount: 1}}}\n",
         3, ("changes", 0, "add", "fact")),
    ],
)  # fmt: skip
def test_a_difference_that_cannot_be_applied_is_found_by_its_key(change, line, place):
    if "fact: 5" in change:
        change += "      name: {zh: 试, en: x}\n      versions: {2024-01-01: {when: a, amount: 1}}\n"
    model = read_changes(f"name: 试\nchanges:\n{change}")
    error = refused(apply_changes, model.name, model.changes, EVERYTHING, written=model.written)
    assert (error.line, error.place) == (line, place)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("id: a\nname [x]\nb: 1\n", 2, "缺少冒号，现为“name [x]”"),
        ("id: a\nwhy: b: c\n", 2, "冒号的文字须加引号，现为“why: b: c”"),
        ("id: a\n\twhy: b\n", 2, "制表符"),
        ("id: a\nwhy: @b\n", 2, "不能以这个符号开头，请加引号，现为“why: @b”"),
        ("id: a\nwhy: 'b\n\n", 2, "没有合上"),
        ("id: a\nwhy: [b, c\n", 2, "没有合上"),
        ("id: a\nwhy: [b c: d e: f]\n", 2, "缺少逗号"),
        ('id: a\nwhy: "\\d"\n', 2, "反斜杠"),
        ("id: a\nwhy:\n  - b\n c\n", 4, "缩进"),
        ("id: a\n---\nid: b\n", 2, "只能有一段"),
        ("id: a\nwhy: b\x00c\n", 2, "不能显示的字符"),
        ("id: a\nuntil: 2024-02-30\n", 2, "“2024-02-30”不是日历上的一天"),
        ("id: a\nwhy: 010\n", 2, "写法有歧义"),
        ("id: a\nwhy: !!bool maybe\n", 2, "类型标记"),
    ],
)
def test_a_text_that_is_no_yaml_is_told_in_words_with_the_line_as_it_stands(text, line, said):
    error = refused(read_yaml_text, text, "x.yaml")
    assert error.line == line
    assert said in str(error)
    assert not ENGLISH.search(str(error).replace("cannot", ""))


@pytest.mark.parametrize(
    ("facts", "line", "said"),
    [
        ("demo:\n  label: 试\n  date: day\n  supplied_by: 某局\n  columns:\n    day: {type: dat, label: 日}\n", 6, "demo.columns.day.type"),
        ("demo:\n  label: 试\n  date: nope\n  supplied_by: 某局\n  columns: {}\n", 3, "nope"),
        ("demo:\n  label: 试\n  date: day\n  supplied_by: 某局\n  columns:\n    day: {type: date, label: 日}\n    z_a: {type: text, label: 甲}\n", 7, "z_a"),
        ("demo: 5\n", 1, "“demo”须是键与值，现为“5”"),
        ("demo:\n  label: 试\n  date: day\n  columns: {}\n", 1, "“demo.supplied_by”缺少这个键"),
    ],
)  # fmt: skip
def test_a_mistake_in_the_facts_names_the_fact_and_the_line(tmp_path, facts, line, said):
    (tmp_path / "facts.yaml").write_text(facts, encoding="utf-8")
    error = refused(load_policies, [tmp_path])
    assert (error.file, error.line) == ("facts.yaml", line)
    assert said in str(error)


CLAUSE = """id: demo.award
name: {zh: 奖, en: award}
fact: honours
object: object
versions:
  2024-01-01:
    when: "honour = 'x'"
    amount: 1000
    source: {title: 试}
examples:
  - {honour: x, granted_on: 2024-05-05, expect: 1000}
"""


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("fact: honours", "fact: nothing", 3, "没有声明事实“nothing”"),
        ("object: object", "object: colour", 4, "没有列“colour”"),
        ("    source:", "    application: asked_on\n    source:", 9, "没有列“asked_on”"),
        ("granted_on: 2024", "granted: 2024", 11, "没有列“granted”"),
        ("{honour: x, granted_on: 2024-05-05, expect: 1000}", "{honour: x, granted_on: 2024-05-05}", 11, "examples.0.expect”缺少这个键"),
        ("expect: 1000}", "expect: 1000, before: 5}", 11, "examples.0.before”须是一列，现为“5”"),
        ("expect: 1000}", "expect: 1000, as_of: soon}", 11, "examples.0.as_of”须是 2024-01-01 这样的日期，现为“soon”"),
        ("source: {title: 试}", "source: {title: 试, span: [1]}", 9, "span"),
    ],
)  # fmt: skip
def test_a_clause_that_names_what_is_not_there_is_found_on_its_line(tmp_path, old, new, line, said):
    (tmp_path / "demo.yaml").write_text(
        "id: demo\ntitle: {zh: 试, en: try}\nissuer: 某局\n", encoding="utf-8"
    )
    (tmp_path / "demo.award.yaml").write_text(CLAUSE.replace(old, new), encoding="utf-8")
    error = refused(load_policies, [tmp_path])
    assert (error.file, error.line) == ("demo.award.yaml", line)
    assert said in str(error)


def places(content, place=()):
    yield place
    inner = (
        content.items()
        if isinstance(content, dict)
        else enumerate(content)
        if isinstance(content, list)
        else ()
    )
    for key, value in inner:
        yield from places(value, (*place, key))


def refusal_of(build, content):
    try:
        build(content, read_yaml_text("a: 1", "x")[1], "x.yaml")
    except CatalogueError as error:
        return error
    return None


WRONG = (None, True, 5, Decimal("-1.5"), "x", "", date(2024, 1, 1), [], [1], {}, {"z": 1})


@pytest.mark.parametrize(
    "owner", ["ex_sd_insurance.premium", "ex_nansha.pledge_interest", "ex_budget.application", "ex_budget.first_come", "ex_budget"]
)  # fmt: skip
def test_any_value_in_any_place_is_taken_or_refused_in_words_and_at_that_place(owner):
    build = build_clause if "." in owner else build_policy
    folder = EXAMPLES / f"{owner}.yaml"
    seen = 0
    for place in places(content_of(folder)):
        if not place or place[0] == "examples":
            continue
        for wrong in WRONG:
            content = content_of(folder)
            target = content
            for step in place[:-1]:
                target = target[step]
            target[place[-1]] = wrong
            error = refusal_of(build, content)
            if error is not None:
                seen += 1
                assert not ENGLISH.search(str(error))
                assert wording.OTHERWISE not in str(error)
                assert error.place[: len(place) - 1] == place[:-1]
    assert seen > 100


def test_what_is_wrong_is_told_in_the_language_handed_in():
    told = {
        "%(file)s 第 %(line)s 行：%(what)s": "%(file)s, line %(line)s: %(what)s",
        "“%(key)s”%(rule)s，现为“%(value)s”。": "“%(key)s” %(rule)s, but is “%(value)s”.",
        "须是一个数": "must be a number",
    }
    before = wording.say("须是一个数")
    saying.translate_by(lambda text: told.get(text, text))
    try:
        error = refused(
            build_policy, {**content_of(EXAMPLES / "ex_budget.yaml"), "caps": [{"amount": "x"}]},
            read_yaml_text("a: 1", "x")[1], str(Path("x.yaml")),
        )  # fmt: skip
    finally:
        saying.translate_by(gettext)
    assert error.what == "x.yaml, line 1: “caps.0.amount” must be a number, but is “x”."
    assert wording.say("须是一个数") == before
