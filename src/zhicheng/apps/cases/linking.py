"""Cases that belong together: linked, or merged so that every submitter stays and hears of it."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from zhicheng.apps.accounts.public import User, record_event
from zhicheng.apps.cases import stepping
from zhicheng.apps.cases.access import case_for, is_handler
from zhicheng.apps.cases.models import CaseLink, Handling, Party
from zhicheng.apps.cases.state_rows import write_event
from zhicheng.apps.cases.telling import tell_office, tell_parties
from zhicheng.kernel.refusals import Conflict, NotAllowed, Refusal


@transaction.atomic
def link(*, case: int, other: int, why: str, by: User, on: date | None = None) -> CaseLink:
    """Note that two cases belong together; both keep their own course."""
    day = on or timezone.localdate()
    one, two = _both(case, other, by, day)
    if not why.strip():
        raise Refusal("关联须写明理由。", fix="请填写理由。")
    if CaseLink.objects.filter(case=one, other=two).exists():
        raise Conflict(f"{one.number} 与 {two.number} 已经关联。", fix="无须重复登记。")
    row = CaseLink.objects.create(
        case=one, other=two, kind=CaseLink.Kind.RELATED, why=why.strip()[:300], by=by, on=day
    )
    for mine, its in ((one, two), (two, one)):
        write_event(mine, action="link", words="关联", on=day, by=by, why=why, after=its.number)
    record_event(
        by=by, action="cases.link", subject=f"case:{one.number}", why=why, after={"other": two.number}
    )
    return row


@transaction.atomic
def merge(*, case: int, into: int, why: str, by: User, on: date | None = None) -> Handling:
    """Handle a case together with another; its submitters are carried over and told of everything from now on.

    Raises:
        Conflict: the cases are of different matters, one has ended, or one is part of the other already.
    """
    day = on or timezone.localdate()
    one, two = _both(case, into, by, day)
    if not why.strip():
        raise Refusal("并案须写明理由。", fix="请填写理由。")
    if one.matter != two.matter:
        raise Conflict(f"{one.number} 与 {two.number} 不是同一事项，不能并案。", fix="可以改为关联。")
    if one.merged_into_id or two.merged_into_id or two.closed:
        raise Conflict("其中一件已经并案或办结。", fix="请选择仍在办理的主案。")
    known = {(party.role, party.name) for party in two.parties.all()}
    for party in one.parties.all():
        if (party.role, party.name) not in known:
            Party.objects.create(
                case=two, role=party.role, name=party.name, uscc=party.uscc, organisation_id=party.organisation_id,
                contact=party.contact, phone=party.phone, email=party.email, served_on=party.served_on,
                joined_from=party.joined_from or one.number,
            )  # fmt: skip
    one.merged_into = two
    one.revision += 1
    two.revision += 1
    one.save(update_fields=["merged_into", "revision", "updated_at"])
    two.save(update_fields=["revision", "updated_at"])
    CaseLink.objects.create(
        case=one, other=two, kind=CaseLink.Kind.MERGED, why=why.strip()[:300], by=by, on=day
    )
    write_event(
        one, action="merge", words="并案", on=day, by=by, why=why, after=f"并入 {two.number}", told=True
    )
    write_event(
        two, action="merge", words="并案", on=day, by=by, why=why, after=f"并入了 {one.number}", told=True
    )
    tell_parties(one, f"您的办件与 {two.number} 合并办理，进展一并告知。", day)
    tell_office(two, f"{two.number} 并入了 {one.number}。", day, but=by)
    record_event(
        by=by, action="cases.merge", subject=f"case:{one.number}", why=why, after={"into": two.number}
    )
    return two


def _both(case: int, other: int, by: User, on: date) -> tuple[Handling, Handling]:
    if case == other:
        raise Refusal("不能与自身关联。", fix="请选择另一件。")
    case_for(by, case, on)
    case_for(by, other, on)
    # always in the same order, so that two people merging at once do not wait for each other
    held = {number: stepping.lock(number) for number in sorted((case, other))}
    if not any(is_handler(by, one, on) for one in held.values()):
        raise NotAllowed("两件都不由您承办。", fix="请由承办人办理。")
    return held[case], held[other]


def tell_merged(handling: Handling, text: str, on: date) -> None:
    """Tell the submitters of everything that was merged into a case."""
    for one in Handling.objects.filter(merged_into=handling):
        tell_parties(one, f"（合并办理）{text}", on)
