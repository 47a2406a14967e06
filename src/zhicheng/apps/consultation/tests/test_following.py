"""What follows: verdicts and new evidence, recurrence, clauses, transfer, and a second look by lot."""

from __future__ import annotations

import pytest

from zhicheng.apps.accounts.testing import make_user
from zhicheng.apps.consultation import access, actions
from zhicheng.apps.consultation.models import Evidence, Item, Letter, Recurrence, Verification
from zhicheng.kernel.refusals import Conflict, NotAllowed, NotFound, Refusal

from .conftest import DAY, day


def test_a_dissatisfied_speaker_re_opens_the_item_with_a_new_day(road):
    item = road.judged("dissatisfied")
    assert (item.state, item.round, item.reopened) == ("in_hand", 2, 1)
    assert item.due_on == day(130)
    assert item.tasks.filter(ended_on__isnull=True, round=2).count() == 2


def test_the_same_verdict_sent_twice_counts_once_and_another_one_is_refused(road):
    item = road.checked()
    for _ in range(2):
        actions.judge(speaker=road.speakers[0], item=item.number, value="fair", on=day(40))
    assert item.judgements.count() == 1
    with pytest.raises(Conflict, match="已经评价过"):
        actions.judge(speaker=road.speakers[0], item=item.number, value="satisfied", on=day(40))


def test_a_verdict_sent_again_after_it_re_opened_the_item_changes_nothing(road):
    item = road.judged("dissatisfied")
    again = actions.judge(
        speaker=road.speakers[1], item=item.number, value="dissatisfied", text="费用问题没有办", on=day(40)
    )
    assert (again.round, again.reopened) == (2, 1)


def test_nobody_judges_what_somebody_else_raised(road):
    road.submit()
    suggestion = Item.objects.get(kind="suggestion")
    with pytest.raises(NotAllowed, match="不是您提出的"):
        actions.judge(speaker=road.speakers[1], item=suggestion.number, value="fair", on=day(40))


def test_a_verdict_taken_by_telephone_names_who_wrote_it_down(road):
    item = road.checked()
    actions.judge(speaker=road.speakers[0], item=item.number, value="fair", on=day(40), by=road.offices.cppcc)
    assert item.judgements.get().recorded_by == road.offices.cppcc
    with pytest.raises(NotAllowed):
        actions.judge(
            speaker=road.speakers[1], item=item.number, value="fair", on=day(40), by=road.offices.unit
        )


def test_new_evidence_re_opens_a_closed_item_within_the_window_only(road):
    item = road.closed()
    with pytest.raises(Conflict, match="期限已于"):
        actions.reopen(item=item.number, why="又被抢注", on=day(226), speaker=road.speakers[0])
    item = actions.reopen(item=item.number, why="又被抢注", on=day(225), speaker=road.speakers[0])
    assert (item.state, item.round) == ("in_hand", 2)


def test_a_declined_suggestion_is_submitted_again_on_new_evidence(road):
    _, suggestion = road.submit()
    actions.decline(item=suggestion.number, why="已有同类设备", on=day(3), by=road.offices.cppcc)
    item = actions.reopen(
        item=suggestion.number, why="现有设备排期三个月", on=day(9), speaker=road.speakers[0]
    )
    assert item.state == "submitted"


def test_what_a_speaker_adds_reaches_the_units(road):
    item = road.in_hand()
    actions.add_evidence(item=item.number, speaker=road.speakers[0], text="附公告截图", on=day(9))
    assert Evidence.objects.get().speaker == road.speakers[0]
    with pytest.raises(Refusal, match="没有填写内容"):
        actions.add_evidence(item=item.number, speaker=road.speakers[0], text=" ", on=day(9))


def test_one_letter_tells_a_speaker_of_all_and_only_his_or_her_items(road):
    road.checked()
    letter = actions.write_summary(speaker=road.speakers[1], on=day(35), by=road.offices.cppcc)
    assert "境外商标被抢注" in letter.text
    assert "增加检验设备" not in letter.text
    assert "没有做到的及原因：费用补助尚未列入预算。" in letter.text


@pytest.fixture
def next_session(road):
    session = actions.open_session(
        number="2025-02", topic="知识产权保护", held_on=day(100), region_code="370700", by=road.offices.cppcc
    )
    speaker = actions.add_participant(
        session=session, kind="entrepreneur", title="文创企业负责人", by=road.offices.cppcc
    )
    text = "我们的商标在国外被抢注，境外维权费用太高。"
    return actions.add_speech(session=session, speaker=speaker, text=text, by=road.offices.cppcc)


def test_an_earlier_item_of_the_same_problem_is_proposed_and_linked_by_a_person(road, next_session):
    problem, suggestion = road.settle()
    item = actions.take_up(
        speech=next_session, start=0, end=len(next_session.text), kind="problem", title="境外商标被抢注", on=day(100),
        by=road.offices.cppcc,
    )  # fmt: skip
    assert [one.earlier for one in item.recurrences.all()] == [problem]
    row = actions.decide_recurrence(
        proposal=item.recurrences.get().pk, same=True, on=day(101), by=road.offices.cppcc
    )
    assert row.decision == Recurrence.Decision.LINKED
    with pytest.raises(Refusal, match="不早于"):
        actions.link_recurrence(
            item=suggestion.number, earlier=item.number, on=day(101), by=road.offices.cppcc
        )


def test_a_clause_is_confirmed_by_somebody_else_and_the_speaker_is_told(road):
    _, suggestion = road.submit()
    link = actions.propose_policy_link(
        item=suggestion.number, clause="weifang.china_patent_gold", indicator="valid_invention_patents", on=day(90),
        by=road.offices.cppcc,
    )  # fmt: skip
    with pytest.raises(NotAllowed, match="不能自己确认"):
        actions.decide_policy_link(link=link.pk, confirmed=True, on=day(91), by=road.offices.cppcc)
    actions.decide_policy_link(link=link.pk, confirmed=True, on=day(91), by=road.offices.cppcc_two)
    assert "中国专利金奖" in Letter.objects.filter(speaker=road.speakers[0]).last().text


def test_a_clause_that_the_catalogue_does_not_hold_is_refused(road):
    _, suggestion = road.submit()
    with pytest.raises(NotFound, match="没有条款"):
        actions.propose_policy_link(item=suggestion.number, clause="没有", on=day(90), by=road.offices.cppcc)


@pytest.fixture
def joint(road):
    """The session made a joint one of two regions."""
    group = actions.form_group(
        code="two", name="两地协同组", regions=["370700", "500100"], by=road.offices.cppcc
    )
    road.session.group = group
    road.session.save()
    return road


def test_items_of_a_joint_session_are_seen_in_both_regions_and_others_are_not(joint):
    item = joint.in_hand()
    assert access.item(item.number, joint.offices.far_cppcc) == item
    stranger = make_user("waidi", "cppcc", "330200")
    with pytest.raises(NotFound):
        access.item(item.number, stranger)


def test_an_item_moves_to_the_other_region_with_consent_and_a_receipt(joint):
    item = joint.in_hand()
    offer = actions.propose_transfer(
        item=item.number, to_region="500100", why="注册地在对方", on=day(10), by=joint.offices.supervision
    )
    assert Item.objects.get(pk=item.pk).region_code == "370700"
    with pytest.raises(NotAllowed):
        actions.decide_transfer(
            transfer=offer.pk, accept=True, answer="", on=day(11), by=joint.offices.supervision
        )
    offer = actions.decide_transfer(
        transfer=offer.pk, accept=True, answer="同意", on=day(12), by=joint.offices.far_supervision
    )
    moved = Item.objects.get(pk=item.pk)
    assert (moved.region_code, moved.state) == ("500100", "instructed")
    assert offer.receipt.startswith("移交-500100-2025-")
    actions.assign(item=item.number, lead_unit="异地知识产权局", on=day(13), by=joint.offices.far_supervision)
    actions.answer(item=item.number, text="已办", signed_by="局长", on=day(20), by=joint.offices.far_unit)


def test_a_refused_transfer_leaves_the_item_where_it_is_and_says_why(joint):
    item = joint.in_hand()
    offer = actions.propose_transfer(
        item=item.number, to_region="500100", why="注册地在对方", on=day(10), by=joint.offices.supervision
    )
    with pytest.raises(Conflict, match="已有一份待接收"):
        actions.propose_transfer(item=item.number, to_region="500100", why="再来", on=day(10), by=joint.offices.supervision)  # fmt: skip
    actions.decide_transfer(
        transfer=offer.pk, accept=False, answer="企业已迁出", on=day(12), by=joint.offices.far_supervision
    )
    assert Item.objects.get(pk=item.pk).region_code == "370700"


def test_a_sample_is_drawn_by_seed_and_looked_at_by_somebody_without_a_part(road):
    item = road.closed()
    drawn = actions.draw_sample(
        region="370700", count=5, since=DAY, on=day(60), seed="八月一日", by=road.offices.cppcc
    )
    assert [one.item for one in drawn] == [item]
    assert (
        actions.draw_sample(region="370700", count=5, since=DAY, on=day(60), seed="x", by=road.offices.cppcc)
        == []
    )
    actions.verify(verification=drawn[0].pk, finding="false", text="企业称未收到方案", on=day(70), by=road.offices.cppcc)  # fmt: skip
    item.refresh_from_db()
    assert (item.state, item.reopened) == ("in_hand", 1)
    assert Verification.objects.get().finding == "false"


def test_links_are_replaced_and_taken_back(road):
    from zhicheng.apps.consultation.links import speaker_of, token_of

    speaker = road.speakers[0]
    old = token_of(speaker)
    assert speaker_of(old).pk == speaker.pk
    new = actions.issue_link(speaker=speaker, by=road.offices.cppcc)
    with pytest.raises(NotFound, match="已失效"):
        speaker_of(old)
    actions.revoke_link(speaker=speaker, why="换人", by=road.offices.cppcc)
    with pytest.raises(NotFound, match="已失效"):
        speaker_of(new)
