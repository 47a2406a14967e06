"""What is typed wrongly at `zhicheng policies` is answered with the place, the value and the rule, and exits 2."""

from __future__ import annotations

import sys

import pytest

from zhicheng.cli import main as cli

HONOURS = """fact,organisation,person,holder_kind,region,honour,granted_on,revoked_on,object
1,A,,enterprise,370783,china_patent_award/gold,2024-11-20,,p1
"""
GOOD = "name: x\nchanges:\n- clause: weifang.china_patent_gold\n  set: {amount: 1500000}\n"


@pytest.fixture
def place(tmp_path):
    folder = tmp_path / "facts"
    folder.mkdir()
    (folder / "honours.csv").write_text(HONOURS, encoding="utf-8")
    files = {
        "good.yaml": GOOD.encode(), "garbage.yaml": b"garbage: [1,2", "bytes.yaml": b"\x00\xff", "list.yaml": b"[]",
        "clause.yaml": GOOD.replace("gold", "nowhere").encode(), "key.yaml": b"name: x\nchangs: []\n",
        "huge.yaml": b"name: x\nchanges:\n" + GOOD.split("changes:\n")[1].encode() * 10_000,
        "deep.yaml": b"name: x\nchanges: " + b"[" * 5000 + b"]" * 5000, "empty.yaml": b"",
        "text.yaml": GOOD.replace("1500000", "很多").encode(),
    }  # fmt: skip
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    return tmp_path


def typed(monkeypatch, capsys, place, *words):
    """Exit code and what was printed, as a shell sees them."""
    monkeypatch.setattr(
        sys, "argv", ["zhicheng", "policies", *(one.replace("@", f"{place}/") for one in words)]
    )
    code = 0
    try:
        cli.run()
    except SystemExit as stop:
        code = stop.code
    found = capsys.readouterr()
    return code, found.out, found.err


FACTS = ("--facts", "@facts", "--as-of", "2025-12-16")
WRONG = [
    (("evaluate", "--policy", "nope", *FACTS), "没有政策“nope”。现有：weifang"),
    (("evaluate", "--region", "999999", *FACTS), "没有区划“999999”。请写六位行政区划代码"),
    (("evaluate", "--region", "寿光", *FACTS), "没有区划“寿光”"),
    (("evaluate", "--year", "1800", *FACTS), "年度 1800 不在 1985 至 2100 之间"),
    (("evaluate", "--year", "今年", *FACTS), "--year 的值不对：“今年”不是数"),
    (("evaluate", "--format", "pdf", *FACTS), "“pdf”应为 'table', 'json', 'csv', 'xlsx' 之一"),
    (("evaluate", "--as-of", "2025-13-40", "--facts", "@facts"), "“2025-13-40”不是有效日期"),
    (("evaluate", "--facts", "@nowhere"), "没有目录“"),
    (("evaluate", "--output", "@no/x.csv", "--format", "csv", *FACTS), "x.csv：没有目录"),
    (("evaluate", "--output", "@no/x.xlsx", "--format", "xlsx", *FACTS), "x.xlsx：没有目录"),
    (("evaluate", "--yaer", "2025"), "没有选项 --yaer。是否要写 --year"),
    (("explain",), "缺少 ORGANISATION"),
    (("explain", "无此单位", *FACTS), "没有主体“无此单位”"),
    (("explain", "A", "no.clause", *FACTS), "没有条款“no.clause”。现有：weifang."),
    (("simulate", "@missing.yaml", *FACTS), "没有文件“"),
    (("simulate", "@facts", *FACTS), "是目录，这里要一个文件"),
    (("simulate", "@garbage.yaml", *FACTS), "garbage.yaml 第 1 行：不是合法的 YAML"),
    (("simulate", "@bytes.yaml", *FACTS), "bytes.yaml 第 1 行：不是 UTF-8 编码"),
    (("simulate", "@list.yaml", *FACTS), "list.yaml 第 1 行：内容不是键与值"),
    (("simulate", "@empty.yaml", *FACTS), "empty.yaml 第 1 行"),
    (("simulate", "@key.yaml", *FACTS), "key.yaml 第 1 行：“changes”缺少这个键"),
    (("simulate", "@huge.yaml", *FACTS), "huge.yaml 第 1 行：文件超过 256 KB"),
    (("simulate", "@deep.yaml", *FACTS), "deep.yaml"),
    (
        ("simulate", "@clause.yaml", *FACTS),
        "clause.yaml 第 3 行：没有条款或政策“weifang.china_patent_nowhere”",
    ),
    (
        ("simulate", "@text.yaml", *FACTS),
        "text.yaml 第 4 行：“versions.2024-01-01.amount”须是一个数，现为“很多”",
    ),
]


@pytest.mark.parametrize(("words", "said"), WRONG, ids=[" ".join(words[:3]) for words, _ in WRONG])
def test_a_wrong_word_is_refused_in_words_and_exits_two(monkeypatch, capsys, place, words, said):
    code, out, err = typed(monkeypatch, capsys, place, *words)
    assert (code, out) == (2, "")
    assert said in err
    assert "Traceback" not in err


def test_an_empty_answer_says_so_beside_the_result_and_is_no_error(monkeypatch, capsys, place):
    code, out, err = typed(
        monkeypatch, capsys, place, "evaluate", "--year", "2019", "--format", "json", *FACTS
    )
    assert (code, out.strip()) == (0, "[]")
    assert "没有符合条件的结论" in err


def test_a_good_what_if_prints_its_difference(monkeypatch, capsys, place):
    code, out, _ = typed(monkeypatch, capsys, place, "simulate", "@good.yaml", *FACTS)
    assert code == 0
    assert "差额 500,000.00 元" in out
