"""Asks a condition of the closed language of the facts of one case, with SQL's three answers."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlglot import exp

from zhicheng.kernel.expressions import Expression, ExpressionError, compile_expression

Value = str | int | bool | Decimal | date | None
COMPARE: dict[type[exp.Expr], Callable[[Any, Any], bool]] = {
    exp.EQ: operator.eq, exp.NEQ: operator.ne, exp.LT: operator.lt, exp.LTE: operator.le, exp.GT: operator.gt,
    exp.GTE: operator.ge,
}  # fmt: skip
RECKON: dict[type[exp.Expr], Callable[[Any, Any], Any]] = {
    exp.Add: operator.add, exp.Sub: operator.sub, exp.Mul: operator.mul,
}  # fmt: skip
# Kinds of values that may be held against each other.
KINDS: tuple[tuple[type, ...], ...] = ((bool,), (int, Decimal), (str,), (date,))


@lru_cache(maxsize=4096)
def _compiled(text: str, columns: tuple[tuple[str, str], ...]) -> Expression:
    found = compile_expression(text, dict(columns))
    for node in found.tree.walk():
        if not isinstance(node, _KNOWN):
            raise ExpressionError(
                f"条件“{text}”里的“{node.sql()[:60]}”不能用在办件条件里。",
                fix="只能用事实、值、比较、and/or/not、in、between、is null、加减乘。",
            )
    return found


def check(text: str, facts: Mapping[str, str]) -> Expression:
    """Check a condition against the facts declared.

    Args:
        text: the condition; empty is no condition.
        facts: name → type of what it may read.

    Raises:
        ExpressionError: it is not understood, or reads a fact that nobody declared.
    """
    return _compiled(text, tuple(sorted(facts.items())))


def holds(text: str, facts: Mapping[str, Value], types: Mapping[str, str], *, on: date) -> bool | None:
    """Whether a condition holds of the facts; None when the facts do not tell.

    Args:
        text: the condition; empty holds.
        facts: what is known of the case; a fact that is absent is unknown.
        types: every fact declared, with its type.
        on: the day that `:as_of` means.

    Raises:
        ExpressionError: the condition is not understood, or compares things of different kinds.
    """
    if not text:
        return True
    answer = _value(check(text, types).tree, facts, on)
    if answer is not None and not isinstance(answer, bool):
        raise ExpressionError(f"“{text}”不是一个条件。", fix="请写成可以回答是或否的条件。")
    return answer


def _value(node: exp.Expr, facts: Mapping[str, Value], on: date) -> Value:
    def ask(one: Any) -> Value:
        return _value(one, facts, on)

    for kind, answer in _ANSWERS:
        if isinstance(node, kind):
            return answer(node, ask, facts, on)
    raise ExpressionError(f"条件里的“{node.sql()}”不能用在办件条件里。", fix="请改用比较与 and/or/not。")


Ask = Callable[[Any], Value]


def _literal(node: Any, ask: Ask, facts: Mapping[str, Value], on: date) -> Value:
    if node.is_string:
        return str(node.this)
    text = str(node.this)
    return int(text) if re.fullmatch(r"\d+", text, re.ASCII) else Decimal(text)


def _column(node: Any, ask: Ask, facts: Mapping[str, Value], on: date) -> Value:
    found = facts.get(node.name)
    return None if found == "" else found


def _parameter(node: Any, ask: Ask, facts: Mapping[str, Value], on: date) -> Value:
    return on


def _boolean(node: Any, ask: Ask, facts: Mapping[str, Value], on: date) -> Value:
    return bool(node.this)


def _unknown(node: Any, ask: Ask, facts: Mapping[str, Value], on: date) -> Value:
    return None


def _paren(node: Any, ask: Ask, facts: Mapping[str, Value], on: date) -> Value:
    return ask(node.this)


def _and(node: Any, ask: Ask, facts: Mapping[str, Value], on: date) -> Value:
    left, right = ask(node.this), ask(node.expression)
    if left is False or right is False:
        return False
    return None if left is None or right is None else bool(left and right)


def _or(node: Any, ask: Ask, facts: Mapping[str, Value], on: date) -> Value:
    left, right = ask(node.this), ask(node.expression)
    if left is True or right is True:
        return True
    return None if left is None or right is None else bool(left or right)


def _not(node: Any, ask: Ask, facts: Mapping[str, Value], on: date) -> Value:
    inner = ask(node.this)
    return None if inner is None else not inner


def _is(node: Any, ask: Ask, facts: Mapping[str, Value], on: date) -> Value:
    return ask(node.this) == ask(node.expression)


def _compare(node: Any, ask: Ask, facts: Mapping[str, Value], on: date) -> Value:
    left, right = _alike(ask(node.this), ask(node.expression), node)
    return None if left is None or right is None else COMPARE[type(node)](left, right)


def _reckon(node: Any, ask: Ask, facts: Mapping[str, Value], on: date) -> Value:
    left, right = ask(node.this), ask(node.expression)
    if left is None or right is None:
        return None
    found: Value = RECKON[type(node)](left, right)
    return found


def _in(node: Any, ask: Ask, facts: Mapping[str, Value], on: date) -> Value:
    left, unknown = ask(node.this), False
    if left is None:
        return None
    for one in node.expressions:
        right = ask(one)
        unknown = unknown or right is None
        if right is not None and _alike(left, right, node)[1] == _alike(left, right, node)[0]:
            return True
    return None if unknown else False


def _between(node: Any, ask: Ask, facts: Mapping[str, Value], on: date) -> Value:
    middle, low, high = ask(node.this), ask(node.args["low"]), ask(node.args["high"])
    if middle is None or low is None or high is None:
        return None
    left, at_least = _alike(middle, low, node)
    right, at_most = _alike(middle, high, node)
    return bool(COMPARE[exp.GTE](left, at_least) and COMPARE[exp.LTE](right, at_most))


def _coalesce(node: Any, ask: Ask, facts: Mapping[str, Value], on: date) -> Value:
    return next((found for one in [node.this, *node.expressions] if (found := ask(one)) is not None), None)


def _cast(node: Any, ask: Ask, facts: Mapping[str, Value], on: date) -> Value:
    inner = ask(node.this)
    if node.to.this != exp.DataType.Type.DATE:
        raise ExpressionError(f"条件里的类型转换“{node.sql()}”不允许。", fix="只可写 date '2024-01-01'。")
    return date.fromisoformat(inner) if isinstance(inner, str) else inner


def _alike(left: Value, right: Value, node: exp.Expr) -> tuple[Value, Value]:
    """Both sides as one kind: a day written as text is a day; anything else that differs is a mistake."""
    if left is None or right is None:
        return left, right
    if isinstance(left, date) and isinstance(right, str):
        right = date.fromisoformat(right)
    if isinstance(right, date) and isinstance(left, str):
        left = date.fromisoformat(left)
    kinds = [next(i for i, kind in enumerate(KINDS) if isinstance(one, kind)) for one in (left, right)]
    if kinds[0] != kinds[1]:
        raise ExpressionError(
            f"条件“{node.sql()}”拿不同种类的值相比（{left}、{right}）。", fix="请核对事实的类型。"
        )
    return left, right


_ANSWERS: tuple[tuple[Any, Callable[[Any, Ask, Mapping[str, Value], date], Value]], ...] = (
    (exp.Literal, _literal), (exp.Column, _column), (exp.Parameter, _parameter), (exp.Boolean, _boolean),
    (exp.Null, _unknown), (exp.Paren, _paren), (exp.And, _and), (exp.Or, _or), (exp.Not, _not), (exp.Is, _is),
    (tuple(COMPARE), _compare), (tuple(RECKON), _reckon), (exp.In, _in), (exp.Between, _between),
    (exp.Coalesce, _coalesce), (exp.Cast, _cast),
)  # fmt: skip
_KNOWN: tuple[Any, ...] = (
    *(kind for kind, _ in _ANSWERS if not isinstance(kind, tuple)), *COMPARE, *RECKON,
    exp.Identifier, exp.DataType, exp.Var,
)  # fmt: skip
