"""Where a case stands: a small value that a room builds from its rows and stores as rows again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from zhicheng.kernel.clock import Unit

ClockEventKind = Literal["started", "stopped", "resumed", "extended", "met", "voided"]


@dataclass(frozen=True, slots=True)
class Visit:
    """A stay of the case in a stage; `left_on` is None while it lasts."""

    stage: str
    entered_on: date
    left_on: date | None = None


@dataclass(frozen=True, slots=True)
class ClockEvent:
    """Something that happened to a time limit. Rows of these are the only source of a due day.

    Args:
        limit: which time limit.
        kind: what happened.
        day: started: day 0; stopped: first day that does not count; resumed: last day that does not count; extended:
            the day the applicant was told; met: the day it was done; voided: the day it stopped to matter.
        ground: stop ground, for stopped and resumed.
        amount: how much was added, for extended.
        unit: its unit.
        approved_by: role that approved it.
        reason: why.
        action: action that caused it.
        until: the last day itself, for started on a limit whose last day is given.
    """

    limit: str
    kind: ClockEventKind
    day: date
    ground: str = ""
    amount: int = 0
    unit: Unit = "days"
    approved_by: str = ""
    reason: str = ""
    action: str = ""
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """Work a role has while the case is in a stage; `closed_on` is None while it is open."""

    stage: str
    role: str
    words: str
    opened_on: date
    closed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """An action taken: which, when, by whom (any stable text) in which role."""

    action: str
    on: date
    by: str
    role: str


@dataclass(frozen=True, slots=True)
class State:
    """Where a case stands.

    Args:
        matter: code of the matter.
        version: version of its definition.
        stage: the stage it is in.
        received_on: the day it came in.
        visits: stays in stages, oldest first; the last one is open.
        clock_events: what happened to its limits, oldest first.
        tasks: work opened and closed.
        done: actions taken, oldest first.
        outcome: how it ended; empty while it runs.
        reopened: how often it was re-opened.
    """

    matter: str
    version: int
    stage: str
    received_on: date
    visits: tuple[Visit, ...] = ()
    clock_events: tuple[ClockEvent, ...] = ()
    tasks: tuple[Task, ...] = ()
    done: tuple[Done, ...] = ()
    outcome: str = ""
    reopened: int = 0


@dataclass(frozen=True, slots=True)
class DocumentOrder:
    """A document to be made: its template, number series and the roles it is served on."""

    template: str
    series: str
    to: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """Somebody to be told: a role of the matter and the words."""

    to: str
    words: str


@dataclass(frozen=True, slots=True)
class Step:
    """What an action changed, and what is to be done besides.

    Args:
        state: the state after it.
        action: the action taken.
        left: the stage left; empty when the case stayed.
        entered: the stage entered; empty when the case stayed.
        clock_changes: the events added to the clocks.
        opened: tasks opened.
        closed: tasks closed.
        documents: documents to issue.
        notices: who is told.
        opens: matters of which a further case is to be opened.
        transfers: offices to which the case is handed over.
        publishes: public notices now due.
        numbers: number series of which the case gets a number.
    """

    state: State
    action: str
    left: str = ""
    entered: str = ""
    clock_changes: tuple[ClockEvent, ...] = ()
    opened: tuple[Task, ...] = ()
    closed: tuple[Task, ...] = ()
    documents: tuple[DocumentOrder, ...] = ()
    notices: tuple[Notice, ...] = ()
    opens: tuple[str, ...] = ()
    transfers: tuple[str, ...] = ()
    publishes: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
