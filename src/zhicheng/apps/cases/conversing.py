"""Words on a case: remarks among officers or to the party, what assisting units answer, one joint reply."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone

from zhicheng.apps.accounts.public import Role, User, record_event, require
from zhicheng.apps.cases import stepping
from zhicheng.apps.cases.access import case_for, is_handler
from zhicheng.apps.cases.models import Comment, Handling, Task
from zhicheng.apps.cases.state_rows import write_event
from zhicheng.apps.cases.telling import announce, tell, tell_office, tell_parties
from zhicheng.kernel.refusals import Conflict, NotAllowed, NotFound, Refusal


@transaction.atomic
def comment(*, case: int, text: str, by: User, to_party: bool = False, on: date | None = None) -> Comment:
    """Say something on a case; what a party writes is always seen by both sides."""
    day = on or timezone.localdate()
    handling = case_for(by, case, day)
    if not text.strip():
        raise Refusal("留言是空的。", fix="请写明内容。")
    open_to_all = to_party or not by.is_officer
    row = Comment.objects.create(case=handling, by=by, text=text.strip(), to_party=open_to_all)
    if not by.is_officer:
        tell_office(handling, f"{handling.number} 当事人留言：{text.strip()[:80]}", day)
    elif to_party:
        tell_parties(handling, f"承办人留言：{text.strip()[:120]}", day)
    record_event(
        by=by, action="cases.comment", subject=f"case:{handling.number}", after={"to_party": open_to_all}
    )
    return row


@transaction.atomic
def ask_units(
    *, case: int, units: Sequence[str], question: str, due_on: date, by: User, on: date | None = None
) -> list[Task]:
    """Ask other departments for their view; the leading one answers for all, once."""
    day = on or timezone.localdate()
    handling = _handled(case, by, day)
    wanted = list(dict.fromkeys(one.strip() for one in units if one.strip() and one.strip() != handling.unit))
    if not wanted or not question.strip():
        raise Refusal("协办须写明单位和事项。", fix="请至少填写一个本单位以外的单位，并写明请其答复什么。")
    if due_on < day:
        raise Refusal(f"协办期限 {due_on} 早于今天 {day}。", fix="请核对日期。")
    rows = []
    for unit in wanted:
        if handling.tasks.filter(kind=Task.Kind.ASSIST, unit=unit, done_on=None).exists():
            raise Conflict(f"已请{unit}协办，尚未答复。", fix="请等待或催办。")
        rows.append(
            Task.objects.create(
                case=handling,
                kind=Task.Kind.ASSIST,
                title=question.strip()[:200],
                unit=unit,
                opened_on=day,
                due_on=due_on,
            )
        )
    people = User.objects.filter(department__in=wanted, is_active=True)
    tell(handling, people, f"{handling.number} 请贵单位协办：{question.strip()[:80]}（{due_on} 前）", day)
    write_event(
        handling, action="ask_units", words="请协办", on=day, by=by, why=question, after="、".join(wanted)
    )
    _moved(handling)
    record_event(by=by, action="cases.ask_units", subject=f"case:{handling.number}", after={"units": wanted})
    return rows


@transaction.atomic
def answer_task(*, task: int, answer: str, by: User, on: date | None = None) -> Task:
    """Answer what was asked of one's unit or done as one's task."""
    day = on or timezone.localdate()
    row = Task.objects.select_for_update(of=("self",)).select_related("case").filter(pk=task).first()
    mine = row is not None and (
        (row.kind == Task.Kind.ASSIST and by.department and row.unit == by.department)
        or (row.kind == Task.Kind.TODO and is_handler(by, row.case, day))
    )
    if row is None or not mine:
        raise NotFound(f"没有交给您的任务 {task}。", fix="请核对编号。")
    if row.done_on is not None:
        raise Conflict(f"该任务已于 {row.done_on} 完成。", fix="请刷新页面。")
    if not answer.strip():
        raise Refusal("答复是空的。", fix="请写明意见。")
    row.answer, row.done_on, row.done_by = answer.strip(), day, by
    row.save(update_fields=["answer", "done_on", "done_by"])
    handling = stepping.lock(row.case_id)
    tell_office(handling, f"{handling.number} {row.unit or by}已答复：{answer.strip()[:80]}", day, but=by)
    write_event(handling, action="answer_task", words="协办答复" if row.kind == Task.Kind.ASSIST else "完成任务", on=day,
                by=by, why=answer, after=row.unit or row.title)  # fmt: skip
    _moved(handling)
    record_event(by=by, action="cases.answer_task", subject=f"case:{handling.number}", after={"task": row.pk})
    return row


@transaction.atomic
def drop_task(*, task: int, why: str, by: User, on: date | None = None) -> Task:
    """Take back what was asked of a unit, with the reason."""
    day = on or timezone.localdate()
    row = Task.objects.select_related("case").filter(pk=task, kind=Task.Kind.ASSIST, done_on=None).first()
    if row is None:
        raise NotFound(f"没有待答复的协办任务 {task}。", fix="请核对编号。")
    handling = _handled(row.case_id, by, day)
    if not why.strip():
        raise Refusal("撤回协办须写明理由。", fix="请填写理由。")
    row.done_on, row.done_by, row.answer = day, by, f"已撤回：{why.strip()}"
    row.save(update_fields=["done_on", "done_by", "answer"])
    write_event(handling, action="drop_task", words="撤回协办", on=day, by=by, why=why, before=row.unit)
    _moved(handling)
    record_event(by=by, action="cases.drop_task", subject=f"case:{handling.number}", why=why)
    return row


@transaction.atomic
def joint_reply(*, case: int, text: str, by: User, on: date | None = None) -> Comment:
    """Give the party one reply for all departments; not before every one of them has answered."""
    day = on or timezone.localdate()
    handling = _handled(case, by, day)
    asked = list(handling.tasks.filter(kind=Task.Kind.ASSIST))
    waiting = [one.unit for one in asked if one.done_on is None]
    if waiting:
        raise Conflict(
            f"{'、'.join(waiting)}尚未答复，不能联合答复。", fix="请催办，或撤回对该单位的协办请求。"
        )
    if not asked:
        raise Refusal("没有协办单位，无须联合答复。", fix="请直接留言告知当事人。")
    if not text.strip():
        raise Refusal("答复是空的。", fix="请写明答复。")
    units = "、".join(dict.fromkeys(one.unit for one in asked))
    words = f"{text.strip()}\n（{handling.unit or '主办单位'}牵头，{units}协办，统一答复）"
    row = Comment.objects.create(case=handling, by=by, text=words, to_party=True)
    tell_parties(handling, f"联合答复：{text.strip()[:120]}", day)
    write_event(handling, action="joint_reply", words="联合答复", on=day, by=by, after=units, told=True)
    _moved(handling)
    announce(handling, "case.joint_reply", day)
    record_event(by=by, action="cases.joint_reply", subject=f"case:{handling.number}")
    return row


@transaction.atomic
def supervise(*, case: int, supervised: bool, why: str, by: User, on: date | None = None) -> Handling:
    """Put a case under supervision, or end that; a reason is needed for both."""
    day = on or timezone.localdate()
    handling = _supervisable(case, by, day)
    if not why.strip():
        raise Refusal("督办须写明理由。", fix="请填写理由。")
    if handling.supervised == supervised:
        raise Conflict(f"办件 {handling.number} 已{'在' if supervised else '不在'}督办。", fix="请刷新页面。")
    handling.supervised, handling.checked_for_closing = supervised, False
    handling.revision += 1
    handling.save(update_fields=["supervised", "checked_for_closing", "revision", "updated_at"])
    words = "列入督办" if supervised else "解除督办"
    write_event(handling, action="supervise", words=words, on=day, by=by, why=why)
    tell_office(handling, f"{handling.number} {words}：{why.strip()[:120]}", day)
    record_event(
        by=by,
        action="cases.supervise",
        subject=f"case:{handling.number}",
        why=why,
        after={"supervised": supervised},
    )
    return handling


@transaction.atomic
def check_closing(*, case: int, agreed: bool, why: str, by: User, on: date | None = None) -> Handling:
    """The supervision office has checked what was done and agrees that the case be closed, or does not."""
    day = on or timezone.localdate()
    handling = _supervisable(case, by, day)
    if not handling.supervised:
        raise Conflict(f"办件 {handling.number} 不在督办。", fix="无须核查。")
    if not why.strip():
        raise Refusal("核查须写明情况。", fix="请写明核查了什么、结论是什么。")
    handling.checked_for_closing = agreed
    handling.revision += 1
    handling.save(update_fields=["checked_for_closing", "revision", "updated_at"])
    words = "核查同意办结" if agreed else "核查未通过"
    write_event(handling, action="check_closing", words=words, on=day, by=by, why=why)
    tell_office(handling, f"{handling.number} 督办{words}：{why.strip()[:120]}", day)
    record_event(
        by=by,
        action="cases.check_closing",
        subject=f"case:{handling.number}",
        why=why,
        after={"agreed": agreed},
    )
    return handling


def _handled(case: int, by: User, on: date) -> Handling:
    seen = case_for(by, case, on)
    handling = stepping.lock(seen.pk)
    if not is_handler(by, handling, on):
        raise NotAllowed(f"办件 {handling.number} 不由您承办。", fix="请由承办人办理。")
    if handling.closed:
        raise Conflict(f"办件 {handling.number} 已办结。", fix="需要时先重新办理。")
    return handling


def _supervisable(case: int, by: User, on: date) -> Handling:
    if by.role != Role.SUPERVISION:
        raise NotAllowed(f"{by}不在督办单位。", fix="请由督考办办理。")
    seen = case_for(by, case, on)
    require(by, "cases.supervise", region=seen.region_code)
    return stepping.lock(seen.pk)


def _moved(handling: Handling) -> None:
    handling.revision += 1
    handling.save(update_fields=["revision", "updated_at"])
