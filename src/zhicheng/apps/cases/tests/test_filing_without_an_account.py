"""Somebody without an account files what everybody may file, keeps number and code, and reads the answer with them."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from zhicheng.apps.accounts.testing import signed_in
from zhicheng.apps.cases import actions, conversing, public_filing
from zhicheng.apps.cases.definitions import matters_in_force
from zhicheng.apps.cases.models import Assignment, Handling, Party, PublicFiling

pytestmark = pytest.mark.django_db

ASKED = {
    "f.applicant_name": "演示群众甲", "f.applicant_phone": "13800000000", "f.topic": "patent",
    "f.question": "演示问题：外观设计怎样申请", "region": "370700", "title": "", "email": "", "website": "",
}  # fmt: skip
CLUE = {
    "f.source_kind": "report", "f.reporter_name": "演示群众乙", "f.reporter_phone": "13800000001",
    "f.suspect_name": "演示乙公司", "f.suspect_uscc": "", "f.ip_kind": "trademark", "f.violation": "trademark",
    "f.facts_text": "演示线索", "region": "370700", "title": "", "email": "", "website": "",
}  # fmt: skip


def opened(browser: Client, matter: str) -> dict[str, str]:
    page = browser.get(f"/cases/public/{matter}/file/").content.decode()
    mark = re.search(r'name="once" value="([0-9a-f-]+)"', page)
    assert mark, page
    return {"once": mark[1]}


def asked(browser: Client, **changed: object):
    return browser.post("/cases/public/enquiry/file/", {**opened(browser, "enquiry"), **ASKED, **changed})


def taken_away(browser: Client) -> tuple[str, str]:
    page = browser.get("/cases/public/receipt/").content.decode()
    row = Handling.objects.get()
    code = re.search(r"<code>([2-9A-Z]{8})</code>", page)
    assert row.number in page
    assert code
    return row.number, code[1]


def answered(office, row: Handling) -> None:
    day = row.received_on
    Assignment.objects.create(
        case=row, person=office.officer, part="handler", state="taken", given_by=office.head, given_on=day, answered_on=day
    )  # fmt: skip
    Handling.objects.filter(pk=row.pk).update(handler=office.officer)
    conversing.comment(case=row.pk, text="演示：已转专利窗口", to_party=True, by=office.officer, on=day)
    actions.act(
        case=row.pk, action="answer", by=office.officer, on=day,
        values={"answer_text": "演示答复：网上提交即可", "next_route": "none"},
    )  # fmt: skip


def test_a_question_gets_a_number_a_code_and_an_answer_that_number_and_code_open(office):
    browser = Client()
    assert asked(browser)["Location"] == "/cases/public/receipt/"
    number, code = taken_away(browser)
    row = Handling.objects.get()
    assert (row.stage, row.channel, row.filed_by) == ("answering", "public", None)
    answered(office, row)
    elsewhere = Client()
    shown = elsewhere.post("/cases/trace/", {"number": number, "code": code})
    page = shown.content.decode()
    assert "演示：已转专利窗口" in page
    assert "咨询答复" in page
    assert "no-store" in shown["Cache-Control"]
    paper = re.search(
        r"/cases/trace/papers/\d+/", page[page.index("给您的文书") :].split("咨询答复")[0][-900:]
    )
    assert paper
    got = elsewhere.post(paper[0], {"number": number, "code": code})
    assert got.status_code == 200
    assert b"".join(got.streaming_content)[:2] == b"PK"
    assert elsewhere.post(paper[0], {"number": number, "code": "22222222"}).status_code == 404
    assert elsewhere.get(paper[0]).status_code == 405


def test_a_code_of_one_case_opens_no_answer_of_another(office):
    browser = Client()
    asked(browser)
    number, code = taken_away(browser)
    first = Handling.objects.get()
    asked(Client())
    other = Handling.objects.exclude(pk=first.pk).get()
    answered(office, other)
    version = other.papers.get(kind="reply").versions.get()
    got = Client().post(f"/cases/trace/papers/{version.pk}/", {"number": number, "code": code})
    assert got.status_code == 404


def test_the_same_form_sent_twice_files_one_case(office):
    browser = Client()
    mark = opened(browser, "enquiry")
    for _ in range(2):
        assert browser.post("/cases/public/enquiry/file/", {**mark, **ASKED}).status_code == 302
    number, code = taken_away(browser)
    assert Client().post("/cases/trace/", {"number": number, "code": code}).status_code == 200


def test_contact_is_stored_encrypted(office):
    asked(Client())
    party = Party.objects.get(role="applicant")
    assert party.phone == "13800000000"
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("select phone from cases_party")
        assert "13800000000" not in str(cursor.fetchone()[0])


def test_a_firm_named_by_a_stranger_neither_sees_the_case_nor_is_it_bound_to_it(office):
    asked(Client(), **{"f.applicant_name": office.firm.name})
    row = Handling.objects.get()
    assert row.parties.get().organisation is None
    assert signed_in(office.enterprise).get(f"/cases/{row.pk}/").status_code == 404


def test_whoever_is_reported_learns_nothing_even_when_nobody_is_named_as_reporter(office):
    browser = Client()
    assert (
        browser.post(
            "/cases/public/ip_violation/file/", {**opened(browser, "ip_violation"), **CLUE}
        ).status_code
        == 302
    )
    row = Handling.objects.get()
    assert row.parties.get(role="suspect").organisation == office.rival_firm
    assert signed_in(office.rival).get(f"/cases/{row.pk}/").status_code == 404
    nameless = {**CLUE, "f.source_kind": "inspection", "f.reporter_name": ""}
    refused = browser.post(
        "/cases/public/ip_violation/file/", {**opened(browser, "ip_violation"), **nameless}
    )
    assert refused.status_code == 422
    assert "没有写明由谁提交" in refused.content.decode()


def test_what_is_wrong_is_named_at_its_field_and_what_was_entered_stays(office):
    refused = asked(Client(), **{"f.question": "", "f.topic": "patent"})
    page = refused.content.decode()
    assert refused.status_code == 422
    assert 'class="field wrong"' in page
    assert "演示群众甲" in page
    assert not Handling.objects.exists()


def test_a_program_that_fills_in_every_field_files_nothing(office):
    assert asked(Client(), website="http://example.org").status_code == 422
    assert not Handling.objects.exists()


def test_a_form_without_its_csrf_token_is_refused(office):
    browser = Client(enforce_csrf_checks=True)
    assert (
        browser.post("/cases/public/enquiry/file/", {**opened(browser, "enquiry"), **ASKED}).status_code
        == 403
    )


def test_one_address_files_ten_an_hour_and_no_more(office):
    browser = Client()
    for _ in range(public_filing.MOST_PER_ADDRESS):
        assert asked(browser).status_code == 302
    assert asked(browser).status_code == 429
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    assert asked(elsewhere).status_code == 302
    PublicFiling.objects.update(at=timezone.now() - timedelta(hours=2))
    assert asked(browser).status_code == 302


def test_where_filings_came_from_is_forgotten_after_a_day(office):
    asked(Client())
    now = timezone.now()
    assert public_filing.forget_addresses(now) == 0
    assert public_filing.forget_addresses(now + timedelta(days=2)) == 1
    assert PublicFiling.objects.get().address == ""


def test_files_that_are_too_large_together_are_refused_before_they_are_kept(office, monkeypatch):
    monkeypatch.setattr(public_filing, "LARGEST_TOGETHER", 10)
    browser = Client()
    sent = {
        **opened(browser, "ip_violation"),
        **CLUE,
        "file.clue": SimpleUploadedFile("a.pdf", b"%PDF 12345678"),
    }
    assert browser.post("/cases/public/ip_violation/file/", sent).status_code == 422
    assert not Handling.objects.exists()


def test_only_what_the_definition_opens_to_everybody_is_filed_without_an_account(office):
    browser = Client()
    for one in matters_in_force(date(2026, 11, 2)):
        assert browser.get(f"/cases/public/{one.code}/").status_code == 200, one.code
        status = browser.get(f"/cases/public/{one.code}/file/").status_code
        elsewhere = one.code == "notice_objection"
        assert status == (200 if "public" in one.filers and not elsewhere else 422 if elsewhere else 302), (
            one.code
        )


def test_who_is_signed_in_takes_the_ordinary_way(office):
    got = signed_in(office.enterprise).get("/cases/public/enquiry/file/")
    assert got["Location"] == "/cases/new/enquiry/"


def test_a_receipt_is_shown_only_in_the_browser_that_filed(office):
    asked(Client())
    assert Client().get("/cases/public/receipt/").status_code == 404


def test_a_stranger_at_the_page_of_a_matter_is_led_to_its_guide(office):
    assert Client().get("/cases/matters/enquiry/")["Location"] == "/cases/public/enquiry/"


def test_a_citizen_finds_the_guide_from_the_home_page(office):
    assert 'href="/cases/public/' in Client().get("/").content.decode()
