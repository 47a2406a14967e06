"""Proves the texts of a definition: conditions of the closed language, and the places in document templates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from sqlglot import exp

from zhicheng.engines.procedures.definition import Matter
from zhicheng.engines.procedures.guards import Value, check, holds
from zhicheng.kernel.refusals import Refusal

Place = tuple[str | int, ...]
PLACE_IN_TEXT = re.compile(r"\{\{\s*([a-z_][a-z0-9_.]*)\s*\}\}")
# What the room fills besides the facts of the case and the names of its parties.
FILLED_BY_ROOM = frozenset(
    {
        "number", "document_number", "office", "today", "matter", "parties", "handler", "due", "promised_due", "missing",
        "outcome", "progress", "trace_code", "agent",
    }
)  # fmt: skip
SAMPLES: dict[str, Value] = {
    "integer": 1,
    "decimal": Decimal(1),
    "date": date(2026, 1, 5),
    "boolean": True,
    "text": "x",
}


def conditions_of(matter: Matter) -> Iterator[tuple[Place, str]]:
    """Every condition in a definition, with its place."""
    for material in matter.materials:
        yield ("materials", material.id, "required_when"), material.required_when
    for field in matter.fields:
        yield ("fields", field.id, "required_when"), field.required_when
    for check_ in matter.prechecks:
        yield ("prechecks", check_.id, "refuse_when"), check_.refuse_when
    for word, when in matter.counts_as_when:
        yield ("counts_as_when", word), when
    for action in matter.actions:
        yield ("actions", action.id, "guard"), action.guard
        for field in action.fields:
            yield ("actions", action.id, "fields", field.id), field.required_when
        for at, effect in enumerate(action.effects):
            yield ("actions", action.id, "effects", at), effect.when


def problem_of(matter: Matter, text: str) -> tuple[str, str] | None:
    """What is wrong with a condition and what to do; None when nothing is."""
    if not text:
        return None
    types = matter.fact_types()
    try:
        tree = check(text, types).tree
        # with a value of each type for every fact, a comparison of different kinds shows
        holds(text, {name: SAMPLES[kind] for name, kind in types.items()}, types, on=date(2026, 1, 5))
    except Refusal as refusal:
        return refusal.what, refusal.fix
    except (TypeError, ValueError) as error:
        return f"条件“{text}”算不出：{error}", "请核对事实的类型。"
    return _choices(matter, tree, text)


def _choices(matter: Matter, tree: exp.Expr, text: str) -> tuple[str, str] | None:
    everything = [*matter.fields, *(one for action in matter.actions for one in action.fields)]
    choices = {one.id: {value for value, _ in one.choices} for one in everything if one.choices}
    for node in tree.find_all(exp.EQ, exp.NEQ, exp.In):
        name = node.this.name if isinstance(node.this, exp.Column) else ""
        others = node.expressions if isinstance(node, exp.In) else [node.expression]
        for one in others:
            if name in choices and isinstance(one, exp.Literal) and one.name not in choices[name]:
                return (
                    f"条件“{text}”里的“{one.name}”不是“{name}”的选项",
                    f"选项：{'、'.join(sorted(choices[name]))}",
                )
    return None


def words_of_templates(matter: Matter) -> Iterator[tuple[Place, str, str]]:
    """Places in document templates that nothing fills."""
    parties = {f"{one.id}{ending}" for one in matter.roles if one.kind == "party" for ending in ("", "s")}
    known = FILLED_BY_ROOM | set(matter.fact_types()) | parties
    for template in matter.templates:
        if not template.text.strip():
            yield ("templates", template.id), f"文书“{template.title}”没有正文", "请写 text"
        for name in PLACE_IN_TEXT.findall(template.text):
            if name not in known:
                yield (
                    ("templates", template.id), f"文书“{template.title}”用了没有的“{name}”",
                    f"可用：表单字段，以及 {'、'.join(sorted(FILLED_BY_ROOM | parties))}",
                )  # fmt: skip
