"""The record and what follows over the API: versions, retries, and the same rules as on the pages."""

from __future__ import annotations

import pytest

from zhicheng.apps.accounts.models import OrganisationAgent
from zhicheng.apps.accounts.testing import signed_in
from zhicheng.apps.consultation.models import Correction, Letter, LoopRules, RegionGroup, Session
from zhicheng.apps.ledger.models import Organisation

from .conftest import WORDS

API = "/api/v1/consultation"


def send(browser, method: str, path: str, body: dict, **headers):
    call = getattr(browser, method)
    return call(f"{API}{path}", body, content_type="application/json", headers=headers)


def test_a_speech_is_corrected_from_the_version_read_and_the_mark_confirmed(road):
    road.settle()
    browser, key = signed_in(road.offices.cppcc), road.speeches[0].pk
    seen = browser.get(f"{API}/speeches/{key}")
    body = {"text": WORDS.replace("境外", "越南"), "why": "与录音核对"}
    assert send(browser, "patch", f"/speeches/{key}", body).status_code == 428
    done = send(browser, "patch", f"/speeches/{key}", body, **{"If-Match": seen["ETag"]})
    assert done.status_code == 200
    assert done.json()["corrections"][0]["changes"][0]["field"] == "发言"
    assert send(browser, "patch", f"/speeches/{key}", body, **{"If-Match": seen["ETag"]}).status_code == 412
    (mark,) = [one["id"] for one in done.json()["passages"] if one["needs_look"]]
    assert send(browser, "post", f"/passages/{mark}/look", {}).json()["needs_look"] is False
    assert send(browser, "post", f"/passages/{mark}/look", {}).status_code == 409
    reply = send(
        browser, "put", f"/speeches/{key}/reply", {"reply": "当场答应。"}, **{"If-Match": done["ETag"]}
    )
    assert reply.json()["reply"] == "当场答应。"


def test_a_participant_is_corrected_gets_a_post_a_link_and_a_letter(road):
    road.submit()
    browser, key = signed_in(road.offices.cppcc), road.speakers[0].pk
    seen = browser.get(f"{API}/participants/{key}")
    done = send(
        browser,
        "patch",
        f"/participants/{key}",
        {"title": "文具企业总经理", "why": "抄错"},
        **{"If-Match": seen["ETag"]},
    )
    assert (done.json()["title"], done.json()["email"]) == ("文具企业总经理", "wenju@example.com")
    assert Correction.objects.get().after_freeze
    assert (
        send(
            browser, "post", f"/participants/{key}/roles", {"title": "董事长", "from_on": "2025-09-01"}
        ).status_code
        == 201
    )
    link = send(browser, "post", f"/participants/{key}/link", {}).json()["link"]
    assert "/consultation/s/" in link
    assert send(browser, "delete", f"/participants/{key}/link", {"why": "转发了"}).json()["link_revoked_at"]
    made = send(browser, "post", f"/participants/{key}/letters", {})
    assert "境外商标被抢注" in made.json()["text"]
    assert browser.get(f"{API}/letters", {"speaker": key}).json()["items"][0]["id"] == made.json()["id"]


def test_a_letter_asked_for_twice_with_one_key_is_written_once(road):
    road.submit()
    browser, key = signed_in(road.offices.cppcc), road.speakers[0].pk
    before = Letter.objects.count()
    answers = [
        send(browser, "post", f"/participants/{key}/letters", {}, **{"Idempotency-Key": "k-1"}) for _ in "ab"
    ]
    assert answers[0].json() == answers[1].json()
    assert Letter.objects.count() == before + 1


def test_items_are_merged_and_marks_taken_back(road):
    problem = road.take(WORDS.splitlines()[0], title="境外商标被抢注")
    other = road.take("境外商标被抢注，我们也遇到了", speech=1, title="商标被抢")
    browser = signed_in(road.offices.cppcc)
    number = road.session.number
    done = send(browser, "post", f"/sessions/{number}/merges", {"item": other.number, "into": problem.number})
    assert done.json()["speakers"] == ["文具企业负责人", "新材料企业负责人"]
    again = send(
        browser, "post", f"/sessions/{number}/merges", {"item": other.number, "into": problem.number}
    )
    assert again.status_code == 409
    mark = road.speeches[1].passages.get().pk
    assert browser.delete(f"{API}/passages/{mark}").status_code == 200
    assert browser.delete(f"{API}/passages/{mark}").status_code == 404


def test_a_region_group_is_formed_once_and_its_session_opened(road):
    browser = signed_in(road.offices.cppcc)
    body = {"code": "two-places", "name": "两地", "regions": ["370700", "500100"]}
    assert [send(browser, "post", "/groups", body).status_code for _ in "ab"] == [201, 201]
    assert RegionGroup.objects.count() == 1
    assert browser.get(f"{API}/groups/two-places").json()["regions"] == ["370700", "500100"]
    session = {"number": "2025-07", "topic": "两地", "held_on": "2025-07-01", "group": "two-places"}
    assert send(browser, "post", "/sessions", session).status_code == 201
    assert Session.objects.get(topic="两地").group.code == "two-places"
    far = signed_in(road.offices.far_cppcc)
    assert far.get(f"{API}/groups").json()["items"][0]["code"] == "two-places"


def test_the_rules_are_changed_by_the_supervision_office_from_the_version_read(road):
    browser = signed_in(road.offices.supervision)
    seen = browser.get(f"{API}/rules")
    body = {"judge_days": 21, "why": "发言人出差多"}
    done = send(browser, "put", "/rules", body, **{"If-Match": seen["ETag"]})
    assert (done.json()["judge_days"], done.json()["finish_days"]) == (21, 90)
    assert send(browser, "put", "/rules", body, **{"If-Match": seen["ETag"]}).status_code == 412
    assert LoopRules.objects.get().judge_days == 21
    cppcc = signed_in(road.offices.cppcc)
    assert send(cppcc, "put", "/rules", body, **{"If-Match": "*"}).status_code == 403


@pytest.fixture
def firm(road, cast):
    """The enterprise of the cast, acting for the first speaker's organisation."""
    row = Organisation.objects.create(
        uscc="91110000600037341L", name="演示甲公司", name_key="", region_code="370783"
    )
    OrganisationAgent.objects.create(
        user=cast.enterprise, uscc=row.uscc, organisation=row, state="approved", letter="x"
    )
    road.speakers[0].organisation = row
    road.speakers[0].save()
    return signed_in(cast.enterprise)


def test_who_acts_for_a_speaker_judges_and_re_opens_over_the_api(road, firm):
    item = road.checked()
    (own,) = [one for one in firm.get(f"{API}/mine").json()["items"] if one["number"] == item.number]
    assert own["may_judge"]
    path = f"/mine/{own['speaker']}/{item.number}/verdict"
    body = {"value": "dissatisfied", "text": "费用没有落实"}
    assert [send(firm, "post", path, body).status_code for _ in "ab"] == [200, 200]
    assert item.judgements.count() == 1
    news = send(firm, "post", f"/mine/{own['speaker']}/{item.number}/news", {"text": "又有一国被抢注"})
    assert news.status_code == 200
    assert send(firm, "post", f"/mine/{road.speakers[1].pk}/{item.number}/verdict", body).status_code == 404


def test_lists_of_letters_and_recurrences_cost_the_same_number_of_queries_at_any_size(
    road, django_assert_max_num_queries
):
    item = road.checked()
    browser = signed_in(road.offices.cppcc)
    first, counts = Letter.objects.filter(item=item).first(), []
    browser.get(f"{API}/letters")
    for size in (1, 30):
        for _ in range(size):
            first.pk = None
            first.save(force_insert=True)
        with django_assert_max_num_queries(30) as seen:
            browser.get(f"{API}/letters")
        counts.append(len(seen))
    assert counts[0] == counts[1]
