"""What was recorded wrongly is put right with a reason, and nothing of what stood there is lost."""

from __future__ import annotations

import pytest
from django.urls import reverse

from zhicheng.apps.accounts.models import AuditEvent
from zhicheng.apps.accounts.testing import signed_in
from zhicheng.apps.consultation import actions
from zhicheng.apps.consultation.models import Correction, Notice, Package, Passage, Speech
from zhicheng.apps.consultation.packages import content_hash
from zhicheng.apps.consultation.spans import shifted
from zhicheng.apps.ledger.models import Organisation
from zhicheng.kernel.refusals import Conflict, NotAllowed, Refusal

from .conftest import WORDS, day


def at(name: str, *args: object) -> str:
    return reverse(f"consultation:{name}", args=args)


def correct(road, text: str, **more) -> Correction:
    given = {"why": "与录音核对", "on": day(8), "by": road.offices.cppcc, **more}
    return actions.correct_speech(speech=road.speeches[0], text=text, **given)


def test_words_put_in_before_a_mark_move_it_and_leave_it_as_it_was(road):
    road.settle()
    made = correct(road, "各位领导。\n" + WORDS)
    marks = list(Speech.objects.get(pk=road.speeches[0].pk).passages.order_by("start"))
    assert [one.words for one in marks] == WORDS.splitlines()
    assert (made.to_look_at, made.before["text"], made.after_freeze) == ([], WORDS, False)
    assert not any(one.needs_look for one in marks)


def test_a_mark_whose_own_words_changed_is_to_be_looked_at_and_the_list_waits_for_it(road):
    problem, _ = road.settle()
    made = correct(road, WORDS.replace("境外", "越南"))
    passage = Passage.objects.get(pk=made.to_look_at[0])
    assert (passage.item_id, passage.needs_look, passage.words[:8]) == (problem.pk, True, "出口商标在越南被")
    problem.refresh_from_db()
    assert "越南" in problem.text
    with pytest.raises(Refusal, match="1 段原话更正后还没有复核"):
        actions.submit_list(session=road.session, kind="problem", on=day(9), by=road.offices.cppcc)
    actions.look_again(passage=passage.pk, by=road.offices.cppcc)
    actions.submit_list(session=road.session, kind="problem", on=day(9), by=road.offices.cppcc)


def test_words_added_to_a_speech_wait_for_a_fate(road):
    road.settle()
    correct(road, WORDS + "\n另外请减免检验费用。")
    with pytest.raises(Refusal, match="1 段发言没有去向"):
        actions.submit_list(session=road.session, kind="problem", on=day(9), by=road.offices.cppcc)


def test_the_words_of_a_marked_passage_cannot_be_corrected_away(road):
    road.settle()
    with pytest.raises(Conflict, match="希望增加一台新材料检验设备"):
        correct(road, "\n".join([WORDS.splitlines()[0], WORDS.splitlines()[2]]))
    assert not Correction.objects.exists()


def test_after_the_list_is_frozen_a_correction_is_recorded_and_the_list_stays_what_it_was(road):
    problem, _ = road.submit()
    made = correct(road, WORDS.replace("境外", "越南"))
    problem.refresh_from_db()
    package = Package.objects.get(kind="problem")
    assert made.after_freeze
    assert "境外" in problem.text
    assert "境外" in package.content[0]["text"]
    assert content_hash(package.content) == package.content_hash
    assert {one.role for one in Notice.objects.filter(text__contains="原话有更正")} == {
        "cppcc",
        "supervision",
    }
    browser = signed_in(road.offices.leader)
    assert "呈报后更正" in browser.get(at("item", problem.number)).content.decode()


def test_a_correction_needs_a_reason_and_a_change(road):
    with pytest.raises(Refusal, match="更正理由不能为空"):
        correct(road, "别的话。", why=" ")
    with pytest.raises(Refusal, match="没有改动"):
        correct(road, WORDS)


def test_a_reply_on_the_spot_is_added_freely_and_changed_only_with_a_reason(road):
    one = road.speeches[0]
    actions.note_reply(speech=one, reply="市监局当场答应研究。", on=day(1), by=road.offices.cppcc)
    assert not Correction.objects.exists()
    with pytest.raises(Refusal, match="更正理由不能为空"):
        actions.note_reply(speech=one, reply="没有答复。", on=day(1), by=road.offices.cppcc)
    actions.note_reply(speech=one, reply="没有答复。", why="记错了", on=day(1), by=road.offices.cppcc)
    assert Correction.objects.get().before == {"reply": "市监局当场答应研究。"}


def test_a_participant_is_corrected_with_the_post_of_that_day_and_the_address_stays_out_of_the_trail(road):
    firm = Organisation.objects.create(
        uscc="91110000600037341L", name="演示甲公司", name_key="", region_code="370783"
    )
    speaker = road.speakers[0]
    actions.correct_participant(
        speaker=speaker, kind="member", title="文具企业总经理", email="new@example.com", uscc=firm.uscc, why="抄错",
        on=day(1), by=road.offices.cppcc,
    )  # fmt: skip
    speaker.refresh_from_db()
    assert (speaker.kind, speaker.title, speaker.organisation_id, speaker.revision) == (
        "member",
        "文具企业总经理",
        firm.pk,
        2,
    )
    assert speaker.roles.get().title == "文具企业总经理"
    event = AuditEvent.objects.get(action="consultation.correct_participant")
    assert "example.com" not in str(event.before) + str(event.after)
    page = signed_in(road.offices.cppcc).get(at("participant", speaker.pk)).content.decode()
    assert "抄错" in page
    assert "演示甲公司" in page


def test_an_organisation_that_the_ledger_does_not_hold_is_refused(road):
    with pytest.raises(Refusal, match="台账中没有"):
        actions.correct_participant(
            speaker=road.speakers[0], kind="member", title="甲", email="", uscc="91110000600037341L", why="x", on=day(1),
            by=road.offices.cppcc,
        )  # fmt: skip


def test_offices_without_the_record_and_those_of_another_city_correct_nothing(road):
    for who in (road.offices.supervision, road.offices.unit, road.offices.far_cppcc):
        with pytest.raises(NotAllowed):
            correct(road, "别的话。", by=who)
        with pytest.raises(NotAllowed):
            actions.note_reply(speech=road.speeches[0], reply="x", on=day(1), by=who)
        with pytest.raises(NotAllowed):
            actions.correct_participant(
                speaker=road.speakers[0], kind="member", title="x", email="", why="x", on=day(1), by=who
            )


def test_the_office_corrects_a_speech_and_looks_again_on_the_pages(road):
    road.settle()
    browser, number = signed_in(road.offices.cppcc), road.speeches[0].pk
    assert at("speech", number) in browser.get(at("session", road.session.number)).content.decode()
    given = {
        "step": "correct",
        "text": WORDS.replace("境外", "越南").replace("\n", "\r\n"),
        "recording": "A1",
        "why": "与录音核对",
        "revision": 1,
    }
    assert browser.post(at("speech", number), given).status_code == 302
    page = browser.get(at("speech", number)).content.decode()
    assert "1 段原话在标记之后有更正" in page
    assert "<del>" in page
    assert "待复核" in browser.get(at("reconcile", road.session.number)).content.decode()
    mark = Passage.objects.get(needs_look=True)
    browser.post(at("passage", road.session.number), {"step": "look", "passage": mark.pk})
    assert not Passage.objects.filter(needs_look=True).exists()
    again = browser.post(at("speech", number), {**given, "text": "别的", "why": "再改"})
    assert again.status_code == 422
    assert "已被更正" in again.content.decode()
    assert (
        browser.post(at("speech", number), {"step": "reply", "reply": "当场答应。", "why": ""}).status_code
        == 302
    )
    assert "当场答应" in browser.get(at("reconcile", road.session.number)).content.decode()


def test_a_refused_correction_of_a_participant_keeps_what_was_typed(road):
    browser = signed_in(road.offices.cppcc)
    path = at("participant_step", road.speakers[0].pk)
    answer = browser.post(
        path, {"step": "correct", "kind": "member", "title": "改过的称谓", "email": "", "why": ""}
    )
    assert answer.status_code == 422
    assert "改过的称谓" in answer.content.decode()
    done = browser.post(
        path, {"step": "correct", "kind": "member", "title": "改过的称谓", "email": "", "why": "抄错"}
    )
    assert done.status_code == 302


def test_who_may_open_the_page_of_a_speech(road, cast, client):
    path = at("speech", road.speeches[0].pk)
    for who in (road.offices.leader, road.offices.unit, cast.city_officer, cast.department):
        assert signed_in(who).get(path).status_code == 200
    for who in (cast.county_officer, cast.stranger, cast.enterprise):
        assert signed_in(who).get(path).status_code in (403, 404)
        assert signed_in(who).post(path, {"step": "reply", "reply": "x"}).status_code in (403, 404)
    assert client.get(path).status_code == 302
    assert (
        signed_in(road.offices.unit).post(path, {"step": "reply", "reply": "x", "why": ""}).status_code == 422
    )


def test_line_ends_of_a_browser_alone_are_no_correction(road):
    with pytest.raises(Refusal, match="没有改动"):
        correct(road, WORDS.replace("\n", "\r\n"))


@pytest.mark.parametrize(
    ("old", "new", "spans", "wanted"),
    [
        ("甲乙丙丁", "甲乙丙丁", [(0, 2), (2, 4)], ["甲乙", "丙丁"]),
        ("甲乙丙丁", "甲乙。丙丁", [(0, 2), (2, 4)], ["甲乙", "丙丁"]),
        ("甲乙丙丁", "甲X丙丁", [(0, 2), (2, 4)], ["甲X", "丙丁"]),
        ("甲乙丙丁", "甲丁", [(1, 2), (3, 4)], ["", "丁"]),
        ("甲乙丙丁", "甲X丁", [(0, 2), (2, 4)], ["甲X", "丁"]),
    ],
)
def test_marks_never_overlap_after_a_correction(old, new, spans, wanted):
    assert [new[start:end] for start, end in shifted(old, new, spans)] == wanted
