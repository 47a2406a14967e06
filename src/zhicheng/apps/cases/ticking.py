"""What happens with the days: deemed acceptance, reminders, escalation, the daily mail, webhooks. Safe to run again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from zhicheng.apps.cases import hooks, telling
from zhicheng.apps.cases.actions import act_by_rule
from zhicheng.apps.cases.calendars import page_calendar
from zhicheng.apps.cases.definitions import matter_version
from zhicheng.apps.cases.models import Handling, LimitStanding, Reminder
from zhicheng.apps.cases.public_filing import forget_addresses
from zhicheng.apps.cases.state_rows import read_state
from zhicheng.apps.cases.tracing import forget_old_tries
from zhicheng.engines.procedures import running
from zhicheng.engines.procedures.limits import TimeLimit
from zhicheng.kernel.calendar import Calendar
from zhicheng.kernel.lights import escalated_to
from zhicheng.kernel.refusals import Refusal

# Reminders look so far ahead; a definition that wants to remind earlier is reminded on the first tick in reach.
AHEAD = timedelta(days=60)
STEP = 500


@dataclass
class Ticked:
    """What one run did.

    Args:
        automatic: actions the law attaches to a limit that ran out.
        reminders: reminders sent.
        escalations: roles told of an overdue limit.
        digests: daily mails written.
        mails: mails sent and failed.
        deliveries: webhook messages taken and failed.
        problems: cases on which something was refused, with the reason.
    """

    automatic: int = 0
    reminders: int = 0
    escalations: int = 0
    digests: int = 0
    mails: tuple[int, int] = (0, 0)
    deliveries: tuple[int, int] = (0, 0)
    problems: tuple[str, ...] = ()


def tick(*, on: date, now: datetime | None = None, send: bool = True) -> Ticked:
    """Do what a day brings; what was done already is not done again."""
    moment = now or timezone.now()
    done = Ticked()
    problems: list[str] = []
    for case in _cases_with_limits_until(on + AHEAD):
        try:
            _tick_case(case, on, done)
        except Refusal as refusal:
            problems.append(f"{case}：{refusal.what}")
    done.problems = tuple(problems)
    with transaction.atomic():
        done.digests = telling.digest(on)
    forget_old_tries(moment)
    forget_addresses(moment)
    if send:
        done.mails = telling.send_mails()
        done.deliveries = hooks.deliver(moment)
    return done


def _cases_with_limits_until(day: date) -> Iterator[int]:
    """Cases with a running limit that is due by then, in steps, so that a million cases need little memory."""
    last = 0
    while True:
        rows = LimitStanding.objects.filter(
            state=LimitStanding.State.RUNNING, due_on__lte=day, case_id__gt=last
        )
        found = sorted(set(rows.order_by("case_id").values_list("case_id", flat=True)[:STEP]))
        if not found:
            return
        yield from found
        last = found[-1]


def _tick_case(case: int, on: date, done: Ticked) -> None:
    row = Handling.objects.get(pk=case)
    matter, calendar = matter_version(row.matter, row.version), page_calendar()
    for automatic in running.automatics(matter, read_state(row), on=on, calendar=calendar):
        act_by_rule(case=case, automatic=automatic, on=on)
        done.automatic += 1
        row.refresh_from_db()
    if row.closed:
        return
    standings = row.limits.filter(state=LimitStanding.State.RUNNING, due_on__isnull=False)
    for standing in standings:
        with transaction.atomic():
            _remind(row, standing, matter.limit(standing.limit), on, calendar, done)


def _remind(
    row: Handling, standing: LimitStanding, limit: TimeLimit, on: date, calendar: Calendar, done: Ticked
) -> None:
    due = standing.promised_due_on or standing.due_on
    assert due is not None
    left = calendar.count_working_days(on, due) if limit.unit == "working_days" else (due - on).days
    reached = [one for one in sorted(limit.reminders) if -left >= one]
    if reached and _once(row, limit, due, str(reached[-1]), on):
        words = f"还有 {left}" if left > 0 else "今天到期" if left == 0 else f"已超期 {-left}"
        unit = ("个工作日" if limit.unit == "working_days" else "日") if left else ""
        text = f"{row.number} “{limit.name}”{words}{unit}（{due}）。"
        if standing.of_party:
            telling.tell_parties(row, text, on)
        elif row.handler_id:
            telling.tell(row, [row.handler_id], text, on)
        else:
            telling.tell_roles(row, ("city_officer", "county_officer"), text, on)
        done.reminders += 1
    matter = matter_version(row.matter, row.version)
    for role in escalated_to(left, limit.escalation):
        if _once(row, limit, due, f"up:{role}", on):
            accounts = next((one.accounts for one in matter.roles if one.id == role), (role,))
            telling.tell_roles(row, accounts, f"{row.number} “{limit.name}”超期，应于 {due} 完成。", on)
            telling.announce(row, "case.overdue", on, limit=limit.id)
            done.escalations += 1


def _once(row: Handling, limit: TimeLimit, due: date, key: str, on: date) -> bool:
    _reminder, made = Reminder.objects.get_or_create(
        case=row, limit=limit.id, due_on=due, key=key, defaults={"on": on}
    )
    return made
