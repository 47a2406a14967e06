"""Award rounds over the API: a whole round by requests alone, and a ballot that gives nobody's vote away."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.core.serializers import serialize
from django.test import Client

from zhicheng.apps.accounts.public import AuditEvent, set_city
from zhicheng.apps.accounts.testing import signed_in
from zhicheng.apps.incentives.models import (
    AwardRound,
    Ballot,
    BallotCount,
    BallotSeat,
    Candidate,
    DefenceSlot,
    ScoreSheet,
)
from zhicheng.apps.incentives.rounds.stages import MATERIAL, VOTE, Stage
from zhicheng.apps.incentives.testing.city import authorised
from zhicheng.apps.incentives.testing.rounds import FIRMS, at_vote, committee, opened

API = "/api/v1/policies"
CALL = {
    "scheme_code": "mayor_quality_award", "title": "第十六届市长质量奖", "round": 16, "opens_on": "2025-10-01",
    "closes_on": "2025-11-30", "tiers": [["award", 1], ["nomination", 1]], "criteria": [["领导", 40], ["结果", 60]],
    "trimmed": 0, "least_scores": 2, "conditions": [{"check": "region"}],
    "stages": [
        {"kind": "material", "weight": 50}, {"kind": "on_site", "weight": 20}, {"kind": "defence", "weight": 30},
        {"kind": "vote", "shown": True}, {"kind": "decision", "when": "before"},
    ],
}  # fmt: skip
VOTED = (Stage(MATERIAL, "材料评审", 100), Stage(VOTE, "表决"))


def send(user, method, path, body=None, **headers):
    browser = signed_in(user) if user else Client()
    more = {} if method == "get" else {"data": json.dumps(body or {}), "content_type": "application/json"}
    return getattr(browser, method)(API + path, headers={"If-Match": "*", **headers}, **more)


def ok(answer):
    assert answer.status_code in {200, 201}, answer.content.decode()
    return answer.json()


@pytest.fixture
def day(town):
    def move(to):
        set_city(region_code="370700", name="演示市", opens_on=to, demo=True)

    move(date(2025, 11, 3))
    return move


def test_a_whole_round_is_walked_by_requests_alone(town, day):
    made = ok(send(town.officer, "post", "/rounds", CALL))
    here = f"/rounds/{made['round']}"
    assert made["stages"][3]["quorum"] == "two_thirds"
    for expert in town.experts:
        ok(send(town.officer, "post", f"{here}/experts", {"username": expert.username}))
    for name in FIRMS[:2]:
        firm = town.firms[name]
        body = {"organisation": firm.pk, "statement": "本单位推行卓越绩效管理。", "submit": True}
        ok(send(authorised(town, firm), "post", f"{here}/applications", body))
    step = lambda name, **more: ok(send(town.reviewer, "post", f"{here}/steps", {"step": name, **more}))  # noqa: E731
    step("check")
    step("start")
    day(date(2025, 12, 12))

    def mark():
        for sheet in ScoreSheet.objects.filter(total=None):
            marks = [30, 50] if sheet.candidate.name == "甲公司" else [30, 55]
            ok(send(sheet.expert, "post", f"/scoring/{sheet.pk}", {"marks": marks}))

    mark()
    step("close_stage")
    for one in Candidate.objects.all():
        body = {"candidate": one.pk, "on": "2025-12-03", "team": [expert.pk for expert in town.experts[:2]]}
        ok(send(town.reviewer, "post", f"{here}/visits", body))
    mark()
    step("close_stage")
    drawn = ok(send(town.reviewer, "post", f"{here}/defence", {"starts_at": "2025-12-10T09:00:00", "minutes": 20, "seed": "7"}))  # fmt: skip
    assert drawn["seed"] == "7"
    for slot in DefenceSlot.objects.all():
        ok(send(town.reviewer, "post", f"{here}/attendance", {"slot": slot.pk, "attended": True}))
    shown = ok(send(town.experts[0], "get", "/scoring"))
    assert {one["name"] for one in shown["items"]} == {"甲公司", "乙公司"}
    mark()
    step("close_stage")
    for place, expert in enumerate(town.experts):
        ok(
            send(
                town.officer, "post", f"{here}/committee", {"username": expert.username, "chair": place == 0}
            )
        )
    ballot = ok(send(town.reviewer, "post", f"{here}/ballots"))["ballot"]
    keys = {one.name: one.pk for one in Candidate.objects.all()}
    for expert in town.experts:
        assert len(ok(send(expert, "get", f"/ballots/{ballot}"))["candidates"]) == 2
        body = {"choices": {keys["甲公司"]: "for", keys["乙公司"]: "for"}}
        assert ok(send(expert, "post", f"/ballots/{ballot}", body)) == {"ballot": ballot, "voted": True}
    ok(send(town.reviewer, "post", f"{here}/ballots/{ballot}/steps", {"step": "close"}))
    step("close_stage")
    body = {"decided_on": "2025-12-11", "document": "演示纪要"}
    assert ok(send(town.reviewer, "post", f"{here}/decision", body))["status"] == "ranked"
    step("publish")
    notice = ok(send(None, "get", f"/round-notices/{made['round']}"))
    assert [(one["name"], one["tier"], one["votes"]["for"]) for one in notice["items"]] == [
        ("乙公司", "award", 4), ("甲公司", "nomination", 4),
    ]  # fmt: skip
    day(date(2025, 12, 25))
    assert step("grant", why="演示公布文件")["status"] == "granted"
    assert [one["state"] for one in ok(send(town.officer, "get", f"{here}/result"))["stages"]] == ["done"] * 5


def test_a_step_is_taken_only_from_the_state_it_was_read_in(town, day):
    row = opened(town, (Stage(MATERIAL, "材料评审", 100),))
    refused = send(town.reviewer, "post", f"/rounds/{row.number}/steps", {"step": "cancel", "why": "x"}, **{"If-Match": '"old"'})  # fmt: skip
    assert refused.status_code == 412
    assert AwardRound.objects.get().status == "scoring"


def test_a_ballot_is_handed_in_without_a_key_whose_digest_would_tell_the_vote(town, day):
    row = at_vote(town, VOTED)
    members = committee(town, row)
    ballot = ok(send(town.reviewer, "post", f"/rounds/{row.number}/ballots"))["ballot"]
    body = {"choices": dict.fromkeys(Candidate.objects.values_list("pk", flat=True), "against")}
    refused = send(members[0], "post", f"/ballots/{ballot}", body, **{"Idempotency-Key": "k1"})
    assert refused.status_code == 422
    assert "Idempotency-Key" in refused.json()["detail"]
    assert BallotSeat.objects.get(person=members[0]).voted_at is None
    ok(send(members[0], "post", f"/ballots/{ballot}", body))
    assert send(members[0], "post", f"/ballots/{ballot}", body).status_code == 409
    assert {one.against for one in BallotCount.objects.all()} == {1}


def test_no_page_file_answer_or_event_tells_what_a_member_voted(town, day):
    """One member votes against everybody; wherever the vote can be read about, the word for it is not beside a name."""
    row = at_vote(town, VOTED)
    members = committee(town, row)
    number = ok(send(town.reviewer, "post", f"/rounds/{row.number}/ballots"))["ballot"]
    keys = list(Candidate.objects.values_list("pk", flat=True))
    for place, member in enumerate(members):
        body = {"choices": dict.fromkeys(keys, "against" if place == 0 else "for")}
        ok(send(member, "post", f"/ballots/{number}", body))
    # while it is open nobody reads how it stands, not even who conducts it
    page = signed_in(town.officer).get(f"/incentives/rounds/{row.number}/").content.decode()
    assert "已投票 5 人" in page
    assert "须赞成" not in page
    result = ok(send(town.officer, "get", f"/rounds/{row.number}/result"))
    assert result["ballots"][0]["lines"] == []
    ok(send(town.reviewer, "post", f"/rounds/{row.number}/ballots/{number}/steps", {"step": "close"}))
    result = ok(send(town.officer, "get", f"/rounds/{row.number}/result"))
    assert {(one["for"], one["against"]) for one in result["ballots"][0]["lines"]} == {(4, 1)}
    # what is stored about a person holds no choice, and what is stored about choices no person
    seats, counts = (serialize("json", model.objects.all()) for model in (BallotSeat, BallotCount))
    assert not any(word in seats for word in ("against", "abstain", '"for"'))
    assert "person" not in counts
    events = AuditEvent.objects.filter(by__in=members).exclude(action="accounts.sign_in")
    assert {event.action for event in events} == {"policies.vote"}
    for event in events:
        assert not any(
            word in event.before_json + event.after_json + event.why for word in ("against", "for", "反对")
        )
    file = signed_in(town.officer).get(f"/incentives/rounds/{row.number}/votes/export.csv").content.decode()
    mine = signed_in(members[0]).get(f"/incentives/scoring/ballots/{number}/").content.decode()
    for member in members:
        assert member.username not in file
    assert "您已投票" in mine
    assert "checked" not in mine
    assert Ballot.objects.get().result["lines"]


def test_a_member_of_another_round_opens_no_ballot_of_this_one(town, day):
    row = at_vote(town, VOTED)
    committee(town, row)
    number = ok(send(town.reviewer, "post", f"/rounds/{row.number}/ballots"))["ballot"]
    other = town.experts[0]
    assert send(other, "get", f"/ballots/{number}").status_code == 404
    assert send(other, "post", f"/ballots/{number}", {"choices": {}}).status_code == 404
    assert signed_in(other).get(f"/incentives/scoring/ballots/{number}/").status_code == 404
    assert signed_in(town.officer).get(f"/incentives/scoring/ballots/{number}/").status_code == 404
