"""Lights, reminders and the comparison of a promised limit with the statutory one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from zhicheng.kernel.calendar import Calendar
from zhicheng.kernel.clock import Clock, Due, Limit, Unit, is_stopped, remaining_days

YELLOW_SHARE = Decimal("0.2")


class Light(StrEnum):
    """How a limit stands on a day; the values are stored, the words are in `words`."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    STOPPED = "stopped"

    @property
    def words(self) -> str:
        """The light in Chinese; colour is never the only sign."""
        return {"green": "正常", "yellow": "临期", "red": "超期", "stopped": "停止计算"}[self.value]


@dataclass(frozen=True, slots=True)
class Standing:
    """How a limit stands on a day: light, days left and due day."""

    light: Light
    remaining: int
    due: Due


def standing(clock: Clock, *, on: date, calendar: Calendar, yellow_share: Decimal = YELLOW_SHARE) -> Standing:
    """Light, days left and due day of a clock.

    Green while more than a share of the limit is left, yellow up to and on the due day, red after it. A stop
    shows as stopped.

    Args:
        clock: the running limit.
        on: the day asked about.
        calendar: official rest days and make-up working days.
        yellow_share: share of the whole limit at and below which the light is yellow; a city's setting.

    Raises:
        CalendarNotPublished: the limit reaches a year without an official holiday notice.
    """
    due = clock.due(calendar=calendar, as_of=on)
    left = remaining_days(clock, on=on, calendar=calendar)
    if left < 0:
        light = Light.RED
    elif is_stopped(clock, on=on):
        light = Light.STOPPED
    else:
        whole = remaining_days(clock, on=clock.started, calendar=calendar)
        light = Light.GREEN if Decimal(left) > whole * yellow_share else Light.YELLOW
    return Standing(light, left, due)


@dataclass(frozen=True, slots=True)
class Reminder:
    """A day on which somebody is told; `offset` is negative before the due day, 0 on it, positive after."""

    day: date
    offset: int


def reminders(
    due: date, *, unit: Unit, calendar: Calendar, offsets: Sequence[int] = (-5, -1, 0, 1, 5)
) -> list[Reminder]:
    """The days on which reminders go out.

    Args:
        due: the due day.
        unit: offsets are working days for a limit in working days, else calendar days.
        calendar: official rest days and make-up working days.
        offsets: how many days before (negative), at (0) and after; a city's setting.
    """
    if unit == "working_days":
        return [Reminder(calendar.add_working_days(due, one), one) for one in sorted(offsets)]
    return [Reminder(due + timedelta(days=one), one) for one in sorted(offsets)]


@dataclass(frozen=True, slots=True)
class Escalation:
    """A rule: when so many days overdue, this role is told.

    Args:
        overdue: days after the due day, from this number on.
        role: who is told.
    """

    overdue: int
    role: str


def escalated_to(remaining: int, rules: Sequence[Escalation]) -> tuple[str, ...]:
    """Roles to be told of a limit with so many days left, mildest first."""
    return tuple(one.role for one in sorted(rules, key=lambda one: one.overdue) if -remaining >= one.overdue)


def is_not_longer(promised: Limit, statutory: Limit) -> bool | None:
    """Whether a promised limit is at most the statutory one; None when the units cannot be compared.

    So many working days are never shorter than as many calendar days, and a month has 28 days at least, so
    some pairs of units can be compared for certain.
    """
    if promised.unit == statutory.unit:
        return promised.amount <= statutory.amount
    pair = (promised.unit, statutory.unit)
    if pair == ("days", "working_days") and promised.amount <= statutory.amount:
        return True
    if pair == ("days", "months") and promised.amount <= 28 * statutory.amount:
        return True
    if pair == ("working_days", "days") and promised.amount > statutory.amount:
        return False
    return None
