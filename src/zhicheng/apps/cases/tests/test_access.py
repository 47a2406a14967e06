"""Who opens which page and endpoint of a case, with the fixed cast."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from zhicheng.apps.accounts.testing import signed_in
from zhicheng.apps.cases.models import Handling
from zhicheng.apps.cases.testing import filed

pytestmark = pytest.mark.django_db

PAGES = ("", "receipt/", "limits.docx")
READS = ("", "/clock", "/history")


@pytest.fixture
def case(office):
    return filed(office, on=date(2026, 11, 2)).case


def test_the_city_officer_the_handler_and_the_applicant_open_the_case(office, case):
    for user in (office.officer, office.head, office.enterprise):
        for page in PAGES:
            assert signed_in(user).get(f"/cases/{case.pk}/{page}").status_code == 200, (user, page)
        for read in READS:
            assert signed_in(user).get(f"/api/v1/cases/{case.pk}{read}").status_code == 200, (user, read)


def test_another_county_another_city_a_department_not_asked_and_the_unserved_rival_open_nothing(office, case):
    for user in (office.county, office.stranger, office.department, office.rival):
        for page in PAGES:
            assert signed_in(user).get(f"/cases/{case.pk}/{page}").status_code == 404, (user, page)
        for read in READS:
            assert signed_in(user).get(f"/api/v1/cases/{case.pk}{read}").status_code == 404, (user, read)


def test_nobody_signed_in_opens_the_guide_and_the_tracing_page_only(office, case):
    browser = Client()
    assert browser.get("/cases/public/").status_code == 200
    assert browser.get("/cases/trace/").status_code == 200
    for page in ("", "new/", "board/", "leave/", "notices/", f"{case.pk}/", "export.csv"):
        assert browser.get(f"/cases/{page}").status_code in (302, 403), page


def test_lists_name_only_what_one_may_know(office, case):
    assert case.number in signed_in(office.officer).get("/cases/?list=all").content.decode()
    assert case.number not in signed_in(office.stranger).get("/cases/?list=all").content.decode()
    assert case.number in signed_in(office.enterprise).get("/cases/").content.decode()
    assert case.number not in signed_in(office.rival).get("/cases/").content.decode()


def test_an_enterprise_neither_assigns_nor_exports_leave_nor_sees_the_board(office, case):
    browser = signed_in(office.enterprise)
    assert browser.post("/cases/assign/", {"case": [case.pk]}).status_code == 403
    assert browser.get("/cases/board/").status_code == 403
    assert browser.get("/cases/leave/").status_code == 403
    assert browser.post(f"/cases/{case.pk}/supervise/", {"step": "begin", "why": "x"}).status_code == 403


def test_what_is_secret_is_named_but_not_opened_except_by_its_handlers(office, case):
    Handling.objects.filter(pk=case.pk).update(secret=True, title="机密装置")
    assert signed_in(office.head).get(f"/cases/{case.pk}/").status_code == 404
    shown = signed_in(office.head).get("/cases/?list=all").content.decode()
    assert case.number in shown
    assert "机密装置" not in shown
    assert "机密装置" in signed_in(office.officer).get(f"/cases/{case.pk}/").content.decode()
    assert case.number not in signed_in(office.head).get("/cases/?list=all&q=机密装置").content.decode()


def test_a_worklist_takes_the_same_number_of_queries_at_any_length(office, django_assert_max_num_queries):
    browser = signed_in(office.officer)
    filed(office, on=date(2026, 11, 2))
    browser.get("/cases/?list=all")
    with django_assert_max_num_queries(32) as few:
        browser.get("/cases/?list=all")
    for _ in range(6):
        filed(office, on=date(2026, 11, 2))
    with django_assert_max_num_queries(len(few)):
        browser.get("/cases/?list=all")


def test_a_page_follows_the_other_without_losing_or_doubling_a_case(office, monkeypatch):
    from zhicheng.apps.cases import queries

    monkeypatch.setattr(queries, "PAGE", 3)
    made = {filed(office, on=date(2026, 11, 2 + place % 3)).case.pk for place in range(8)}
    seen, after = [], ""
    while True:
        page = queries.worklist(office.officer, {"list": "all", "after": after}, date(2026, 11, 10))
        seen += [one.handling.pk for one in page.rows]
        if not page.next:
            break
        after = page.next
    assert sorted(seen) == sorted(made)
