"""Brings a running case to another version of its matter: previewed first, and undone exactly if need be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from zhicheng.engines.procedures.clocks import deadline, phase_of
from zhicheng.engines.procedures.definition import Matter
from zhicheng.engines.procedures.limits import TimeLimit
from zhicheng.engines.procedures.state import ClockEvent, State, Task, Visit
from zhicheng.kernel.calendar import Calendar
from zhicheng.kernel.refusals import Refusal


class MigrationRefused(Refusal):
    """The case cannot follow the other version."""

    code = "migration"


@dataclass(frozen=True, slots=True)
class DueChange:
    """A running limit whose due day differs under the other version; None where it has none."""

    limit: str
    before: date | None
    after: date | None


@dataclass(frozen=True, slots=True)
class Preview:
    """What migrating a case would change.

    Args:
        before: the state as it is; migrating back is taking this state again.
        after: the state under the other version.
        stage: the stage before and after, as shown.
        due: due days that would change.
        actions_lost: actions possible now that would no longer be.
        actions_gained: actions that would become possible.
        problems: why it cannot be done; empty when it can.
    """

    before: State
    after: State | None
    stage: tuple[str, str]
    due: tuple[DueChange, ...]
    actions_lost: tuple[str, ...]
    actions_gained: tuple[str, ...]
    problems: tuple[str, ...]

    @property
    def possible(self) -> bool:
        """Whether the case can follow the other version."""
        return not self.problems


def migrate(
    old: Matter,
    new: Matter,
    state: State,
    *,
    on: date,
    calendar: Calendar,
    stages: Mapping[str, str] | None = None,
) -> Preview:
    """Preview a running case under another version of its matter. Nothing that happened is rewritten.

    Stages, limits and stop grounds keep their names; a stage that the other version does not have needs a
    counterpart in `stages`. A limit that runs must exist in the other version; its events stay, and its due day is
    counted by the other version's rule.

    Args:
        old: the version the case follows.
        new: the version it should follow.
        state: where the case stands.
        on: the day of the migration.
        calendar: official rest days and make-up working days.
        stages: stage of the old version → stage of the new one, where the name differs.

    Returns:
        The state after it with every due day that changes, or the reasons why it cannot be done. The state before is
        kept in the preview, so that recording both makes the migration reversible.
    """
    target = (stages or {}).get(state.stage, state.stage)
    live = live_limits(old, state.clock_events)
    problems = obstacles(old, new, state.stage, target, state.clock_events)
    if problems:
        return Preview(state, None, (_name(old, state.stage), ""), (), (), (), problems)
    after = _moved(new, state, target, on)
    changes = tuple(
        change
        for limit in live
        if (change := _change(old, new, limit.id, state, on, calendar)).before != change.after
    )
    now = {one.id for one in old.actions_from(state.stage)}
    then = {one.id for one in new.actions_from(target)}
    return Preview(
        state, after, (_name(old, state.stage), _name(new, target)), changes, tuple(sorted(now - then)),
        tuple(sorted(then - now)), (),
    )  # fmt: skip


def live_limits(matter: Matter, events: Sequence[ClockEvent]) -> list[TimeLimit]:
    """The limits of a case that run or are stopped."""
    return [one for one in matter.limits if phase_of(one.id, events) in ("running", "stopped")]


def obstacles(
    old: Matter, new: Matter, stage: str, target: str, events: Sequence[ClockEvent]
) -> tuple[str, ...]:
    """Why a case cannot follow another version; empty when it can.

    Args:
        old: the version the case follows.
        new: the version it should follow.
        stage: the stage it is in.
        target: the stage it would be in.
        events: every clock event of the case, oldest first.
    """
    problems = []
    if old.code != new.code:
        problems.append(f"“{old.code}”与“{new.code}”不是同一事项")
    if target not in {one.id for one in new.stages}:
        problems.append(f"新版没有环节“{old.stage(stage).name}”，请指定对应的环节")
    limits = {one.id: one for one in new.limits}
    for limit in live_limits(old, events):
        if limit.id not in limits:
            problems.append(f"新版没有正在计算的时限“{limit.name}”")
            continue
        grounds = dict.fromkeys(one.ground for one in events if one.limit == limit.id and one.ground)
        problems += [
            f"新版的时限“{limit.name}”不认得停止事由“{one}”"
            for one in grounds
            if limits[limit.id].ground(one) is None
        ]
    return tuple(problems)


def carried_out(preview: Preview) -> State:
    """The state after a migration.

    Raises:
        MigrationRefused: the preview names problems.
    """
    if preview.after is None:
        raise MigrationRefused(f"不能换版：{'；'.join(preview.problems)}。", fix="请按预览处理后再换版。")
    return preview.after


def _moved(new: Matter, state: State, target: str, on: date) -> State:
    if target == state.stage:
        return replace(state, version=new.version)
    stage = new.stage(target)
    visits = tuple(replace(one, left_on=on) if one.left_on is None else one for one in state.visits)
    tasks = tuple(replace(one, closed_on=on) if one.closed_on is None else one for one in state.tasks)
    opened = (Task(target, stage.role, stage.task, on),) if stage.role else ()
    return replace(
        state, version=new.version, stage=target, visits=(*visits, Visit(target, on)), tasks=(*tasks, *opened)
    )


def _change(old: Matter, new: Matter, limit: str, state: State, on: date, calendar: Calendar) -> DueChange:
    before = deadline(old, limit, state.clock_events, calendar, as_of=on).day
    return DueChange(limit, before, deadline(new, limit, state.clock_events, calendar, as_of=on).day)


def _name(matter: Matter, stage: str) -> str:
    return str(matter.stage(stage).name)
