"""Proves a definition before it is accepted: whatever could leave a case without a way is found here, not in use."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from zhicheng.engines.procedures.definition import Action, Effect, Matter
from zhicheng.engines.procedures.effects import EXTENSION_REASON
from zhicheng.engines.procedures.parts import SYSTEM
from zhicheng.engines.procedures.proving_words import conditions_of, problem_of, words_of_templates
from zhicheng.kernel.lights import is_not_longer

Place = tuple[str | int, ...]
# Kinds of documents that the law has the head of the office approve before they go out.
SIGNED_OFF = ("decision", "penalty")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with a definition: where it stands in the file, what is wrong, what to do."""

    place: Place
    words: str
    fix: str


def prove(matter: Matter) -> tuple[Problem, ...]:
    """Everything wrong with a definition; empty when it may be used.

    Stages: one start, every one reachable, every non-final one has a way out and leads to an end. Actions: a role, and
    whatever they name exists. Limits: cited, promised not longer than statutory, started and ended by an action,
    every extension has an approver who can grant it. Acceptance: a step that moves the case on says that it accepts it.
    Ends: an outcome is set. Conditions: understood, over declared
    facts, of the right types, choices spelt as declared.

    Args:
        matter: the definition.
    """
    checks = (
        _names,
        _stages,
        _actions,
        _effects,
        _acceptance,
        _limits,
        _ends,
        _conditions,
        _papers,
        _sign_off,
    )
    return tuple(chain.from_iterable(check(matter) for check in checks))


def _names(matter: Matter) -> Iterator[Problem]:
    names = [str(one.name) for one in matter.roles]
    for one in matter.roles:
        if names.count(str(one.name)) > 1:
            yield Problem(("roles", one.id), f"角色名“{one.name}”重复", "延长须写明由谁批准，请取不同的名称")
        if one.kind == "office" and not one.accounts:
            yield Problem(("roles", one.id), f"角色“{one.name}”没有账户角色", "请写 accounts")
    seen: dict[str, str] = {}
    everything = [*matter.fields, *(one for action in matter.actions for one in action.fields)]
    for field in everything:
        if seen.setdefault(field.id, field.fact_type) != field.fact_type:
            yield Problem(("fields", field.id), f"事实“{field.id}”在两处类型不同", "同名的字段须同类型")


def _stages(matter: Matter) -> Iterator[Problem]:
    starts = [one.id for one in matter.stages if one.kind == "start"]
    if len(starts) != 1:
        yield Problem(("stages",), f"起始环节有 {len(starts)} 个", "请只设一个 kind: start 的环节")
        return
    onward: dict[str, set[str]] = {one.id: set() for one in matter.stages}
    back: dict[str, set[str]] = {one.id: set() for one in matter.stages}
    for action in matter.actions:
        for stage in action.from_stages:
            if stage in onward and action.to_stage in onward and action.to_stage != stage:
                onward[stage].add(action.to_stage)
                back[action.to_stage].add(stage)
    reached = _closure(starts, onward)
    ending = _closure([one.id for one in matter.stages if one.kind == "final"], back)
    roles = {one.id for one in matter.roles}
    for one in matter.stages:
        if one.kind != "final" and not onward[one.id]:
            yield Problem(("stages", one.id), f"环节“{one.name}”没有出路", "请加一个离开它的动作")
    for one in matter.stages:
        place: Place = ("stages", one.id)
        if one.id not in reached:
            yield Problem(place, f"环节“{one.name}”到不了", "请加一个通向它的动作，或删去它")
        if one.kind != "final" and one.id not in ending:
            yield Problem(place, f"从环节“{one.name}”走不到办结", "请加一条通向办结的路")
        if one.kind != "final" and one.role not in roles:
            yield Problem(place, f"环节“{one.name}”的经办角色“{one.role}”没有声明", f"可用：{_list(roles)}")
        if one.stops and not any(limit.ground(one.stops) for limit in matter.limits):
            yield Problem(place, f"没有时限认得停止事由“{one.stops}”", "请在时限的 stops 中写明")


def _closure(starts: list[str], edges: dict[str, set[str]]) -> set[str]:
    found, waiting = set(starts), list(starts)
    while waiting:
        for one in edges[waiting.pop()] - found:
            found.add(one)
            waiting.append(one)
    return found


def _actions(matter: Matter) -> Iterator[Problem]:
    stages = {one.id for one in matter.stages}
    roles = {one.id for one in matter.roles}
    actions = {one.id for one in matter.actions}
    papers = {one.id for one in matter.materials} | {one.id for one in matter.templates}
    expiring = {one.expiry.action for one in matter.limits if one.expiry}
    for action in matter.actions:
        place: Place = ("actions", action.id)
        if not action.roles:
            yield Problem(place, f"动作“{action.name}”没有角色", "请写 roles")
        for key, used, known in (
            ("from", action.from_stages, stages), ("to", (action.to_stage,) if action.to_stage else (), stages),
            ("roles", action.roles, roles), ("not_by", action.not_by, actions), ("papers", action.documents, papers),
            ("ahead", tuple(one.field for one in action.ahead), {one.id for one in action.fields}),
        ):  # fmt: skip
            for one in used:
                if one not in known:
                    yield Problem(
                        (*place, key), f"动作“{action.name}”的 {key} 没有“{one}”", f"可用：{_list(known)}"
                    )
        if SYSTEM in action.roles and action.id not in expiring:
            yield Problem(
                place, f"动作“{action.name}”由系统办理，但没有时限届满会引发它", "请写 expiry，或换角色"
            )


def _effects(matter: Matter) -> Iterator[Problem]:
    known: dict[str, set[str]] = {
        "set_outcome": {one.id for one in matter.outcomes},
        "issue_document": {one.id for one in matter.templates},
        "notify": {one.id for one in matter.roles},
        "number": {one.id for one in matter.series},
        "publish": {one.id for one in matter.notices},
    }
    limits = {one.id for one in matter.limits}
    grounds = {one.id for limit in matter.limits for one in limit.stops}
    known |= dict.fromkeys(("start_clock", "meet_clock", "void_clock", "extend_clock"), limits)
    known |= dict.fromkeys(("stop_clock", "resume_clock"), grounds)
    for action, at, effect in _every_effect(matter):
        place: Place = ("actions", action.id, "effects", at)
        if effect.kind in known and effect.target not in known[effect.kind]:
            yield Problem(
                place, f"动作“{action.name}”的 {effect.kind} 没有“{effect.target}”",
                f"可用：{_list(known[effect.kind])}",
            )  # fmt: skip
        if effect.from_field and effect.from_field not in matter.fact_types():
            yield Problem(place, f"起算日取自没有声明的字段“{effect.from_field}”", "请核对字段名")


def _every_effect(matter: Matter) -> Iterator[tuple[Action, int, Effect]]:
    for action in matter.actions:
        for at, effect in enumerate(action.effects):
            yield action, at, effect


def _acceptance(matter: Matter) -> Iterator[Problem]:
    finals = {one.id for one in matter.stages if one.kind == "final"}
    accepting = [one for one in matter.actions if one.accepts]
    if not accepting:
        yield Problem(
            ("actions",),
            "没有动作写明何时算作受理",
            "请在受理、立案的动作写 accepts: true；提交即受理的写在提交上",
        )
    for one in accepting:
        if not one.to_stage or one.to_stage in finals or one.withdraws or one.reopens:
            yield Problem(
                ("actions", one.id),
                f"动作“{one.name}”写了受理，却不是把办件转入办理的一步",
                "请写在转入办理的动作上",
            )


def _limits(matter: Matter) -> Iterator[Problem]:
    does = {(effect.kind, effect.target) for _, _, effect in _every_effect(matter)}
    stages_stop = {one.stops for one in matter.stages}
    for limit in matter.limits:
        place: Place = ("limits", limit.id)
        if not limit.source.title:
            yield Problem(place, f"时限“{limit.name}”没有依据", "请写 source")
        if limit.amount <= 0 and not limit.day_field:
            yield Problem(place, f"时限“{limit.name}”没有数目", "请写 term，例如 5 working_days")
        if limit.promised is not None and is_not_longer(limit.promised, limit.statutory) is not True:
            yield Problem(
                (*place, "promised"), f"承诺时限 {limit.promised} 不能确定不长于法定时限 {limit.statutory}",
                "承诺不得长于法定；单位不同时请改用同一单位",
            )  # fmt: skip
        if ("start_clock", limit.id) not in does:
            yield Problem(place, f"时限“{limit.name}”没有动作会启动它", "请在动作的 effects 写 start_clock")
        if limit.expiry is None and not {("meet_clock", limit.id), ("void_clock", limit.id)} & does:
            yield Problem(place, f"时限“{limit.name}”没有动作会完成它", "请在动作的 effects 写 meet_clock")
        for ground in limit.stops:
            if ground.id not in stages_stop and ("stop_clock", ground.id) not in does:
                yield Problem(
                    (*place, "stops"), f"停止事由“{ground.name}”没有环节或动作会用到", "请补上或删去"
                )
            if ("stop_clock", ground.id) in does and ("resume_clock", ground.id) not in does:
                yield Problem(
                    (*place, "stops"), f"停止事由“{ground.name}”停了没有动作恢复", "请补 resume_clock"
                )
        yield from _expiry(matter, limit.id, place)
        yield from _extensions(matter, limit.id, place)


def _expiry(matter: Matter, identity: str, place: Place) -> Iterator[Problem]:
    expiry = matter.limit(identity).expiry
    if expiry is None:
        return
    action = next((one for one in matter.actions if one.id == expiry.action), None)
    if action is None or SYSTEM not in action.roles:
        yield Problem((*place, "expiry"), f"届满动作“{expiry.action}”没有，或不由系统办理", "请写系统的动作")


def _extensions(matter: Matter, identity: str, place: Place) -> Iterator[Problem]:
    limit = matter.limit(identity)
    able = [
        action
        for action in matter.actions
        if any(one.kind == "extend_clock" and one.target == identity for one in action.effects)
    ]
    by_name = {str(one.name): one.id for one in matter.roles}
    for rule in limit.extensions:
        role = by_name.get(rule.approver, "")
        if not any(role in action.roles for action in able):
            yield Problem(
                (*place, "extensions"), f"没有动作让“{rule.approver}”批准延长", "请补 extend_clock 的动作"
            )
    for action in able:
        if EXTENSION_REASON not in {one.id for one in action.fields if one.required}:
            yield Problem(
                ("actions", action.id),
                f"延长动作“{action.name}”没有必填的 {EXTENSION_REASON}",
                "延长须写明理由",
            )


def _ends(matter: Matter) -> Iterator[Problem]:
    finals = {one.id for one in matter.stages if one.kind == "final"}
    for action in matter.actions:
        if action.to_stage not in finals or set(action.from_stages) <= finals:
            continue
        if not any(one.kind == "set_outcome" for one in action.effects):
            yield Problem(("actions", action.id), f"动作“{action.name}”办结了却没有结果", "请写 set_outcome")
    used = {effect.target for _, _, effect in _every_effect(matter) if effect.kind == "set_outcome"}
    for one in matter.outcomes:
        if one.id not in used:
            yield Problem(("outcomes", one.id), f"结果“{one.name}”没有动作会得出", "请补动作或删去")


def _conditions(matter: Matter) -> Iterator[Problem]:
    for place, text in conditions_of(matter):
        words = problem_of(matter, text)
        if words:
            yield Problem(place, words[0], words[1])
    for action in matter.actions:
        if action.guard and not action.guard_words:
            yield Problem(("actions", action.id), f"动作“{action.name}”有条件而没有说法", "请写 guard_words")


def _papers(matter: Matter) -> Iterator[Problem]:
    for place, words, fix in words_of_templates(matter):
        yield Problem(place, words, fix)
    actions, outcomes = {one.id for one in matter.actions}, {one.id for one in matter.outcomes}
    series = {one.id for one in matter.series}
    roles = {one.id for one in matter.roles}
    checks: list[tuple[Place, str, set[str]]] = [
        *((("notices", one.id), one.after, actions) for one in matter.notices),
        *(
            (("feeds", at), outcome, outcomes)
            for at, one in enumerate(matter.feeds)
            for outcome in one.outcomes
        ),
        *((("templates", one.id), one.series, series) for one in matter.templates if one.series),
        *((("templates", one.id), role, roles) for one in matter.templates for role in one.to),
    ]
    for place, used, known in checks:
        if used not in known:
            yield Problem(place, f"没有“{used}”", f"可用：{_list(known)}")


def _sign_off(matter: Matter) -> Iterator[Problem]:
    """A decision comes into being with the act of somebody who may approve it; nobody else can issue it."""
    weighty = {one.id for one in matter.templates if one.kind in SIGNED_OFF}
    for action, at, effect in _every_effect(matter):
        if effect.kind != "issue_document" or effect.target not in weighty:
            continue
        unable = [str(one.name) for one in matter.roles if one.id in action.roles and not one.permission]
        if unable:
            yield Problem(
                ("actions", action.id, "effects", at),
                f"动作“{action.name}”出具“{matter.template(effect.target).title}”，但{'、'.join(unable)}没有审批权限",
                "决定、处罚类文书须由有审批权限的角色的动作出具，请给该角色写 permission 或换角色",
            )


def _list(them: set[str]) -> str:
    return "、".join(sorted(them)) or "无"
