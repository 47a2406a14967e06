"""Measures of the loop that cannot be bettered by calling things done: counted from steps, not from claims."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Avg, Count, Exists, F, Max, Min, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from zhicheng.apps.consultation.models import (
    Item,
    ItemEvent,
    ItemSpeaker,
    Judgement,
    PolicyLink,
    Recurrence,
    Report,
    Verification,
)
from zhicheng.apps.consultation.states import BOARD, ItemState

SPOKEN = (Item.Kind.PROBLEM, Item.Kind.SUGGESTION)


@dataclass(frozen=True)
class Column:
    """A state on the board: how many items stand there, and how long items stand or stood there."""

    state: str
    label: str
    count: int
    oldest_days: int
    average_days: float | None
    longest_days: int


@dataclass(frozen=True)
class Measure:
    """One measure.

    Args:
        name: for the API. label: in words. value: how many, or percent when `unit` says so.
        of: out of how many, None when there is no whole. why: what it guards against.
    """

    name: str
    label: str
    value: float | int | None
    unit: str
    of: int | None
    why: str


def columns(rows: QuerySet[Item], *, on: date) -> list[Column]:
    """Return the states with counts and days; two queries."""
    now = {
        one["state"]: one
        for one in rows.order_by().values("state").annotate(number=Count("pk"), first=Min("entered_state_on"))
    }
    stayed = {
        one["state_before"]: one
        for one in ItemEvent.objects.filter(item__in=rows.values("pk")).exclude(Q(state_before="") | Q(state_before=F("state_after"), stayed=0))
        .order_by().values("state_before").annotate(mean=Avg("stayed"), most=Max("stayed"))
    }  # fmt: skip
    found = []
    for state in BOARD:
        here, left = now.get(state), stayed.get(state)
        oldest = (on - here["first"]).days if here else 0
        found.append(
            Column(state, str(state.label), here["number"] if here else 0, oldest,
                   round(float(left["mean"]), 1) if left else None, left["most"] if left else 0)
        )  # fmt: skip
    return found


def measures(rows: QuerySet[Item]) -> list[Measure]:
    """Return every measure over the items given; a fixed number of queries, whatever their number."""
    whole = rows.exclude(state=ItemState.MERGED)
    keys = whole.values("pk")
    spoken = ItemSpeaker.objects.filter(item=OuterRef("pk"))
    own_verdict = Judgement.objects.filter(
        item=OuterRef("pk"), round=OuterRef("round"), recorded_by__isnull=True
    )
    counted = whole.aggregate(
        total=Count("pk"),
        closed=Count("pk", filter=Q(state=ItemState.CLOSED)),
        reopened=Count("pk", filter=Q(reopened__gt=0)),
        passed_on=Count("pk", filter=Q(handed_over__gt=0)),
        parked=Count("pk", filter=Q(state=ItemState.PARKED)),
        suggested=Count("pk", filter=Q(kind=Item.Kind.SUGGESTION) & ~Q(state__in=(ItemState.COLLECTED, ItemState.LISTED))),
        ordinary=Count("pk", filter=Q(ordinary=True)),
    )  # fmt: skip
    silent = whole.filter(Exists(spoken), ~Exists(own_verdict), state=ItemState.CLOSED).count()
    answers = Report.objects.filter(item__in=keys, kind=Report.Kind.ANSWER).aggregate(
        all=Count("pk"), copied=Count("pk", filter=Q(copied_from__isnull=False))
    )
    back = ItemEvent.objects.filter(item__in=keys, step="return").count()
    again = Recurrence.objects.filter(item__in=keys, decision=Recurrence.Decision.LINKED).values("item").distinct().count()  # fmt: skip
    looked = Verification.objects.filter(item__in=keys).exclude(finding="waiting").aggregate(
        all=Count("pk"), untrue=Count("pk", filter=~Q(finding="true"))
    )  # fmt: skip
    verdicts = Judgement.objects.filter(item__in=keys).aggregate(
        all=Count("pk"), unhappy=Count("pk", filter=Q(value="dissatisfied"))
    )
    adopted = PolicyLink.objects.filter(item__in=keys, decision="confirmed", item__kind="suggestion").values("item").distinct().count()  # fmt: skip
    total = counted["total"]
    return [
        Measure("reopened", _("重开过的事项"), counted["reopened"], _("项"), total, _("提前报结会在这里现形")),
        Measure("recurred", _("再次出现的问题"), again, _("项"), total, _("同一问题换个场次又提，说明上次没有真办")),
        Measure("copied", _("雷同答复"), answers["copied"], _("份"), answers["all"], _("与其他事项的答复六成以上相同")),
        Measure("silent", _("无本人评价的销号"), silent, _("项"), counted["closed"], _("评价全由他人代录，本人没有开口")),
        Measure("passed_on", _("转过手的事项"), counted["passed_on"], _("项"), total, _("单位之间来回推")),
        Measure("returned", _("审结退回"), back, _("次"), answers["all"], _("办理结果没过六问")),
        Measure("unhappy", _("不满意评价"), verdicts["unhappy"], _("次"), verdicts["all"], _("按评价次数，不因重办而抹去")),
        Measure("untrue", _("抽样核实不完全属实"), looked["untrue"], _("项"), looked["all"], _("由没有参与办理的人核实")),
        Measure("parked", _("挂账"), counted["parked"], _("项"), total, _("如实说明暂不能办的")),
        Measure("ordinary", _("没有批示、按一般事项办理"), counted["ordinary"], _("项"), total, _("不经批示的去向")),
        Measure("adoption", _("建议转化率"), share(adopted, counted["suggested"]), "%", counted["suggested"], _("有条款编号并经另一人确认的才算")),
        Measure("closing", _("销号率"), share(counted["closed"], total), "%", total, _("只与以上各项并列，不单独公布")),
    ]  # fmt: skip


def share(part: int, whole: int) -> float | None:
    """Return a percentage with one decimal, None where there is no whole."""
    return round(part / whole * 100, 1) if whole else None


@dataclass(frozen=True)
class UnitLine:
    """How a unit does: what it has in hand, what is overdue, and how its answers fared."""

    unit: str
    in_hand: int
    overdue: int
    answered: int
    copied: int
    reopened: int


def units(rows: QuerySet[Item], *, on: date) -> list[UnitLine]:
    """Return the lead units, most overdue first; two queries."""
    held = (
        rows.exclude(lead_unit="").order_by().values("lead_unit")
        .annotate(
            hand=Count("pk", filter=Q(state=ItemState.IN_HAND)),
            late=Count("pk", filter=Q(state=ItemState.IN_HAND, due_on__lt=on)),
            again=Count("pk", filter=Q(reopened__gt=0)),
        )
    )  # fmt: skip
    answered = {
        one["unit"]: one
        for one in Report.objects.filter(item__in=rows.values("pk"), kind=Report.Kind.ANSWER).order_by().values("unit")
        .annotate(all=Count("pk"), copied=Count("pk", filter=Q(copied_from__isnull=False)))
    }  # fmt: skip
    none = {"all": 0, "copied": 0}
    found = [
        UnitLine(one["lead_unit"], one["hand"], one["late"], answered.get(one["lead_unit"], none)["all"],
                 answered.get(one["lead_unit"], none)["copied"], one["again"])
        for one in held
    ]  # fmt: skip
    return sorted(found, key=lambda one: (-one.overdue, -one.in_hand, one.unit))
