"""Cases that another room opened: where they stand, and their outcome told to that room in the same transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from zhicheng.apps.accounts.public import User
from zhicheng.apps.cases.access import case_for
from zhicheng.apps.cases.definitions import matter_version
from zhicheng.apps.cases.models import FieldValue, Handling, LimitStanding
from zhicheng.apps.cases.papers import papers_for
from zhicheng.engines.procedures.definition import Matter
from zhicheng.kernel.refusals import NotFound, Refusal


@dataclass(frozen=True)
class Ended:
    """A case that came to its end.

    Args:
        number: its number. outcome: name of the outcome in the definition.
        values: what was entered, as text by field; of a merged case those of the main one.
        by: who ended it, None where a rule did. on: the day.
    """

    number: str
    outcome: str
    values: Mapping[str, str]
    by: User | None
    on: date


@dataclass(frozen=True)
class Standing:
    """Where a case stands, for the page of the room that opened it.

    Args:
        case: its key. number: its number. stage_id, stage: the stage and its name. since: the day it was entered.
        due_on: last day of the running limit. closed: whether it has ended. outcome_id, outcome: how, with its name.
        revision: counts every step, so that of two who act at once one is told.
    """

    case: int
    number: str
    stage_id: str
    stage: str
    since: date
    due_on: date | None
    closed: bool
    outcome_id: str = ""
    outcome: str = ""
    revision: int = 0


@dataclass(frozen=True)
class LimitDays:
    """One limit of a case.

    Args:
        due_on: its last day, None while it stands still.
        state: running, stopped, met, late or voided. ended_on: the day it was met.
        provisional: rests on a year without a holiday notice.
    """

    due_on: date | None
    state: str
    ended_on: date | None
    provisional: bool


@dataclass(frozen=True)
class PaperLine:
    """One version of a document of a case.

    Args:
        case: key of the case. kind: material or document it is. title: its title. key: of the version.
        version: counted from 1. name: of the file. size: in bytes. at: when it came.
    """

    case: int
    kind: str
    title: str
    key: int
    version: int
    name: str
    size: int
    at: datetime


_waiting: dict[str, Callable[[Ended], None]] = {}
_following: dict[tuple[str, str], Callable[[Ended], None]] = {}


def when_ended(matter: str, told: Callable[[Ended], None]) -> None:
    """Let a room be told when a case of a matter ends; a refusal of the room keeps the case open."""
    _waiting[matter] = told


def when_taken(matter: str, action: str, told: Callable[[Ended], None]) -> None:
    """Let a room be told when an action of a matter is taken, in its transaction; a refusal of the room undoes it."""
    _following[matter, action] = told


def opened_elsewhere(matter: str) -> bool:
    """Tell whether cases of a matter are opened from another room's page, which knows what they are about."""
    return matter in _waiting


def refuse_here(matter: Matter) -> None:
    """Refuse to open a case that only another room's page can open, because it hangs on what stands there."""
    if opened_elsewhere(matter.code) and "public" not in matter.filers:
        raise Refusal(f"“{matter.name}”不在这里提交。", fix="请在“政策兑现”中打开要申报的条款。")


def tell_step(handling: Handling, action: str, *, by: User | None, on: date) -> None:
    """Tell the room that follows an action that it was taken."""
    told = _following.get((handling.matter, action))
    if told is not None:
        values = dict(handling.values.values_list("name", "value"))
        told(Ended(handling.number, handling.outcome, values, by, on))


def tell_rooms(handling: Handling, *, by: User | None, on: date) -> None:
    """Tell the room that waits for a case, also for those merged into it."""
    told = _waiting.get(handling.matter)
    if told is None:
        return
    values = dict(handling.values.values_list("name", "value"))
    rows = Handling.objects.filter(Q(pk=handling.pk) | Q(merged_into=handling)).order_by("pk")
    for number in rows.values_list("number", flat=True):
        told(Ended(number, handling.outcome, values, by, on))


def handling_of(number: str) -> int:
    """Return the key of the case with a number.

    Raises:
        NotFound: there is none.
    """
    found = Handling.objects.filter(number=number).values_list("pk", flat=True).first()
    if found is None:
        raise NotFound(f"没有办件 {number}。", fix="请核对编号。")
    return found


def standings_of(numbers: Iterable[str]) -> dict[str, Standing]:
    """Return where cases stand, by number, in one query."""
    rows = Handling.objects.filter(number__in=[one for one in numbers if one])
    found = {}
    for one in rows:
        matter = matter_version(one.matter, one.version)
        stage, ended = matter.stage(one.stage), matter.outcome(one.outcome) if one.outcome else None
        found[one.number] = Standing(
            one.pk, one.number, stage.id, str(stage.name), one.entered_on, one.due_on, one.closed, one.outcome,
            str(ended.name) if ended else "", one.revision,
        )  # fmt: skip
    return found


def limits_of(numbers: Iterable[str], limit: str) -> dict[str, LimitDays]:
    """Return how one limit stands in some cases, by number, in one query."""
    rows = LimitStanding.objects.filter(case__number__in=[one for one in numbers if one], limit=limit)
    return {
        number: LimitDays(due, state, ended, provisional)
        for number, due, state, ended, provisional in rows.values_list(
            "case__number", "due_on", "state", "ended_on", "provisional"
        )
    }


def numbers_where(
    matter: str, *, stages: Iterable[str] = (), outcomes: Iterable[str] = (), limit: str = "", due_until: date | None = None
) -> QuerySet[Handling, str]:  # fmt: skip
    """Return numbers of cases of a matter as a subquery: in some stages, with some outcomes, or due by a day.

    Args:
        matter: code of the matter.
        stages: names of stages; none leaves this out.
        outcomes: names of outcomes; none leaves this out.
        limit: the limit that `due_until` speaks about.
        due_until: only where that limit runs and its last day is not after this.
    """
    rows = Handling.objects.filter(matter=matter)
    if wanted := list(stages):
        rows = rows.filter(stage__in=wanted)
    if ends := list(outcomes):
        rows = rows.filter(outcome__in=ends)
    if due_until is not None:
        rows = rows.filter(limits__limit=limit, limits__state="running", limits__due_on__lte=due_until)
    return rows.order_by().values_list("number", flat=True)


def entered_in(number: str) -> dict[str, str]:
    """Return what was entered in a case, as text by field."""
    return dict(FieldValue.objects.filter(case__number=number).values_list("name", "value"))


def papers_in(number: str, user: User, on: date) -> list[PaperLine]:
    """Return the documents of a case a person may open, oldest first; opening one is the cases room's own address."""
    handling = case_for(user, handling_of(number), on)
    return [
        PaperLine(handling.pk, paper.kind, paper.title, one.pk, one.version, one.name, one.size, one.at)
        for paper in papers_for(user, handling, on)
        for one in paper.versions.all()
    ]


def open_cases(matter: str, field: str, value: str) -> list[str]:
    """Return the numbers of the open cases of a matter in which a field bears a value."""
    rows = Handling.objects.filter(matter=matter, closed_on=None, values__name=field, values__value=value)
    return list(rows.order_by("pk").values_list("number", flat=True))
