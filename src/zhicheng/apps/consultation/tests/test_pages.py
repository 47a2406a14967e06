"""Pages: who may open them, and each role's work done through them."""

from __future__ import annotations

import pytest
from django.urls import reverse

from zhicheng.apps.accounts.testing import signed_in
from zhicheng.apps.consultation import actions
from zhicheng.apps.consultation.links import token_of
from zhicheng.apps.consultation.models import Item, Letter, Package, Session
from zhicheng.apps.consultation.supervising import QUESTIONS

from .conftest import WORDS, day


def at(name: str, *args: object) -> str:
    return reverse(f"consultation:{name}", args=args)


@pytest.fixture
def pages(road):
    """Every page of a session whose item was answered and checked."""
    item = road.checked()
    letter = Letter.objects.filter(item=item).first()
    return [
        at("index"), at("session", road.session.number), at("reconcile", road.session.number),
        at("package", Package.objects.first().number), at("package_word", Package.objects.first().number),
        at("participant", road.speakers[0].pk), at("items"), at("export"), at("item", item.number), at("letter", letter.pk),
        at("letter_word", letter.pk), at("board"), at("notices"), at("transfers"), at("samples"), at("rules"),
    ]  # fmt: skip


def test_every_office_opens_every_page(pages, offices):
    for who in (offices.cppcc, offices.leader, offices.supervision, offices.unit, offices.bureau):
        for path in pages:
            assert signed_in(who).get(path).status_code == 200, (who, path)


def test_a_county_a_stranger_and_a_firm_see_nothing_of_the_citys_loop(pages, offices, cast):
    for who in (cast.county_officer, cast.stranger, cast.enterprise):
        browser = signed_in(who)
        for path in pages:
            response = browser.get(path, follow=False)
            content = b"".join(response.streaming_content) if response.streaming else response.content
            assert "境外商标被抢注" not in content.decode("utf-8", "replace"), (who, path)
            assert response.status_code in (200, 302, 403, 404), (who, path)


def test_who_is_not_signed_in_is_led_to_the_sign_in_page(pages, client):
    for path in pages:
        response = client.get(path)
        assert (response.status_code, "/accounts/login/" in response.headers.get("Location", "")) == (
            302,
            True,
        ), path


def test_a_county_sees_an_item_once_a_unit_of_the_county_works_on_it(road, cast):
    problem, _ = road.submit()
    browser = signed_in(cast.county_officer)
    assert browser.get(at("item", problem.number)).status_code == 404
    actions.assign(
        item=problem.number,
        lead_unit="寿光市市场监管局",
        unit_region="370783",
        on=day(4),
        by=road.offices.supervision,
    )
    assert browser.get(at("item", problem.number)).status_code == 200
    assert browser.get(at("session", road.session.number)).status_code == 404


def test_the_cppcc_officer_opens_a_session_and_settles_every_passage_in_the_browser(offices):
    browser = signed_in(offices.cppcc)
    made = browser.post(
        at("session_new"),
        {"number": "2025-09", "topic": "品牌", "held_on": "2025-09-01", "research": "", "group": ""},
    )
    session = Session.objects.get()
    assert made["Location"] == at("session", session.number)
    browser.post(at("session_step", session.number, "participant"), {"kind": "entrepreneur", "title": "文具企业负责人", "email": ""})  # fmt: skip
    speaker = session.participants.get()
    browser.post(at("session_step", session.number, "speech"), {"speaker": speaker.pk, "text": WORDS, "recording": "A1", "reply": ""})  # fmt: skip
    speech = session.speeches.get()
    page = browser.get(at("reconcile", session.number)).content.decode()
    assert "还有 3 段没有去向" in page
    ends = [WORDS.index("\n"), WORDS.index("\n", 30), len(WORDS)]
    spans = [(0, ends[0]), (ends[0] + 1, ends[1]), (ends[1] + 1, ends[2])]
    steps = [{"step": "problem", "kind": "problem", "title": "商标"}, {"step": "suggestion", "kind": "suggestion", "title": "设备"},
             {"step": "aside", "reason": "致谢"}]  # fmt: skip
    for (start, end), step in zip(spans, steps, strict=True):
        data = {**step, "speech": speech.pk, "start": start, "end": end}
        answer = browser.post(at("passage", session.number), data, headers={"HX-Request": "true"})
        assert answer.status_code == 200
    assert "每一段都有去向" in answer.content.decode()
    sent = browser.post(at("session_step", session.number, "submit"), {"kind": "problem"})
    assert Package.objects.get().number in sent["Location"].replace(
        "%E9%97%AE%E9%A2%98%E6%B8%85%E5%8D%95", "问题清单"
    )


def test_a_mark_that_cannot_be_made_is_said_beside_the_text(road):
    browser = signed_in(road.offices.cppcc)
    data = {"step": "aside", "speech": road.speeches[0].pk, "start": 0, "end": 5, "reason": ""}
    answer = browser.post(at("passage", road.session.number), data, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert "不立项的理由不能为空" in answer.content.decode()


def test_the_leaders_secretary_records_one_instruction_for_several_items(road):
    problem, suggestion = road.submit()
    browser = signed_in(road.offices.leader)
    package = Package.objects.get(kind="problem")
    answer = browser.post(at("package", package.number), {"on": "2025-06-01", "leader": "市委主要负责同志", "text": "请研办。", "items": [problem.number, suggestion.number]})  # fmt: skip
    assert answer.status_code == 302
    problem.refresh_from_db()
    suggestion.refresh_from_db()
    assert (problem.state, suggestion.state) == ("instructed", "submitted")


def test_department_and_supervision_office_do_their_steps_on_the_page_of_the_item(road):
    item = road.in_hand()
    unit, supervision = signed_in(road.offices.unit), signed_in(road.offices.supervision)
    page = unit.get(at("item", item.number)).content.decode()
    assert "报送办理结果" in page
    assert "销号" not in page.split("概况")[0]
    unit.post(at("act", item.number, "progress"), {"on": "2025-06-01", "text": "已走访三家", "evidence": ""})
    unit.post(
        at("act", item.number, "answer"),
        {"on": "2025-06-10", "text": "办好了", "not_done": "", "evidence": "文", "signed_by": "局长"},
    )
    failed = supervision.post(
        at("act", item.number, "check"), {"on": "2025-06-11", "passed": ["facts"], "text": ""}
    )
    assert failed.status_code == 422
    assert "5 问未通过" in failed.content.decode()
    supervision.post(
        at("act", item.number, "check"), {"on": "2025-06-11", "passed": list(QUESTIONS), "text": ""}
    )
    item.refresh_from_db()
    assert item.state == "checked"


def test_a_step_made_from_an_outdated_page_is_refused_and_the_change_is_shown(road):
    item = road.in_hand()
    seen = item.revision
    actions.park(item=item.number, why="待省里授权", on=day(20), by=road.offices.supervision)
    answer = signed_in(road.offices.supervision).post(
        at("act", item.number, "park"), {"on": "2025-06-01", "why": "另一个理由", "revision": seen}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "在您打开页面之后已有变化" in page
    assert "待省里授权" in page


def test_a_step_that_is_not_the_persons_is_refused(road):
    item = road.judged()
    answer = signed_in(road.offices.unit).post(
        at("act", item.number, "close"), {"on": "2025-09-01", "why": ""}
    )
    assert answer.status_code == 422
    assert Item.objects.get(pk=item.pk).state == "judged"


def test_the_list_and_the_board_cost_the_same_number_of_queries_at_any_size(
    road, django_assert_max_num_queries
):
    road.in_hand()
    browser = signed_in(road.offices.cppcc)
    for path in (at("items"), at("board"), at("index")):
        browser.get(path)
    counts = {}
    for size in (2, 60):
        first = Item.objects.first()
        for number in range(size):
            first.pk, first.number = None, f"X-{size}-{number:03d}"
            first.save(force_insert=True)
        for path in (at("items"), at("board"), at("index")):
            with django_assert_max_num_queries(60) as seen:
                browser.get(path)
            counts.setdefault(path, []).append(len(seen))
    for path, (small, large) in counts.items():
        assert large <= small, path


def test_the_list_goes_on_by_cursor_without_losing_or_repeating_an_item(road):
    first = road.in_hand()
    wanted = set(Item.objects.values_list("number", flat=True))
    for number in range(100):
        first.pk, first.number = None, f"X-{number:03d}"
        first.save(force_insert=True)
        wanted.add(first.number)
    browser, seen, after = signed_in(road.offices.cppcc), [], ""
    while True:
        page = browser.get(at("items"), {"after": after}).context["page"]
        seen += [line.item.number for line in page.rows]
        after = page.next
        if not after:
            break
    assert len(seen) == len(set(seen)) == len(wanted)


def test_exports_hold_what_is_filtered_and_are_logged(road):
    from zhicheng.apps.accounts.models import AuditEvent

    road.in_hand()
    browser = signed_in(road.offices.cppcc)
    lines = b"".join(browser.get(at("export"), {"state": "in_hand"}).streaming_content).decode().splitlines()
    assert len(lines) == 2
    assert "境外商标被抢注" in lines[1]
    assert browser.get(at("export"), {"format": "xlsx"}).status_code == 200
    assert AuditEvent.objects.filter(action="consultation.export").count() == 2


def test_a_speakers_page_shows_his_or_her_items_and_nothing_else(road, client):
    road.checked()
    page = client.get(at("personal", token_of(road.speakers[1])))
    text = page.content.decode()
    assert "境外商标被抢注" in text
    assert "费用补助尚未列入预算" in text
    assert "增加检验设备" not in text
    assert "文具企业负责人" not in text
    assert page["Cache-Control"].startswith("max-age=0")
    assert page["Referrer-Policy"] == "same-origin"


def test_a_speaker_judges_through_the_link_and_pressing_twice_counts_once(road, client):
    item = road.checked()
    token = token_of(road.speakers[0])
    for _ in range(2):
        answer = client.post(
            at("personal_step", token, item.number, "judge"), {"value": "satisfied", "text": ""}
        )
        assert answer.status_code == 302
    assert item.judgements.count() == 1
    assert item.judgements.get().recorded_by is None


def test_a_dissatisfied_speaker_is_asked_why_on_the_page(road, client):
    item = road.checked()
    token = token_of(road.speakers[0])
    answer = client.post(
        at("personal_step", token, item.number, "judge"), {"value": "dissatisfied", "text": ""}
    )
    assert answer.status_code == 422
    assert "不满意的原因" in answer.content.decode()


def test_a_link_of_one_speaker_does_not_reach_the_items_of_another(road, client):
    road.checked()
    other = Item.objects.get(kind="suggestion")
    token = token_of(road.speakers[1])
    for step in ("judge", "reopen", "add"):
        answer = client.post(
            at("personal_step", token, other.number, step), {"value": "fair", "text": "试探"}
        )
        assert answer.status_code == 403
    assert not other.judgements.exists()


def test_a_link_that_was_changed_or_has_expired_opens_nothing(road, client):
    from datetime import date

    token = token_of(road.speakers[0])
    assert client.get(at("personal", token[:-2] + "xx")).status_code == 404
    road.speakers[0].link_expires_on = date(2020, 1, 1)
    road.speakers[0].save()
    page = client.get(at("personal", token))
    assert page.status_code == 404
    assert "已失效" in page.content.decode()


def test_guessing_links_is_slowed_down(road, client):
    from django.core.cache import cache

    cache.clear()
    answers = [client.get(at("personal", f"1.{n}~x")).status_code for n in range(12)]
    assert answers[:10] == [404] * 10
    assert answers[10:] == [429, 429]
    cache.clear()


def test_writing_through_a_link_is_slowed_down(road, client):
    from django.core.cache import cache

    cache.clear()
    item = road.in_hand()
    token = token_of(road.speakers[0])
    answers = [
        client.post(at("personal_step", token, item.number, "add"), {"text": f"第{n}次"}).status_code
        for n in range(12)
    ]
    assert answers.count(302) == 10
    assert answers[-1] == 429
    cache.clear()


def test_who_acts_for_the_speakers_organisation_sees_the_items_after_signing_in(road, cast):
    from zhicheng.apps.accounts.models import OrganisationAgent
    from zhicheng.apps.ledger.models import Organisation

    firm = Organisation.objects.create(
        uscc="91110000600037341L", name="演示甲公司", name_key="", region_code="370783"
    )
    OrganisationAgent.objects.create(user=cast.enterprise, uscc=firm.uscc, organisation=firm, state="approved", letter="x")  # fmt: skip
    road.speakers[0].organisation = firm
    road.speakers[0].save()
    item = road.checked()
    browser = signed_in(cast.enterprise)
    assert browser.get(at("index"))["Location"] == at("mine")
    assert "境外商标被抢注" in browser.get(at("mine")).content.decode()
    browser.post(at("mine_step", road.speakers[0].pk, item.number, "judge"), {"value": "fair", "text": ""})
    assert item.judgements.get().value == "fair"
    assert (
        browser.post(
            at("mine_step", road.speakers[1].pk, item.number, "judge"), {"value": "fair"}
        ).status_code
        == 404
    )


def test_a_day_is_filled_in_as_the_browsers_date_control_reads_it(road):
    page = signed_in(road.offices.supervision).get(at("item", road.in_hand().number)).content.decode()
    assert 'type="date" name="on" value="2025-12-16"' in page.replace(" required", "")
