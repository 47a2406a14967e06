"""The room over the API: the same answers, the same rights, steps from the state that was read."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from django.test import Client

from zhicheng.apps.accounts.public import Role
from zhicheng.apps.accounts.testing import make_user, signed_in
from zhicheng.apps.incentives.models import Batch, Confirmation
from zhicheng.apps.incentives.testing.city import authorised

API = "/api/v1/policies"
JSON = "application/json"
CONTRACT = {
    "clause",
    "version",
    "beneficiary",
    "kind",
    "fact",
    "event_date",
    "status",
    "amount",
    "steps",
    "reasons",
}


def post(browser, address, body, **headers):
    return browser.post(API + address, json.dumps(body), content_type=JSON, headers=headers)


def made_run(browser):
    return post(browser, "/runs", {}).json()["run"]


def test_answers_carry_exact_amounts_steps_and_reasons(browser):
    run = made_run(browser)
    items = browser.get(f"{API}/runs/{run}/answers", {"status": "entitled"}).json()["items"]
    assert {frozenset(one) for one in items} == {frozenset(CONTRACT)}
    assert sorted(one["amount"] for one in items) == ["1000000.00", "1000000.00", "500000.00"]
    assert all(one["steps"] and isinstance(one["amount"], str) for one in items)


@pytest.mark.parametrize("firms", [3, 60])
def test_answers_are_paged_and_the_pages_hold_each_once(world, firms):
    for number in range(firms):
        world.honour(world.firm(f"公司{number}"), "china_patent_award/gold", object_number=f"ZL{number}")
    browser = signed_in(world.officer)
    run, after, found = made_run(browser), "", []
    while True:
        page = browser.get(f"{API}/runs/{run}/answers", {"after": after}).json()
        found += [one["fact"] for one in page["items"]]
        after = page["next"]
        if not after:
            break
    assert len(found) == len(set(found)) == firms


def test_a_step_is_taken_from_the_state_that_was_read(city, browser):
    made = post(browser, "/batches", {"policy": "weifang", "year": 2025}).json()
    address = f"/batches/{made['batch']}"
    mark = browser.get(API + address)["ETag"]
    assert post(browser, address + "/steps", {"step": "submit"}).status_code == 428
    assert (
        post(browser, address + "/steps", {"step": "submit"}, **{"If-Match": mark}).json()["status"]
        == "review"
    )
    assert post(browser, address + "/steps", {"step": "submit"}, **{"If-Match": mark}).status_code == 412
    reviewer = signed_in(city.reviewer)
    for step in ("accept_rest", "review", "publish"):
        mark = reviewer.get(API + address)["ETag"]
        assert post(reviewer, address + "/steps", {"step": step}, **{"If-Match": mark}).status_code == 200
    mark = browser.get(API + address)["ETag"]
    refused = post(browser, address + "/steps", {"step": "approve"}, **{"If-Match": mark})
    assert refused.status_code == 403
    assert "编制人不能批准" in refused.json()["title"]


def test_a_retried_freeze_makes_one_batch(browser):
    body = {"policy": "weifang", "year": 2025}
    first = post(browser, "/batches", body, **{"Idempotency-Key": "k1"})
    again = post(browser, "/batches", body, **{"Idempotency-Key": "k1"})
    assert (first.status_code, again.status_code, first.json()) == (201, 201, again.json())
    assert Batch.objects.count() == 1


def test_notices_are_public_and_name_no_person(city, batch):
    city.through_notice(batch)
    anybody = Client()
    assert [one["batch"] for one in anybody.get(f"{API}/notices").json()["items"]] == [batch.number]
    shown = anybody.get(f"{API}/notices/{batch.number}").json()
    assert sum(Decimal(one["amount"]) for one in shown["items"]) == 2_500_000
    assert "YS-RY-0001" not in json.dumps(shown)


def test_a_firm_confirms_and_takes_back_over_the_api(city):
    firm = city.firms["甲公司"]
    browser = signed_in(authorised(city, firm))
    due = browser.get(f"{API}/organisations/{firm.pk}").json()["due"]
    assert [one["amount"] for one in due] == ["1000000.00"]
    body = {"organisation": firm.pk, "clause": due[0]["clause"], "fact": due[0]["fact"], "holder": "甲", "bank": "演示银行",
            "account": "6200000000001234"}  # fmt: skip
    made = post(browser, "/confirmations", body)
    assert (made.status_code, made.json()["account"]) == (201, "**** 1234")
    assert browser.delete(f"{API}/confirmations/{made.json()['confirmation']}").status_code == 204
    assert Confirmation.objects.get().withdrawn_at is not None


ADDRESSES = ("", "/runs", "/batches", "/budget", "/clawbacks")


@pytest.mark.parametrize("address", ADDRESSES)
def test_only_officers_read_what_is_theirs(city, cast, address):
    bank, expert = make_user("yinhang", Role.BANK), make_user("zhuanjia", Role.EXPERT)
    assert signed_in(city.officer).get(API + address).status_code == 200
    for person in (cast.enterprise, bank, expert):
        assert signed_in(person).get(API + address).status_code == 403
    assert Client().get(API + address).status_code == 403
    county = signed_in(cast.county_officer).get(API + address).status_code
    assert county == (403 if address == "/budget" else 200)


def test_a_stranger_reads_and_changes_nothing_of_this_city(batch, cast):
    browser = signed_in(cast.stranger)
    assert browser.get(f"{API}/batches").json()["items"] == []
    assert browser.get(f"{API}/batches/{batch.number}").status_code == 404
    refused = post(browser, f"/batches/{batch.number}/steps", {"step": "submit"}, **{"If-Match": "*"})
    assert refused.status_code == 404
