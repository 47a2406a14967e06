"""What may be done by whom, what follows, and when it is due."""

from datetime import date
from decimal import Decimal

import pytest

from zhicheng.catalogue.matter_loader import matter_of
from zhicheng.engines.procedures.clocks import deadline, lights, reminders, worst
from zhicheng.engines.procedures.guards import holds
from zhicheng.engines.procedures.known import findings
from zhicheng.engines.procedures.running import (
    GuardRefused,
    Incomplete,
    allowed_actions,
    apply,
    begin,
    counted_as,
    missing_materials,
)
from zhicheng.kernel.calendar import Calendar, CalendarNotPublished
from zhicheng.kernel.expressions import ExpressionError
from zhicheng.kernel.lights import Light
from zhicheng.kernel.refusals import Conflict, NotAllowed, Refusal

CALENDAR = Calendar.official()
MATTER = matter_of("admin_adjudication", 1)
FACTS = {
    "sued": False,
    "continuing": True,
    "respondent_abroad": False,
    "standing": "owner",
    "patent_kind": "design",
}
ENTERED = {"known_within_three_years": True, "panel_size": "three"}
PAPERS = ("request", "register")


def take(state, action, role, on, values=None, by=None, matter=MATTER, facts=None):
    return apply(
        matter, state, action, role=role, by=by or role, on=on, calendar=CALENDAR, facts=facts or FACTS,
        values=values, documents=PAPERS,
    )  # fmt: skip


def accepted(on=date(2026, 7, 16)):
    state = begin(MATTER, received_on=date(2026, 7, 13))
    state = take(state, "file", "applicant", date(2026, 7, 13)).state
    return take(state, "accept", "head", on, ENTERED).state


def test_a_step_says_everything_that_follows_from_it():
    state = take(begin(MATTER, received_on=date(2026, 7, 13)), "file", "applicant", date(2026, 7, 13)).state
    step = take(state, "accept", "head", date(2026, 7, 16), ENTERED)
    assert (step.left, step.entered) == ("received", "serving")
    assert [(one.limit, one.kind) for one in step.clock_changes] == [
        ("filing", "met"),
        ("conclude", "started"),
        ("service", "started"),
    ]
    assert [(one.template, one.to) for one in step.documents] == [("acceptance_notice", ("applicant",))]
    assert [one.to for one in step.notices] == ["applicant"]
    assert [one.stage for one in step.closed] == ["received"]
    assert [(one.stage, one.role) for one in step.opened] == [("serving", "handler")]


def test_an_action_is_refused_to_the_wrong_role_stage_person_and_day():
    state = accepted()
    with pytest.raises(NotAllowed, match="不是您的职责"):
        take(state, "serve", "applicant", date(2026, 7, 17), {"served_on": date(2026, 7, 17)})
    with pytest.raises(Conflict, match="该步只在：立案审查"):
        take(state, "accept", "head", date(2026, 7, 17), ENTERED)
    with pytest.raises(Refusal, match="早于上一步的 2026-07-16"):
        take(state, "serve", "handler", date(2026, 7, 1), {"served_on": date(2026, 7, 1)})


def test_who_proposed_a_decision_cannot_approve_it():
    state = accepted()
    state = take(state, "serve", "handler", date(2026, 7, 17), {"served_on": date(2026, 7, 17)}).state
    state = take(state, "answer", "respondent", date(2026, 7, 20)).state
    values = {"infringing": True, "findings": "落入保护范围"}
    state = take(state, "propose", "handler", date(2026, 7, 21), values, by="li").state
    with pytest.raises(NotAllowed, match="换一人"):
        take(state, "decide", "head", date(2026, 7, 22), by="li", facts={**FACTS, **values})
    offer = next(
        one
        for one in allowed_actions(MATTER, state, ["head"], FACTS, date(2026, 7, 22), by="li")
        if one.action.id == "decide"
    )
    assert not offer.ready
    done = take(state, "decide", "head", date(2026, 7, 22), by="wang", facts={**FACTS, **values})
    assert done.state.outcome == "infringing"


def test_no_case_ends_without_an_outcome():
    state = accepted()
    state = take(state, "serve", "handler", date(2026, 7, 17), {"served_on": date(2026, 7, 17)}).state
    state = take(state, "answer", "respondent", date(2026, 7, 20)).state
    values = {"infringing": True, "findings": "落入保护范围"}
    state = take(state, "propose", "handler", date(2026, 7, 21), values).state
    with pytest.raises(Refusal, match="没有得出办理结果"):
        take(state, "decide", "head", date(2026, 7, 22), facts=FACTS)  # whether it infringes was lost


def test_everything_missing_is_named_at_once():
    state = take(begin(MATTER, received_on=date(2026, 7, 13)), "file", "applicant", date(2026, 7, 13)).state
    with pytest.raises(Incomplete) as refused:
        apply(
            MATTER, state, "accept", role="head", by="head", on=date(2026, 7, 14), calendar=CALENDAR,
            facts={**FACTS, "known_within_three_years": True},
        )  # fmt: skip
    assert refused.value.missing == ("在三年请求时限内", "合议组人数", "请求书", "专利登记簿副本")


def test_papers_depend_on_the_facts_and_what_the_city_holds_is_not_asked():
    on = date(2026, 7, 13)
    missing = [one.id for one in missing_materials(MATTER, FACTS, ("request",), on)]
    assert missing == ["register", "evidence"]
    asked = {**FACTS, "standing": "exclusive", "report_asked": True}
    assert [one.id for one in missing_materials(MATTER, asked, (), on)] == [
        "request", "register", "standing_proof", "evaluation", "evidence",
    ]  # fmt: skip


def test_a_fact_nobody_knows_lets_no_guarded_action_pass():
    state = take(begin(MATTER, received_on=date(2026, 7, 13)), "file", "applicant", date(2026, 7, 13)).state
    with pytest.raises(GuardRefused, match="已起诉"):
        take(state, "accept", "head", date(2026, 7, 14), ENTERED, facts={"continuing": True})


def test_the_derivation_names_the_reading_of_an_open_rule_and_a_city_may_choose_the_other():
    events = accepted().clock_events
    due = deadline(MATTER, "conclude", events, CALENDAR)
    assert due.day == date(2026, 10, 16)
    assert "规则未明确：办理期限最后一日遇休息日，是否顺延？本机关采用：不顺延" in str(due)
    late = accepted(on=date(2026, 7, 17)).clock_events
    assert deadline(MATTER, "conclude", late, CALENDAR).day == date(2026, 10, 17)
    roll = deadline(MATTER, "conclude", late, CALENDAR, readings={"conclude": {"roll": "roll"}})
    assert roll.day == date(2026, 10, 19)
    assert "顺延至其后第一个工作日" in str(roll)


def test_two_stops_that_overlap_give_no_day_back_twice():
    matter, day = matter_of("ip_violation", 1), date(2026, 3, 2)
    facts = {"source_kind": "inspection", "ip_kind": "patent"}
    state = take(begin(matter, received_on=day), "register", "clerk", day, matter=matter, facts=facts).state
    values = {"opening_reason": "检查发现", "investigators": "甲乙"}
    state = take(state, "open", "head", day, values, matter=matter, facts=facts).state
    assert deadline(matter, "decide", state.clock_events, CALENDAR).day == date(2026, 5, 31)
    from zhicheng.engines.procedures.state import ClockEvent

    both = (
        ClockEvent("decide", "stopped", date(2026, 3, 10), ground="appraisal"),
        ClockEvent("decide", "stopped", date(2026, 3, 15), ground="suspension"),
        ClockEvent("decide", "resumed", date(2026, 3, 19), ground="appraisal"),
        ClockEvent("decide", "resumed", date(2026, 3, 24), ground="suspension"),
    )
    due = deadline(matter, "decide", (*state.clock_events, *both), CALENDAR)
    assert due.day == date(2026, 6, 15)
    assert "检测检验检疫鉴定与权利人辨认、中止调查" in str(due)


def test_promise_and_law_stand_side_by_side_and_the_worse_light_is_shown():
    state = take(begin(MATTER, received_on=date(2026, 3, 2)), "file", "applicant", date(2026, 3, 2)).state
    (standing,) = lights(MATTER, state, on=date(2026, 3, 6), calendar=CALENDAR)
    assert (standing.due.day, standing.promised.day) == (date(2026, 3, 9), date(2026, 3, 5))
    assert (standing.light, standing.promised_light) == (Light.YELLOW, Light.RED)
    assert standing.broke_promise
    assert not standing.late
    assert worst([standing]) is Light.RED


def test_reminders_go_to_whoever_has_to_act_and_none_while_a_limit_stands_still():
    state = take(begin(MATTER, received_on=date(2026, 3, 2)), "file", "applicant", date(2026, 3, 2)).state
    found = reminders(MATTER, state, on=date(2026, 3, 2), calendar=CALENDAR)
    assert [(str(one.day), one.offset, one.role) for one in found] == [
        ("2026-03-03", -2, "handler"), ("2026-03-04", -1, "handler"), ("2026-03-05", 0, "handler"),
        ("2026-03-06", 1, "handler"),
    ]  # fmt: skip
    state = take(state, "ask_correction", "handler", date(2026, 3, 3), {"missing": "登记簿副本"}).state
    still = reminders(MATTER, state, on=date(2026, 3, 3), calendar=CALENDAR)
    assert {one.limit for one in still} == {"correction_term"}


def test_an_overdue_limit_climbs_to_the_roles_of_the_definition():
    state = accepted()
    conclude = next(
        one
        for one in lights(MATTER, state, on=date(2026, 10, 28), calendar=CALENDAR)
        if one.limit.id == "conclude"
    )
    assert conclude.light is Light.RED
    assert conclude.escalate_to == ("head", "superior")


def test_a_year_without_a_notice_is_refused_and_only_shown_as_provisional():
    matter, day = matter_of("enquiry", 1), date(2026, 12, 30)
    state = take(begin(matter, received_on=day), "file", "applicant", day, matter=matter, facts={}).state
    with pytest.raises(CalendarNotPublished, match="2027"):
        deadline(matter, "answer", state.clock_events, CALENDAR)
    shown = deadline(matter, "answer", state.clock_events, CALENDAR.provisional())
    assert shown.provisional
    assert "暂定" in str(shown)
    notice = [
        {"date": "2027-01-01", "kind": "rest", "name": "元旦"},
        {"date": "2027-01-04", "kind": "rest", "name": "元旦"},
        {"date": "2027-10-01", "kind": "rest", "name": "国庆节"},
    ]
    loaded = deadline(matter, "answer", state.clock_events, CALENDAR.with_notice(notice))
    assert (shown.day, loaded.day, loaded.provisional) == (date(2027, 1, 7), date(2027, 1, 8), False)


def test_a_case_counts_under_the_word_its_facts_ask_for():
    matter = matter_of("ip_violation", 1)
    assert counted_as(matter, {"ip_kind": "trademark"}, date(2026, 3, 2)) == "trademark_violation"
    assert counted_as(matter, {"ip_kind": "patent"}, date(2026, 3, 2)) == "patent_violation"


def test_twelve_checks_of_a_pledge_pass_refuse_or_ask_a_person():
    matter, on = matter_of("patent_pledge", 1), date(2026, 3, 2)
    facts = {"request_kind": "register", "debt_until": date(2030, 1, 2), "expires_on": date(2030, 1, 1)}
    found = {one.check.id: one.refuse for one in findings(matter, {**facts, "ended": False}, on)}
    assert len(found) == 12
    assert (found["term"], found["ended"], found["fee"]) == (True, False, None)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("kind = 'a' and amount > 2", True),
        ("kind in ('b', 'c')", False),
        ("missing = 'a'", None),
        ("missing = 'a' or kind = 'a'", True),
        ("not (kind = 'a')", False),
        ("missing is null and kind is not null", True),
        ("day between date '2026-01-01' and '2026-12-31'", True),
        ("day > :as_of", False),
        ("coalesce(flag, false)", False),
        ("amount * 2 - 1 = 5", True),
    ],
)
def test_conditions_have_three_answers(text, answer):
    types = {"kind": "text", "amount": "decimal", "missing": "text", "day": "date", "flag": "boolean"}
    facts = {"kind": "a", "amount": Decimal(3), "day": date(2026, 3, 1)}
    assert holds(text, facts, types, on=date(2026, 3, 2)) is answer


@pytest.mark.parametrize("text", ["kind", "abs(amount) = 1", "kind like 'a%'", "cast(amount as text) = '3'"])
def test_a_condition_outside_the_closed_language_is_refused(text):
    with pytest.raises(ExpressionError):
        holds(text, {"kind": "a", "amount": 3}, {"kind": "text", "amount": "decimal"}, on=date(2026, 3, 2))
