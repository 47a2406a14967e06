"""The demo's play, the API, the commands and the daily job."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from zhicheng.apps.accounts.testing import make_user, signed_in
from zhicheng.apps.consultation import actions
from zhicheng.apps.consultation.commands import consultation
from zhicheng.apps.consultation.demo_play import play
from zhicheng.apps.consultation.models import Item, Letter, Participant, PolicyLink, Report, Session, Transfer
from zhicheng.apps.consultation.ticking import tick

from .conftest import day

API = "/api/v1/consultation"


@pytest.fixture
def demo(offices):
    cast = {
        "cppcc": offices.cppcc, "leader": offices.leader, "supervision": offices.supervision, "department": offices.unit,
        "officer": offices.bureau,
    }  # fmt: skip
    play(cast)
    return cast


def test_the_demo_plays_a_session_of_five_speakers_and_seven_items_through_the_loop(demo):
    session = Session.objects.get(number="370700-2025-01")
    assert session.synthetic
    people = Participant.objects.filter(session=session)
    assert [people.filter(kind=kind).count() for kind in ("entrepreneur", "member")] == [3, 2]
    items = session.items.filter(kind__in=("problem", "suggestion"))
    assert items.count() == 7
    assert items.filter(reopened=1).count() == 1
    assert items.filter(state="parked").count() == 1
    assert PolicyLink.objects.get(decision="confirmed").item.state == "closed"
    assert Transfer.objects.get().decision == "proposed"
    assert Item.objects.filter(recurrences__decision="linked").count() == 1


def test_the_demo_played_again_changes_nothing(demo):
    before = (Item.objects.count(), Letter.objects.count())
    play(demo)
    assert (Item.objects.count(), Letter.objects.count()) == before


def test_the_daily_job_urges_by_rule_once_a_day_and_says_who_is_late(road):
    item = road.in_hand()
    by = road.offices.supervision
    soon = tick(on=day(90), by=by)
    assert ("due_soon" in [kind for _, kind in soon.urged], tick(on=day(90), by=by).urged) == (True, [])
    late = tick(on=day(100), by=by)
    assert (item.number, "市市场监管局", "overdue", 4) in late.late
    assert tick(on=day(102), by=by).urged == []
    assert "overdue" in [kind for _, kind in tick(on=day(105), by=by).urged]
    assert Report.objects.filter(item=item, kind="urge").count() == Report.objects.filter(kind="urge").values("rule", "reported_on").distinct().count()  # fmt: skip


def test_who_has_not_judged_is_written_to_again_but_not_for_ever(road):
    item = road.checked()
    actions.judge(speaker=road.speakers[0], item=item.number, value="fair", on=day(35))
    for count in range(40, 140, 5):
        tick(on=day(count), by=road.offices.supervision)
    reminders = Letter.objects.filter(subject__startswith="请评价")
    assert {one.speaker for one in reminders} == {road.speakers[1]}
    assert reminders.count() == 3


def test_a_letter_that_could_not_be_sent_goes_out_with_the_next_daily_job(road, settings, mailoutbox):
    road.submit()
    assert Letter.objects.filter(mail="waiting").count() == 2
    done = tick(on=day(4), by=road.offices.supervision)
    assert (done.sent, done.unsent) == (2, 0)
    assert len(mailoutbox) == 2
    assert tick(on=day(4), by=road.offices.supervision).sent == 0


def test_a_fault_of_the_mail_server_leaves_the_letter_for_the_next_run(road, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    road.submit()
    done = tick(on=day(4), by=road.offices.supervision)
    assert (done.sent, done.unsent) == (0, 2)
    assert Letter.objects.filter(mail="failed", tries=1).count() == 2


def test_the_commands_list_show_and_board_what_the_person_may_see(road):
    item = road.in_hand()
    run = CliRunner().invoke
    listed = run(consultation, ["list", "--as", "zhengxie", "--format", "json", "--on", "2025-09-01"])
    row = next(one for one in json.loads(listed.output)["items"] if one["number"] == item.number)
    assert row["late"][0]["kind"] == "overdue"
    assert "境外商标被抢注" in run(consultation, ["show", item.number, "--as", "zhengxie"]).output
    board = json.loads(run(consultation, ["board", "--as", "zhengxie", "--format", "json"]).output)
    assert {one["state"]: one["count"] for one in board["columns"]}["in_hand"] == 1
    assert "催办" in run(consultation, ["tick", "--as", "dukao", "--on", "2025-09-01"]).output
    far = run(consultation, ["show", item.number, "--as", "yizhengxie"])
    assert "没有编号" in str(far.exception)


def test_the_whole_loop_goes_over_the_api(road):
    cppcc, leader = signed_in(road.offices.cppcc), signed_in(road.offices.leader)
    supervision, unit = signed_in(road.offices.supervision), signed_in(road.offices.unit)

    def post(browser, path, body, **headers):
        return browser.post(f"{API}{path}", body, content_type="application/json", headers=headers)

    number = road.session.number
    story = cppcc.get(f"{API}/sessions/{number}").json()
    for speech in story["speeches"]:
        for place, one in enumerate(speech["passages"]):
            body = {"speech": speech["id"], "start": one["start"], "end": one["end"], "fate": "item", "kind": "problem", "title": f"事项{speech['id']}-{place}", "on": "2025-05-08"}  # fmt: skip
            assert post(cppcc, f"/sessions/{number}/passages", body).status_code == 201
    package = post(cppcc, f"/sessions/{number}/packages", {"kind": "problem", "on": "2025-05-10"}).json()
    assert "content" in package, package
    item = package["content"][0]["number"]
    assert post(leader, "/instructions", {"items": [item], "text": "研办", "leader": "市长", "on": "2025-05-12"}).status_code == 201  # fmt: skip
    for browser, step, fields in (
        (supervision, "assign", {"on": "2025-05-13", "lead_unit": "市市场监管局", "rhythm": "weekly"}),
        (unit, "answer", {"on": "2025-05-20", "text": "办好", "signed_by": "局长"}),
    ):
        seen = browser.get(f"{API}/items/{item}")
        assert step in [one["step"] for one in seen.json()["steps"]]
        done = post(
            browser, f"/items/{item}/steps", {"step": step, "fields": fields}, **{"If-Match": seen["ETag"]}
        )
        assert done.status_code == 200, done.content.decode()
    assert done.json()["state"] == "answered"


def test_a_step_over_the_api_needs_the_version_it_was_made_from(road):
    item = road.in_hand()
    browser = signed_in(road.offices.supervision)
    body = {"step": "park", "fields": {"on": "2025-06-01", "why": "待授权"}}
    path = f"{API}/items/{item.number}/steps"
    assert browser.post(path, body, content_type="application/json").status_code == 428
    stale = browser.post(
        path, body, content_type="application/json", headers={"If-Match": '"consultation-x-0"'}
    )
    assert stale.status_code == 412


def test_the_api_shows_an_officer_of_another_city_nothing(road):
    item = road.in_hand()
    stranger = signed_in(make_user("waidi", "cppcc", "330200"))
    assert stranger.get(f"{API}/items/{item.number}").status_code == 404
    assert stranger.get(f"{API}/sessions/{road.session.number}").status_code == 404
    assert stranger.get(f"{API}/items").json()["items"] == []
    assert stranger.get(f"{API}/board").json()["total"] == 0
