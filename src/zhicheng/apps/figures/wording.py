"""A condition of a definition in a reader's words: columns by their labels, codes by their words, days written out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from sqlglot import exp, parse_one

from zhicheng.apps.figures.labels import column_choices, column_label
from zhicheng.engines.facts import Fact

COMPARED: dict[type[exp.Expr], str] = {
    exp.EQ: "%(left)s＝%(right)s",
    exp.NEQ: "%(left)s≠%(right)s",
    exp.GT: "%(left)s＞%(right)s",
    exp.GTE: "%(left)s≥%(right)s",
    exp.LT: "%(left)s＜%(right)s",
    exp.LTE: "%(left)s≤%(right)s",
}


def condition_words(sql: str, fact: Fact, days: Mapping[str, date]) -> str:
    """A condition in words.

    Args:
        sql: the condition, derived words written out, parameters as `$name`.
        fact: whose columns it reads.
        days: `as_of` and `start`.
    """
    return _words(parse_one(sql, read="duckdb"), fact, days)


def columns_of(sql: str) -> list[str]:
    """Columns a condition reads, each once."""
    return list(dict.fromkeys(one.name for one in parse_one(sql, read="duckdb").find_all(exp.Column)))


def value_words(value: Any, fact: Fact, column: str) -> str:
    """A cell in words; what is empty is called so."""
    if value is None or value == "":
        return _("空")
    return column_choices(fact, column).get(str(value), str(value))


def _words(node: exp.Expr, fact: Fact, days: Mapping[str, date]) -> str:
    node = _bare(node)
    if isinstance(node, exp.And | exp.Or):
        joint = _(" 且 ") if isinstance(node, exp.And) else _(" 或 ")
        return joint.join(_words(side, fact, days) for side in node.flatten())
    if isinstance(node, exp.Not | exp.Is):
        return _presence(node, fact, days)
    if isinstance(node, exp.Between | exp.In) or type(node) in COMPARED:
        return _comparison(node, fact, days)
    return _leaf(node, fact, days)


def _presence(node: exp.Expr, fact: Fact, days: Mapping[str, date]) -> str:
    inner = _bare(node.this)
    if isinstance(node, exp.Is):
        return _("没有%(column)s") % {"column": _words(inner, fact, days)}
    if isinstance(inner, exp.Is):
        return _("有%(column)s") % {"column": _words(inner.this, fact, days)}
    return _("并非（%(inner)s）") % {"inner": _words(inner, fact, days)}


def _comparison(node: exp.Expr, fact: Fact, days: Mapping[str, date]) -> str:
    left = _words(node.this, fact, days)
    if isinstance(node, exp.Between):
        low, high = (_words(node.args[name], fact, days) for name in ("low", "high"))
        return _("%(column)s在 %(low)s 至 %(high)s 之间") % {"column": left, "low": low, "high": high}
    if isinstance(node, exp.In):
        words = "、".join(_side(one, node.this, fact, days) for one in node.expressions)
        return _("%(column)s为 %(words)s") % {"column": left, "words": words}
    return COMPARED[type(node)] % {"left": left, "right": _side(node.expression, node.this, fact, days)}


def _leaf(node: exp.Expr, fact: Fact, days: Mapping[str, date]) -> str:
    if isinstance(node, exp.Column):
        return column_label(fact, node.name)
    if isinstance(node, exp.Parameter | exp.Placeholder):
        return str(days.get(str(node.name), node.name))
    if isinstance(node, exp.Literal):
        return str(node.this)
    if isinstance(node, exp.Sub) and isinstance(node.expression, exp.Interval):
        back = node.expression.this.name
        return _("%(day)s 前推 %(years)s 年") % {"day": _words(node.this, fact, days), "years": back}
    return node.transform(
        lambda one: exp.column(column_label(fact, one.name)) if isinstance(one, exp.Column) else one
    ).sql("duckdb")


def _side(node: exp.Expr, column: exp.Expr, fact: Fact, days: Mapping[str, date]) -> str:
    """What a column is compared with: a code of it in words, or nothing at all."""
    if isinstance(node, exp.Literal) and isinstance(column, exp.Column):
        return value_words(node.this, fact, column.name)
    return _words(node, fact, days)


def _bare(node: exp.Expr) -> exp.Expr:
    """Without what changes no meaning: brackets, a day made a day, unknown taken as no."""
    found: exp.Expr = node.unnest()
    if isinstance(found, exp.Cast):
        return _bare(found.this)
    if isinstance(found, exp.Coalesce) and [one.sql() for one in found.expressions] == ["FALSE"]:
        return _bare(found.this)
    return found
