"""Who sees which case, and which roles of its definition a person holds in it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from zhicheng.apps.accounts.public import Role, User, may, scope
from zhicheng.apps.cases.models import Assignment, Handling, Leave, Party, Task
from zhicheng.engines.procedures.definition import Matter
from zhicheng.engines.procedures.parts import Role as MatterRole
from zhicheng.kernel.refusals import NotFound

# Whoever filed a case stands in the first place of a party that its definition knows.
FILER = "filer"
HOLDING = (Assignment.State.OFFERED, Assignment.State.TAKEN)


def stands_for(user: User, on: date) -> tuple[int, ...]:
    """Return the ids of the person and of everybody they stand in for on a day."""
    away = Leave.objects.filter(
        Q(cancelled_on=None) | Q(cancelled_on__gt=on), substitute=user, first__lte=on, last__gte=on
    )
    return (user.pk, *away.values_list("person_id", flat=True))


def visible(user: User, on: date) -> QuerySet[Handling]:
    """Return the cases a person may open.

    Officers see those of their region, a department those it leads or assists, organisations and their agents those
    in which they stand; what is secret is seen by those who handle it and by its applicant.
    """
    seen = scope(user)
    rows = Handling.objects.all()
    if seen.sees_all:
        return rows
    return rows.filter(_assigned(user, on) | _as_party(user, seen.organisation_ids) | _as_officer(user))


def listed(user: User, on: date) -> QuerySet[Handling]:
    """Return the cases a worklist names; a secret one is named without what it is about, so that it can be given out."""
    seen = scope(user)
    rows = Handling.objects.all()
    if seen.sees_all:
        return rows
    if user.role in (Role.CITY_OFFICER, Role.COUNTY_OFFICER, Role.SUPERVISION, Role.LEADER):
        return rows.filter(seen.regions_q())
    return visible(user, on)


def _assigned(user: User, on: date) -> Q:
    people = stands_for(user, on)
    rows = Assignment.objects.filter(case=OuterRef("pk"), person__in=people, state__in=HOLDING)
    return Q(Exists(rows))


def _as_party(user: User, organisations: Iterable[int]) -> Q:
    found = Q(filed_by=user)
    if not user.is_officer:
        parties = Party.objects.filter(case=OuterRef("pk"), organisation__in=tuple(organisations))
        found |= Q(Exists(parties.filter(served_on__isnull=False)))
    return found


def _as_officer(user: User) -> Q:
    if not may(user, "cases.view"):
        return Q(pk__in=())
    in_region = scope(user).regions_q() & Q(secret=False)
    if user.role == Role.DEPARTMENT:
        if not user.department:
            return Q(pk__in=())
        asked = Task.objects.filter(case=OuterRef("pk"), unit=user.department)
        return in_region & (Q(unit=user.department) | Q(Exists(asked)))
    return in_region


def case_for(user: User, number: int, on: date) -> Handling:
    """Return a case a person may open.

    Raises:
        NotFound: there is none, or the person may not know that there is.
    """
    row = (
        visible(user, on)
        .select_related("case", "handler", "organisation", "filed_by")
        .filter(pk=number)
        .first()
    )
    if row is None:
        raise unknown_case(number)
    return row


def unknown_case(number: int) -> NotFound:
    """Say that there is no such case, or that the person may not know that there is."""
    return NotFound(f"没有找到办件 {number}。", fix="请核对编号；涉密或他区的办件只有承办人可以查看。")


def is_handler(user: User, handling: Handling, on: date) -> bool:
    """Tell whether a person, or one they stand in for, handles the case."""
    people = stands_for(user, on)
    return Assignment.objects.filter(case=handling, person__in=people, state=Assignment.State.TAKEN).exists()


def stands_as_party(user: User, handling: Handling) -> set[str]:
    """Return the places in which a person stands as a party of the case."""
    organisations = scope(user).organisation_ids
    roles: set[str] = set()
    if organisations and not user.is_officer:
        own = handling.parties.filter(organisation__in=organisations, served_on__isnull=False)
        roles = set(own.values_list("role", flat=True))
    if handling.filed_by_id == user.pk and not user.is_officer:
        roles.add(FILER)
    return roles


def roles_held(user: User, handling: Handling, matter: Matter, on: date) -> tuple[str, ...]:
    """Return the roles of the definition that a person holds in a case, in the order of the definition."""
    as_party = stands_as_party(user, handling)
    handles = is_handler(user, handling, on)
    taken = Assignment.objects.filter(
        case=handling, state=Assignment.State.TAKEN, part=Assignment.Part.APPROVER
    )
    approves = handling.secret and taken.filter(person__in=stands_for(user, on)).exists()
    if FILER in as_party:
        as_party |= {one.id for one in matter.roles if one.kind == "party"} & {first_party(matter)}
    return tuple(
        one.id
        for one in matter.roles
        if _holds(one, user, handling, as_party, handles=handles, approves=approves)
    )


def first_party(matter: Matter) -> str:
    """Return the place of the one who files."""
    return next((one.id for one in matter.roles if one.kind == "party"), Party.Role.APPLICANT.value)


def _holds(
    role: MatterRole, user: User, handling: Handling, as_party: set[str], *, handles: bool, approves: bool
) -> bool:
    if role.kind != "office":
        return role.kind == "party" and role.id in as_party
    if role.accounts and user.role not in role.accounts:
        return False
    if role.permission and not may(user, role.permission):
        return False
    if role.assigned:
        return handles
    if handling.secret:
        # a secret case is approved by whom it was given to for that, not by anybody of the rank
        return approves if role.permission else handles
    return (may(user, "cases.handle") or bool(role.permission)) and scope(user).covers_region(
        handling.region_code
    )
