"""What a suggestion became, who else handles it, and whether what was closed is true."""

from __future__ import annotations

import hashlib
from datetime import date
from functools import lru_cache

from django.db import transaction
from django.utils.translation import gettext as _

from zhicheng.apps.accounts.public import Role, User, one_person_mode, record_event, require
from zhicheng.apps.consultation.access import refuse_own_unit
from zhicheng.apps.consultation.judging import work_again
from zhicheng.apps.consultation.models import (
    GroupMember,
    Item,
    ItemEvent,
    PolicyLink,
    Transfer,
    UnitTask,
    Verification,
)
from zhicheng.apps.consultation.moving import locked, move, said
from zhicheng.apps.consultation.packages import note
from zhicheng.apps.consultation.record_language import in_record_language
from zhicheng.apps.consultation.states import ItemState
from zhicheng.apps.consultation.supervising import end_tasks
from zhicheng.apps.consultation.telling import about, notify, write
from zhicheng.apps.figures.public import catalogue
from zhicheng.catalogue.policy_loader import load_policies
from zhicheng.kernel.refusals import Conflict, NotAllowed, NotFound, Refusal


@lru_cache(maxsize=1)
def clauses() -> dict[str, str]:
    """Return id and name of every clause in the policy catalogue."""
    return {one.id: one.name for one in load_policies().clauses}


@transaction.atomic
def propose_policy_link(*, item: str, clause: str, on: date, by: User, indicator: str = "", note_text: str = "") -> PolicyLink:  # fmt: skip
    """Say which clause a suggestion became and which indicator it was meant to move; somebody else confirms it.

    Raises:
        NotFound: the catalogue has no such clause or indicator.
        Conflict: the link is there already.
    """
    row = locked(item)
    require(by, "consultation.link", region=row.session.region_code)
    if clause not in clauses():
        raise NotFound(f"政策目录中没有条款“{clause}”。", fix="请从条款列表中选择。")
    if indicator and indicator not in catalogue():
        raise NotFound(f"指标目录中没有“{indicator}”。", fix="请从指标列表中选择。")
    link, made = PolicyLink.objects.get_or_create(
        item=row, clause=clause,
        defaults={"indicator": indicator, "note": note_text[:300], "proposed_by": by, "proposed_on": on},
    )  # fmt: skip
    if not made:
        raise Conflict(
            f"事项 {item} 与条款 {clause} 已有关联（{link.get_decision_display()}）。", fix="请刷新页面。"
        )
    note(row, "propose_policy_link", by=by, clause=clause, indicator=indicator)
    return link


@transaction.atomic
def decide_policy_link(*, link: int, confirmed: bool, on: date, by: User) -> PolicyLink:
    """Confirm, or refuse, that a suggestion became a clause; the one who proposed it may not.

    Raises:
        NotAllowed: the person proposed it.
        Conflict: it was decided already.
    """
    row = (
        PolicyLink.objects.select_for_update(of=("self",))
        .select_related("item__session")
        .filter(pk=link)
        .first()
    )
    if row is None:
        raise NotFound(f"没有转化关联 {link}。", fix="请从事项页进入。")
    require(by, "consultation.link", region=row.item.session.region_code)
    if row.proposed_by_id == by.pk and not one_person_mode():
        raise NotAllowed("提出转化关联的人不能自己确认。", fix="请由另一人核对条款后确认。")
    if row.decision != PolicyLink.Decision.PROPOSED:
        raise Conflict(f"这一关联已{row.get_decision_display()}。", fix="请刷新页面。")
    row.decision = PolicyLink.Decision.CONFIRMED if confirmed else PolicyLink.Decision.REFUSED
    row.decided_by, row.decided_on = by, on
    row.save(update_fields=["decision", "decided_by", "decided_on"])
    item = locked(row.item.number)
    note(item, "decide_policy_link", by=by, clause=row.clause, decision=row.decision)
    if confirmed:
        _tell_of_clause(item, clauses().get(row.clause, row.clause), on=on)
    return row


@in_record_language
def _tell_of_clause(item: Item, clause: str, *, on: date) -> None:
    text = _("您提出的“%(title)s”已转化为政策条款“%(clause)s”。") % {"title": item.title, "clause": clause}
    for one in item.raised_by.select_related("speaker"):
        write(one.speaker, about(item), text, on=on, item=item)
    notify(item, text, on=on, role=Role.CPPCC, region=item.session.region_code)


@transaction.atomic
def propose_transfer(*, item: str, to_region: str, why: str, on: date, by: User) -> Transfer:
    """Offer an item to another region of its session's group; it stays where it is until that region accepts.

    Raises:
        Refusal: the region is not in the group, or is the item's own.
        Conflict: an offer is open already, or the item is not at a point where it can change hands.
    """
    row = locked(item)
    require(by, "consultation.supervise", region=row.region_code)
    group = row.session.group
    if group is None or not GroupMember.objects.filter(group=group, region_code=to_region).exists():
        raise Refusal(f"{to_region} 不在本场的区域组内。", fix="只能移交给同组的区划。")
    if to_region == row.region_code:
        raise Refusal(f"事项 {item} 已在 {to_region} 办理。", fix="请选择另一地。")
    if row.state not in (ItemState.INSTRUCTED, ItemState.IN_HAND):
        raise Conflict(
            f"事项 {item} 现在处于“{row.get_state_display()}”。", fix="待交办或办理中的事项可以移交。"
        )
    if row.transfers.filter(decision=Transfer.Decision.PROPOSED).exists():
        raise Conflict(f"事项 {item} 已有一份待接收的移交。", fix="请等待对方答复。")
    made = Transfer.objects.create(
        item=row, from_region=row.region_code, to_region=to_region, proposed_by=by, proposed_on=on,
        why=said(why, "移交的理由", "请写明为什么由对方办理。")[:300],
    )  # fmt: skip
    note(row, "propose_transfer", by=by, why=why, to=to_region)
    notify(row, f"请接收“{row.title}”：{why}", on=on, role=Role.SUPERVISION, region=to_region)
    return made


@transaction.atomic
def decide_transfer(*, transfer: int, accept: bool, answer: str, on: date, by: User) -> Transfer:
    """Accept an item against a receipt, or send the offer back with a reason.

    Raises:
        NotFound: there is no such offer. Conflict: it was decided, or the item has moved on meanwhile.
        Refusal: a refusal has no reason.
    """
    row = Transfer.objects.select_for_update(of=("self",)).select_related("item").filter(pk=transfer).first()
    if row is None:
        raise NotFound(f"没有移交 {transfer}。", fix="请从移交列表进入。")
    require(by, "consultation.supervise", region=row.to_region)
    if row.decision != Transfer.Decision.PROPOSED:
        raise Conflict(f"这一移交{row.get_decision_display()}。", fix="请刷新页面。")
    if not accept:
        answer = said(answer, "退回的理由", "请写明为什么不接收。")
    row.decision = Transfer.Decision.ACCEPTED if accept else Transfer.Decision.REFUSED
    row.answer, row.decided_by, row.decided_on = answer[:300], by, on
    item = locked(row.item.number)
    if accept:
        row.receipt = f"移交-{row.to_region}-{on:%Y}-{row.pk:05d}"
        end_tasks(item, UnitTask.Ending.TRANSFERRED, on=on, why=row.receipt)
        move(
            item, "transfer", on=on, by=by, why=f"由 {row.from_region} 移交 {row.to_region}，回执 {row.receipt}",
            region_code=row.to_region, lead_unit="", assisting_units="",
        )  # fmt: skip
    else:
        note(item, "refuse_transfer", by=by, why=answer, to=row.to_region)
    row.save()
    words = f"“{item.title}”的移交：{row.get_decision_display()}。{row.receipt} {answer}"
    notify(item, words, on=on, role=Role.SUPERVISION, region=row.from_region)
    return row


@transaction.atomic
def draw_sample(*, region: str, count: int, since: date, on: date, seed: str, by: User) -> list[Verification]:
    """Draw closed items by lot for a second look; the same seed draws the same items for anybody.

    Raises:
        Refusal: the seed or the count is missing.
    """
    require(by, "consultation.feedback", region=region)
    seed = said(seed, "抽取种子", "请填写抽取种子，例如当天的公开号码。")
    if not 1 <= count <= 200:
        raise Refusal(f"一次抽取 {count} 项。", fix="请抽取 1 至 200 项。")
    closed = Item.objects.filter(region_code=region, state=ItemState.CLOSED, entered_state_on__gte=since)
    fresh = [one for one in closed.prefetch_related("verifications")
             if all(seen.round != one.round for seen in one.verifications.all())]  # fmt: skip
    fresh.sort(key=lambda one: hashlib.sha256(f"{seed}:{one.number}".encode()).hexdigest())
    made = [
        Verification.objects.create(item=one, round=one.round, drawn_on=on, seed=seed)
        for one in fresh[:count]
    ]
    record_event(
        by=by, action="consultation.draw_sample", subject=f"region:{region}",
        after={"seed": seed, "items": [one.item.number for one in made]},
    )  # fmt: skip
    return made


@transaction.atomic
def verify(*, verification: int, finding: str, text: str, on: date, by: User) -> Verification:
    """Write down what a second look found; what is not true re-opens the item.

    Raises:
        NotAllowed: the person worked on the item, or closed it.
        Conflict: somebody has looked already.
    """
    row = Verification.objects.select_for_update(of=("self",)).filter(pk=verification).first()
    if row is None:
        raise NotFound(f"没有核实任务 {verification}。", fix="请从核实列表进入。")
    item = locked(Item.objects.values_list("number", flat=True).get(pk=row.item_id))
    require(by, "consultation.feedback", region=item.region_code)
    refuse_own_unit(item, by, "核实")
    if _closed_by(item) == str(by):
        raise NotAllowed(f"{by}办理了 {item.number} 的销号，不能再核实它。", fix="请由另一人核实。")
    if finding not in (Verification.Finding.TRUE, Verification.Finding.PARTLY, Verification.Finding.FALSE):
        raise Refusal(f"核实结论“{finding}”不认识。", fix="请选择属实、部分属实或不属实。")
    if row.finding != Verification.Finding.WAITING:
        raise Conflict(f"这一项已核实：{row.get_finding_display()}。", fix="请刷新页面。")
    row.finding, row.text = finding, said(text, "核实说明", "请写明怎样核实、看到了什么。")
    row.by, row.found_on = by, on
    row.save()
    note(item, "verify", by=by, why=text, finding=finding)
    if finding == Verification.Finding.FALSE and item.state == ItemState.CLOSED and item.round == row.round:
        work_again(item, on=on, by=by, who="", why=f"抽样核实不属实：{row.text}")
    return row


def _closed_by(item: Item) -> str:
    last = ItemEvent.objects.filter(item=item, step="close").last()
    return last.by if last else ""
