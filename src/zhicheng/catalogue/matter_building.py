"""Builds the engine's definition of a matter from what its file says; citations are resolved by name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import get_args

import yaml

from zhicheng.catalogue.matter_models import (
    ActionModel,
    ExampleModel,
    FieldModel,
    LimitModel,
    MatterModel,
    WordsModel,
)
from zhicheng.catalogue.policy_yaml import CatalogueError, line_of
from zhicheng.engines.procedures import parts
from zhicheng.engines.procedures.definition import Action, Ahead, Effect, Example, ExampleStep, Matter, Stage
from zhicheng.engines.procedures.limits import About, Expiry, StopGround, TimeLimit
from zhicheng.engines.procedures.readings import open_point
from zhicheng.kernel.clock import Limit
from zhicheng.kernel.extensions import ExtensionRule
from zhicheng.kernel.lights import Escalation
from zhicheng.kernel.refusals import Source


class Builder:
    """Turns the checked content of one file into a definition."""

    def __init__(self, model: MatterModel, node: yaml.Node, file: str) -> None:
        self.model, self.node, self.file = model, node, file

    def refuse(self, place: tuple[int | str, ...], what: str, fix: str) -> CatalogueError:
        """An error at a place of the file."""
        return CatalogueError(self.file, line_of(self.node, place), what, fix=fix)

    def cite(self, text: str, *place: int | str) -> Source:
        """The source that `law article` names.

        Raises:
            CatalogueError: the file declares no law of the name.
        """
        name, _, article = text.partition(" ")
        law = self.model.laws.get(name)
        if law is None:
            raise self.refuse(place, f"引用了没有的依据“{name}”。", f"已列：{'、'.join(self.model.laws)}。")
        return Source(law.title, law.number, article, str(law.date), law.unverified)

    def build(self) -> Matter:
        """The definition.

        Raises:
            CatalogueError: a citation or a stop ground is not declared.
        """
        model = self.model
        return Matter(
            code=model.code, version=model.version, name=_words(model.name), counts_as=model.counts_as,
            category=model.category, purpose=model.purpose,
            sources=tuple(self.cite(one, "sources", at) for at, one in enumerate(model.sources)),
            filers=tuple(model.filers), confidentiality=model.confidentiality, roles=self._roles(),
            fields=_fields(model.fields), materials=self._materials(),
            stages=tuple(
                Stage(key, _words(one.name), one.kind, one.role, one.task, one.stops, one.public)
                for key, one in model.stages.items()
            ),
            actions=tuple(self._action(key, one) for key, one in model.actions.items()),
            limits=tuple(self._limit(key, one) for key, one in model.limits.items()),
            outcomes=tuple(
                parts.Outcome(key, _words(one.name), one.counts_as, one.solved)
                for key, one in model.outcomes.items()
            ),
            templates=self._templates(),
            series=tuple(parts.NumberSeries(key, one) for key, one in model.series.items()),
            notices=self._notices(),
            feeds=tuple(parts.Feed(one.indicator, tuple(one.outcomes)) for one in model.feeds),
            prechecks=tuple(
                parts.Precheck(
                    key, _words(one.label), one.refuse_when, self.cite(one.source, "prechecks", key), one.ask
                )
                for key, one in model.prechecks.items()
            ),
            since=model.since, until=model.until,
            examples=tuple(self._example(at, one) for at, one in enumerate(model.examples)), file=self.file,
            counts_as_when=tuple(model.counts_as_when.items()),
        )  # fmt: skip

    def _roles(self) -> tuple[parts.Role, ...]:
        return tuple(
            parts.Role(key, _words(one.name), one.kind, tuple(one.accounts), one.assigned, one.permission)
            for key, one in self.model.roles.items()
        )

    def _materials(self) -> tuple[parts.Material, ...]:
        return tuple(
            parts.Material(
                key, _words(one.label), one.required_when, one.help,
                self.cite(one.source, "materials", key) if one.source else None, one.held_by, one.secret,
            )
            for key, one in self.model.materials.items()
        )  # fmt: skip

    def _templates(self) -> tuple[parts.Template, ...]:
        return tuple(
            parts.Template(
                key, _words(one.title), one.text, one.series, one.kind, tuple(one.to), one.derivation,
                self.cite(one.source, "templates", key) if one.source else None,
            )
            for key, one in self.model.templates.items()
        )  # fmt: skip

    def _notices(self) -> tuple[parts.PublicNotice, ...]:
        found = []
        for key, one in self.model.notices.items():
            term = term_of(one.term)
            source = self.cite(one.source, "notices", key)
            found.append(
                parts.PublicNotice(key, _words(one.name), one.after, term.amount, term.unit, one.mode, source)
            )
        return tuple(found)

    def _action(self, key: str, one: ActionModel) -> Action:
        place = ("actions", key)
        everywhere = tuple(name for name, stage in self.model.stages.items() if stage.kind != "final")
        given = [one.from_stages] if isinstance(one.from_stages, str) else one.from_stages
        stages = everywhere if given == ["*"] else tuple(given)
        ahead = []
        for rule in one.ahead:
            term = term_of(rule.term)
            ahead.append(Ahead(rule.field, term.amount, term.unit, self.cite(rule.source, *place, "ahead")))
        effects = tuple(
            Effect(each.kind, each.target, each.from_field, each.text, each.when)  # type: ignore[arg-type]
            for each in one.effects
        )
        return Action(
            id=key, name=_words(one.name), from_stages=tuple(each for each in stages if each != one.to),
            to_stage=one.to, roles=tuple(one.roles), guard=one.guard, guard_words=one.guard_words,
            fields=_fields(one.fields), documents=tuple(one.papers), effects=effects, not_by=tuple(one.not_by),
            ahead=tuple(ahead), source=self.cite(one.source, *place, "source") if one.source else None,
            withdraws=one.withdraws, reopens=one.reopens, accepts=one.accepts,
        )  # fmt: skip

    def _limit(self, key: str, one: LimitModel) -> TimeLimit:
        place = ("limits", key)
        source = self.cite(one.source, *place, "source")
        if (one.term is None) == (not one.day_field):
            raise self.refuse(place, f"时限“{key}”须写 term 或 day_field 之一。", "请只写一个。")
        term = term_of(one.term) if one.term else Limit(0, "days", roll=False)
        promised = term_of(one.promised) if one.promised else None
        opens = tuple(
            open_point(about, chosen, source)
            for about in get_args(About)
            if (chosen := getattr(one.opens, about)) is not None
        )
        return TimeLimit(
            id=key, name=_words(one.name), amount=term.amount, unit=term.unit, source=source, whose=one.whose,
            roll=one.roll, promised=promised, stops=tuple(self._ground(each, place) for each in one.stops),
            extensions=self._extensions(one, place), opens=opens,
            expiry=Expiry(
                one.expiry.action, one.expiry.counts_from, self.cite(one.expiry.source, *place, "expiry")
            ) if one.expiry else None,
            day_field=one.day_field, after_end=one.after_end, configuration=one.configuration,
            reminders=tuple(one.reminders),
            escalation=tuple(Escalation(each.overdue, each.role) for each in one.escalation),
            yellow_share=one.yellow_share,
        )  # fmt: skip

    def _extensions(self, one: LimitModel, place: tuple[str, ...]) -> tuple[ExtensionRule, ...]:
        found = []
        for rule in one.extensions:
            role = self.model.roles.get(rule.role)
            if role is None:
                raise self.refuse((*place, "extensions"), f"没有角色“{rule.role}”。", "请核对角色。")
            most = term_of(rule.at_most)
            source = self.cite(rule.source, *place, "extensions")
            found.append(ExtensionRule(most.amount, most.unit, role.name.zh, rule.times, rule.after, source))
        return tuple(found)

    def _ground(self, identity: str, place: tuple[str, ...]) -> StopGround:
        found = self.model.grounds.get(identity)
        if found is None:
            known = "、".join(self.model.grounds) or "无"
            raise self.refuse((*place, "stops"), f"没有停止事由“{identity}”。", f"grounds 中已列：{known}。")
        return StopGround(identity, found.name, self.cite(found.source, "grounds", identity))

    def _example(self, at: int, one: ExampleModel) -> Example:
        every = [*self.model.materials, *self.model.templates]
        papers = tuple(every if one.papers == "all" else one.papers)
        steps = tuple(
            ExampleStep(
                each.day,
                each.do,
                each.by,
                each.values,
                each.expect,
                each.due,
                each.refused,
                each.by == parts.SYSTEM,
            )
            for each in one.steps
        )
        line = line_of(self.node, ("examples", at))
        return Example(one.name, one.facts, papers, one.received, steps, one.outcome, line)


def term_of(text: str) -> Limit:
    """`5 working_days` as a limit; a promise rolls like the law."""
    amount, _, unit = text.partition(" ")
    return Limit(int(amount), unit, roll=True)  # type: ignore[arg-type]


def _words(model: WordsModel) -> parts.Words:
    return parts.Words(model.zh, model.en)


def _fields(models: Mapping[str, FieldModel]) -> tuple[parts.Field, ...]:
    return tuple(
        parts.Field(
            key, _words(one.label), one.type, one.help, one.required, one.required_when, tuple(one.choices.items()),
            one.identifier, one.prefill, one.personal, one.secret, one.unit,
        )
        for key, one in models.items()
    )  # fmt: skip


def in_force(matter: Matter, on: date) -> bool:
    """Whether new cases follow this version on a day."""
    return (matter.since is None or matter.since <= on) and (matter.until is None or on <= matter.until)
