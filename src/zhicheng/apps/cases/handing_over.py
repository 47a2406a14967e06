"""Hand-overs of a case to an office outside: sent, received with a number, or refused with a reason; read from its history."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from zhicheng.apps.cases.models import CaseEvent, LimitStanding
from zhicheng.engines.procedures.definition import Action, Matter


@dataclass(frozen=True)
class HandOver:
    """One hand-over.

    Args:
        office: to whom. sent_on: the day. why: the reason given.
        state: `open` until receipted, `received`, `refused`, or `sent` where the definition ends the case at once.
        due_on: until when an open one has to be receipted. late: whether that day has passed.
        answered_on: the day of receipt or refusal. answer: what was entered with it, such as the receiver's number.
    """

    office: str
    sent_on: date
    why: str
    state: str
    due_on: date | None = None
    late: bool = False
    answered_on: date | None = None
    answer: str = ""


def hand_overs(
    matter: Matter, events: Iterable[CaseEvent], limits: Iterable[LimitStanding], on: date
) -> tuple[HandOver, ...]:
    """Return the hand-overs of a case, oldest first.

    Args:
        matter: the version the case follows.
        events: its whole history, oldest first.
        limits: its limits as they stand; the one that a hand-over starts says until when it is to be receipted.
        on: the day asked about.
    """
    known = {one.id: one for one in matter.actions}
    due = {one.limit: one.due_on for one in limits if one.state == LimitStanding.State.RUNNING}
    rows = list(events)
    found = []
    for place, row in enumerate(rows):
        if row.action != "transfer":
            continue
        sent = next((one for one in reversed(rows[:place]) if one.step and one.action in known), None)
        if sent is None:
            continue
        office, why, stage = row.after, sent.why, known[sent.action].to_stage
        if not stage or matter.stage(stage).kind == "final":
            found.append(HandOver(office, row.on, why, "sent"))
            continue
        answered = next((one for one in rows[place + 1 :] if _leaves(known, one, stage)), None)
        if answered is None:
            started = [one.target for one in known[sent.action].effects if one.kind == "start_clock"]
            until = next((due[one] for one in started if one in due), None)
            found.append(HandOver(office, row.on, why, "open", until, until is not None and until < on))
            continue
        taken = matter.stage(known[answered.action].to_stage or stage).kind == "final"
        state = "received" if taken else "refused"
        found.append(HandOver(office, row.on, why, state, answered_on=answered.on, answer=answered.why))
    return tuple(found)


def _leaves(known: dict[str, Action], event: CaseEvent, stage: str) -> bool:
    action = known.get(event.action)
    return bool(event.step and action is not None and stage in action.from_stages and action.to_stage)
