"""Running cases moved to a new version of their definition: seen before, recorded, and taken back while nobody acted."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from zhicheng.apps.accounts.public import User, record_event, require
from zhicheng.apps.cases.access import listed
from zhicheng.apps.cases.calendars import page_calendar
from zhicheng.apps.cases.definitions import matter_version
from zhicheng.apps.cases.models import Handling, LimitStanding, StageVisit, Task, VersionMove
from zhicheng.apps.cases.standings import refresh
from zhicheng.apps.cases.state_rows import clock_events, open_tasks, write_event
from zhicheng.engines.procedures import state as engine
from zhicheng.engines.procedures.clocks import deadline
from zhicheng.engines.procedures.definition import Matter
from zhicheng.engines.procedures.migrating import live_limits, obstacles
from zhicheng.kernel.calendar import Calendar
from zhicheng.kernel.refusals import Conflict, NotFound, Refusal


@dataclass(frozen=True)
class Planned:
    """What moving one case would do.

    Args:
        handling: the case.
        stage: stage it would be in.
        problems: why it cannot be moved; empty when it can.
        limits: name of a limit, due day before, due day after.
    """

    handling: Handling
    stage: str
    problems: tuple[str, ...]
    limits: tuple[tuple[str, date | None, date | None], ...]


def plan(
    *, matter: str, to_version: int, by: User, stages: Mapping[str, str] | None = None, on: date | None = None
) -> list[Planned]:
    """Say for every running case of a matter what moving it to a version would do; nothing is changed.

    Args:
        matter: code of the matter.
        to_version: the version to follow from now on.
        by: who asks; only cases of their region are named.
        stages: old stage → new stage, where a stage was renamed.
        on: the day.
    """
    day = on or timezone.localdate()
    target = matter_version(matter, to_version)
    rows = listed(by, day).filter(matter=matter, closed_on=None).exclude(version=to_version).order_by("pk")
    calendar = page_calendar()
    return [_plan(one, target, dict(stages or {}), calendar, day) for one in rows]


def _plan(
    handling: Handling, target: Matter, stages: Mapping[str, str], calendar: Calendar, on: date
) -> Planned:
    source = matter_version(handling.matter, handling.version)
    stage = stages.get(handling.stage, handling.stage)
    events = clock_events(handling)
    problems = obstacles(source, target, handling.stage, stage, events)
    known = {one.id for one in target.limits}
    limits = tuple(
        (
            str(one.name), deadline(source, one.id, events, calendar, as_of=on).day,
            deadline(target, one.id, events, calendar, as_of=on).day if one.id in known else None,
        )
        for one in live_limits(source, events)
    )  # fmt: skip
    return Planned(handling, stage, problems, limits)


@transaction.atomic
def move(
    *,
    matter: str,
    to_version: int,
    by: User,
    why: str,
    stages: Mapping[str, str] | None = None,
    on: date | None = None,
) -> tuple[uuid.UUID, int]:
    """Move every running case that can be moved.

    Returns:
        The number of the batch, by which it is taken back, and how many cases were moved.

    Raises:
        Refusal: no reason is given, or a case cannot be moved; then none is.
    """
    require(by, "cases.migrate", region=by.region_code)
    day = on or timezone.localdate()
    if not why.strip():
        raise Refusal("迁移须写明理由。", fix="请写明为什么换用新版。")
    planned = plan(matter=matter, to_version=to_version, by=by, stages=stages, on=day)
    stuck = [one for one in planned if one.problems]
    if stuck:
        first = stuck[0]
        raise Refusal(
            f"{len(stuck)} 件不能迁移，如 {first.handling.number}：{'；'.join(first.problems)}。",
            fix="请写明环节的对应关系，或先办完这些件。",
        )
    batch = uuid.uuid4()
    for one in planned:
        row = Handling.objects.select_for_update(of=("self",)).get(pk=one.handling.pk)
        if row.revision != one.handling.revision:
            raise Conflict(f"{row.number} 刚被办理过。", fix="请重新预览后再迁移。")
        _carry(row, to_version, one.stage, day, by, why, batch)
    record_event(
        by=by, action="cases.migrate", subject=f"matter:{matter}", why=why,
        after={"to_version": to_version, "cases": len(planned), "batch": str(batch)},
    )  # fmt: skip
    return batch, len(planned)


def _carry(row: Handling, version: int, stage: str, on: date, by: User, why: str, batch: uuid.UUID) -> None:
    old_version, old_stage = row.version, row.stage
    row.version = version
    matter = matter_version(row.matter, version)
    _enter(row, matter, stage, on, by)
    row.revision += 1
    refresh(row, matter, clock_events(row), page_calendar())
    row.save()
    VersionMove.objects.create(
        case=row, batch=batch, from_version=old_version, to_version=version, from_stage=old_stage, to_stage=stage,
        revision=row.revision, by=by,
    )  # fmt: skip
    write_event(
        row, action="migrate", words="换用新版定义", on=on, by=by, why=why, before=f"第 {old_version} 版 {old_stage}",
        after=f"第 {version} 版 {stage}",
    )  # fmt: skip


def _enter(row: Handling, matter: Matter, stage: str, on: date, by: User) -> None:
    """Stand in another stage: the work of the one left is closed and that of the one entered opened."""
    if stage == row.stage:
        return
    row.visits.filter(left_on=None).update(left_on=on)
    row.tasks.filter(kind=Task.Kind.STAGE, done_on=None).update(done_on=on, done_by=by)
    StageVisit.objects.create(case=row, stage=stage, entered_on=on)
    entered = matter.stage(stage)
    if entered.role:
        open_tasks(row, (engine.Task(stage, entered.role, entered.task, on),))
    row.stage, row.entered_on = stage, on


@transaction.atomic
def undo(*, batch: str, by: User, why: str, on: date | None = None) -> int:
    """Take a batch back, as long as nobody has acted on any of its cases since. Returns how many cases."""
    require(by, "cases.migrate", region=by.region_code)
    day = on or timezone.localdate()
    moves = list(VersionMove.objects.filter(batch=_uuid(batch), undone_at=None).order_by("pk"))
    if not moves:
        raise NotFound(f"没有可撤销的迁移批次“{batch}”。", fix="请核对批次号。")
    for one in moves:
        row = Handling.objects.select_for_update(of=("self",)).get(pk=one.case_id)
        if row.revision != one.revision:
            raise Conflict(f"{row.number} 迁移之后已被办理，整批不能撤销。", fix="请改为再迁移一次。")
        row.version = one.from_version
        back = matter_version(row.matter, row.version)
        _enter(row, back, one.from_stage, day, by)
        row.revision += 1
        known = {limit.id for limit in back.limits}
        LimitStanding.objects.filter(case=row).exclude(limit__in=known).delete()
        refresh(row, back, clock_events(row), page_calendar())
        row.save()
        write_event(
            row, action="migrate_undo", words="撤销换用新版", on=day, by=by, why=why, before=f"第 {one.to_version} 版",
            after=f"第 {one.from_version} 版",
        )  # fmt: skip
    VersionMove.objects.filter(pk__in=[one.pk for one in moves]).update(undone_at=timezone.now())
    record_event(
        by=by, action="cases.migrate_undo", subject=f"batch:{batch}", why=why, after={"cases": len(moves)}
    )
    return len(moves)


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise NotFound(f"批次号“{text}”看不懂。", fix="请照迁移时给出的批次号填写。") from error


def stage_pairs(pairs: Sequence[str]) -> dict[str, str]:
    """Return `old=new` pairs as a mapping."""
    found = {}
    for one in pairs:
        old, mark, new = one.partition("=")
        if not mark:
            raise Refusal(f"环节对应“{one}”看不懂。", fix="请写成 旧环节=新环节。")
        found[old.strip()] = new.strip()
    return found
