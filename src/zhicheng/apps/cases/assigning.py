"""Who handles a case: given, taken with receipt or refused with a reason, handed on in bulk, covered during leave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from zhicheng.apps.accounts.public import Role, User, record_event, require, scope
from zhicheng.apps.cases.access import HOLDING, case_for, listed, stands_for
from zhicheng.apps.cases.models import Assignment, Handling, Leave
from zhicheng.apps.cases.state_rows import write_event
from zhicheng.apps.cases.telling import tell, tell_roles
from zhicheng.kernel.refusals import Conflict, NotAllowed, NotFound, Refusal

MOST_AT_ONCE = 500
REFUSALS_TO_SUPERVISOR = 2
HANDLING_ROLES = (Role.CITY_OFFICER, Role.COUNTY_OFFICER, Role.DEPARTMENT, Role.EXPERT)


@dataclass(frozen=True)
class Preview:
    """What a bulk assignment would do to one case."""

    handling: Handling
    possible: bool
    words: str


def conflicts_of(person: User, handling: Handling) -> list[str]:
    """Return why a person may not handle a case: party, agent, one who filed it, or an earlier role for a party."""
    organisations = set(scope(person).organisation_ids)
    found = []
    for party in handling.parties.only("case", "role", "name", "organisation"):
        if party.name in (person.display_name, person.username):
            found.append(f"与{party.place}“{party.name}”同名，须先排除系本人")
        if party.organisation_id and party.organisation_id in organisations:
            found.append(f"代表{party.place}“{party.name}”")
        if person.department and party.name == person.department:
            found.append(f"任职于{party.place}“{party.name}”")
    acted = list(person.agencies.values_list("organisation_id", flat=True))
    if acted:
        before = set(handling.parties.filter(organisation__in=acted).values_list("name", flat=True))
        found += [f"曾经代理过“{one}”" for one in sorted(before)]
    if handling.filed_by_id == person.pk and not person.is_officer:
        found.append("本案由其提交")
    links = list(handling.links.filter(kind="follows").values_list("other_id", flat=True))
    if (
        links
        and Assignment.objects.filter(case__in=links, person=person, part=Assignment.Part.HANDLER).exists()
    ):
        found.append("承办过本案所复核的原案")
    return list(dict.fromkeys(found))


@transaction.atomic
def assign(
    *,
    case: int,
    person: User,
    by: User,
    part: str = Assignment.Part.HANDLER,
    why: str = "",
    on: date | None = None,
) -> Assignment:
    """Give a case to somebody; it is theirs once they have signed for it.

    Raises:
        NotAllowed: the giver's region does not cover the case, or a conflict of interest is known.
    """
    day = on or timezone.localdate()
    handling = _lock(by, case, day)
    row = _offer(handling, person, by, part, why, day)
    handling.revision += 1
    handling.save(update_fields=["handler", "unit", "revision", "updated_at"])
    record_event(
        by=by,
        action="cases.assign",
        subject=f"case:{handling.number}",
        why=why,
        after={"to": person.username, "part": part},
    )
    return row


def _lock(by: User, case: int, on: date) -> Handling:
    row = listed(by, on).filter(pk=case).values_list("pk", flat=True).first()
    if row is None:
        raise NotFound(f"没有找到办件 {case}。", fix="请核对编号。")
    return Handling.objects.select_for_update(of=("self",)).select_related("case").get(pk=row)


def _offer(handling: Handling, person: User, by: User, part: str, why: str, on: date) -> Assignment:
    if handling.closed:
        raise Conflict(f"办件 {handling.number} 已办结，不能再分派。", fix="需要时先重新办理。")
    mine = handling.handler_id == by.pk
    if not mine:
        require(by, "cases.assign", region=handling.region_code)
    if part not in Assignment.Part.values:
        raise Refusal(f"职责“{part}”不认识。", fix=f"可选：{'、'.join(Assignment.Part.values)}。")
    if not person.is_active or person.role not in HANDLING_ROLES:
        raise Refusal(f"{person}不是可以办案的人员。", fix="请选择业务人员、部门承办人或专家。")
    if problems := conflicts_of(person, handling):
        raise NotAllowed(f"{person}须回避：{'；'.join(problems)}。", fix="请改派他人。")
    if handling.assignments.filter(person=person, part=part, state__in=HOLDING).exists():
        raise Conflict(f"{person}已经在办这件。", fix="无须重复分派。")
    own = person.pk == by.pk
    row = Assignment.objects.create(
        case=handling, person=person, part=part, unit=person.department, given_by=by, given_on=on, why=why,
        state=Assignment.State.TAKEN if own else Assignment.State.OFFERED, answered_on=on if own else None,
    )  # fmt: skip
    if own:
        _take(handling, row, on)
    else:
        tell(
            handling, [person], f"{handling.number} 分派给您（{row.get_part_display()}），请签收或退回。", on
        )
    write_event(
        handling, action="assign", words=f"分派{row.get_part_display()}", on=on, by=by, why=why,
        before=str(handling.handler or ""), after=str(person),
    )  # fmt: skip
    return row


def _take(handling: Handling, row: Assignment, on: date) -> None:
    """The one who signed is responsible from now on; a former handler is released."""
    if row.part != Assignment.Part.HANDLER:
        return
    former = handling.assignments.filter(part=Assignment.Part.HANDLER, state__in=HOLDING).exclude(pk=row.pk)
    former.update(state=Assignment.State.ENDED, ended_on=on)
    handling.handler = row.person
    if row.person.department:
        handling.unit = row.person.department


@transaction.atomic
def answer_assignment(
    *, assignment: int, take: bool, by: User, why: str = "", on: date | None = None
) -> Assignment:
    """Sign for a case, or give it back with a reason; given back twice it goes to the supervisor.

    Raises:
        NotFound: it was not offered to this person.
        Refusal: no reason is given.
    """
    day = on or timezone.localdate()
    row = Assignment.objects.select_related("person", "given_by").filter(pk=assignment).first()
    if row is None or row.person_id not in stands_for(by, day):
        raise NotFound(f"没有交给您的分派 {assignment}。", fix="请核对编号。")
    handling = Handling.objects.select_for_update(of=("self",)).select_related("case").get(pk=row.case_id)
    row.refresh_from_db()
    if row.state != Assignment.State.OFFERED:
        raise Conflict(f"该分派已是“{row.get_state_display()}”。", fix="请刷新页面查看最新状态。")
    if not take and not why.strip():
        raise Refusal("退回须写明理由。", fix="请写明为什么不能承办。")
    row.state = Assignment.State.TAKEN if take else Assignment.State.REFUSED
    row.answered_on, row.why = day, why.strip() or row.why
    row.save(update_fields=["state", "answered_on", "why"])
    if take:
        _take(handling, row, day)
    else:
        _given_back(handling, row, day)
    handling.revision += 1
    handling.save(update_fields=["handler", "unit", "refused", "revision", "updated_at"])
    words = "签收" if take else "退回"
    write_event(
        handling,
        action="take" if take else "give_back",
        words=words,
        on=day,
        by=by,
        why=why,
        after=str(row.person),
    )
    record_event(
        by=by, action=f"cases.{'take' if take else 'give_back'}", subject=f"case:{handling.number}", why=why
    )
    return row


def _given_back(handling: Handling, row: Assignment, on: date) -> None:
    handling.refused += 1
    if row.given_by:
        tell(handling, [row.given_by], f"{handling.number} 被{row.person}退回：{row.why}", on)
    if handling.refused >= REFUSALS_TO_SUPERVISOR:
        tell_roles(
            handling,
            (Role.SUPERVISION, Role.LEADER),
            f"{handling.number} 已退回 {handling.refused} 次，请指定承办单位。",
            on,
        )


def preview(*, cases: Sequence[int], person: User, by: User, on: date) -> list[Preview]:
    """Say for each case whether it could be given to a person, and why not."""
    if len(cases) > MOST_AT_ONCE:
        raise Refusal(f"一次最多分派 {MOST_AT_ONCE} 件，选了 {len(cases)} 件。", fix="请分批分派。")
    rows = (
        listed(by, on)
        .filter(pk__in=cases)
        .select_related("handler")
        .prefetch_related("parties")
        .order_by("pk")
    )
    found = []
    for one in rows:
        problems = conflicts_of(person, one)
        if one.closed:
            found.append(Preview(one, possible=False, words="已办结"))
        elif one.handler_id == person.pk:
            found.append(Preview(one, possible=False, words="已由其承办"))
        elif problems:
            found.append(Preview(one, possible=False, words=f"须回避：{'；'.join(problems)}"))
        else:
            found.append(Preview(one, possible=True, words=f"原承办 {one.handler or '无'}"))
    return found


@transaction.atomic
def assign_many(
    *, cases: Sequence[int], person: User, by: User, why: str = "", on: date | None = None
) -> int:
    """Give several cases to a person; those the preview excludes are left as they are. Returns how many."""
    day = on or timezone.localdate()
    possible = [one.handling.pk for one in preview(cases=cases, person=person, by=by, on=day) if one.possible]
    for case in possible:
        assign(case=case, person=person, by=by, why=why, on=day)
    return len(possible)


@transaction.atomic
def take_leave(*, person: User, substitute: User, first: date, last: date, by: User, why: str = "") -> Leave:
    """Enter days on which somebody is away and who acts for them."""
    if by.pk != person.pk:
        require(by, "cases.assign", region=person.region_code or None)
    if last < first:
        raise Refusal(f"离岗末日 {last} 早于首日 {first}。", fix="请核对日期。")
    if substitute.pk == person.pk or substitute.role not in HANDLING_ROLES or not substitute.is_active:
        raise Refusal(f"{substitute}不能代理。", fix="请选择另一位在岗的业务人员。")
    if person.region_code and not scope(substitute).covers_region(person.region_code):
        raise NotAllowed(f"{substitute}的区划不含 {person.region_code}。", fix="请选择同区划或上级的人员。")
    clash = Leave.objects.filter(cancelled_on=None, person=substitute, first__lte=last, last__gte=first)
    if clash.exists():
        raise Conflict(f"{substitute}同期也不在岗。", fix="请另选代理人。")
    row = Leave.objects.create(person=person, substitute=substitute, first=first, last=last, why=why)
    tell_text = f"{first} 至 {last} 由您代理{person}办件。"
    if case := Handling.objects.filter(handler=person, closed_on=None).first():
        tell(case, [substitute], tell_text, first)
    record_event(
        by=by, action="cases.leave", subject=f"user:{person.username}", why=why,
        after={"substitute": substitute.username, "first": first, "last": last},
    )  # fmt: skip
    return row


@transaction.atomic
def end_leave(*, leave: int, by: User, on: date | None = None) -> Leave:
    """End a leave early."""
    row = Leave.objects.filter(pk=leave, cancelled_on=None).first()
    if row is None or (by.pk != row.person_id and not scope(by).covers_region(row.person.region_code or "-")):
        raise NotFound(f"没有找到离岗登记 {leave}。", fix="请核对编号。")
    row.cancelled_on = on or timezone.localdate()
    row.save(update_fields=["cancelled_on"])
    record_event(by=by, action="cases.end_leave", subject=f"user:{row.person.username}")
    return row


def handlers_for(user: User) -> list[tuple[User, int]]:
    """Return the people a person may give cases to, each with how many open ones they have."""
    people = User.objects.filter(is_active=True, role__in=HANDLING_ROLES).filter(
        scope(user).regions_q() | Q(role=Role.EXPERT)
    )
    load = dict(
        Handling.objects.filter(closed_on=None, handler__in=people)
        .values_list("handler")
        .annotate(Count("pk"))
    )
    return [(one, load.get(one.pk, 0)) for one in people.order_by("display_name")]


def may_assign(user: User, handling: Handling) -> bool:
    """Tell whether a person may give this case to others."""
    from_region = scope(user).covers_region(handling.region_code)
    return handling.handler_id == user.pk or (
        from_region and user.role in (Role.CITY_OFFICER, Role.COUNTY_OFFICER)
    )


__all__ = [
    "Preview", "answer_assignment", "assign", "assign_many", "case_for", "conflicts_of", "end_leave", "handlers_for",
    "may_assign", "preview", "take_leave",
]  # fmt: skip
