"""A simulation as text: what was turned on the page becomes a YAML of differences, and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from zhicheng.catalogue.policy_changes import ChangesModel, read_changes
from zhicheng.catalogue.policy_dials import Dial, dials_of, dials_of_policy
from zhicheng.catalogue.policy_yaml import CatalogueError, write_yaml
from zhicheng.engines.incentives.rules import Clause, Policy, Program
from zhicheng.engines.incentives.saying import condition_words
from zhicheng.kernel.refusals import Refusal

PREFIX, DROPPED, MORE = "dial:", "drop:", "more"
BUDGET, BUDGET_YEAR, BUDGET_METHOD = "budget:", "budget_year:", "budget_method:"
TIMES = {"万": Decimal(10_000), "亿": Decimal(100_000_000)}
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
    def amount(self) -> str:
        """What stands now as people say it: 100万元, 50%."""
        return self.dial.said(self.dial.value)

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
    trigger: str = ""

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
        form: fields `dial:OWNER|PLACE`, `drop:CLAUSE`, `budget:POLICY` with its year and method where a document has
            none yet, and `more` with further differences as YAML.
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
                for one in _turned(dials_of(clause, program.facts[clause.fact]), form, clause.name)
            ]
    for policy in program.policies.values():
        changes += [
            {"policy": policy.id, "set": one} for one in _turned(dials_of_policy(policy), form, policy.title)
        ]
        changes += _new_budget(policy, form)
    return written(name or "未命名方案", [*changes, *_typed(form.get(MORE, "").strip())])


def _typed(more: str) -> list[dict[str, Any]]:
    """Further differences as somebody typed them; what is wrong is told by the line it was typed on."""
    if not more:
        return []
    head = "name: 补充\n" if more.startswith("changes:") else "name: 补充\nchanges:\n"
    try:
        return [one.model_dump(exclude_defaults=True) for one in read_changes(head + more).changes]
    except CatalogueError as error:
        line = max(1, error.line - head.count("\n"))
        raise CatalogueError("补充的差异", line, error.said, fix=error.fix, place=error.place) from error


def _new_budget(policy: Policy, form: Mapping[str, str]) -> list[dict[str, Any]]:
    """The budget of a year, for a document that has none yet."""
    given = form.get(f"{BUDGET}{policy.id}", "").strip()
    if not given or policy.budget is not None:
        return []
    year = form.get(f"{BUDGET_YEAR}{policy.id}", "").strip()
    if not (year.isdecimal() and len(year) == 4):
        raise Refusal(
            f"“{policy.title}”的预算年度填了“{year}”，不是年份。", fix="请写四位公历年度，如 2025。"
        )
    amount = _number(f"“{policy.title}”的预算", "money", given)
    method = "first_come" if form.get(f"{BUDGET_METHOD}{policy.id}") == "first_come" else "pro_rata"
    budget = {"years": {int(year): amount}, "method": method}
    return [{"policy": policy.id, "set": {"budget": budget}}]


def _turned(dials: Iterable[Dial], form: Mapping[str, str], owner: str) -> list[dict[str, Any]]:
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
            found.append({dial.place: _value(dial, given, owner)})
    return found


def _same(dial: Dial, given: str) -> bool:
    if dial.kind in LIMITS:
        try:
            return _read(given) == Decimal(dial.value)
        except InvalidOperation:
            return False
    return given == dial.value


def _read(given: str) -> Decimal:
    """A number as people write it: separators, a unit 元, 万 or 亿 behind it, a per cent sign.

    Raises:
        InvalidOperation: it is none.
    """
    text = given.replace(",", "").replace("，", "").replace(" ", "").removesuffix("元")
    if text.endswith(("%", "％")):
        return Decimal(text[:-1]) / 100
    times = TIMES.get(text[-1:])
    return Decimal(text[:-1]) * times if times else Decimal(text)


def _number(what: str, kind: str, given: str) -> Decimal:
    """A number that was filled in, within what its kind may be."""
    try:
        value = _read(given)
    except InvalidOperation as error:
        raise Refusal(
            f"{what}填了“{given}”，不是数。", fix="请填数字，如 1500000、1,500,000 或 150万。"
        ) from error
    if not value.is_finite() or not 0 <= value <= LIMITS[kind]:
        raise Refusal(f"{what}填了 {given}，超出 0 到 {LIMITS[kind]:,}。", fix="请核对单位，金额以元填写。")
    return value


def _value(dial: Dial, given: str, owner: str) -> Any:
    if dial.kind == "flag":
        return bool(given)
    if dial.kind == "text":
        return given
    value = _number(f"“{owner}”的“{dial.label}”", dial.kind, given)
    whole = value == value.to_integral_value()
    return int(value) if whole and (dial.kind == "count" or "E" in str(value)) else value


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
            Panel(
                one.id,
                one.name,
                turned(dials_of(one, program.facts[one.fact])),
                one.id in dropped,
                one,
                condition_words(one.versions[-1].when, program.facts[one.fact]),
            )
            for one in program.clauses
            if one.policy == policy.id
        ]
        if own := turned(dials_of_policy(policy)):
            panels.append(Panel(policy.id, policy.title, own))
        found.append((policy, panels))
    return found


def _shown(value: Any) -> str:
    return {True: "1", False: ""}[value] if isinstance(value, bool) else str(value)


def added_text(changes: ChangesModel | None, program: Program) -> str:
    """The differences that no dial shows (added clauses, whole budgets and caps), as text for the field `more`."""
    shown = {
        (one.owner, one.place)
        for clause in program.clauses
        for one in dials_of(clause, program.facts[clause.fact])
    }
    shown |= {
        (one.owner, one.place) for policy in program.policies.values() for one in dials_of_policy(policy)
    }
    rest = []
    for one in changes.changes if changes else ():
        hidden = {
            place: value for place, value in one.set.items() if (one.clause or one.policy, place) not in shown
        }
        if one.add or hidden or one.version:
            rest.append({**one.model_dump(exclude_defaults=True), **({"set": hidden} if hidden else {})})
    return write_yaml({"changes": rest}) if rest else ""
