"""Reads a what-if: a YAML of differences, applied to clause files before they are checked again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import Field

from zhicheng.catalogue.policy_dials import Dial, dials_of, dials_of_policy
from zhicheng.catalogue.policy_loader import build_clause, build_policy
from zhicheng.catalogue.policy_models import Strict, checked
from zhicheng.catalogue.policy_yaml import content_of, read_yaml, read_yaml_text
from zhicheng.engines.incentives.rules import Clause, Policy, Program
from zhicheng.kernel.refusals import Refusal

MOST_CHANGES = 200


class ChangeModel(Strict):
    """One difference: set values of a clause or a document, drop a clause, or add one."""

    clause: str = ""
    policy: str = ""
    version: date | None = None
    set: dict[str, Any] = Field(default_factory=dict)
    drop: str = ""
    add: dict[str, Any] | None = None


class ChangesModel(Strict):
    """A what-if file."""

    name: str
    changes: Annotated[list[ChangeModel], Field(max_length=MOST_CHANGES)]


@dataclass(frozen=True)
class WhatIf:
    """A what-if applied: the changed program, and per change the program with that change alone."""

    name: str
    variant: Program
    alone: Mapping[str, Program]


def load_changes(path: Path, baseline: Program) -> WhatIf:
    """Apply a file of differences to a program.

    Args:
        path: the YAML of differences.
        baseline: the program as it stands, loaded from files.

    Returns:
        The changed program and each change alone.

    Raises:
        Refusal: the file is not understood, or names a clause, version or value that is not there.
    """
    content, node = read_yaml(path)
    model = checked(ChangesModel, content, node, path.name)
    return apply_changes(model.name, model.changes, baseline)


def read_changes(text: str) -> ChangesModel:
    """Read the text of a what-if.

    Raises:
        CatalogueError: it is not understood; names the line.
    """
    content, node = read_yaml_text(text, "差异")
    return checked(ChangesModel, content, node, "差异")


def apply_changes(name: str, changes: Sequence[ChangeModel], baseline: Program) -> WhatIf:
    """Apply differences one after the other; each is also applied alone."""
    variant = baseline
    originals: dict[str, dict[str, Any]] = {}
    for change in changes:
        variant = _applied(change, variant, originals)
    alone = {words_of(change, baseline): applied(change, baseline) for change in changes}
    return WhatIf(name, variant, alone)


def changed_content(change_list: Sequence[ChangeModel], clause: Clause) -> dict[str, Any] | None:
    """The content of a clause's file after the changes that set something in it; None when none does."""
    content: dict[str, Any] | None = None
    for change in change_list:
        if change.clause == clause.id and change.set:
            content = content or _content(clause.file)
            _turn(content, change, clause)
    return content


def words_of(change: ChangeModel, program: Program) -> str:
    """A difference in words: what is turned, from which value to which."""
    if change.drop:
        return f"取消“{_called(change.drop, program)}”"
    if change.add is not None:
        name = change.add.get("name") or {}
        return f"新增“{name.get('zh') if isinstance(name, dict) else name or change.add.get('id', '')}”"
    owner = change.clause or change.policy
    dials = {one.place: one for one in _dials(owner, program)}
    values = "，".join(
        f"{dials[place].name} {dials[place].said(dials[place].value)} → {dials[place].said(value)}"
        if place in dials
        else f"{place} = {value}"
        for place, value in change.set.items()
    )
    return f"{_called(owner, program)}：{values}"


def _called(owner: str, program: Program) -> str:
    """The name of a clause or the title of a document; its id where it is not known."""
    clause, policy = program.clause(owner), program.policies.get(owner)
    return clause.name if clause else policy.title if policy else owner


def _dials(owner: str, program: Program) -> tuple[Dial, ...]:
    clause, policy = program.clause(owner), program.policies.get(owner)
    if clause:
        return dials_of(clause, program.facts[clause.fact])
    return dials_of_policy(policy) if policy else ()


def applied(change: ChangeModel, program: Program) -> Program:
    """A program with one difference.

    Raises:
        Refusal: it names a clause, version or value that is not there.
    """
    return _applied(change, program, {})


def _applied(change: ChangeModel, program: Program, edited: dict[str, dict[str, Any]]) -> Program:
    """One change on a program; `edited` keeps the content of files that earlier changes touched."""
    said = [key for key in ("clause", "policy", "drop") if getattr(change, key)]
    if len(said) + (change.add is not None) != 1:
        raise Refusal(
            "一项差异须且只能写 clause、policy、drop、add 之一。",
            fix=f"现写了：{'、'.join(said) or '没有'}。",
        )
    if change.drop:
        _known(change.drop, [one.id for one in program.clauses])
        return replace(program, clauses=tuple(one for one in program.clauses if one.id != change.drop))
    if change.add is not None:
        added = _clause(change.add, "新增条款")
        _free(added, program)
        return replace(program, clauses=tuple(sorted((*program.clauses, added), key=lambda one: one.id)))
    if change.clause:
        _known(change.clause, [one.id for one in program.clauses])
        clause = program.clause(change.clause)
        assert clause is not None
        content = edited.setdefault(clause.id, _content(clause.file))
        _turn(content, change, clause)
        changed = replace(_clause(content, Path(clause.file).name), examples=clause.examples)
        return replace(
            program, clauses=tuple(changed if one.id == clause.id else one for one in program.clauses)
        )
    _known(change.policy, list(program.policies))
    policy = program.policies[change.policy]
    content = edited.setdefault(policy.id, _content(policy.file))
    for key, value in change.set.items():
        _set(content, key.split("."), value, policy.id)
    return replace(program, policies={**program.policies, policy.id: _policy(content, policy)})


def _free(added: Clause, program: Program) -> None:
    """An added clause has a name of its own, a document and a fact."""
    if program.clause(added.id):
        raise Refusal(f"已有条款“{added.id}”。", fix="请另取 id，或写 clause 与 set 来改它。")
    _known(added.policy, list(program.policies))
    if added.fact not in program.facts:
        raise Refusal(f"没有声明事实“{added.fact}”。", fix=f"已声明：{'、'.join(program.facts)}。")


def _content(file: str) -> dict[str, Any]:
    return content_of(Path(file))


def _known(name: str, names: Sequence[str]) -> None:
    if name not in names:
        raise Refusal(f"没有条款或政策“{name}”。", fix=f"现有：{'、'.join(names)}。")


def _version(change: ChangeModel, clause: Clause) -> date:
    since = change.version or clause.versions[-1].since
    if since not in [one.since for one in clause.versions]:
        known = "、".join(str(one.since) for one in clause.versions)
        raise Refusal(f"条款 {clause.id} 没有 {since} 版。", fix=f"现有：{known}。")
    return since


def _turn(content: dict[str, Any], change: ChangeModel, clause: Clause) -> None:
    """Set what a change says in the version of a clause's file that it means."""
    target = content["versions"][_version(change, clause).isoformat()]
    for key, value in change.set.items():
        _set(target, key.split("."), value, clause.id)


def _set(target: dict[str, Any], steps: list[str], value: Any, where: str) -> None:
    """Set a value at a dotted place: a key, a year, or a place in a list counted from 0."""
    place: Any = target
    for step in steps[:-1]:
        if isinstance(place, dict) and _key(place, step) not in place:
            place[step] = {}
        place = place[_within(place, step, where)]
        if not isinstance(place, dict | list):
            raise Refusal(f"{where} 的“{step}”不是可展开的项。", fix="请设置整项，如 amount: 500000。")
    place[_within(place, steps[-1], where)] = value


def _within(place: dict[Any, Any] | list[Any], step: str, where: str) -> Any:
    """The key or index a step names; a place in a list must be there."""
    if isinstance(place, dict):
        return _key(place, step)
    if step.isdigit() and int(step) < len(place):
        return int(step)
    raise Refusal(f"{where} 的列表没有第“{step}”项。", fix=f"从 0 数起，共 {len(place)} 项。")


def _key(place: dict[Any, Any], step: str) -> Any:
    """A year is a number in the file and digits in the dotted place."""
    return int(step) if step.isdigit() and (int(step) in place or step not in place) else step


def _clause(content: dict[str, Any], file: str) -> Clause:
    return build_clause(content, _node(), file)


def _policy(content: dict[str, Any], policy: Policy) -> Policy:
    return build_policy(content, _node(), policy.file)


def _node() -> yaml.Node:
    """An empty place: the changed content has no lines of its own."""
    return yaml.MappingNode("", [], start_mark=yaml.Mark("", 0, 0, 0, None, 0), end_mark=None)
