"""Every endpoint of the API under a case: who has no part in the case changes nothing and learns nothing."""

from __future__ import annotations

import pytest
from django.test import Client

from zhicheng.apps.accounts.testing import signed_in
from zhicheng.apps.cases.models import CaseEvent, Comment, Paper
from zhicheng.apps.cases.testing import filed

pytestmark = pytest.mark.django_db

READS = ("", "/clock", "/history")
WRITES = {
    "/actions/accept": {"values": {}},
    "/comments": {"text": "演示", "to_party": True},
    "/papers": {"material": "", "name": "a.pdf", "content": "JVBERg=="},
    "/units": {"units": ["市科技局"], "question": "演示", "due_on": "2099-01-01"},
}


@pytest.mark.parametrize("who", ["stranger", "county", "department", "rival"])
def test_somebody_without_a_part_in_a_case_is_told_there_is_none(office, who):
    case = filed(office).case
    before = [model.objects.count() for model in (CaseEvent, Comment, Paper)]
    browser = signed_in(getattr(office, who))
    for read in READS:
        assert browser.get(f"/api/v1/cases/{case.pk}{read}").status_code == 404, read
    for write, body in WRITES.items():
        answer = browser.post(
            f"/api/v1/cases/{case.pk}{write}",
            body,
            content_type="application/json",
            headers={"If-Match": "*"},
        )
        assert answer.status_code in (403, 404), (write, answer.status_code, answer.content)
        assert case.number not in answer.content.decode()
    other = filed(office).case
    for write in ("links", "merge"):
        answer = browser.post(
            f"/api/v1/cases/{case.pk}/{write}",
            {"other": other.pk, "why": "演示"},
            content_type="application/json",
        )
        assert answer.status_code in (403, 404), (write, answer.status_code)
    case.refresh_from_db()
    assert case.merged_into is None
    counts = [model.objects.filter(case=case).count() for model in (CaseEvent, Comment, Paper)]
    assert counts == before


def test_nobody_signed_in_is_asked_to_sign_in_at_every_endpoint(office):
    case, browser = filed(office).case, Client()
    for read in READS:
        assert browser.get(f"/api/v1/cases/{case.pk}{read}").status_code in (401, 403), read
    for write, body in WRITES.items():
        answer = browser.post(f"/api/v1/cases/{case.pk}{write}", body, content_type="application/json")
        assert answer.status_code in (401, 403), write
    assert browser.get("/api/v1/cases").status_code in (401, 403)
    assert browser.get("/api/v1/hooks").status_code in (401, 403)


@pytest.mark.parametrize("who", ["enterprise", "department", "county"])
def test_a_case_is_not_given_to_somebody_else_by_whom_it_is_none_of_the_business(office, who):
    case, browser = filed(office).case, signed_in(getattr(office, who))
    given = browser.post(
        "/api/v1/cases/assignments", {"cases": [case.pk], "person": office.second.username}, content_type="application/json"
    )  # fmt: skip
    case.refresh_from_db()
    assert case.handler == office.officer
    assert given.status_code in (200, 403, 404)
    assert given.status_code != 200 or given.json()["assigned"] == 0
