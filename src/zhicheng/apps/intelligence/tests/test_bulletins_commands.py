"""`zhicheng bulletin` as an office uses it: files written, exit codes told apart, refusals in words."""

from __future__ import annotations

import json
from datetime import date

import pytest
from click.testing import CliRunner

from zhicheng.apps.intelligence.bulletin_commands import bulletin
from zhicheng.apps.intelligence.bulletin_demo import play_bulletins
from zhicheng.apps.intelligence.bulletin_models import Bulletin
from zhicheng.catalogue.bulletin_loader import load_bulletins
from zhicheng.catalogue.entry import CatalogueError
from zhicheng.engines.bulletins import BuildStopped
from zhicheng.kernel.refusals import NotFound, Refusal

pytestmark = pytest.mark.django_db
TEXT = "# {{区划}}简报\n\n截至{{截至}}，全市地理标志保护产品总数为{{gi_products_total}}。\n"


def run(*words):
    return CliRunner().invoke(bulletin, [str(word) for word in words], catch_exceptions=True)


@pytest.fixture
def template(world, tmp_path):
    path = tmp_path / "简报.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_a_build_stops_with_the_number_named_and_writes_nothing(template, tmp_path):
    target = tmp_path / "简报.docx"
    answer = run("build", template, "-o", target)
    assert isinstance(answer.exception, BuildStopped)  # the entry point prints it and exits 2
    assert "gi_products_total" in str(answer.exception)
    assert not target.exists()


@pytest.mark.parametrize(
    ("form", "head"), [("docx", b"PK"), ("html", b"<!doctype"), ("md", "# 潍坊市简报".encode())]
)
def test_a_build_writes_the_format_its_name_asks_for(world, template, tmp_path, form, head):
    world.sign(TEXT)
    target = tmp_path / f"简报.{form}"
    assert run("build", template, "-o", target).exit_code == 0
    assert target.read_bytes().startswith(head)


def test_without_a_file_the_text_goes_to_stdout(world, template):
    world.sign(TEXT)
    assert "总数为1件" in run("build", template).stdout


def test_a_format_or_template_that_does_not_exist_is_refused_with_those_that_do(world, template):
    assert "docx" in str(run("build", template, "-o", "x.odt").exception)
    assert isinstance(run("build", "no_such_template").exception, NotFound)


def test_the_check_tells_right_wrong_and_unreadable_files_apart(world, template, tmp_path):
    world.sign(TEXT)
    right = tmp_path / "对.md"
    run("build", template, "-o", right)
    assert run("check", right).exit_code == 0
    wrong = tmp_path / "错.md"
    wrong.write_text(right.read_text().replace("总数为1件", "总数为7件"))
    answer = run("check", wrong)
    assert answer.exit_code == 1
    assert "签发的是 1件" in answer.stdout
    data = json.loads(run("check", wrong, "--format", "json").stdout)
    assert (data["wrong"], data["numbers"][0]["id"], data["numbers"][0]["signed"]) == (
        1,
        "gi_products_total",
        "1",
    )
    assert isinstance(run("check", tmp_path / "没有.docx").exception, Refusal)


def test_templates_and_bulletins_are_listed_and_shown(world):
    world.sign()
    row = world.published()
    listed = json.loads(run("list", "--format", "json").stdout)
    assert [one["id"] for one in listed["templates"]] == [
        "leaders_brief",
        "press_conference",
        "quarterly_report",
    ]
    assert listed["bulletins"][0]["number"] == row.pk
    assert "总数为1件" in run("show", row.pk).stdout
    assert "{{valid_invention_patents" in run("show", "leaders_brief").stdout


def test_a_template_of_the_catalogue_that_names_no_indicator_is_refused(tmp_path):
    folder = tmp_path / "bulletins"
    folder.mkdir()
    (folder / "mine.yaml").write_text(
        "id: mine\nname: {zh: 甲, en: A}\ndescription: 乙\ntext: '# 题 {{no_such}}'\n"
    )
    with pytest.raises(CatalogueError, match="没有的指标“no_such”"):
        load_bulletins([tmp_path])


def test_a_demo_city_that_lacks_figures_keeps_its_bulletin_as_a_draft(world):
    cast = {"officer": world.officer, "reviewer": world.other}
    play_bulletins(cast)
    assert list(Bulletin.objects.values_list("template_id", "status").order_by("pk")) == [
        ("press_conference", "draft"), ("quarterly_report", "draft"),
    ]  # fmt: skip


def test_the_day_of_the_city_is_the_default(world, template):
    world.sign(TEXT)
    assert str(date(2025, 12, 16)) in run("build", template).stdout
