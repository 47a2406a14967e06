"""What leaders and the supervision office do: instruct, hand out, urge, check, park and strike off."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhicheng.apps.accounts.public import User, require
from zhicheng.apps.consultation.access import refuse_own_unit
from zhicheng.apps.consultation.models import Instruction, Item, Report, UnitTask
from zhicheng.apps.consultation.moving import locked, move, said
from zhicheng.apps.consultation.packages import note
from zhicheng.apps.consultation.record_language import in_record_language
from zhicheng.apps.consultation.rules import rules_for
from zhicheng.apps.consultation.states import ItemState
from zhicheng.apps.consultation.telling import notify
from zhicheng.kernel.refusals import Conflict, Refusal

# The six questions of an answer's check (审结): each must be yes, or the answer goes back.
QUESTIONS = {
    "facts": _("事实是否清楚"),
    "solved": _("问题是否解决，未解决的原因是否成立"),
    "done": _("批示要求是否逐条落实"),
    "conclusion": _("结论是否明确"),
    "legal": _("是否合法合规"),
    "form": _("格式是否符合一事一文、负责人签字"),
}


@transaction.atomic
def instruct(*, items: Iterable[str], text: str, leader: str, on: date, by: User) -> Instruction:
    """Record a leader's instruction; on an item that had one, or was answered already, it opens a new round.

    Raises:
        Refusal: the words, the leader or the items are missing.
        Conflict: an item has not been submitted yet.
    """
    text = said(text, "批示内容", "请录入批示原文。")
    leader = said(leader, "批示人", "请填写批示人的职务。")
    rows = [locked(one) for one in sorted(set(items))]
    if not rows:
        raise Refusal("批示没有覆盖任何事项。", fix="请勾选事项。")
    for one in rows:
        require(by, "consultation.instruct", region=one.region_code)
    opened = 1
    for one in rows:
        if one.state == ItemState.SUBMITTED:
            move(one, "instruct", on=on, by=by, why=text)
        else:
            end_tasks(one, UnitTask.Ending.REPLACED, on=on, why="新的批示")
            move(one, "instruct_again", on=on, by=by, why=text, round=one.round + 1, due_on=None)
        opened = max(opened, one.round)
    made = Instruction.objects.create(text=text, by=leader, given_on=on, recorded_by=by, round=opened)
    made.items.set(rows)
    return made


@transaction.atomic
def assign(
    *, item: str, lead_unit: str, on: date, by: User, assisting: str = "", due_on: date | None = None,
    rhythm: str = Item.Rhythm.MONTHLY, unit_region: str = "", measure: str = "", why: str = "",
) -> Item:  # fmt: skip
    """Hand an item to its units with a day; one without instruction goes the ordinary way and says so.

    Args:
        due_on: None for the length the region's rules set; a change of unit keeps the day, only an extension moves it.
        unit_region: region of the units when it is not the item's own, e.g. a county bureau.
        why: for a change of unit, the reason.

    Raises:
        Refusal: no unit is named, or the day lies before the assignment.
        Conflict: the item is past handing out.
    """
    row = locked(item)
    require(by, "consultation.supervise", region=row.region_code)
    lead = said(lead_unit, "主办单位", "请填写主办单位。")
    helpers = _assisting(assisting, lead)
    due = _due(row, due_on, on=on)
    if rhythm not in Item.Rhythm.values:
        raise Refusal(f"报告频次“{rhythm}”不认识。", fix="请选择每周或每月。")
    step, changes = _way(row, lead, why)
    if row.kind in (Item.Kind.PLEDGE, Item.Kind.TASK) or measure:
        changes["measure"] = said(measure or row.measure, "衡量办法", "请写明做到什么算完成。")
    end_tasks(row, UnitTask.Ending.REPLACED, on=on, why=why)
    for unit in (lead, *helpers):
        UnitTask.objects.create(
            item=row, round=row.round, unit=unit, region_code=unit_region or row.region_code, given_on=on, due_on=due,
            part=UnitTask.Part.LEAD if unit == lead else UnitTask.Part.ASSIST,
        )  # fmt: skip
    words = _handed_out(lead, helpers, due, ordinary=step == "ordinary", why=why)
    return move(
        row, step, on=on, by=by, why=words, lead_unit=lead, assisting_units="、".join(helpers), due_on=due,
        rhythm=rhythm, **changes,
    )  # fmt: skip


def _due(row: Item, wanted: date | None, *, on: date) -> date:
    if row.state == ItemState.IN_HAND and row.due_on is not None:
        if wanted not in (None, row.due_on):
            raise Refusal(
                f"改派不改变期限：事项 {row.number} 的办结期限是 {row.due_on}。",
                fix="确需延期，请由主办单位在到期前报告难以按期，再办理“延期”。",
            )
        return row.due_on
    due = wanted or on + timedelta(days=rules_for(row.region_code).finish_days)
    if due <= on:
        raise Refusal(f"办结期限 {due} 不晚于交办日 {on}。", fix="请填写交办日之后的日期。")
    return due


@transaction.atomic
def extend(*, item: str, due_on: date, why: str, on: date, by: User) -> Item:
    """Give an item more time: the only way a due day moves, and only on an inability reported before it.

    Raises:
        NotAllowed: the person belongs to a unit that works on the item.
        Conflict: no inability was reported in this round, or each one was answered by an extension already.
        Refusal: the new day is not later, or there is no reason.
    """
    row = locked(item)
    require(by, "consultation.supervise", region=row.region_code)
    refuse_own_unit(row, by, "延期")
    why = said(why, "延期的理由", "请写明为什么同意延期，发言人会收到。")
    if row.state != ItemState.IN_HAND or row.due_on is None:
        raise Conflict(f"事项 {item} 现在处于“{row.get_state_display()}”。", fix="只有办理中的事项可以延期。")
    asked = row.reports.filter(kind=Report.Kind.INABILITY, round=row.round).count()
    if asked <= row.events.filter(step="extend", round=row.round).count():
        raise Conflict(
            f"事项 {item} 没有待答复的“难以按期”报告。", fix="请由主办单位在到期前先报告难以按期。"
        )
    if due_on <= max(row.due_on, on):
        raise Refusal(f"新的期限 {due_on} 不晚于原期限 {row.due_on} 或今天。", fix="请填写更晚的日期。")
    before = row.due_on
    row.tasks.filter(ended_on__isnull=True).update(due_on=due_on)
    return move(row, "extend", on=on, by=by, why=f"{before} → {due_on}；{why}", due_on=due_on)


@in_record_language
def _handed_out(lead: str, helpers: list[str], due: date, *, ordinary: bool, why: str) -> str:
    named = {"lead": lead, "helpers": "、".join(helpers) or gettext("无"), "due": due, "why": why}
    if ordinary:
        return gettext("主办：%(lead)s；协办：%(helpers)s；期限：%(due)s；按一般事项办理，无批示") % named
    if why:
        return gettext("主办：%(lead)s；协办：%(helpers)s；期限：%(due)s；%(why)s") % named
    return gettext("主办：%(lead)s；协办：%(helpers)s；期限：%(due)s") % named


def _assisting(written: str, lead: str) -> list[str]:
    found = [one.strip() for one in written.replace("，", "、").replace(",", "、").split("、") if one.strip()]
    return [one for one in dict.fromkeys(found) if one != lead]


def _way(row: Item, lead: str, why: str) -> tuple[str, dict[str, Any]]:
    if row.state == ItemState.INSTRUCTED:
        return "assign", {"ordinary": False}
    if row.state == ItemState.IN_HAND:
        said(why, "改派的理由", "请写明为什么改派。")
        return "reassign", {"handed_over": row.handed_over + (1 if lead != row.lead_unit else 0)}
    if row.state == ItemState.COLLECTED and row.kind in (Item.Kind.PROBLEM, Item.Kind.SUGGESTION):
        raise Conflict(f"事项 {row.number} 还没有列入清单。", fix="请先呈报清单，再按一般事项交办。")
    return "ordinary", {"ordinary": True}


def end_tasks(row: Item, ending: str, *, on: date, why: str = "") -> None:
    """End every task that is still open on an item."""
    row.tasks.filter(ended_on__isnull=True).update(ended_on=on, ending=ending, why=why[:300])


@transaction.atomic
def urge(*, item: str, text: str, on: date, by: User | None, rule: str = "") -> Report:
    """Urge the units of an item; a rule urges once a day at most.

    Raises:
        Conflict: the item is not in hand.
    """
    row = locked(item)
    if by is not None:
        require(by, "consultation.supervise", region=row.region_code)
    if row.state != ItemState.IN_HAND:
        raise Conflict(f"事项 {item} 现在处于“{row.get_state_display()}”。", fix="只有办理中的事项可以催办。")
    text = said(text, "催办内容", "请写明催什么。")
    made, fresh = Report.objects.get_or_create(
        item=row, kind=Report.Kind.URGE, rule=rule, reported_on=on, text=text,
        defaults={"unit": "督考办", "round": row.round, "by": by},
    )  # fmt: skip
    if fresh:
        note(row, "urge", by=by, why=text, rule=rule)
        for task in row.tasks.filter(ended_on__isnull=True):
            notify(row, f"催办“{row.title}”：{text}", on=on, unit=task.unit, region=task.region_code)
    return made


@transaction.atomic
def check(*, item: str, passed: Iterable[str], text: str, on: date, by: User) -> Item:
    """Check an answer by the six questions; one that passes goes to the speakers as a letter.

    Args:
        passed: names of the questions answered with yes.

    Raises:
        Refusal: a question was not answered with yes; the answer must go back instead.
        NotAllowed: the person belongs to a unit that worked on the item.
    """
    row = locked(item)
    require(by, "consultation.supervise", region=row.region_code)
    refuse_own_unit(row, by, "审结")
    missing = [str(words) for name, words in QUESTIONS.items() if name not in set(passed)]
    if missing:
        raise Refusal(
            f"审结六问中有 {len(missing)} 问未通过：{'；'.join(missing)}。", fix="请退回重办并写明理由。"
        )
    answer = row.reports.filter(kind=Report.Kind.ANSWER, round=row.round).last()
    if answer is None or not answer.signed_by:
        raise Conflict(f"事项 {item} 没有经负责人签字的办理结果。", fix="请退回承办单位补签。")
    Report.objects.create(
        item=row,
        kind=Report.Kind.CHECK,
        round=row.round,
        unit="督考办",
        text=text or "六问通过",
        reported_on=on,
        by=by,
    )
    move(row, "check", on=on, by=by, why=text or "六问通过", letter=_feedback(row, answer))
    if not row.raised_by.exists():
        # Nobody spoke it: a pledge or a conference task is judged by its measure, which the check just did.
        move(row, "judge", on=on, by=by, why=f"按衡量办法核验：{row.measure}")
    return row


@in_record_language
def _feedback(row: Item, answer: Report) -> str:
    files = "、".join(answer.files.values_list("name", flat=True))
    evidence = "；".join(one for one in (answer.evidence, files) if one)
    named = {
        "title": row.title, "unit": row.lead_unit, "head": answer.signed_by, "day": answer.reported_on, "text": answer.text,
        "evidence": evidence or gettext("无"), "not_done": answer.not_done or gettext("无"),
    }  # fmt: skip
    lines = (
        gettext("您提出的“%(title)s”已有办理结果。"),
        gettext("办理单位：%(unit)s（负责人 %(head)s 签发，%(day)s）"),
        gettext("做了什么：%(text)s"),
        gettext("佐证：%(evidence)s"),
        gettext("没有做到的及原因：%(not_done)s"),
        gettext("请在专属页面评价是否满意；不满意或有新的情况，事项会重新打开。"),
    )
    return "\n".join(line % named for line in lines)


@transaction.atomic
def return_answer(*, item: str, why: str, on: date, by: User) -> Item:
    """Send an answer back that does not meet the six questions; the units have it in hand again."""
    row = locked(item)
    require(by, "consultation.supervise", region=row.region_code)
    why = said(why, "退回的理由", "请说明哪里不符合要求。")
    moved = move(row, "return", on=on, by=by, why=why)
    reopen_tasks(moved, on=on)
    return moved


def reopen_tasks(row: Item, *, on: date) -> None:
    """Give the units of an item their tasks again, for the present round and day."""
    last = row.tasks.filter(unit=row.lead_unit).last()
    region = last.region_code if last else row.region_code
    due = row.due_on or on + timedelta(days=rules_for(row.region_code).finish_days)
    assisting = [one for one in row.assisting_units.split("、") if one]
    for unit in (row.lead_unit, *assisting):
        if unit:
            UnitTask.objects.create(
                item=row, round=row.round, unit=unit, region_code=region, given_on=on, due_on=due,
                part=UnitTask.Part.LEAD if unit == row.lead_unit else UnitTask.Part.ASSIST,
            )  # fmt: skip


@transaction.atomic
def park(*, item: str, why: str, on: date, by: User) -> Item:
    """Keep an item open on the books with an explanation instead of a false “done” (挂账)."""
    row = locked(item)
    require(by, "consultation.supervise", region=row.region_code)
    refuse_own_unit(row, by, "挂账")
    why = said(why, "挂账的原因和下一步", "请填写说明，发言人会收到。")
    end_tasks(row, UnitTask.Ending.REPLACED, on=on, why="挂账")
    return move(row, "park", on=on, by=by, why=why)


@transaction.atomic
def close(*, item: str, on: date, by: User, why: str = "") -> Item:
    """Strike an item off (销号): signed by the unit head, checked, and judged by every speaker.

    Raises:
        NotAllowed: the person belongs to a unit that worked on the item.
        Conflict: a speaker gave no verdict, or this round was never checked.
    """
    row = locked(item)
    require(by, "consultation.close", region=row.region_code)
    refuse_own_unit(row, by, "销号")
    judged = row.judgements.filter(round=row.round).values("speaker")
    silent = row.raised_by.exclude(speaker__in=judged).select_related("speaker")
    if names := "、".join(link.speaker.title for link in silent):
        raise Conflict(
            f"发言人（{names}）还没有评价，不能销号。", fix="请等待或联系发言人；无法解决的请挂账并说明。"
        )
    kinds = set(row.reports.filter(round=row.round).values_list("kind", flat=True))
    if row.state == ItemState.JUDGED and not {Report.Kind.ANSWER, Report.Kind.CHECK} <= kinds:
        raise Conflict(f"事项 {item} 本轮没有签字的办理结果或审结。", fix="请先由承办单位报送、督考办审结。")
    return move(row, "close", on=on, by=by, why=why)
