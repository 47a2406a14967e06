"""What strangers may put into a policy folder, an expression or a what-if: refused with file, place, value and rule."""

from __future__ import annotations

import duckdb
import pytest

from zhicheng.catalogue.policy_changes import MOST_CHANGES, load_changes
from zhicheng.catalogue.policy_loader import POLICIES, load_policies
from zhicheng.catalogue.policy_yaml import CatalogueError, read_yaml
from zhicheng.engines.incentives.evaluation import evaluate, open_tables
from zhicheng.engines.incentives.examples import EXAMPLE_DAY
from zhicheng.engines.incentives.expressions import compile_expression
from zhicheng.engines.incentives.linting import lint
from zhicheng.kernel.refusals import Refusal

DOCUMENT = (
    "id: demo\ntitle: {zh: 试, en: try}\nissuer: 某局\nsource: {title: 试}\n"
    "valid_from: 2020-01-01\nvalid_to: 2030-12-31\nreview: 已审查\n"
)
CLAUSE = """id: demo.award
name: {zh: 奖, en: award}
fact: honours
versions:
  2024-01-01:
    when: "honour = 'x'"
    amount: AMOUNT
    source: {title: 试}
"""
COLUMNS = {"base": "money", "kind": "text", "day": "date"}


def folder(tmp_path, text):
    (tmp_path / "demo.yaml").write_text(DOCUMENT, encoding="utf-8")
    (tmp_path / "demo.award.yaml").write_text(text, encoding="utf-8")
    return [tmp_path]


@pytest.mark.parametrize(
    ("amount", "rule"),
    [
        ("-1", "不能小于 0"),
        ("1.005", "最多 2 位小数"),
        ("1" * 19, "最多 18 位数字"),
        ("1.0e+999999", "最多 18 位数字"),
        (".nan", "须是一个数"),
        ("-.inf", "须是一个数"),
        ("NaN", "须是有限的数"),
        ("1,000", "须是一个数"),
        ("true", "须是一个数"),
        ("[1]", "须是一个数"),
        ("2024-01-01", "须是一个数"),
        ("!!binary aGk=", "类型标记"),
        ("2024-13-01", "不是日历上的一天"),
        ("{}", "须且只能写一种"),
        ("010", "写法有歧义"),
        ("0x10", "写法有歧义"),
        ("1:30", "写法有歧义"),
    ],
)
def test_an_amount_that_is_not_plain_money_is_refused_with_its_line_and_value(tmp_path, amount, rule):
    with pytest.raises(CatalogueError, match=rule) as refused:
        load_policies(folder(tmp_path, CLAUSE.replace("AMOUNT", amount)))
    assert "demo.award.yaml" in str(refused.value)
    assert refused.value.line == 7
    assert "Input should" not in str(refused.value)


@pytest.mark.parametrize(
    ("more", "rule"),
    [
        ("    bonus: 1\n", "bonus.*没有这个键"),
        ("    ? [a]\n    : 1\n", "键须是一个词"),
        ("    <<: {once: true}\n", "键须是一个词"),
        ("    once: 1.5\n", "once.*须是 true 或 false"),
        ("    until: tomorrow\n", "until.*2024-01-01 这样的日期"),
        ("    caps: [{amount: -5}]\n", r"caps\.0\.amount.*不能小于 0.*-5"),
        ("    caps: [{amount: 5, period: month}]\n", "period.*只可为.*month"),
        ("    budget: {years: {99999: 1}}\n", "不能大于 2999"),
        ("    sharing: {city: 1.5}\n", "sharing.city.*须是整数.*1.5"),
        ("    same_matter: {group: ../../x, rule: highest}\n", "group.*小写字母"),
        ("    negative_list: {kinds: [../x]}\n", "kinds.*小写字母"),
        ("fact: honours\n", "键“fact”重复"),
    ],
)
def test_a_key_or_value_outside_the_form_is_refused_with_its_place(tmp_path, more, rule):
    with pytest.raises(CatalogueError, match=rule):
        load_policies(folder(tmp_path, CLAUSE.replace("AMOUNT", "1") + more))


@pytest.mark.parametrize("name", ["../etc/passwd", "demo.other", "DEMO.AWARD"])
def test_an_id_that_is_not_the_name_of_its_file_is_refused(tmp_path, name):
    with pytest.raises(CatalogueError, match="与文件名不同"):
        load_policies(folder(tmp_path, CLAUSE.replace("AMOUNT", "1").replace("demo.award", name)))


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (CLAUSE.encode("gbk"), "不是 UTF-8"),
        (CLAUSE.encode("utf-16"), "不是 UTF-8"),
        (b"\0" * 10, "不是合法的 YAML"),
        (b"", "内容不是键与值"),
        (b"a: !!python/object/apply:os.system ['true']", "类型标记"),
        (b"a: &x [*x]", "别名或锚点"),
        (b"a: " + b"{b: " * 5000, "嵌套超过"),
    ],
    ids=["gbk", "utf-16", "nul", "empty", "tag", "recursion", "nested"],
)
def test_a_file_that_is_no_plain_utf8_yaml_is_refused(tmp_path, content, rule):
    path = tmp_path / "demo.award.yaml"
    path.write_bytes(content)
    with pytest.raises(CatalogueError, match=rule):
        read_yaml(path)


def test_a_byte_order_mark_does_no_harm(tmp_path):
    folders = folder(tmp_path, CLAUSE.replace("AMOUNT", "1"))
    path = tmp_path / "demo.award.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert load_policies(folders).clause("demo.award")


@pytest.mark.parametrize("target", ["demo.award.yaml", "nowhere"], ids=["loop", "broken"])
def test_a_link_that_leads_nowhere_is_refused(tmp_path, target):
    (tmp_path / "demo.award.yaml").symlink_to(target)
    with pytest.raises(CatalogueError, match=r"demo\.award\.yaml.*链接"):
        load_policies([tmp_path])


def test_a_folder_that_contains_itself_is_read_once(tmp_path):
    folders = folder(tmp_path, CLAUSE.replace("AMOUNT", "1"))
    (tmp_path / "again").symlink_to(tmp_path)
    assert len(load_policies(folders).clauses) == 1


@pytest.mark.parametrize(
    ("columns", "rule"),
    [
        ("date: nope, columns: {day: {type: date, label: 日}}", "nope.*没有声明"),
        ("date: z_day, columns: {z_day: {type: date, label: 日}}", "z_day.*保留"),
        ("date: day, columns: {day: {type: date, label: 日}, fact: {type: text, label: 号}}", "fact.*保留"),
    ],
)
def test_a_fact_may_not_take_names_the_engine_uses(tmp_path, columns, rule):
    (tmp_path / "facts.yaml").write_text(
        f"demo: {{label: 试, supplied_by: 某局, {columns}}}\n", encoding="utf-8"
    )
    with pytest.raises(CatalogueError, match=rule):
        load_policies([tmp_path])


@pytest.mark.parametrize(
    "text",
    [
        "(select 1) = 1", "exists (select 1)", "kind in (select kind from payments)", "kind = 'x'; drop table t",
        "kind = 'x' union select 1", "kind = 'x' -- and false", "kind = 'x' /* y */", "pragma version",
        "attach 'x.db'", "copy t to 'x'", "read_csv('/etc/passwd') is not null", "getenv('HOME') = 'x'",
        "current_user = 'x'", "current_date > day", "row_number() over () = 1", "range(1000000000) is null",
        "x -> x", "[1, 2][1] = 1", "{'a': 1}.a = 1", "kind ~ 'a+'", "kind like 'a' escape 'b'", "payments.amount > 1",
        ":secret = 1", "? = 1", "* = 1", "base / 3 > 1", "base // 3 > 1", "base % 3 = 1", "base * 1e0 > 1",
        "base > 1e400", f"base > {'9' * 60}", "base > 0x10", "base > 'nan'::double", "try_cast(base as float) > 1",
        "cast(base as varchar) = '1'", "day > date 'zzz'", "day > date '2024-13-01'", "base ＞ 1", "ba\u200bse > 1",
        "kind = 'a' \u202e or true", "kind = ‘x’", "", "   ", "kind = 'it's'",
        "(" * 10_000 + "1" + ")" * 10_000, "not " * 3000 + "true", "not " * 400 + "true", "base > " + "- " * 800 + "1",
        "case when base > 1 then " * 80 + "1" + " end" * 80,
    ],
    ids=lambda text: text[:24],
)  # fmt: skip
def test_an_expression_outside_the_closed_language_is_refused_in_words(text):
    with pytest.raises(Refusal) as refused:
        compile_expression(text, COLUMNS)
    assert refused.value.fix


@pytest.mark.parametrize(
    "text",
    [
        "kind = 'a'' or ''1''=''1'",
        "kind = '{x}'",
        "kind = '\\'",
        "kind in ('a;b', '--', '/*')",
        "kind = '%s'",
    ],
)
def test_a_hostile_text_is_only_ever_a_value(text):
    sql = compile_expression(text, COLUMNS).sql("duckdb")
    connection = duckdb.connect()
    connection.execute("create table t as select 'x' as kind, 1 as base, current_date as day")
    assert connection.execute(f"select count(*) from t where {sql}").fetchall() == [(0,)]


def test_an_open_evaluation_reads_no_file():
    connection = open_tables(load_policies(), {})
    with pytest.raises(duckdb.PermissionException):
        connection.execute("select * from read_csv('/etc/hostname')")


@pytest.mark.parametrize("when", ["granted_on = 5", "granted_on > honour", "honour > 5 and granted_on"])
def test_a_value_of_another_kind_is_refused_with_the_clause_and_the_condition(tmp_path, when):
    text = CLAUSE.replace("AMOUNT", "1").replace("honour = 'x'", when)
    program = load_policies(
        folder(tmp_path, text + "examples: [{honour: x, granted_on: 2024-05-05, expect: 1}]\n")
    )
    with pytest.raises(Refusal, match=r"demo\.award|算不成"):
        evaluate(
            program,
            {"honours": [{"fact": "1", "honour": "x", "granted_on": "2024-05-05"}]},
            as_of=EXAMPLE_DAY,
        )
    assert "expression" in {one.code for one in lint(program)}


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ("{clause: weifang.china_patent_gold, set: {amount: -1}}", "不能小于 0"),
        ("{clause: weifang.china_patent_gold, set: {amount: .inf}}", "须是一个数"),
        ("{clause: weifang.china_patent_gold, set: {__class__: 1}}", "没有这个键"),
        ("{clause: weifang.china_patent_gold, set: {file: /etc/passwd}}", "没有这个键"),
        ("{clause: weifang.china_patent_gold, set: {....: 1}}", "没有这个键"),
        ("{clause: weifang.china_patent_gold, version: 2023-01-01, set: {amount: 1}}", "没有 2023-01-01 版"),
        ("{policy: weifang, set: {id: ../x}}", "小写字母"),
        ("{add: {id: ../x}}", "小写字母"),
        ("{add: {id: weifang.china_patent_gold, NEW}}", "已有条款"),
        ("{add: {id: nowhere.x, NEW}}", "没有条款或政策"),
        ("{add: {id: weifang.x, NEW, fact: nothing}}", "没有声明事实"),
        ("{drop: weifang.haopin_shandong, clause: weifang.china_patent_gold}", "之一"),
        ("{}", "之一"),
        ("{drop: !!python/name:os.system ''}", "类型标记"),
        ("{drop: a, dorp: b}", "没有这个键"),
        (", ".join(["{drop: weifang.haopin_shandong}"] * (MOST_CHANGES + 1)), f"最多 {MOST_CHANGES} 项"),
    ],
)
def test_a_hostile_what_if_is_refused_like_a_hostile_file(tmp_path, changes, rule):
    fact = "" if "fact:" in changes else "fact: honours, "
    new = f"name: {{zh: 试, en: x}}, {fact}versions: {{2024-01-01: {{when: \"honour = 'x'\", amount: 1}}}}"
    path = tmp_path / "change.yaml"
    path.write_text(f"name: 试\nchanges: [{changes.replace('NEW', new)}]\n", encoding="utf-8")
    with pytest.raises(Refusal, match=rule):
        load_changes(path, load_policies([POLICIES]))


def test_an_injection_in_a_what_if_is_refused_when_it_is_run(tmp_path):
    path = tmp_path / "change.yaml"
    path.write_text(
        'name: 试\nchanges: [{clause: weifang.china_patent_gold, set: {when: "1 = 1; drop table fact_honours"}}]\n',
        encoding="utf-8",
    )
    variant = load_changes(path, load_policies()).variant
    with pytest.raises(Refusal, match="分号"):
        evaluate(variant, {"honours": []}, as_of=EXAMPLE_DAY)
