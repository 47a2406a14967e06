"""Nothing said is lost: every passage has a fate, and merging keeps everybody."""

from __future__ import annotations

import pytest

from zhicheng.apps.consultation import actions
from zhicheng.apps.consultation.models import Item, Package
from zhicheng.apps.consultation.packages import content_hash
from zhicheng.apps.consultation.passages import open_pieces
from zhicheng.apps.consultation.spans import pieces, unsettled
from zhicheng.kernel.refusals import Conflict, NotAllowed, Refusal

from .conftest import DAY, MORE, WORDS, day


def test_a_list_is_not_submitted_while_part_of_a_paragraph_has_no_fate(road):
    road.take("出口商标在境外被人抢先注册")
    assert open_pieces(road.session) == 4
    with pytest.raises(Refusal, match="还有 4 段发言没有去向"):
        actions.submit_list(session=road.session, kind="problem", on=day(1), by=road.offices.cppcc)


def test_punctuation_alone_needs_no_fate(road):
    road.take("出口商标在境外被人抢先注册")
    road.take("请市里帮助应对")
    speech = road.speeches[0]
    first = pieces(speech.text, list(speech.passages.all()))[0]
    assert [one.text for one in first if one.blank] == ["，", "。"]
    assert unsettled(speech.text, list(speech.passages.all())) == 2


def test_words_that_have_a_fate_are_not_given_another(road):
    road.take("出口商标在境外被人抢先注册")
    with pytest.raises(Conflict, match="已“立为事项”"):
        actions.set_aside(**road.find("境外被人"), reason="重复", by=road.offices.cppcc)


def test_setting_words_aside_needs_a_reason(road):
    with pytest.raises(Refusal, match="不立项的理由"):
        actions.set_aside(**road.find("感谢"), reason=" ", by=road.offices.cppcc)


def test_a_mark_taken_back_leaves_the_words_waiting_and_the_empty_item_gone(road):
    item = road.take("出口商标在境外被人抢先注册")
    actions.release(passage=item.passages.get().pk, by=road.offices.cppcc)
    assert not Item.objects.exists()
    assert open_pieces(road.session) == 4


def test_taking_back_the_words_of_one_of_two_speakers_keeps_the_item_for_the_other(road):
    item = road.take(WORDS.splitlines()[0])
    road.take(MORE, speech=1, joins=item.number)
    actions.release(passage=item.passages.get(speech=road.speeches[1]).pk, by=road.offices.cppcc)
    assert [one.speaker for one in item.raised_by.all()] == [road.speakers[0]]


def test_merging_two_items_keeps_both_speakers_and_both_passages(road):
    one = road.take(WORDS.splitlines()[0])
    other = road.take(MORE, speech=1)
    target = actions.merge(item=other.number, into=one.number, on=DAY, why="同一问题", by=road.offices.cppcc)
    assert {link.speaker for link in target.raised_by.all()} == set(road.speakers)
    assert target.passages.count() == 2
    assert road.speakers[1].letters.get().text.startswith("您提出的")


def test_items_of_different_lists_are_not_merged(road):
    problem, suggestion = road.settle()
    with pytest.raises(Refusal, match="不在同一场的同一张清单"):
        actions.merge(item=problem.number, into=suggestion.number, on=DAY, why="", by=road.offices.cppcc)


def test_a_package_keeps_what_was_submitted_and_its_hash_proves_it(road):
    problem, _ = road.submit()
    package = Package.objects.get(kind="problem")
    assert package.number == "370700-2025-01-问题清单-1"
    assert package.content[0]["speakers"] == ["文具企业负责人", "新材料企业负责人"]
    Item.objects.filter(pk=problem.pk).update(title="改过的标题")
    assert content_hash(package.content) == package.content_hash
    changed = [{**package.content[0], "title": "改过的标题"}]
    assert content_hash(changed) != package.content_hash


def test_words_of_a_submitted_item_can_no_longer_be_taken_back(road):
    problem, _ = road.submit()
    with pytest.raises(Conflict, match="不能再改动它的原话"):
        actions.release(passage=problem.passages.first().pk, by=road.offices.cppcc)


def test_a_pledge_of_an_official_is_not_judged_by_the_one_who_made_it(road):
    item = road.take("希望增加一台新材料检验设备", kind="pledge", title="年内增加设备")
    assert not item.raised_by.exists()


def test_a_conference_task_says_when_it_is_done(road):
    with pytest.raises(Refusal, match="衡量办法"):
        actions.add_task(
            session=road.session,
            kind="task",
            title="编制目录",
            text="",
            measure="",
            on=DAY,
            by=road.offices.cppcc,
        )


def test_numbers_go_on_after_an_item_was_taken_back(road):
    first, second = road.settle()
    assert (first.number, second.number) == ("370700-2025-01-001", "370700-2025-01-002")


def test_the_bureau_does_not_record_for_the_cppcc_office(road):
    with pytest.raises(NotAllowed):
        actions.set_aside(**road.find("感谢"), reason="致谢", by=road.offices.bureau)


def test_an_office_of_another_city_records_nothing(road):
    with pytest.raises(NotAllowed, match="范围不含区划 370700"):
        actions.set_aside(**road.find("感谢"), reason="致谢", by=road.offices.far_cppcc)
