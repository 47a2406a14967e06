"""The command line and the API do what the pages do, with the same rights and refusals."""

from __future__ import annotations

import csv
import json
from datetime import date

import pytest
from click.testing import CliRunner

from zhicheng.apps.accounts.testing import signed_in
from zhicheng.apps.cases.clock_commands import clock
from zhicheng.apps.cases.commands import cases
from zhicheng.apps.cases.models import Case, Handling
from zhicheng.apps.cases.testing import PATENT, REQUEST, filed
from zhicheng.kernel.calendar import CalendarNotPublished
from zhicheng.kernel.refusals import NotAllowed, NotFound, Refusal

pytestmark = pytest.mark.django_db


def run(*words, verb=cases):
    return CliRunner().invoke(verb, [str(one) for one in words], catch_exceptions=False)


def test_list_show_and_act_by_the_command_line(office):
    case = filed(office).case
    listed = run("list", "--as", "shi", "--on", "2026-07-15", "--format", "json")
    assert json.loads(listed.output.splitlines()[0])["number"] == case.number
    shown = json.loads(
        run("show", case.pk, "--as", "fuzeren", "--on", "2026-07-15", "--format", "json").output
    )
    assert {"accept", "refuse_filing"} <= set(shown["actions"])
    done = run("act", case.pk, "accept", "--as", "fuzeren", "--on", "2026-07-16", "--set", "panel_size=three", "--set",
               "known_within_three_years=true")  # fmt: skip
    assert "serving" in done.output
    with pytest.raises(NotFound):
        run("show", case.pk, "--as", "waishi")


def test_importing_names_row_and_reason_keeps_good_rows_and_files_nothing_twice(office, tmp_path):
    rows = [{**REQUEST, "patent_number": PATENT, "外部编号": f"W{number}"} for number in range(3)]
    rows[1]["known_on"] = "三月一日"
    path, rejects = tmp_path / "in.csv", tmp_path / "rejects.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    words = (
        "import",
        path,
        "--as",
        "shi",
        "--matter",
        "admin_adjudication",
        "--on",
        "2026-07-13",
        "--rejects",
        rejects,
    )
    first = CliRunner().invoke(cases, [str(one) for one in words])
    assert first.exit_code == 2
    assert "第 3 行" in first.output
    assert Case.objects.count() == 2
    assert "三月一日" in rejects.read_text(encoding="utf-8-sig")
    again = CliRunner().invoke(cases, [str(one) for one in words])
    assert "登记 0 件，此前已登记 2 件" in again.output
    assert Case.objects.count() == 2


def test_the_export_holds_what_the_list_holds_and_no_formula(office, tmp_path):
    case = filed(office).case
    Handling.objects.filter(pk=case.pk).update(title="=1+1")
    path = tmp_path / "out.csv"
    run("export", path, "--as", "shi", "--on", "2026-07-15")
    rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    assert [(one["案号"], one["案由"]) for one in rows] == [(case.number, "'=1+1")]


def test_a_clock_is_explained_and_a_year_without_a_notice_refused(office):
    case = filed(office).case
    told = run("explain", case.number, "--as", "shi", "--on", "2026-07-15", "--format", "json", verb=clock)
    found = {one["limit"]: one for one in json.loads(told.output)}
    assert found["立案期限（法定）"]["due"] == "2026-07-20"
    assert found["立案期限（承诺）"]["due"] == "2026-07-16"
    late = filed(office, on=date(2026, 12, 29)).case
    with pytest.raises(CalendarNotPublished, match="2027"):
        run("explain", late.pk, "--as", "shi", "--on", "2026-12-30", verb=clock)


def test_the_api_files_shows_clock_and_history_and_marks_a_guess(office):
    case = filed(office, on=date(2026, 12, 29)).case
    browser = signed_in(office.officer)
    limits = browser.get(f"/api/v1/cases/{case.pk}/clock").json()
    assert limits[0]["statutory"]["provisional"]
    assert limits[0]["statutory"]["derivation"][0]["kind"] == "day0"
    assert [one["action"] for one in browser.get(f"/api/v1/cases/{case.pk}/history").json()] == [
        "created",
        "file",
    ]
    assert any(one["code"] == "admin_adjudication" for one in browser.get("/api/v1/matters").json())


def test_the_api_gives_a_problem_that_names_everything_missing(office):
    body = {"matter": "admin_adjudication", "values": {"region": "370700"}}
    answer = signed_in(office.officer).post("/api/v1/cases", body, content_type="application/json")
    assert answer.status_code == 422
    assert "请求人名称" in answer.json()["title"]
    assert "专利号" in answer.json()["title"]


def test_only_the_citys_officers_manage_endpoints_and_the_secret_is_shown_once(office, settings):
    settings.ZHICHENG_HOOKS_PRIVATE = True
    body = {"url": "http://127.0.0.1:9/x"}
    assert (
        signed_in(office.enterprise).post("/api/v1/hooks", body, content_type="application/json").status_code
        == 403
    )
    browser = signed_in(office.officer)
    made = browser.post("/api/v1/hooks", body, content_type="application/json")
    assert made.status_code == 201
    assert made.json()["secret"]
    assert "secret" not in browser.get("/api/v1/hooks").json()[0]
    assert signed_in(office.stranger).get("/api/v1/hooks").json() == []


def test_an_enterprise_files_only_for_whom_it_has_a_letter(office):
    body = {
        "matter": "admin_adjudication",
        "values": {"region": "370700"},
        "organisation": office.rival_firm.pk,
    }
    answer = signed_in(office.enterprise).post("/api/v1/cases", body, content_type="application/json")
    assert answer.status_code == 403


@pytest.mark.parametrize("who", ["officer", "county", "department", "enterprise", "stranger"])
def test_a_definition_is_open_to_everybody_signed_in(office, who):
    browser = signed_in(getattr(office, who))
    assert browser.get("/cases/matters/admin_adjudication/").status_code == 200
    assert b"<bpmn:definitions" in browser.get(
        "/cases/matters/admin_adjudication.bpmn"
    ).content or browser.get("/cases/matters/admin_adjudication.bpmn").content.startswith(b"<?xml")


def test_refusals_say_what_to_do(office):
    case = filed(office).case
    with pytest.raises((NotAllowed, Refusal)) as refused:
        run("act", case.pk, "accept", "--as", "fuzeren", "--on", "2026-07-16")
    assert refused.value.fix


def test_the_page_of_a_matter_speaks_the_language_of_its_reader(office):
    browser = signed_in(office.officer)
    chinese = browser.get("/cases/matters/enquiry/").content.decode()
    assert "待答复" in chinese
    browser.cookies["django_language"] = "en"
    english = browser.get("/cases/matters/enquiry/").content.decode()
    assert "To be answered" in english
    assert "流程图" not in english
