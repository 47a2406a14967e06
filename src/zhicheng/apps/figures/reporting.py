"""The reporting calendar: what each county owes, until when, who is late; and a reminder to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from zhicheng.apps.accounts.public import Role, User, record_event, require, scope
from zhicheng.apps.figures.models import Reminder, SourceSchedule
from zhicheng.apps.ledger.public import LedgerRegion
from zhicheng.apps.records.public import ChangeSet, registry
from zhicheng.kernel.refusals import Conflict

LONG_AGO = 100  # days; longer than a quarter and the time to report it
MONTHS = {"monthly": 1, "quarterly": 3, "yearly": 12}


@dataclass(frozen=True)
class Report:
    """What a county owes of one kind of record for the last full period.

    Args:
        label: the kind of record in words.
        place: the region in words.
        due_on: day until which it was to be imported.
        received_on: day of the last import applied, None when there never was one.
        late: True when the day has passed without an import since the period ended.
        reminded_on: day of the last reminder about this.
    """

    record_type: str
    label: str
    region: str
    place: str
    contact: str
    due_on: date
    received_on: date | None
    late: bool
    reminded_on: date | None


def last_period(frequency: str, due_day: int, today: date) -> tuple[date, date]:
    """End of the last full period and the day until which its data are due.

    Args:
        frequency: monthly, quarterly or yearly.
        due_day: days after the end of the period.
        today: Beijing calendar day.
    """
    months = MONTHS[frequency]
    first = date(today.year, (today.month - 1) // months * months + 1, 1)
    end = first - timedelta(days=1)
    return end, end + timedelta(days=due_day)


def reports(user: Any, *, today: date) -> list[Report]:
    """What the counties of a person's scope owe, late ones first."""
    require(user, "figures.view")
    rows = SourceSchedule.objects.filter(scope(user).regions_q()).order_by("region_code", "record_type")
    received = _received({row.record_type for row in rows})
    reminded = {
        (kind, region, due): day
        for kind, region, due, day in Reminder.objects.values_list(
            "record_type", "region_code", "due_on"
        ).annotate(day=Max("sent_on"))
    }
    labels = {one.id: one.label for one in registry}
    places = dict(LedgerRegion.objects.values_list("code", "name"))
    found = []
    for row in rows:
        end, due = last_period(row.frequency or "monthly", row.due_day or 0, today)
        got = received.get((row.record_type, row.region_code))
        last = timezone.localtime(got).date() if got else None
        late = today > due and (last is None or last <= end)
        found.append(
            Report(
                row.record_type, labels.get(row.record_type, row.record_type), row.region_code,
                places.get(row.region_code, row.region_code), row.contact, due, last, late, reminded.get((row.record_type, row.region_code, due)),
            )
        )  # fmt: skip
    return sorted(found, key=lambda one: (not one.late, one.due_on, one.region))


def _received(kinds: set[str]) -> dict[tuple[str, str], datetime]:
    """When each kind of record last came in for each region; one query.

    A region has reported when a set applied since holds rows of it or is its own, whoever delivered it: the county
    itself, the city for it, or another source.
    """
    applied = ChangeSet.objects.filter(status=ChangeSet.Status.APPLIED, type__in=kinds).order_by("applied_at")
    received: dict[tuple[str, str], datetime] = {}
    for kind, own, regions, day in applied.values_list("type", "region_code", "regions", "applied_at"):
        if day:
            received |= {(kind, region): day for region in {own, *regions}}
    return received


@dataclass(frozen=True)
class Source:
    """How fresh one kind of record is.

    Args:
        record_type: its id. label: in words. received_on: day of the last import or entry that was approved.
        days: how long ago. stale: longer than LONG_AGO.
    """

    record_type: str
    label: str
    received_on: date
    days: int

    @property
    def stale(self) -> bool:
        """Tell whether it is long ago."""
        return self.days > LONG_AGO


def freshness(user: Any, *, today: date) -> list[Source]:
    """When each kind of record last received anything, the oldest first; one query."""
    require(user, "figures.view")
    applied = ChangeSet.objects.filter(status=ChangeSet.Status.APPLIED).order_by()
    labels = {one.id: one.label for one in registry}
    found = [
        Source(
            kind, labels[kind], timezone.localtime(day).date(), (today - timezone.localtime(day).date()).days
        )
        for kind, day in applied.values_list("type").annotate(day=Max("applied_at"))
        if kind in labels and day
    ]
    return sorted(found, key=lambda one: (one.received_on, one.label))


@transaction.atomic
def remind(*, record_type: str, region: str, by: User, today: date) -> Reminder:
    """Remind a county of what it owes: on its officers' pages and by e-mail; twice a day is once.

    Raises:
        Conflict: nothing is late.
    """
    require(by, "figures.approve", region=region)
    late = [
        one
        for one in reports(by, today=today)
        if one.late and (one.record_type, one.region) == (record_type, region)
    ]
    if not late:
        raise Conflict("这一项没有逾期，不用提醒。", fix="请刷新页面。")
    row, made = Reminder.objects.get_or_create(
        record_type=record_type, region_code=region, due_on=late[0].due_on, sent_on=today, defaults={"by": by}
    )
    if made:
        record_event(
            by=by, action="figures.remind", subject=f"source:{record_type}", after={"region": region}
        )
        people = User.objects.filter(role=Role.COUNTY_OFFICER, region_code=region, is_active=True).exclude(
            email=""
        )
        send_mail(
            f"数据报送提醒：{late[0].label}", f"{late[0].label}应于 {late[0].due_on} 前报送，目前尚未收到。",
            getattr(settings, "DEFAULT_FROM_EMAIL", None), list(people.values_list("email", flat=True)),
        )  # fmt: skip
    return row
