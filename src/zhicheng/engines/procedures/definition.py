"""What a matter (事项) is, as data: stages, actions between them, limits, papers, outcomes. Nothing here runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, Protocol, TypeVar

from zhicheng.engines.procedures.limits import TimeLimit
from zhicheng.engines.procedures.parts import (
    Feed,
    Field,
    Material,
    NumberSeries,
    Outcome,
    Precheck,
    PublicNotice,
    Role,
    Template,
    Words,
)
from zhicheng.kernel.clock import Unit
from zhicheng.kernel.refusals import NotFound, Source

StageKind = Literal["start", "normal", "waiting", "final"]
EffectKind = Literal[
    "start_clock", "stop_clock", "resume_clock", "meet_clock", "void_clock", "extend_clock", "set_outcome",
    "issue_document", "open_matter", "transfer", "notify", "number", "publish",
]  # fmt: skip
Confidentiality = Literal["public", "parties", "internal", "handlers"]


class _Named(Protocol):
    @property
    def id(self) -> str: ...


T = TypeVar("T", bound=_Named)


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage (环节).

    Args:
        id: its name.
        name: as shown.
        kind: where a case begins, is worked on, waits for somebody else, or ends.
        role: who has to act while a case is here; empty for a final stage.
        task: what that role has to do, in a few words.
        stops: stop ground in force while a case is here; running limits that know it stand still.
        public: words a party or the public sees instead of the name; empty for the name itself.
    """

    id: str
    name: Words
    kind: StageKind = "normal"
    role: str = ""
    task: str = ""
    stops: str = ""
    public: str = ""


@dataclass(frozen=True, slots=True)
class Effect:
    """What an action does besides moving the case.

    Args:
        kind: start_clock, meet_clock (done, in time or not), void_clock (no longer matters), extend_clock: on the limit
            `target`; stop_clock, resume_clock: on every limit that runs and knows the stop ground `target`;
            set_outcome: `target`; issue_document: the template `target`; open_matter: a case of the matter `target`;
            transfer: to the office named in `target`; notify: the role `target` with `text`; number: the case gets a
            number of the series `target`; publish: the notice `target`.
        target: see kind.
        from_field: field with the day a clock starts on; empty for the day of the action.
        text: words of a notice.
        when: condition over facts; empty for always.
    """

    kind: EffectKind
    target: str
    from_field: str = ""
    text: str = ""
    when: str = ""


@dataclass(frozen=True, slots=True)
class Ahead:
    """A day entered must lie far enough after the day of the action (口审通知至少提前 3 个工作日).

    Args:
        field: field with the day.
        amount: at least so much.
        unit: working days, calendar days or months.
        source: the article.
    """

    field: str
    amount: int
    unit: Unit
    source: Source


@dataclass(frozen=True, slots=True)
class Action:
    """A step a role may take.

    Args:
        id: its name.
        name: as shown on the button.
        from_stages: stages it may be taken in.
        to_stage: stage it leads to; empty when the case stays.
        roles: who may take it.
        guard: condition over facts that must hold; empty for none.
        guard_words: what is said when it does not hold.
        fields: what must be entered with it (required ones must be filled).
        documents: materials or templates that must be in the case before.
        effects: what else it does.
        not_by: actions whose doer may not take this one (separation of duty).
        ahead: days entered that must lie far enough ahead.
        source: the legal ground.
        withdraws: True where it takes back or ends the case at a party's wish.
        reopens: True where it re-opens a closed case, which is counted.
        accepts: True where the case counts as accepted (受理、立案) from the day it is first taken.
    """

    id: str
    name: Words
    from_stages: tuple[str, ...]
    to_stage: str
    roles: tuple[str, ...]
    guard: str = ""
    guard_words: str = ""
    fields: tuple[Field, ...] = ()
    documents: tuple[str, ...] = ()
    effects: tuple[Effect, ...] = ()
    not_by: tuple[str, ...] = ()
    ahead: tuple[Ahead, ...] = ()
    source: Source | None = None
    withdraws: bool = False
    reopens: bool = False
    accepts: bool = False


@dataclass(frozen=True, slots=True)
class ExampleStep:
    """One dated step of an example and what stands after it."""

    on: date
    action: str
    role: str
    values: Mapping[str, Any] = field(default_factory=dict)
    stage: str = ""
    due: Mapping[str, date] = field(default_factory=dict)
    refused: str = ""
    automatic: bool = False


@dataclass(frozen=True, slots=True)
class Example:
    """A sequence of dated steps with the stage and the due days expected; runs as a test."""

    name: str
    facts: Mapping[str, Any]
    documents: tuple[str, ...]
    received_on: date
    steps: tuple[ExampleStep, ...]
    outcome: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Matter:
    """A matter (事项): everything needed to run a case of its kind, and nothing of any one case.

    Args:
        code: its name, stable over versions.
        version: counted from 1; a running case keeps the one it began with.
        name: as shown.
        counts_as: the ledger's word for the matter, by which history and new cases are counted together.
        counts_as_when: other words of the ledger, each with the condition over facts under which it counts so.
        category: group in statistics.
        purpose: what it is for, in a sentence or two.
        sources: legal basis; one that nobody checked says so.
        filers: account roles that may file; `public` for anybody, `officer` for an officer ex officio or for somebody.
        confidentiality: who may see the papers of a case.
        roles: who acts.
        fields: the form of a filing.
        materials: papers a filing needs.
        stages: the first of kind start is where a case begins.
        actions: steps between stages.
        limits: time limits.
        outcomes: how a case may end.
        templates: documents it produces.
        series: how they are numbered.
        notices: what is published.
        feeds: statistics it feeds.
        prechecks: checks made by rule.
        since: first day on which new cases follow this version; None for always.
        until: last such day; None while it stands.
        examples: dated sequences that run as tests.
        file: where it was read from.
    """

    code: str
    version: int
    name: Words
    counts_as: str
    category: str
    purpose: str
    sources: tuple[Source, ...]
    filers: tuple[str, ...]
    confidentiality: Confidentiality
    roles: tuple[Role, ...]
    fields: tuple[Field, ...]
    materials: tuple[Material, ...]
    stages: tuple[Stage, ...]
    actions: tuple[Action, ...]
    limits: tuple[TimeLimit, ...]
    outcomes: tuple[Outcome, ...]
    templates: tuple[Template, ...] = ()
    series: tuple[NumberSeries, ...] = ()
    notices: tuple[PublicNotice, ...] = ()
    feeds: tuple[Feed, ...] = ()
    prechecks: tuple[Precheck, ...] = ()
    since: date | None = None
    until: date | None = None
    examples: tuple[Example, ...] = ()
    file: str = ""
    counts_as_when: tuple[tuple[str, str], ...] = ()

    @property
    def start(self) -> Stage:
        """The stage a case begins in."""
        return next(one for one in self.stages if one.kind == "start")

    def stage(self, identity: str) -> Stage:
        """A stage by name.

        Raises:
            NotFound: this version has none of the name.
        """
        return _one(self.stages, identity, self, "环节")

    def action(self, identity: str) -> Action:
        """An action by name.

        Raises:
            NotFound: this version has none of the name.
        """
        return _one(self.actions, identity, self, "动作")

    def limit(self, identity: str) -> TimeLimit:
        """A time limit by name.

        Raises:
            NotFound: this version has none of the name.
        """
        return _one(self.limits, identity, self, "时限")

    def role(self, identity: str) -> Role:
        """A role by name.

        Raises:
            NotFound: this version has none of the name.
        """
        return _one(self.roles, identity, self, "角色")

    def outcome(self, identity: str) -> Outcome:
        """An outcome by name.

        Raises:
            NotFound: this version has none of the name.
        """
        return _one(self.outcomes, identity, self, "结果")

    def template(self, identity: str) -> Template:
        """A document template by name.

        Raises:
            NotFound: this version has none of the name.
        """
        return _one(self.templates, identity, self, "文书")

    def actions_from(self, stage: str) -> tuple[Action, ...]:
        """The actions that may be taken in a stage, in the order of the definition."""
        return tuple(one for one in self.actions if stage in one.from_stages)

    def fact_types(self) -> dict[str, str]:
        """Every fact a guard may read, with its type in the closed language."""
        of_actions = {one.id: one.fact_type for action in self.actions for one in action.fields}
        counted = {f"did_{one.id}": "integer" for one in self.actions}
        return {
            **BUILT_IN_FACTS, **counted, **of_actions, **{one.id: one.fact_type for one in self.fields},
        }  # fmt: skip

    def __str__(self) -> str:
        return f"{self.name.zh}（{self.code} 第 {self.version} 版）"


# Facts every case has, whatever its matter.
BUILT_IN_FACTS: dict[str, str] = {
    "stage": "text",
    "received_on": "date",
    "accepted_on": "date",
    "filed_by": "text",
    "region": "text",
    "ip_kind": "text",
    "prechecks_failed": "integer",
    "prechecks_open": "integer",
}


def _one(them: tuple[T, ...], identity: str, matter: Matter, word: str) -> T:
    for one in them:
        if one.id == identity:
            return one
    known = "、".join(one.id for one in them)
    raise NotFound(f"事项{matter}没有{word}“{identity}”。", fix=f"现有：{known}。")
