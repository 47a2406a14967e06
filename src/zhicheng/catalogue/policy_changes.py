"""Reads a what-if: a YAML of differences, applied to clause files before they are checked again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import Field, PrivateAttr

from zhicheng.catalogue.policy_dials import PER, PERIODS, Dial, dials_of, dials_of_policy
from zhicheng.catalogue.policy_loader import build_clause, build_policy
from zhicheng.catalogue.policy_models import Strict, checked
from zhicheng.catalogue.policy_yaml import (
    CatalogueError,
    content_of,
    line_of,
    read_yaml,
    read_yaml_text,
    write_yaml,
)
from zhicheng.catalogue.wording import Place, later, say
from zhicheng.engines.incentives.rules import Clause, Program
from zhicheng.engines.incentives.saying import condition_words, money
from zhicheng.kernel.refusals import Refusal

MOST_CHANGES = 200
DIFFERENCES = later("差异")
# What may be set whole, without a dial of its own.
SET = {
    "amount": "金额", "same_matter": "同一事项", "negative_list": "负面清单", "sharing": "分担", "payee": "受益人",
    "requires": "还须具备的条件", "clawback": "追回", "application": "申报期", "windows": "申报窗口",
    "issuer": "发文机关", "valid_to": "有效期止",
}  # fmt: skip


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
    _written: Written | None = PrivateAttr(default=None)

    @property
    def written(self) -> Written | None:
        """What it was read from; None where it was made otherwise."""
        return self._written


@dataclass(frozen=True)
class Written:
    """The file or text that differences were read from, for the lines of what is wrong with them."""

    file: str
    node: yaml.Node


@dataclass(frozen=True)
class Spot:
    """One difference where it is written, by its number from 0."""

    written: Written
    number: int = 0

    def wrong(self, what: str, fix: str, *keys: int | str) -> CatalogueError:
        """The error of a value that stands under these keys of the difference."""
        place = ("changes", self.number, *keys)
        return CatalogueError(
            self.written.file, line_of(self.written.node, place), what, fix=fix, place=place
        )

    def told_again(self, error: CatalogueError, change: ChangeModel, top: Place) -> CatalogueError:
        """An error of the changed entry, named by the difference that brings the value.

        Args:
            error: as found in the entry.
            change: the difference.
            top: place in the entry that the keys of `set` count from.
        """
        place = error.place
        if change.add is not None:
            return self.wrong(error.said, error.fix, "add", *place)
        inside = tuple(str(one) for one in place[len(top) :]) if place[: len(top)] == top else ()
        for key in sorted(change.set, key=len, reverse=True):
            steps = tuple(key.split("."))
            if inside[: len(steps)] == steps or (inside and steps[: len(inside)] == inside):
                return self.wrong(error.said, error.fix, "set", key, *place[len(top) + len(steps) :])
        return self.wrong(error.said, error.fix)


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
    model = _read(*read_yaml(path), path.name)
    return apply_changes(model.name, model.changes, baseline, written=model.written)


def read_changes(text: str) -> ChangesModel:
    """Read the text of a what-if.

    Raises:
        CatalogueError: it is not understood; names the line.
    """
    return _read(*read_yaml_text(text, say(DIFFERENCES)), say(DIFFERENCES))


def _read(content: dict[str, Any], node: yaml.Node, file: str) -> ChangesModel:
    model = checked(ChangesModel, content, node, file)
    model._written = Written(file, node)
    return model


def apply_changes(
    name: str, changes: Sequence[ChangeModel], baseline: Program, *, written: Written | None = None
) -> WhatIf:
    """Apply differences one after the other; each is also applied alone.

    Args:
        name: of the what-if.
        changes: the differences, in order.
        baseline: the program as it stands, loaded from files.
        written: what they were read from, so that an error names its line.

    Raises:
        CatalogueError: a difference cannot be applied, or the changed entry is not as it should be.
    """
    variant = baseline
    originals: dict[str, dict[str, Any]] = {}
    for number, change in enumerate(changes):
        variant = _applied(change, variant, originals, Spot(written or _unwritten(), number))
    alone = {words_of(change, baseline): applied(change, baseline) for change in changes}
    return WhatIf(name, variant, alone)


def changed_content(change_list: Sequence[ChangeModel], clause: Clause) -> dict[str, Any] | None:
    """The content of a clause's file after the changes that set something in it; None when none does."""
    content: dict[str, Any] | None = None
    for change in change_list:
        if change.clause == clause.id and change.set:
            content = content or _content(clause.file)
            _turn(content, change, clause, Spot(_unwritten()))
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
        f"{dials[place].name} {_said(dials[place], dials[place].value, program)} → {_said(dials[place], value, program)}"
        if place in dials
        else set_words(place, value)
        for place, value in change.set.items()
    )
    return f"{_called(owner, program)}：{values}"


def _said(dial: Dial, value: Any, program: Program) -> str:
    """A value of a dial in words; a condition as it is written where it has no words or is not of the language."""
    clause = program.clause(dial.owner)
    if dial.kind != "text" or clause is None:
        return dial.said(value)
    try:
        return f"“{condition_words(str(value), program.facts[clause.fact])}”"
    except Refusal:
        return str(value)


def set_words(place: str, value: Any) -> str:
    """What a change sets where no dial stands: budgets and caps in words, the rest by its name and as it is written."""
    try:
        if place == "budget":
            return _budget_words(value)
        if place == "caps":
            return f"封顶设为 {'、'.join(_cap_words(one) for one in value)}" if value else "不再封顶"
    except (AttributeError, KeyError, TypeError, InvalidOperation):
        pass  # not as a budget or cap is written: the checks of the entry refuse it with its place
    if isinstance(value, bool):
        value = "是" if value else "否"
    written = write_yaml(value).strip().replace("\n", "；") if isinstance(value, dict) else value
    return f"{SET.get(place, place)}设为 {written}"


def _budget_words(value: dict[str, Any]) -> str:
    how = "先到先得" if value.get("method") == "first_come" else "按比例兑付"
    years = "、".join(f"{year} 年 {money(Decimal(str(one)))}" for year, one in value["years"].items())
    return f"年度预算设为 {years}，{how}"


def _cap_words(value: dict[str, Any]) -> str:
    period, per = PERIODS[value.get("period", "year")], PER[value.get("per", "beneficiary")]
    return f"{period}{per} {money(Decimal(str(value['amount'])))}"


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
        CatalogueError: it names a clause, version or value that is not there.
    """
    return _applied(change, program, {}, Spot(_unwritten()))


def _applied(change: ChangeModel, program: Program, edited: dict[str, dict[str, Any]], spot: Spot) -> Program:
    """One change on a program; `edited` keeps the content of files that earlier changes touched."""
    kinds = [key for key in ("clause", "policy", "drop") if getattr(change, key)]
    if len(kinds) + (change.add is not None) != 1:
        given = say("现写了：%(names)s。", names="、".join(kinds)) if kinds else say("现在都没有写。")
        raise spot.wrong(say("一项差异须且只能写 clause、policy、drop、add 之一。"), given)
    if change.drop:
        _known(change.drop, [one.id for one in program.clauses], spot, "drop")
        return replace(program, clauses=tuple(one for one in program.clauses if one.id != change.drop))
    if change.add is not None:
        return _added(change, program, spot)
    if change.clause:
        return _turned(change, program, edited, spot)
    _known(change.policy, list(program.policies), spot, "policy")
    policy = program.policies[change.policy]
    content = edited.setdefault(policy.id, _content(policy.file))
    for key, value in change.set.items():
        _set(content, key, value, policy.id, spot)
    try:
        changed = build_policy(content, _node(), policy.file)
    except CatalogueError as error:
        raise spot.told_again(error, change, ()) from error
    return replace(program, policies={**program.policies, policy.id: changed})


def _added(change: ChangeModel, program: Program, spot: Spot) -> Program:
    """A clause more; it has a name of its own, a document and a fact."""
    try:
        added = build_clause(change.add or {}, _node(), say("新增条款"))
    except CatalogueError as error:
        raise spot.told_again(error, change, ()) from error
    if program.clause(added.id):
        words = say("已有条款“%(name)s”。", name=added.id)
        raise spot.wrong(words, say("请另取 id，或写 clause 与 set 来改它。"), "add", "id")
    _known(added.policy, list(program.policies), spot, "add", "id")
    if added.fact not in program.facts:
        known = say("已声明：%(names)s。", names="、".join(program.facts))
        raise spot.wrong(say("没有声明事实“%(name)s”。", name=added.fact), known, "add", "fact")
    return replace(program, clauses=tuple(sorted((*program.clauses, added), key=lambda one: one.id)))


def _turned(change: ChangeModel, program: Program, edited: dict[str, dict[str, Any]], spot: Spot) -> Program:
    """A clause with other values in one of its versions."""
    _known(change.clause, [one.id for one in program.clauses], spot, "clause")
    clause = program.clause(change.clause)
    assert clause is not None
    content = edited.setdefault(clause.id, _content(clause.file))
    since = _turn(content, change, clause, spot)
    try:
        turned = build_clause(content, _node(), Path(clause.file).name)
    except CatalogueError as error:
        raise spot.told_again(error, change, ("versions", since)) from error
    changed = replace(turned, examples=clause.examples)
    return replace(program, clauses=tuple(changed if one.id == clause.id else one for one in program.clauses))


def _content(file: str) -> dict[str, Any]:
    return content_of(Path(file))


def _known(name: str, names: Sequence[str], spot: Spot, *keys: str) -> None:
    if name not in names:
        known = say("现有：%(names)s。", names="、".join(names))
        raise spot.wrong(say("没有条款或政策“%(name)s”。", name=name), known, *keys)


def _version(change: ChangeModel, clause: Clause, spot: Spot) -> str:
    since = change.version or clause.versions[-1].since
    if since not in [one.since for one in clause.versions]:
        known = say("现有：%(names)s。", names="、".join(str(one.since) for one in clause.versions))
        words = say("条款 %(clause)s 没有 %(since)s 版。", clause=clause.id, since=since)
        raise spot.wrong(words, known, "version")
    return since.isoformat()


def _turn(content: dict[str, Any], change: ChangeModel, clause: Clause, spot: Spot) -> str:
    """Set what a change says in the version of a clause's file that it means; the day of that version."""
    since = _version(change, clause, spot)
    for key, value in change.set.items():
        _set(content["versions"][since], key, value, clause.id, spot)
    return since


def _set(target: dict[str, Any], key: str, value: Any, where: str, spot: Spot) -> None:
    """Set a value at a dotted place: a key, a year, or a place in a list counted from 0."""
    place: Any = target
    steps = key.split(".")
    for number, step in enumerate(steps):
        if isinstance(place, list) and not (step.isdigit() and int(step) < len(place)):
            words = say("%(where)s 的列表没有第“%(step)s”项。", where=where, step=step)
            raise spot.wrong(words, say("从 0 数起，共 %(count)s 项。", count=len(place)), "set", key)
        at = int(step) if isinstance(place, list) else _key(place, step)
        if number == len(steps) - 1:
            place[at] = value
            return
        if isinstance(place, dict):
            place.setdefault(at, {})
        place = place[at]
        if not isinstance(place, dict | list):
            words = say("%(where)s 的“%(step)s”不是可展开的项。", where=where, step=step)
            raise spot.wrong(words, say("请设置整项，如 amount: 500000。"), "set", key)


def _key(place: dict[Any, Any], step: str) -> Any:
    """A year is a number in the file and digits in the dotted place."""
    return int(step) if step.isdigit() and (int(step) in place or step not in place) else step


def _node() -> yaml.Node:
    """An empty place: the changed content has no lines of its own."""
    return yaml.MappingNode("", [], start_mark=yaml.Mark("", 0, 0, 0, None, 0), end_mark=None)


def _unwritten() -> Written:
    return Written(say(DIFFERENCES), _node())
