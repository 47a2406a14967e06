"""Cases that another room opened: where they stand, and their outcome told to that room in the same transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from zhicheng.apps.accounts.public import User
from zhicheng.apps.cases.definitions import matter_version
from zhicheng.apps.cases.models import Handling
from zhicheng.kernel.refusals import NotFound


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
        due_on: last day of the running limit. closed: whether it has ended.
    """

    case: int
    number: str
    stage_id: str
    stage: str
    since: date
    due_on: date | None
    closed: bool


_waiting: dict[str, Callable[[Ended], None]] = {}


def when_ended(matter: str, told: Callable[[Ended], None]) -> None:
    """Let a room be told when a case of a matter ends; a refusal of the room keeps the case open."""
    _waiting[matter] = told


def opened_elsewhere(matter: str) -> bool:
    """Tell whether cases of a matter are opened from another room's page, which knows what they are about."""
    return matter in _waiting


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
        stage = matter_version(one.matter, one.version).stage(one.stage)
        found[one.number] = Standing(
            one.pk, one.number, stage.id, str(stage.name), one.entered_on, one.due_on, one.closed
        )
    return found


def open_cases(matter: str, field: str, value: str) -> list[str]:
    """Return the numbers of the open cases of a matter in which a field bears a value."""
    rows = Handling.objects.filter(matter=matter, closed_on=None, values__name=field, values__value=value)
    return list(rows.order_by("pk").values_list("number", flat=True))
