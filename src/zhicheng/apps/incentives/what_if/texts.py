"""A simulation as text: what was turned on the page becomes a YAML of differences, and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from zhicheng.catalogue.policy_changes import ChangesModel, read_changes
from zhicheng.catalogue.policy_dials import Dial, dials_of, dials_of_policy
from zhicheng.catalogue.policy_yaml import write_yaml
from zhicheng.engines.incentives.rules import Clause, Policy, Program
from zhicheng.kernel.refusals import Refusal

PREFIX, DROPPED, MORE = "dial:", "drop:", "more"
LIMITS = {"money": Decimal(10) ** 15, "rate": Decimal(100), "count": Decimal(100_000)}


@dataclass(frozen=True)
class Turned:
    """A dial with what the page shows in it."""

    dial: Dial
    now: str

    @property
    def field(self) -> str:
        """Name of its field in the form."""
        return f"{PREFIX}{self.dial.owner}|{self.dial.place}"

    @property
    def changed(self) -> bool:
        """Tell whether it differs from the rule as it stands."""
        return not _same(self.dial, self.now)


@dataclass(frozen=True)
class Panel:
    """A clause or a document on the page, with its dials."""

    owner: str
    title: str
    dials: tuple[Turned, ...]
    dropped: bool = False
    clause: Clause | None = None

    @property
    def touched(self) -> bool:
        """Tell whether anything in it differs."""
        return self.dropped or any(one.changed for one in self.dials)

    @property
    def numbers(self) -> list[Turned]:
        """The dials with a slider."""
        return [one for one in self.dials if one.dial.kind in LIMITS]

    @property
    def flags(self) -> list[Turned]:
        """The conditions that are on or off."""
        return [one for one in self.dials if one.dial.kind == "flag"]

    @property
    def texts(self) -> list[Turned]:
        """The conditions in words of the expression language."""
        return [one for one in self.dials if one.dial.kind == "text"]


def written(name: str, changes: list[dict[str, Any]]) -> str:
    """Write differences as the file `zhicheng policies simulate` reads."""
    return write_yaml({"name": name, "changes": changes})


def composed(name: str, form: Mapping[str, str], program: Program) -> str:
    """Turn a filled-in page into a YAML of differences, one difference for each dial that was turned.

    Args:
        name: of the scenario.
        form: fields `dial:OWNER|PLACE`, `drop:CLAUSE`, and `more` with further differences as YAML.
        program: the rules the page was drawn from.

    Raises:
        Refusal: a value is not a number, out of range, or the further differences are not understood.
    """
    changes: list[dict[str, Any]] = []
    for clause in program.clauses:
        if form.get(f"{DROPPED}{clause.id}"):
            changes.append({"drop": clause.id})
        else:
            changes += [
                {"clause": clause.id, "set": one}
                for one in _turned(dials_of(clause, program.facts[clause.fact]), form)
            ]
    for policy in program.policies.values():
        changes += [{"policy": policy.id, "set": one} for one in _turned(dials_of_policy(policy), form)]
    more = form.get(MORE, "").strip()
    if more:
        if not more.startswith("changes:"):
            more = f"changes:\n{more}"
        changes += [
            one.model_dump(exclude_defaults=True) for one in read_changes(f"name: 补充\n{more}").changes
        ]
    return written(name or "未命名方案", changes)


def _turned(dials: Iterable[Dial], form: Mapping[str, str]) -> list[dict[str, Any]]:
    found = []
    for dial in dials:
        field = f"{PREFIX}{dial.owner}|{dial.place}"
        if dial.kind == "flag":
            given = "1" if form.get(field) else ""
            if f"{PREFIX}{dial.owner}|when" not in form:
                continue
        elif field in form:
            given = form[field].strip()
        else:
            continue
        if not _same(dial, given):
            found.append({dial.place: _value(dial, given)})
    return found


def _same(dial: Dial, given: str) -> bool:
    if dial.kind in LIMITS:
        try:
            return Decimal(given.replace(",", "")) == Decimal(dial.value)
        except InvalidOperation:
            return False
    return given == dial.value


def _value(dial: Dial, given: str) -> Any:
    if dial.kind == "flag":
        return bool(given)
    if dial.kind == "text":
        return given
    try:
        value = Decimal(given.replace(",", ""))
    except InvalidOperation as error:
        raise Refusal(f"{dial.owner} 的“{dial.label}”填了“{given}”，不是数。", fix="请填数字。") from error
    if not value.is_finite() or not 0 <= value <= LIMITS[dial.kind]:
        raise Refusal(
            f"{dial.owner} 的“{dial.label}”填了 {given}，超出 0 到 {LIMITS[dial.kind]:,}。", fix="请核对单位，金额以元填写。"
        )  # fmt: skip
    return int(value) if dial.kind == "count" and value == value.to_integral_value() else value


def panels_of(program: Program, changes: ChangesModel | None) -> list[tuple[Policy, list[Panel]]]:
    """What the page shows: each document with its clauses, dials as the differences set them."""
    now: dict[tuple[str, str], str] = {}
    dropped = set()
    for one in changes.changes if changes else ():
        dropped.add(one.drop)
        now |= {(one.clause or one.policy, place): _shown(value) for place, value in one.set.items()}

    def turned(dials: Iterable[Dial]) -> tuple[Turned, ...]:
        return tuple(Turned(one, now.get((one.owner, one.place), one.value)) for one in dials)

    found = []
    for policy in program.policies.values():
        panels = [
            Panel(one.id, one.name, turned(dials_of(one, program.facts[one.fact])), one.id in dropped, one)
            for one in program.clauses
            if one.policy == policy.id
        ]
        if own := turned(dials_of_policy(policy)):
            panels.append(Panel(policy.id, policy.title, own))
        found.append((policy, panels))
    return found


def _shown(value: Any) -> str:
    return {True: "1", False: ""}[value] if isinstance(value, bool) else str(value)


def added_text(changes: ChangesModel | None) -> str:
    """The differences that no dial shows (added clauses), as text for the field `more`."""
    rest = [one.model_dump(exclude_defaults=True) for one in changes.changes if one.add] if changes else []
    return write_yaml({"changes": rest}) if rest else ""
