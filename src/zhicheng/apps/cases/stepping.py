"""Writes one step of a case: everything the engine says an action changed, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from zhicheng.apps.accounts.public import User, record_event
from zhicheng.apps.cases import following, for_rooms
from zhicheng.apps.cases.access import stands_for, unknown_case, visible
from zhicheng.apps.cases.calendars import page_calendar
from zhicheng.apps.cases.ledger_rows import write_ledger
from zhicheng.apps.cases.models import Assignment, Handling
from zhicheng.apps.cases.standings import refresh
from zhicheng.apps.cases.state_rows import keep_values, write_event, write_step
from zhicheng.apps.cases.telling import announce
from zhicheng.engines.procedures.definition import Matter
from zhicheng.engines.procedures.guards import Value
from zhicheng.engines.procedures.state import Step


def lock(case: int) -> Handling:
    """Return a case held for this transaction; two who act at once follow each other."""
    rows = Handling.objects.select_for_update(of=("self",)).select_related("case", "filed_by")
    return rows.get(pk=case)


def lock_for(user: User, case: int, on: date) -> Handling:
    """Return a case a person may open, held for this transaction: looked up and locked in one statement.

    Raises:
        NotFound: there is none, or the person may not know that there is.
    """
    rows = visible(user, on).select_for_update(of=("self",)).select_related("case")
    row = rows.filter(pk=case).first()
    if row is None:
        raise unknown_case(case)
    # who acts is most often the one who filed or handles it: known already, not read again
    if row.filed_by_id == user.pk:
        row.filed_by = user
    if row.handler_id == user.pk:
        row.handler = user
    return row


def finish(
    handling: Handling, matter: Matter, step: Step, *, by: User | None, role: str, on: date,
    given: Mapping[str, Value] | None = None, why: str = "",
) -> None:  # fmt: skip
    """Write everything an action changed: rows, limits, ledger, history, documents, notices; one audit event."""
    action = matter.action(step.action)
    before, was_closed = str(matter.stage(handling.stage).name), handling.closed_on
    keep_values(handling, given or {})
    write_step(handling, step, on, by)
    following.set_days(handling, matter, action, on)
    following.issue_documents(handling, matter, step, on, by)
    refresh(handling, matter, step.state.clock_events, page_calendar())
    if handling.closed_on is not None:
        handling.checked_for_closing = False
    handling.revision += 1
    handling.save()
    write_ledger(handling, matter)
    after = str(matter.stage(handling.stage).name)
    entered = "；".join(
        f"{one.label}：{following.in_words(one, given[one.id])}"
        for one in action.fields
        if given and given.get(one.id) not in (None, "") and not one.secret
    )
    write_event(
        handling, action=action.id, words=str(action.name), on=on, by=by, role=role, why=why or entered,
        before=before, after=after, step=True, told=bool(step.entered), acting_for=_acting_for(handling, by, on),
    )  # fmt: skip
    record_event(
        by=by, action=f"cases.{action.id}", subject=f"case:{handling.number}", why=why,
        before={"stage": before, "closed_on": was_closed},
        after={"stage": after, "closed_on": handling.closed_on, "outcome": handling.outcome},
    )  # fmt: skip
    following.tell_about(handling, matter, step, on, by)
    announce(handling, f"case.{action.id}", on, after=handling.stage)
    following.open_further(handling, matter, step, on, by)
    for_rooms.tell_step(handling, action.id, by=by, on=on)
    if handling.closed:
        following.close_merged(handling, on)
        for_rooms.tell_rooms(handling, by=by, on=on)


def _acting_for(handling: Handling, by: User | None, on: date) -> int | None:
    """The absent person for whom a substitute acts; None where somebody acts for themselves."""
    if by is None or handling.handler_id in (None, by.pk):
        return None
    own = Assignment.objects.filter(case=handling, person=by, state=Assignment.State.TAKEN).exists()
    return handling.handler_id if not own and handling.handler_id in stands_for(by, on) else None
