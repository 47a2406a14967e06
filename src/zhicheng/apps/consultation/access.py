"""Which sessions and items a person may see, and who belongs to the unit that is supervised."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from zhicheng.apps.accounts.public import Role, User, require, scope
from zhicheng.apps.consultation.models import GroupMember, Item, Participant, Session, UnitTask
from zhicheng.kernel.refusals import NotAllowed, NotFound


def shared_groups(user: Any) -> QuerySet[GroupMember, int]:
    """Return the ids of region groups that the person's region belongs to."""
    return GroupMember.objects.filter(scope(user).regions_q()).values_list("group_id", flat=True)


def sessions(user: Any) -> QuerySet[Session]:
    """Return the sessions a person may see: those of the region and below, and the joint ones of its groups."""
    require(user, "consultation.view")
    return Session.objects.filter(scope(user).regions_q() | Q(group__in=shared_groups(user)))


def items(user: Any) -> QuerySet[Item]:
    """Return the items a person may see.

    Those handled or raised in the region or below, those of joint sessions, and those a unit of the region works on.
    """
    require(user, "consultation.view")
    seen = scope(user)
    at_work = UnitTask.objects.filter(seen.regions_q(), item=OuterRef("pk"))
    return Item.objects.filter(
        seen.regions_q()
        | seen.regions_q("session__region_code")
        | Q(session__group__in=shared_groups(user))
        | Exists(at_work)
    )


def session(number: str, user: Any) -> Session:
    """Return one session.

    Raises:
        NotFound: there is none, or it is another region's.
    """
    row = sessions(user).filter(number=number).select_related("group").first()
    if row is None:
        raise NotFound(f"没有编号 {number} 的协商会，或不在您的范围内。", fix="请从协商会列表进入。")
    return row


def item(number: str, user: Any) -> Item:
    """Return one item.

    Raises:
        NotFound: there is none, or it is another region's.
    """
    row = items(user).filter(number=number).select_related("session", "merged_into").first()
    if row is None:
        raise NotFound(f"没有编号 {number} 的事项，或不在您的范围内。", fix="请从事项列表进入。")
    return row


def own_speakers(user: Any) -> QuerySet[Participant]:
    """Return the speakers of the organisations a person acts for."""
    require(user, "consultation.own")
    return Participant.objects.filter(scope(user).organisations_q()).select_related("session", "organisation")


def units(row: Item) -> set[str]:
    """Return the units that lead or assist."""
    assisting = {one.strip() for one in row.assisting_units.split("、") if one.strip()}
    return assisting | ({row.lead_unit} if row.lead_unit else set())


def at_work_on(row: Item, user: User) -> bool:
    """Tell whether a person belongs to a unit that leads or assists."""
    return bool(user.department) and user.department in units(row)


def refuse_own_unit(row: Item, user: User, what: str) -> None:
    """Refuse a step to people of the unit that is supervised.

    Raises:
        NotAllowed: the person works for a unit that leads or assists.
    """
    if at_work_on(row, user):
        raise NotAllowed(
            f"{user.department}是事项 {row.number} 的承办单位，不能自己{what}。",
            fix="请由督考办或与承办无关的人员办理。",
        )


def require_unit(row: Item, user: User, *, lead: bool) -> str:
    """Return the unit a person reports for.

    Args:
        lead: only the lead unit may do this.

    Raises:
        NotAllowed: the person's unit does not work on the item, or only assists.
    """
    allowed = {row.lead_unit} if lead else units(row)
    open_here = row.tasks.filter(scope(user).regions_q(), ended_on__isnull=True, unit=user.department)
    if user.department not in allowed or not open_here.exists():
        part = "主办" if lead else "承办"
        raise NotAllowed(
            f"事项 {row.number} 的{part}单位是{row.lead_unit or '（未交办）'}，您的单位是{user.department or '（未填写）'}。",
            fix="请由承办单位的人员办理；单位名称须与账号的“单位部门”一致。",
        )
    return user.department


def offices(user: Any) -> Q:
    """Return the condition for notices addressed to a person's office or unit."""
    mine = Q(role=getattr(user, "role", ""))
    if getattr(user, "department", ""):
        mine |= Q(unit=user.department)
    if getattr(user, "role", "") == Role.CITY_OFFICER:
        mine |= Q(role=Role.CPPCC)
    return scope(user).regions_q() & mine
