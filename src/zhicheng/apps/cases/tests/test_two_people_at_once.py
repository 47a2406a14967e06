"""Two people act on one case: one wins, the other is told what changed; a retried request makes nothing twice."""

from __future__ import annotations

import sqlite3
import threading
from datetime import date

import pytest
from django.db import connection, connections

from zhicheng.apps.accounts.testing import signed_in
from zhicheng.apps.cases.actions import ChangedMeanwhile, act
from zhicheng.apps.cases.models import Case, CaseEvent, Handling, StageVisit
from zhicheng.apps.cases.testing import filed
from zhicheng.kernel.refusals import Refusal

ACCEPT = {"known_within_three_years": "true", "panel_size": "three"}


@pytest.mark.django_db
def test_the_second_of_two_sees_what_changed_and_nothing_of_theirs_is_kept(office):
    case = filed(office).case
    case.refresh_from_db()
    seen = case.revision
    act(case=case.pk, action="accept", by=office.head, on=date(2026, 7, 16), values=ACCEPT, revision=seen)
    with pytest.raises(ChangedMeanwhile) as refused:
        act(
            case=case.pk, action="refuse_filing", by=office.second, on=date(2026, 7, 16), revision=seen,
            values={"refusal_reason": "演示"},
        )  # fmt: skip
    assert "立案" in refused.value.what
    assert Handling.objects.get(pk=case.pk).stage == "serving"


@pytest.fixture
def in_threads(transactional_db, tmp_path):
    """Run functions in threads of their own; SQLite's test database lives in memory, so they get a copy in a file."""
    path = tmp_path / "copy.sqlite3"

    def own_connection():
        if connection.vendor == "sqlite":
            wrapper = connections.create_connection("default")
            wrapper.settings_dict = {**wrapper.settings_dict, "NAME": str(path)}
            wrapper.settings_dict["OPTIONS"] = {"timeout": 30, "transaction_mode": "IMMEDIATE"}
            connections["default"] = wrapper

    def run(functions):
        if connection.vendor == "sqlite" and not path.exists():
            with sqlite3.connect(path) as target:
                connection.connection.backup(target)
        answers = []

        def go(function):
            own_connection()
            try:
                answers.append(function())
            except Refusal as refusal:
                answers.append(refusal.code)
            finally:
                connections.close_all()

        threads = [threading.Thread(target=go, args=(one,)) for one in functions]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        return answers

    return run


def test_threads_that_act_at_the_same_moment_move_the_case_once(in_threads, office):
    case = filed(office).case
    start = threading.Barrier(4)

    def taken_by(person):
        def take():
            start.wait()
            act(case=case.pk, action="accept", by=person, on=date(2026, 7, 16), values=ACCEPT)
            return "done"

        return take

    def counted():
        events = CaseEvent.objects.filter(case=case, action="accept").count()
        return events, StageVisit.objects.filter(case=case, left_on=None).count()

    answers = in_threads([taken_by(one) for one in (office.head, office.second, office.head, office.second)])
    assert sorted(answers) == ["conflict", "conflict", "conflict", "done"]
    assert in_threads([counted]) == [(1, 1)]


def test_numbers_given_out_at_the_same_moment_are_all_different(in_threads, office):
    from zhicheng.apps.cases.filing import file_case
    from zhicheng.apps.cases.testing import RECEIVED, request_of

    start = threading.Barrier(4)

    def file_one():
        start.wait()
        return file_case(application=request_of(office), by=office.enterprise, on=RECEIVED).case.number

    numbers = in_threads([file_one] * 4)
    assert sorted(numbers) == [f"潍坊市专裁〔2026〕{number}号" for number in range(1, 5)]


@pytest.mark.django_db
def test_a_retried_filing_with_the_same_key_files_nothing_twice(office):
    browser = signed_in(office.officer)
    from zhicheng.apps.cases.testing import PATENT, REQUEST

    values = {f"f.{name}": value for name, value in {**REQUEST, "patent_number": PATENT}.items()}
    body = {"matter": "admin_adjudication", "values": {**values, "region": "370700"}}
    sent = [
        browser.post(
            "/api/v1/cases", body, content_type="application/json", headers={"Idempotency-Key": "k1"}
        )
        for _ in range(2)
    ]
    assert [one.status_code for one in sent] == [201, 201], sent[0].content.decode()
    assert sent[0].json() == sent[1].json()
    assert Case.objects.count() == 1


@pytest.mark.django_db
def test_the_api_asks_for_the_version_seen_and_says_what_changed(office):
    case = filed(office).case
    browser = signed_in(office.head)
    where = f"/api/v1/cases/{case.pk}"
    mark = browser.get(where)["ETag"]
    take = f"{where}/actions/accept"
    assert browser.post(take, {"values": ACCEPT}, content_type="application/json").status_code == 428
    act(case=case.pk, action="extend_filing", by=office.second, on=date(2026, 7, 15),
        values={"extension_reason": "演示"})  # fmt: skip
    late = browser.post(take, {"values": ACCEPT}, content_type="application/json", headers={"If-Match": mark})
    assert late.status_code == 412
    assert "延长立案期限" in late.json()["title"]
