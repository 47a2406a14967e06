"""A city's settings over a shipped matter, and the verbs that need no database."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from zhicheng.apps.cases.matter_commands import matters
from zhicheng.catalogue.loader import BUILT_IN
from zhicheng.catalogue.matter_loader import load_matters, matter_of
from zhicheng.catalogue.policy_yaml import CatalogueError
from zhicheng.kernel.refusals import Refusal

HEAD = "code: admin_adjudication\nversion: 1\n"


def city(folder: Path, text: str):
    (folder / "matters").mkdir()
    (folder / "matters" / "admin_adjudication.settings.yaml").write_text(HEAD + text, encoding="utf-8")
    return matter_of("admin_adjudication", 1, load_matters([BUILT_IN, folder]))


def test_a_city_promises_chooses_readings_and_numbers_its_papers_without_copying_the_matter(tmp_path):
    matter = city(
        tmp_path,
        "limits:\n"
        "  conclude: {opens: {roll: roll, order: extensions_last}, promised: 2 months}\n"
        "  correction_term: {term: 10 days, source: {title: 示例办案规则}}\n"
        "series: {decision: '示例〔{year}〕{n}号'}\n",
    )
    conclude = matter.limit("conclude")
    assert (conclude.rolls, conclude.order, str(conclude.promised)) == (True, "extensions_last", "2 个月")
    assert (matter.limit("correction_term").amount, matter.limit("correction_term").source.title) == (
        10,
        "示例办案规则",
    )
    assert {one.id: one.pattern for one in matter.series}["decision"] == "示例〔{year}〕{n}号"


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("limits:\n  conclude: {term: 6 months, source: {title: 示例}}\n", 4, "是法定时限"),
        ("limits:\n  correction_term: {term: 10 days}\n", 4, "没有写依据"),
        ("limits:\n  conclude: {promised: 4 months}\n", 4, "不能确定不长于"),
        ("limits:\n  filing: {opens: {roll: stay}}\n", 4, "没有未明之处"),
        ("limits:\n  unknown: {promised: 1 days}\n", 4, "没有“unknown”"),
        ("colour: red\n", 3, "没有这个键"),
    ],
)
def test_settings_that_overstep_are_refused_with_file_and_line(tmp_path, text, line, why):
    with pytest.raises(CatalogueError, match=why) as refused:
        city(tmp_path, text)
    assert (refused.value.file, refused.value.line) == ("admin_adjudication.settings.yaml", line)


def test_the_verbs_list_show_and_export_a_matter(tmp_path):
    runner = CliRunner()
    listed = json.loads(runner.invoke(matters, ["list", "--format", "json"]).output)
    assert {"admin_adjudication", "mediation", "enquiry"} <= {one["code"] for one in listed}
    shown = runner.invoke(matters, ["show", "mediation"]).output
    assert "【调解】，由调解员" in shown
    assert "国家知识产权局令第81号" in shown
    target = tmp_path / "a.bpmn"
    assert "已写入" in runner.invoke(matters, ["export", "enquiry", "--to", str(target)]).output
    assert target.read_text(encoding="utf-8").startswith("<?xml")
    assert runner.invoke(matters, ["export", "enquiry", "--format", "svg"]).output.startswith("<svg")
    assert (
        json.loads(runner.invoke(matters, ["export", "enquiry", "--format", "json"]).output)["code"]
        == "enquiry"
    )
    assert isinstance(runner.invoke(matters, ["show", "nothing"]).exception, Refusal)


def test_check_names_file_and_line_of_a_broken_definition_and_still_checks_the_others(tmp_path):
    good = (BUILT_IN / "matters" / "enquiry.yaml").read_text(encoding="utf-8")
    (tmp_path / "enquiry.yaml").write_text(good, encoding="utf-8")
    bad = tmp_path / "enquiry.v1.yaml"
    bad.write_text(good.replace("roles: [handler]", "roles: [nobody]", 1), encoding="utf-8")
    answer = CliRunner().invoke(matters, ["check", str(bad), str(tmp_path / "enquiry.yaml")])
    assert isinstance(answer.exception, Refusal)
    assert "enquiry.v1.yaml 第" in answer.output
    assert "示例 1 个全部相符" in answer.output


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ("matters check {bad}", 2, "第 2 行"),
        ("clock add --from 2026-12-25 --working-days 10 --format json", 2, "2027"),
        (
            "clock add --from 2026-07-16 --months 3 --stop 2026-08-01..2026-08-20 --format json",
            0,
            '"due": "2026-11-05"',
        ),
    ],
)
def test_the_command_line_exits_2_with_the_reason(tmp_path, words, code, said):
    bad = tmp_path / "bad.yaml"
    bad.write_text("code: bad\nversion: x\n", encoding="utf-8")
    found = subprocess.run(
        [sys.executable, "-c", "from zhicheng.cli.main import run; run()", *words.format(bad=bad).split()],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert found.returncode == code
    assert said in found.stdout + found.stderr
