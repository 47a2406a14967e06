"""The one way in which a case moves: an action of its definition, taken by somebody who may, on the version they saw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from django.db import transaction
from django.utils import timezone

from zhicheng.apps.accounts.public import Role, User
from zhicheng.apps.cases import following, stepping
from zhicheng.apps.cases.access import roles_held
from zhicheng.apps.cases.assigning import conflicts_of
from zhicheng.apps.cases.calendars import page_calendar
from zhicheng.apps.cases.definitions import matter_version
from zhicheng.apps.cases.models import Handling, Task
from zhicheng.apps.cases.state_rows import (
    papers_there,
    read_facts,
    read_state,
    typed_values,
)
from zhicheng.engines.procedures import running
from zhicheng.engines.procedures.definition import Action, Matter
from zhicheng.engines.procedures.guards import Value
from zhicheng.engines.procedures.parts import SYSTEM
from zhicheng.engines.procedures.state import State, Step
from zhicheng.kernel.refusals import Conflict, NotAllowed


class ChangedMeanwhile(Conflict):
    """Somebody else acted first; says what changed since the version the person saw."""

    code = "version_changed"
    status = 412


@transaction.atomic
def act(
    *, case: int, action: str, by: User, values: Mapping[str, str] | None = None, why: str = "", on: date | None = None,
    revision: int | None = None,
) -> Handling:  # fmt: skip
    """Take an action of a case's definition.

    Args:
        case: the case.
        action: name of the action in the definition the case follows.
        by: who acts; their roles in this case decide whether they may.
        values: what is entered with it, as text by field.
        why: reason, kept in the history.
        on: the day, by default today.
        revision: the version the person saw; None leaves the check out.

    Returns:
        The case after it.

    Raises:
        ChangedMeanwhile: somebody else acted since.
        Conflict: the case is in a stage in which this is not possible.
        NotAllowed: it is not this person's to do, or they have a conflict of interest.
        Refusal: something is missing, a condition does not hold, or a day is out of order.
    """
    day = on or timezone.localdate()
    handling = stepping.lock_for(by, case, day)
    if revision is not None and revision != handling.revision:
        raise changed_since(handling, revision)
    if handling.merged_into_id is not None and not handling.closed:
        raise Conflict(f"办件 {handling.number} 已并案办理。", fix="请在主案中办理。")
    matter = matter_version(handling.matter, handling.version)
    chosen = matter.action(action)
    held = roles_held(by, handling, matter, day)
    role = next((one for one in chosen.roles if one in held), "")
    _refuse_conflicted(by, handling, matter, role)
    _refuse_closing(handling, matter, chosen, by)
    given = typed_values(chosen.fields, values or {})
    step = _take(handling, matter, chosen, role, by, day, given)
    stepping.finish(handling, matter, step, by=by, role=role, on=day, given=given, why=why)
    return handling


def offers(
    handling: Handling, matter: Matter, roles: tuple[str, ...], by: User, on: date
) -> tuple[running.Offer, ...]:
    """Return the actions a person might take now, each ready or with the reasons why not."""
    if handling.merged_into_id is not None and not handling.closed:
        return ()
    found = running.allowed_actions(
        matter,
        read_state(handling),
        roles,
        read_facts(handling, matter),
        on,
        by=str(by.pk),
        documents=papers_there(handling),
    )
    return tuple(found)


def changed_since(handling: Handling, revision: int) -> ChangedMeanwhile:
    """Say what happened since the version a person saw."""
    lines = [
        f"{one.at:%H:%M} {one.by or '系统'}：{one.words}"
        for one in handling.events.select_related("by").order_by("-pk")[
            : max(1, min(5, handling.revision - revision))
        ]
    ]
    return ChangedMeanwhile(
        f"办件 {handling.number} 已由他人办理（{'；'.join(reversed(lines))}）。",
        fix="请查看最新状态后再办理；您填写的内容没有保存。",
    )


def _refuse_conflicted(by: User, handling: Handling, matter: Matter, role: str) -> None:
    if role and matter.role(role).kind == "office" and (problems := conflicts_of(by, handling)):
        raise NotAllowed(f"{by}须回避：{'；'.join(problems)}。", fix="请改派他人办理。")


def _refuse_closing(handling: Handling, matter: Matter, action: Action, by: User) -> None:
    """A department does not close what it is supervised for, nor before all it asked have answered."""
    if not action.to_stage or matter.stage(action.to_stage).kind != "final" or action.withdraws:
        return
    if handling.supervised and not handling.checked_for_closing and by.role != Role.SUPERVISION:
        raise NotAllowed(
            f"办件 {handling.number} 正在督办，主办单位不能自行办结。",
            fix="请向督考办报送办理情况，由其核查后办结。",
        )
    waiting = handling.tasks.filter(kind=Task.Kind.ASSIST, done_on=None).values_list("unit", flat=True)
    if units := "、".join(waiting):
        raise Conflict(f"协办单位{units}尚未答复。", fix="请催办，或撤回对该单位的协办请求。")


def _take(
    handling: Handling,
    matter: Matter,
    chosen: Action,
    role: str,
    by: User,
    on: date,
    given: Mapping[str, Value],
) -> Step:
    return running.apply(
        matter, read_state(handling), chosen.id, role=role, by=str(by.pk), on=on, calendar=page_calendar(),
        facts=read_facts(handling, matter), values=given, documents=papers_there(handling),
    )  # fmt: skip


@transaction.atomic
def act_for_room(
    *, case: int, action: str, by: User | None, on: date, values: Mapping[str, str], why: str = ""
) -> bool:  # fmt: skip
    """Take an action that follows from what happened in the room that opened the case; nobody decides it here.

    Args:
        case: the case.
        action: name of the action.
        by: whose act in the other room it follows from.
        on: the day it happened; not before the case came into its stage.
        values: what the other room knows, as text by field.
        why: kept in the history.

    Returns:
        False where the case waits for its supervision office, or stands elsewhere: then it is left to people.
    """
    handling = stepping.lock(case)
    matter = matter_version(handling.matter, handling.version)
    chosen = matter.action(action)
    if handling.stage not in chosen.from_stages or (handling.supervised and not handling.checked_for_closing):
        return False
    role, day = chosen.roles[0], max(on, handling.entered_on)
    given = typed_values(chosen.fields, values)
    step = running.apply(
        matter, read_state(handling), chosen.id, role=role, by=str(by.pk) if by else "", on=day,
        calendar=page_calendar(), facts=read_facts(handling, matter), values=given, documents=papers_there(handling),
    )  # fmt: skip
    stepping.finish(handling, matter, step, by=by, role=role, on=day, given=given, why=why)
    return True


@transaction.atomic
def act_by_rule(*, case: int, automatic: running.Automatic, on: date) -> Handling:
    """Take the action the law attaches to a limit that ran out (视为受理 …); nobody's decision."""
    handling = stepping.lock(case)
    matter = matter_version(handling.matter, handling.version)
    state: State = read_state(handling)
    step = running.apply(
        matter, state, automatic.action.id, role=SYSTEM, by="", on=on, calendar=page_calendar(),
        facts=read_facts(handling, matter), documents=papers_there(handling), counts_from=automatic.counts_from,
    )  # fmt: skip
    step = replace(step, action=automatic.action.id)
    why = f"时限“{matter.limit(automatic.limit).name}”届满，自 {automatic.counts_from} 起算（依据：{automatic.source}）"
    stepping.finish(handling, matter, step, by=None, role=SYSTEM, on=on, why=why)
    following.accepted_from(handling, matter, automatic.counts_from)
    return handling
