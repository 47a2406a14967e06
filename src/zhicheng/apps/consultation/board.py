"""The tracking board: where every item is, who is late, what nobody answered, and the measures beside each other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from zhicheng.apps.accounts.public import region_prefix, require, scope
from zhicheng.apps.consultation import access, measures
from zhicheng.apps.consultation.measures import Column, Measure, UnitLine
from zhicheng.apps.consultation.models import Item, RegionGroup, Report
from zhicheng.apps.consultation.queries import ANSWERED_STATES, Line, lines_of
from zhicheng.apps.consultation.rules import rules_for
from zhicheng.apps.consultation.states import ItemState
from zhicheng.kernel.refusals import NotFound

SHOWN = 8


@dataclass(frozen=True)
class Board:
    """Everything on the board of a region or a group."""

    columns: list[Column]
    measures: list[Measure]
    units: list[UnitLine]
    overdue: list[Line]
    no_instruction: list[Line]
    unanswered: list[Line]
    unanswered_count: int
    no_verdict: list[Line]
    total: int


def board(user: Any, *, region: str, on: date, group: RegionGroup | None = None) -> Board:
    """Return the board; the number of queries does not depend on the number of items.

    Args:
        region: code of the region looked at; ignored for a group. group: a group of regions looked at as one.
    """
    rows = _rows(user, region, group)
    rules = rules_for(region)
    never = rows.exclude(state__in=ANSWERED_STATES).exclude(reports__kind=Report.Kind.CHECK)
    oldest = "entered_state_on"
    found = measures.columns(rows, on=on)
    return Board(
        columns=found,
        measures=measures.measures(rows),
        units=measures.units(rows, on=on),
        overdue=_lines(rows.filter(state=ItemState.IN_HAND, due_on__lt=on).order_by("due_on", "pk"), on),
        no_instruction=_lines(
            rows.filter(state=ItemState.SUBMITTED, entered_state_on__lt=on - timedelta(days=rules.instruct_days))
            .order_by(oldest, "pk"), on,
        ),
        unanswered=_lines(never.order_by("raised_on", "pk"), on),
        unanswered_count=never.count(),
        no_verdict=_lines(
            rows.filter(state=ItemState.CHECKED, entered_state_on__lt=on - timedelta(days=rules.judge_days))
            .order_by(oldest, "pk"), on,
        ),
        total=sum(one.count for one in found),
    )  # fmt: skip


def _rows(user: Any, region: str, group: RegionGroup | None) -> QuerySet[Item]:
    rows = access.items(user)
    if group is not None:
        return rows.filter(session__group=group)
    prefix = region_prefix(region)
    here = Q(region_code__startswith=prefix) | Q(session__region_code__startswith=prefix)
    # Whoever may see a whole region sees all that is raised or handled there: asking again, item by item, which units are
    # at work costs most of the page and takes nothing away.
    return Item.objects.filter(here) if scope(user).covers_region(region) else rows.filter(here)


def _lines(rows: QuerySet[Item], on: date) -> list[Line]:
    return lines_of(list(rows.select_related("session")[:SHOWN]), on=on)


def group_of(user: Any, code: str) -> RegionGroup:
    """Return a region group that the person's region belongs to.

    Raises:
        NotFound: there is none, or the person's region is not in it.
    """
    require(user, "consultation.view")
    row = RegionGroup.objects.filter(pk__in=access.shared_groups(user), code=code).first()
    if row is None:
        raise NotFound(f"没有区域组 {code}，或本地不在其中。", fix="请从协商首页进入。")
    return row


def groups(user: Any) -> list[RegionGroup]:
    """Return the region groups of a person's region."""
    rows = RegionGroup.objects.filter(pk__in=access.shared_groups(user)).prefetch_related("members")
    return list(rows)


def by_region(user: Any, group: RegionGroup, *, on: date) -> list[dict[str, Any]]:
    """Return for each region of a group how many items it handles, how many are overdue and how many are closed."""
    rows = list(
        access.items(user).filter(session__group=group).exclude(state=ItemState.MERGED)
        .values_list("region_code", "state", "due_on")
    )  # fmt: skip
    found = []
    for code in group.members.values_list("region_code", flat=True):
        own = [one for one in rows if one[0] == code]
        late = sum(1 for _, state, due in own if state == ItemState.IN_HAND and due and due < on)
        closed = sum(1 for _, state, _ in own if state == ItemState.CLOSED)
        found.append({"region": code, "total": len(own), "late": late, "closed": closed})
    return found


def leads_here(user: Any, region: str) -> bool:
    """Tell whether the person's scope covers a region, for links to pages of its rules."""
    return scope(user).covers_region(region)
