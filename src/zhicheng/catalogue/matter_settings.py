"""A city's own settings over a shipped matter: promises, readings of open rules, its own limits, reminders, words."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Annotated, get_args

import yaml
from pydantic import Field

from zhicheng.catalogue.matter_building import term_of
from zhicheng.catalogue.matter_models import Body, Id, Line, OpensModel, Strict, Term, checked
from zhicheng.catalogue.policy_yaml import CatalogueError, line_of, read_yaml
from zhicheng.engines.procedures.definition import Matter
from zhicheng.engines.procedures.limits import About, TimeLimit
from zhicheng.engines.procedures.proving import prove
from zhicheng.kernel.refusals import Source

SETTINGS_ENDING = ".settings.yaml"


class DocumentModel(Strict):
    """The document by which the city set it."""

    title: Line
    number: str = ""
    article: str = ""
    date: str | dt.date = ""
    unverified: bool = False


class LimitSettings(Strict):
    """What a city may set of a limit; the law's own amount is not among it."""

    promised: Term | None = None
    term: Term | None = None
    source: DocumentModel | None = None
    opens: OpensModel = OpensModel()
    reminders: list[int] | None = None
    yellow_share: Annotated[Decimal, Field(ge=0, le=1)] | None = None


class SettingsModel(Strict):
    """A settings file."""

    code: Id
    version: int
    limits: dict[Id, LimitSettings] = Field(default_factory=dict)
    templates: dict[Id, Body] = Field(default_factory=dict)
    series: dict[Id, Line] = Field(default_factory=dict)


def read_settings(path: Path) -> tuple[SettingsModel, yaml.Node]:
    """Read a settings file, `code.settings.yaml`.

    Raises:
        CatalogueError: a key is unknown, missing or of the wrong type; names file and line.
    """
    content, node = read_yaml(path)
    return checked(SettingsModel, content, node, path.name), node


def apply_settings(matter: Matter, settings: SettingsModel, node: yaml.Node, file: str) -> Matter:
    """The matter with the city's settings, proved again.

    Raises:
        CatalogueError: a name is unknown, a statutory amount would change, an open point is none, or the result
            cannot be proved.
    """
    limits = {one.id: one for one in matter.limits}
    templates = {one.id: one for one in matter.templates}
    series = {one.id: one for one in matter.series}
    for word, given, known in (
        ("limits", settings.limits, limits), ("templates", settings.templates, templates),
        ("series", settings.series, series),
    ):  # fmt: skip
        for key in given:
            if key not in known:
                raise CatalogueError(
                    file,
                    line_of(node, (word, key)),
                    f"{matter}没有“{key}”。",
                    fix=f"可用：{'、'.join(known)}。",
                )
    for key, chosen in settings.limits.items():
        limits[key] = _limit(limits[key], chosen, line_of(node, ("limits", key)), file)
    changed = replace(
        matter,
        limits=tuple(limits.values()),
        templates=tuple(
            replace(one, text=settings.templates.get(one.id, one.text)) for one in matter.templates
        ),
        series=tuple(replace(one, pattern=settings.series.get(one.id, one.pattern)) for one in matter.series),
    )
    for problem in prove(changed):
        raise CatalogueError(file, line_of(node, problem.place), f"{problem.words}。", fix=f"{problem.fix}。")
    return changed


def _limit(limit: TimeLimit, chosen: LimitSettings, line: int, file: str) -> TimeLimit:
    if chosen.term is not None:
        if not limit.configuration:
            raise CatalogueError(
                file,
                line,
                f"“{limit.name}”是法定时限，不能改为 {chosen.term}。",
                fix="请只设承诺时限 promised。",
            )
        if chosen.source is None:
            raise CatalogueError(file, line, f"改“{limit.name}”没有写依据。", fix="请写 source 的文件名称。")
        term = term_of(chosen.term)
        cited = chosen.source
        source = Source(cited.title, cited.number, cited.article, str(cited.date), cited.unverified)
        limit = replace(limit, amount=term.amount, unit=term.unit, source=source)
    opens = []
    for one in limit.opens:
        asked = getattr(chosen.opens, one.about)
        opens.append(replace(one, chosen=asked) if asked is not None else one)
    for about in get_args(About):
        if getattr(chosen.opens, about) is not None and not any(one.about == about for one in limit.opens):
            raise CatalogueError(
                file, line, f"“{limit.name}”在“{about}”上没有未明之处，不能另选读法。", fix="请删去该项。"
            )
    return replace(
        limit,
        opens=tuple(opens),
        promised=term_of(chosen.promised) if chosen.promised else limit.promised,
        reminders=tuple(chosen.reminders) if chosen.reminders is not None else limit.reminders,
        yellow_share=chosen.yellow_share if chosen.yellow_share is not None else limit.yellow_share,
    )
