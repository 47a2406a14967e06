"""Matters shipped and matters a city writes: proved, played, refused with file and line."""

from datetime import date
from pathlib import Path

import pytest

from zhicheng.catalogue import matter_loader
from zhicheng.catalogue.loader import load_catalogue
from zhicheng.catalogue.matter_loader import check_matter, load_matters, matter_of, read_matter
from zhicheng.catalogue.policy_yaml import CatalogueError
from zhicheng.kernel.refusals import NotFound

FOLDER = Path(matter_loader.__file__).parent / "matters"
SHIPPED = sorted(FOLDER.glob("*.yaml"))
SMALL = """
code: small
version: 1
name: {zh: 小事项, en: Small matter}
counts_as: other
category: public_service
purpose: 只用于测试。
laws:
  rule: {title: 示例规定, date: 2026-01-01}
sources: [rule]
filers: [public]
confidentiality: parties
roles:
  applicant: {name: {zh: 申请人, en: Applicant}, kind: party}
  handler: {name: {zh: 承办人, en: Handler}, accounts: [city_officer]}
fields:
  kind: {label: {zh: 种类, en: Kind}, type: choice, required: true, help: 选一种, choices: {a: 甲, b: 乙}}
  amount: {label: {zh: 数目, en: Amount}, type: integer, help: 件数}
stages:
  draft: {name: {zh: 填写, en: Draft}, kind: start, role: applicant, task: 填写}
  open: {name: {zh: 办理, en: Open}, role: handler, task: 办理}
  closed: {name: {zh: 办结, en: Closed}, kind: final}
actions:
  file: {name: {zh: 提交, en: File}, from: draft, to: open, roles: [applicant], accepts: true, effects: [start_clock: answer]}
  finish:
    name: {zh: 办结, en: Finish}
    from: open
    to: closed
    roles: [handler]
    guard: kind = 'a'
    guard_words: 只办理甲类
    effects: [set_outcome: done, meet_clock: answer]
limits:
  answer: {name: {zh: 办理期限, en: Term}, term: 20 working_days, promised: 5 working_days, source: rule 第一条}
outcomes:
  done: {name: {zh: 办成, en: Done}, counts_as: handled}
examples:
  - name: 二十个工作日
    received: 2026-03-02
    facts: {kind: a}
    steps:
      - {day: 2026-03-02, do: file, as: applicant, expect: open, due: {answer: 2026-03-30}}
      - {day: 2026-03-05, do: finish, as: handler, expect: closed}
    outcome: done
"""


def write(folder: Path, text: str, name: str = "small.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("path", SHIPPED, ids=lambda one: one.stem)
def test_a_shipped_matter_is_proved_and_its_examples_come_out_as_stated(path):
    matter = check_matter(path)
    assert matter.examples
    assert all(one.source.title for one in matter.limits)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda one: one.stem)
def test_a_shipped_matter_feeds_indicators_that_exist(path):
    known = load_catalogue().indicators
    assert [one.indicator for one in read_matter(path).feeds if one.indicator not in known] == []


@pytest.mark.parametrize("path", SHIPPED, ids=lambda one: one.stem)
def test_every_field_of_a_shipped_matter_has_a_help_text_and_every_task_its_words(path):
    matter = read_matter(path)
    fields = [*matter.fields, *(field for action in matter.actions for field in action.fields)]
    assert [one.id for one in fields if not one.help] == []
    assert [one.id for one in matter.stages if one.kind != "final" and not one.task] == []


def test_a_small_definition_is_accepted(tmp_path):
    assert check_matter(write(tmp_path, SMALL)).code == "small"


@pytest.mark.parametrize(
    ("old", "new", "line_of", "words"),
    [
        ("purpose: 只用于测试。", "purpose: 只用于测试。\ncolour: red", "colour", "没有这个键"),
        ("guard: kind = 'a'", "guard: kind = 'c'", "guard:", "不是“kind”的选项"),
        ("guard: kind = 'a'", "guard: colour = 'a'", "guard:", "没有的列"),
        ("guard: kind = 'a'", "guard: amount = 'a'", "guard:", "不同种类"),
        ("guard: kind = 'a'", "guard: amount + 1", "guard:", "不是一个条件"),
        ("    guard_words: 只办理甲类\n", "", "finish:", "没有说法"),
        ("promised: 5 working_days", "promised: 21 working_days", "answer:", "不能确定不长于"),
        ("promised: 5 working_days", "promised: 1 months", "answer:", "不能确定不长于"),
        (", source: rule 第一条", "", "answer:", "缺少这个键"),
        ("source: rule 第一条", "source: law 第一条", "answer:", "没有的依据“law”"),
        ("roles: [handler]", "roles: []", "roles: []", "不能为空"),
        ("roles: [handler]", "roles: [boss]", "roles: [boss]", "没有“boss”"),
        ("set_outcome: done, meet_clock: answer", "meet_clock: answer", "finish:", "没有结果"),
        ("set_outcome: done, meet_clock: answer", "set_outcome: done", "answer:", "没有动作会完成"),
        ("    to: closed\n", "", "open:", "没有出路"),
        ("from: draft, to: open", "from: draft, to: closed", "open:", "到不了"),
        (", accepts: true", "", "actions:", "没有动作写明何时算作受理"),
        ("    guard: kind = 'a'", "    accepts: true\n    guard: kind = 'a'", "finish:", "却不是把办件转入办理的一步"),
    ],
)  # fmt: skip
def test_a_definition_that_cannot_be_proved_is_refused_with_file_and_line(tmp_path, old, new, line_of, words):
    assert old in SMALL
    text = SMALL.replace(old, new)
    with pytest.raises(CatalogueError, match=words) as refused:
        read_matter(write(tmp_path, text))
    assert refused.value.file == "small.yaml"
    assert line_of in text.splitlines()[refused.value.line - 1]


def test_an_example_that_comes_out_otherwise_is_named_with_its_step(tmp_path):
    wrong = write(tmp_path, SMALL.replace("2026-03-30", "2026-03-31"))
    with pytest.raises(CatalogueError, match=r"第 1 步.*应于 2026-03-31 届满，实为 2026-03-30"):
        check_matter(wrong)


def test_versions_stand_side_by_side_when_their_days_do_not_overlap(tmp_path):
    folder = tmp_path / "matters"
    folder.mkdir()
    first = SMALL.replace("laws:", "until: 2026-06-30\nlaws:")
    second = SMALL.replace("version: 1", "version: 2").replace("laws:", "since: 2026-07-01\nlaws:")
    write(folder, first, "small.v1.yaml")
    write(folder, second, "small.yaml")
    matters = load_matters([tmp_path])
    assert [(one.version, one.until, one.since) for one in matters] == [
        (1, date(2026, 6, 30), None),
        (2, None, date(2026, 7, 1)),
    ]
    assert matter_of("small", 1, matters).version == 1
    with pytest.raises(NotFound, match="第 3 版"):
        matter_of("small", 3, matters)


def test_versions_that_hold_on_the_same_day_are_refused(tmp_path):
    folder = tmp_path / "matters"
    folder.mkdir()
    write(folder, SMALL, "small.v1.yaml")
    write(folder, SMALL.replace("version: 1", "version: 2"), "small.v2.yaml")
    with pytest.raises(CatalogueError, match="重叠或不明"):
        load_matters([tmp_path])


def test_a_file_must_be_named_after_its_matter(tmp_path):
    with pytest.raises(CatalogueError, match="文件名与 code"):
        read_matter(write(tmp_path, SMALL, "other.yaml"))


def test_a_decision_is_issued_only_by_the_act_of_who_may_approve_it(tmp_path):
    issuing = SMALL.replace("[set_outcome: done,", "[issue_document: ruling, set_outcome: done,").replace(
        "examples:",
        "templates:\n  ruling: {title: {zh: 决定书, en: Ruling}, kind: decision, text: 决定如上。}\nexamples:",
    )
    with pytest.raises(CatalogueError, match="承办人没有审批权限"):
        read_matter(write(tmp_path, issuing))
    able = issuing.replace(
        "accounts: [city_officer]}", "accounts: [city_officer], permission: cases.approve}"
    )
    assert read_matter(write(tmp_path, able)).templates[0].id == "ruling"
