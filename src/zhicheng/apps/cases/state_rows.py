"""Between rows and the engine's small value: a case's state is read from rows and written back as rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import cast

from zhicheng.apps.accounts.public import User
from zhicheng.apps.cases.models import CaseEvent, ClockEvent, FieldValue, Handling, Material, StageVisit, Task
from zhicheng.engines.procedures import state as engine
from zhicheng.engines.procedures.definition import Matter
from zhicheng.engines.procedures.guards import Value
from zhicheng.engines.procedures.parts import Field
from zhicheng.kernel.clock import Unit
from zhicheng.kernel.refusals import Refusal

YES = ("true", "1", "on", "yes", "是")
NO = ("false", "0", "off", "no", "否")
THERE = (Material.State.GIVEN, Material.State.ACCEPTED, Material.State.FROM_LEDGER)


def read_state(handling: Handling) -> engine.State:
    """Return where a case stands, from its rows; five queries whatever its length."""
    return engine.State(
        matter=handling.matter,
        version=handling.version,
        stage=handling.stage,
        received_on=handling.received_on,
        visits=tuple(
            engine.Visit(*row) for row in handling.visits.values_list("stage", "entered_on", "left_on")
        ),
        clock_events=clock_events(handling),
        tasks=tuple(
            engine.Task(*row)
            for row in handling.tasks.filter(kind=Task.Kind.STAGE).values_list(
                "stage", "role", "title", "opened_on", "done_on"
            )
        ),
        done=tuple(
            engine.Done(action, on, str(by) if by else "", role)
            for action, on, by, role in handling.events.filter(step=True).values_list(
                "action", "on", "by", "role"
            )
        ),
        outcome=handling.outcome,
        reopened=handling.reopened,
    )


def clock_events(handling: Handling) -> tuple[engine.ClockEvent, ...]:
    """Return everything that happened to the limits of a case, oldest first."""
    rows = handling.clock_events.values_list(
        "limit", "kind", "day", "ground", "amount", "unit", "approved_by", "reason", "action", "until"
    )
    return tuple(engine_event(row) for row in rows)


def engine_event(row: tuple[object, ...]) -> engine.ClockEvent:
    """Return one row of a clock as the engine's value."""
    return engine.ClockEvent(*row)  # type: ignore[arg-type]


def write_step(handling: Handling, step: engine.Step, on: date, by: User | None) -> None:
    """Write what an action changed: stage, visits, tasks and clock events."""
    if step.left or step.entered:
        handling.visits.filter(left_on=None).update(left_on=on)
        handling.tasks.filter(kind=Task.Kind.STAGE, done_on=None).update(done_on=on, done_by=by)
        StageVisit.objects.create(case=handling, stage=step.state.stage, entered_on=on)
        handling.entered_on = on
    open_tasks(handling, step.opened)
    add_clock_events(handling, step.clock_changes, by)
    handling.stage = step.state.stage
    handling.outcome = step.state.outcome
    handling.reopened = step.state.reopened


def open_tasks(handling: Handling, tasks: Iterable[engine.Task]) -> None:
    """Write the tasks that a stage opens."""
    Task.objects.bulk_create(
        Task(
            case=handling, kind=Task.Kind.STAGE, stage=one.stage, role=one.role, title=one.words or one.role,
            opened_on=one.opened_on, unit=handling.unit,
        )
        for one in tasks
    )  # fmt: skip


def add_clock_events(handling: Handling, events: Iterable[engine.ClockEvent], by: User | None) -> None:
    """Append clock events."""
    ClockEvent.objects.bulk_create(
        ClockEvent(
            case=handling, limit=one.limit, kind=one.kind, day=one.day, ground=one.ground, amount=one.amount,
            unit=one.unit, approved_by=one.approved_by, reason=one.reason[:300], action=one.action, until=one.until, by=by,
        )
        for one in events
    )  # fmt: skip


def read_facts(handling: Handling, matter: Matter) -> dict[str, Value]:
    """Return what is known of a case, typed as its definition says."""
    fields = {one.id: one for one in every_field(matter)}
    known: dict[str, Value] = {
        "accepted_on": handling.accepted_on,
        "region": handling.region_code,
        "ip_kind": handling.case.ip_kind,
        "filed_by": handling.filer,
    }
    for name, text in FieldValue.objects.filter(case=handling).values_list("name", "value"):
        if name in fields:
            known[name] = typed(fields[name], text)
    return known


def every_field(matter: Matter) -> Iterable[Field]:
    """Return the fields of the form and of all actions."""
    yield from matter.fields
    for action in matter.actions:
        yield from action.fields


def typed_values(fields: Iterable[Field], given: Mapping[str, str]) -> dict[str, Value]:
    """Return what was entered as typed values; each mistake is named with its field.

    Raises:
        Refusal: a value is not what its field takes.
    """
    return {one.id: typed(one, given[one.id].strip()) for one in fields if one.id in given}


def typed(field: Field, text: str) -> Value:
    """Return one value as its field's type; empty is unknown."""
    if text == "":
        return None
    try:
        return _typed(field, text)
    except (ValueError, InvalidOperation) as error:
        kinds = {"date": "日期，如 2026-03-01", "integer": "整数", "money": "金额", "boolean": "是或否"}
        raise Refusal(
            f"“{field.label}”填写的“{text[:60]}”不是{kinds.get(field.type, '有效的值')}。",
            fix="请改正后再提交。",
        ) from error


def _typed(field: Field, text: str) -> Value:
    if field.type == "integer":
        return int(text)
    if field.type == "money":
        return Decimal(text.replace(",", ""))
    if field.type == "date":
        return date.fromisoformat(text)
    if field.type == "boolean":
        if text.lower() not in (*YES, *NO):
            raise ValueError(text)
        return text.lower() in YES
    if field.type == "choice" and text not in dict(field.choices):
        raise Refusal(
            f"“{field.label}”没有“{text[:60]}”这一项。", fix=f"可选：{'、'.join(dict(field.choices))}。"
        )
    return text


def as_text(value: Value) -> str:
    """Return a typed value as it is stored."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else str(value)


def keep_values(handling: Handling, values: Mapping[str, Value]) -> None:
    """Store what was entered; a field entered again takes the new value, the old one stays in the history."""
    if not values:
        return
    FieldValue.objects.bulk_create(
        [FieldValue(case=handling, name=name, value=as_text(value)) for name, value in values.items()],
        update_conflicts=True, update_fields=["value"], unique_fields=["case", "name"],
    )  # fmt: skip


def papers_there(handling: Handling) -> set[str]:
    """Return the materials and documents that are in a case, by their names in the definition."""
    materials = handling.materials.filter(state__in=THERE).values_list("code", flat=True)
    return {*materials, *handling.papers.values_list("kind", flat=True)}


def write_event(
    handling: Handling, *, action: str, words: str, on: date, by: User | None, role: str = "", why: str = "",
    before: str = "", after: str = "", step: bool = False, told: bool = False, acting_for: int | None = None,
) -> CaseEvent:  # fmt: skip
    """Append one line to the history of a case."""
    return CaseEvent.objects.create(
        case=handling, action=action, words=words[:120], on=on, by=by, role=role, why=why, before=before[:300],
        after=after[:300], step=step, told=told, acting_for_id=acting_for,
    )  # fmt: skip


def unit_of(text: str) -> Unit:
    """Return a stored unit as the clock's."""
    return cast(Unit, text)
