"""A person who is paid disputes a fact through whoever pays persons; another officer answers, and nobody else learns the name."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from zhicheng.apps.accounts.public import set_city
from zhicheng.apps.accounts.testing import signed_in
from zhicheng.apps.incentives.firms import claims
from zhicheng.apps.incentives.models import FactDispute
from zhicheng.apps.incentives.seen import HIDDEN
from zhicheng.apps.incentives.testing.city import NOTICED
from zhicheng.kernel.refusals import NotAllowed, NotFound, Refusal

ROOM = "/incentives/"


@pytest.fixture
def person(batch):
    return batch.entitlements.get(kind="person")


@pytest.fixture
def said(city, person):
    return claims.dispute_for_person(entitlement=person, fact="", text="获奖年份应为上一年", by=city.officer)


def test_whoever_pays_enters_it_on_the_page_of_the_amount_and_another_answers(city, batch, person, browser):
    page = f"{ROOM}batches/{batch.number}/rows/{person.pk}/"
    assert "代为登记异议" in browser.get(page).content.decode()
    answer = browser.post(f"{page}dispute/", {"fact": "获奖年份", "text": "应为上一年"}, follow=True)
    assert "应为上一年" in answer.content.decode()
    item = FactDispute.objects.get()
    assert (item.entitlement, item.organisation, item.region_code) == (person, None, person.region_code)
    refused = browser.post(f"{ROOM}disputes/{item.pk}/", {"upheld": "yes", "answer": "已更正"})
    assert refused.status_code == 403
    assert "代为登记的人不能答复" in refused.content.decode()
    signed_in(city.reviewer).post(f"{ROOM}disputes/{item.pk}/", {"upheld": "yes", "answer": "已更正"})
    item.refresh_from_db()
    assert item.status == "corrected"
    assert "已更正" in browser.get(page).content.decode()


def test_the_list_of_disputes_names_the_person_for_whoever_pays_only(city, said, cast, browser):
    assert "YS-RY-0001" in browser.get(f"{ROOM}disputes/").content.decode()
    shown = signed_in(cast.department).get(f"{ROOM}disputes/").content.decode()
    assert "获奖年份应为上一年" in shown
    assert HIDDEN in shown
    assert "YS-RY-0001" not in shown


def test_a_firm_s_amount_is_disputed_by_the_firm_itself(city, batch):
    firm = batch.entitlements.exclude(kind="person").first()
    with pytest.raises(NotFound, match="不是个人"):
        claims.dispute_for_person(entitlement=firm, fact="", text="不对", by=city.officer)


def test_nothing_is_entered_that_says_nothing_and_by_nobody_who_does_not_pay(person, city, cast):
    with pytest.raises(Refusal, match="哪里不对"):
        claims.dispute_for_person(entitlement=person, fact="", text=" ", by=city.officer)
    with pytest.raises(NotAllowed):
        claims.dispute_for_person(entitlement=person, fact="", text="不对", by=cast.county_officer)
    assert not FactDispute.objects.exists()


def test_a_dispute_is_of_a_firm_or_of_a_person_never_of_neither(city):
    with pytest.raises(IntegrityError), transaction.atomic():
        FactDispute.objects.create(region_code="370783", fact="x", text="x", raised_by=city.officer)


def test_a_person_objects_on_the_public_notice_without_an_account(city, batch, person, client):
    set_city(region_code="370700", name="演示市", opens_on=NOTICED, demo=True)
    noticed = city.through_notice(batch)
    page = f"{ROOM}notices/{noticed.number}/"
    assert f'value="{person.pk}"' in client.get(page).content.decode()
    client.post(page, {"said_by": "本人", "text": "金额不对", "entitlement": person.pk})
    said = noticed.objections.get()
    assert said.entitlement == person
    assert said.case_number
