"""Who is late with an item, and by how many days; values in, values out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from zhicheng.apps.consultation.states import ItemState

PROGRESS_DAYS = {"weekly": 7, "monthly": 30}


@dataclass(frozen=True)
class Lengths:
    """The lengths a region set, in days; see `LoopRules`."""

    instruct_days: int
    urge_before_days: int
    urge_every_days: int
    judge_days: int


@dataclass(frozen=True)
class Standing:
    """What the lateness of an item depends on.

    Args:
        state: where it stands. entered_on: since when. due_on: the day it should be done, None when none was given.
        rhythm: weekly or monthly. last_report_on: of this round, None when nothing was reported.
        given_on: the day the units got it.
    """

    state: str
    entered_on: date
    due_on: date | None = None
    rhythm: str = "monthly"
    last_report_on: date | None = None
    given_on: date | None = None


@dataclass(frozen=True)
class Late:
    """One thing that is late or soon will be.

    Args:
        kind: `overdue`, `due_soon`, `progress`, `instruction` or `verdict`.
        days: days past the day it was due; days left, negative, when it is only soon due.
    """

    kind: str
    days: int


def lateness(one: Standing, *, on: date, lengths: Lengths) -> list[Late]:
    """Return what is late with an item on a day, the gravest first; empty when nothing is.

    Args:
        one: where the item stands. on: the day asked about. lengths: the region's rules.
    """
    found: list[Late] = []
    if one.state == ItemState.IN_HAND:
        if one.due_on and on > one.due_on:
            found.append(Late("overdue", (on - one.due_on).days))
        elif one.due_on and on >= one.due_on - timedelta(days=lengths.urge_before_days):
            found.append(Late("due_soon", (on - one.due_on).days))
        begun = max(filter(None, (one.last_report_on, one.given_on, one.entered_on if not one.given_on else None)), default=None)  # fmt: skip
        if begun and (silent := (on - begun).days - PROGRESS_DAYS[one.rhythm]) > 0:
            found.append(Late("progress", silent))
    elif one.state == ItemState.SUBMITTED:
        if (waited := (on - one.entered_on).days - lengths.instruct_days) > 0:
            found.append(Late("instruction", waited))
    elif one.state == ItemState.CHECKED and (waited := (on - one.entered_on).days - lengths.judge_days) > 0:
        found.append(Late("verdict", waited))
    return found


def urgings(late: list[Late], *, lengths: Lengths, last_urged: dict[str, date], on: date) -> list[Late]:
    """Return what is to be urged today: once before the day, then again and again at the set distance.

    Args:
        late: from `lateness`. last_urged: kind → day it was urged last in this round.
    """
    due = []
    for one in late:
        before = last_urged.get(one.kind)
        if one.kind == "due_soon":
            if before is None:
                due.append(one)
        elif before is None or (on - before).days >= lengths.urge_every_days:
            due.append(one)
    return due
