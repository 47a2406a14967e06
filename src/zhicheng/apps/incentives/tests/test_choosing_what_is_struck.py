"""An objection against a whole notice is decided on a page of its own, where the lines to strike are found and ticked."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from zhicheng.apps.accounts.testing import signed_in
from zhicheng.apps.incentives.models import Entitlement
from zhicheng.apps.incentives.notices import lines, objections
from zhicheng.apps.incentives.seen import HIDDEN

DAY = date(2025, 12, 19)
ROOM = "/incentives/"


@pytest.fixture
def noticed(city, batch):
    return city.through_notice(batch)


@pytest.fixture
def said(noticed):
    made, _code = objections.object_to(batch=noticed, said_by="某人", text="整个名单依据的文件有误", on=DAY)
    return made


@pytest.fixture
def page(noticed, said):
    return f"{ROOM}batches/{noticed.number}/objections/{said.pk}/choose/"


@pytest.fixture
def reviewer(city):
    return signed_in(city.reviewer)


def grow(batch, many):
    one = batch.entitlements.first()
    Entitlement.objects.bulk_create(
        Entitlement(
            batch=batch, clause=one.clause, clause_name="条款", version=one.version, beneficiary=f"b{n}", name=f"单位{n:03d}",
            kind="enterprise", region_code="370783", fact_kind="honours", fact=f"f{n}", object="x", event_date=DAY, amount=1,
            shares=[["市", "1.00"]], steps=[], matter=f"m{n}", identity=f"words:b{n}",
        )
        for n in range(many)
    )  # fmt: skip


def ids(rows):
    return [one.pk for one in rows]


def test_the_batch_page_leads_to_the_choice_and_asks_for_no_typed_numbers(noticed, page, reviewer):
    shown = reviewer.get(f"{ROOM}batches/{noticed.number}/").content.decode()
    assert page in shown
    assert 'type="text" name="strike"' not in shown
    assert "成立时剔除的编号" not in shown


def test_what_is_ticked_on_one_page_stays_chosen_on_the_next_and_under_a_search(noticed, page, reviewer):
    grow(noticed, 70)
    first = reviewer.get(page).context["choice"]
    assert first.page.count == "共 73 条"
    ticked = ids(first.page.rows)[:2]
    more = reviewer.post(page, {"step": "next", "go": first.page.next, "strike": ticked, "answer": "属实"})
    choice = more.context["choice"]
    assert ids(choice.chosen) == ticked
    assert not set(ids(choice.page.rows)) & set(ids(first.page.rows))
    assert "属实" in more.content.decode()
    found = reviewer.post(page, {"step": "find", "q": "单位069", "strike": ticked}).context["choice"]
    assert [one.name for one in found.page.rows] == ["单位069"]
    assert ids(found.chosen) == ticked
    wanted = found.page.rows[0].pk
    found = reviewer.post(page, {"step": "find", "q": str(wanted)}).context["choice"]
    assert wanted in ids(found.page.rows)


def test_what_is_chosen_is_struck_with_the_decision(noticed, said, page, reviewer):
    one, other = noticed.entitlements.filter(live=True).order_by("pk")[:2]
    answer = reviewer.post(
        page, {"step": "answer", "finding": "upheld", "answer": "属实", "strike": [one.pk]}
    )
    assert answer.status_code == 302
    said.refresh_from_db()
    one.refresh_from_db()
    other.refresh_from_db()
    assert (said.status, one.live, other.live) == ("upheld", False, True)
    assert reviewer.get(page).status_code == 409


def test_a_refusal_keeps_what_was_typed_and_chosen(noticed, page, reviewer):
    one = noticed.entitlements.first()
    answer = reviewer.post(
        page, {"step": "answer", "finding": "rejected", "answer": "不属实", "strike": [one.pk]}
    )
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "只有成立的异议可以剔除事项" in shown
    assert "不属实</textarea>" in shown
    assert ids(answer.context["choice"].chosen) == [one.pk]
    assert 'value="rejected" selected' in shown


def test_persons_stay_hidden_from_whoever_does_not_pay_them(noticed, said, cast):
    choice = lines.choice_of(noticed, said, cast.department)
    assert HIDDEN in [one.shown for one in choice.page.rows]
    assert lines.choice_of(noticed, said, cast.department, q="YS-RY-0001").page.rows == []


def test_the_choice_costs_the_same_however_long_the_notice_is(noticed, page, reviewer):
    counts = []
    for many in (5, 120):
        grow(noticed, many) if not counts else grow_more(noticed, many)
        reviewer.get(page)
        with CaptureQueriesContext(connection) as found:
            reviewer.get(page)
        counts.append(len(found))
    assert counts[0] == counts[1]


def grow_more(batch, many):
    Entitlement.objects.filter(batch=batch, name__startswith="单位").delete()
    grow(batch, many)


@pytest.mark.parametrize("who", ["county_officer", "enterprise", "stranger"])
def test_nobody_else_opens_the_choice(page, cast, who):
    assert signed_in(getattr(cast, who)).get(page).status_code in {403, 404}
