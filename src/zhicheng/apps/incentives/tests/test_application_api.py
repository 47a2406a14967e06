"""Applications over the API: windows, a draft filled in with If-Match, proofs, handing in, the decision."""

from __future__ import annotations

import base64

import pytest
from django.utils import timezone

from zhicheng.apps.accounts.public import set_city
from zhicheng.apps.accounts.testing import signed_in
from zhicheng.apps.cases.models import LimitStanding
from zhicheng.apps.incentives.testing.applications import DEMO, install
from zhicheng.apps.incentives.testing.city import AS_OF, authorised

API, JSON = "/api/v1/policies", "application/json"
PREMIUM = f"{DEMO}.insurance"
PAPER = base64.b64encode(b"%PDF-1.4 x").decode()


@pytest.fixture
def firm(city, settings):
    set_city(region_code="370700", name="演示市", opens_on=AS_OF, demo=True)
    install(settings.ZHICHENG_HOME)
    return city.firms["甲公司"]


def test_a_firm_applies_and_an_officer_decides_over_the_api(city, firm):
    browser = signed_in(authorised(city, firm))
    windows = browser.get(f"{API}/windows").json()["items"]
    assert PREMIUM in {one["clause"] for window in windows for one in window["clauses"]}
    begun = {"organisation": firm.pk, "clause": PREMIUM}
    made = browser.post(f"{API}/own/applications", begun, JSON)
    assert made.status_code == 201
    assert [one["column"] for one in made.json()["asked"] if one["missing"]] == [
        "premium",
        "paid_on",
        "policy_number",
    ]
    place = made["Location"]
    assert browser.post(f"{API}/own/applications", begun, JSON)["Location"] == place
    content = {
        "values": {"premium": "12000", "paid_on": "2025-05-06", "policy_number": "B-1"}, "declared": True,
        "account": {"holder": "甲公司", "bank": "演示银行", "account": "6200000000001234"},
    }  # fmt: skip
    assert browser.put(place, content, JSON).status_code == 428
    filled = browser.put(place, content, JSON, headers={"If-Match": made["ETag"]})
    assert filled.json()["as_if_accepted"]["amount"] == "6000.00"
    assert filled.json()["account"] == "**** 1234"
    assert browser.put(place, content, JSON, headers={"If-Match": made["ETag"]}).status_code == 412
    proof = {"material": "proof", "name": "baodan.pdf", "content": PAPER}
    assert browser.post(f"{place}/proofs", {**proof, "content": "不是"}, JSON).status_code == 422
    assert len(browser.post(f"{place}/proofs", proof, JSON).json()["proofs"]) == 1
    assert len(browser.post(f"{place}/proofs", proof, JSON).json()["proofs"]) == 1
    sent = browser.post(f"{place}/submit", {}, JSON).json()
    assert sent["code"]
    assert browser.post(f"{place}/submit", {}, JSON).json() == {"case": sent["case"], "code": None}

    office = signed_in(city.officer)
    (line,) = office.get(f"{API}/applications?state=received").json()["items"]
    due = LimitStanding.objects.get(limit="pay").due_on  # the demo city's cases run on real days
    left = (due - timezone.localdate()).days
    assert (line["case"], line["pay_by"], line["days_left"], line["late"]) == (
        sent["case"],
        due.isoformat(),
        left,
        False,
    )
    number = line["application"]
    assert office.get(f"{API}/applications/{number}").json()["papers"][0]["name"] == "baodan.pdf"
    decision = f"{API}/applications/{number}/decision"
    assert (
        office.post(decision, {"step": "return", "words": "请补发票"}, JSON).json()["state"] == "correcting"
    )
    assert browser.post(f"{place}/proofs", {**proof, "material": "invoice"}, JSON).status_code == 201
    browser.post(f"{place}/submit", {}, JSON)
    assert office.post(decision, {"step": "return", "words": "再补"}, JSON).status_code == 422
    done = office.post(decision, {"step": "accept", "words": "核对无误"}, JSON).json()
    assert done["state"] == "accepted"
    assert done["change_set"]
    assert browser.post(f"{place}/withdraw", {}, JSON).status_code == 409


def test_a_draft_is_deleted_and_a_sent_one_taken_back_over_the_api(city, firm):
    browser = signed_in(authorised(city, firm))
    place = browser.post(f"{API}/own/applications", {"organisation": firm.pk, "clause": PREMIUM}, JSON)[
        "Location"
    ]
    assert len(browser.get(f"{API}/own/applications?organisation={firm.pk}").json()["items"]) == 1
    assert browser.delete(place).status_code == 204
    assert browser.get(place).status_code == 404
