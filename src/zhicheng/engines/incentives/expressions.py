"""The words of a clause: the kernel's closed language, with exact casts only, and what a condition pins."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from sqlglot import exp

from zhicheng.kernel.expressions import Expression, ExpressionError
from zhicheng.kernel.expressions import compile_expression as compile_in_kernel

NUMBER = re.compile(r"[0-9]{1,18}(\.[0-9]{1,18})?")  # anything else would be a binary float


@lru_cache(maxsize=4096)
def _compiled(text: str, columns: tuple[str, ...]) -> Expression:
    found = compile_in_kernel(text, dict.fromkeys(columns, ""))
    for cast in found.tree.find_all(exp.Cast):
        if cast.to.this != exp.DataType.Type.DATE:
            raise ExpressionError(f"表达式“{text}”里的类型转换不允许。", fix="只可写 date '2024-01-01'。")
        if isinstance(cast.this, exp.Literal) and not _is_day(cast.this.name):
            raise ExpressionError(
                f"表达式“{text}”里的“{cast.this.name}”不是日期。", fix="只可写 date '2024-01-01'。"
            )
    for node in found.tree.walk():
        if isinstance(node, exp.Literal) and not node.is_string and not NUMBER.fullmatch(node.name):
            raise ExpressionError(
                f"表达式“{text}”里的数“{node.name[:40]}”不精确或过长。",
                fix="请写十进制数，整数和小数各不超过 18 位，不用 e。",
            )
        if node.comments:
            raise ExpressionError(f"表达式“{text}”里有注释。", fix="说明请写在 words 或 why 里。")
    return found


def _is_day(text: str) -> bool:
    """Tell whether a text is a calendar day."""
    try:
        return str(date.fromisoformat(text)) == text
    except ValueError:
        return False


def compile_expression(text: str, columns: Mapping[str, str]) -> Expression:
    """Check an expression and make it ready for SQL.

    Args:
        text: the expression as a clause writes it.
        columns: column names it may use, with their types.

    Returns:
        The checked expression with the columns it uses.

    Raises:
        ExpressionError: it is too long, not understood, or uses what the closed language does not have.
    """
    return _compiled(text, tuple(columns))


def is_pinned(tree: exp.Expr) -> bool:
    """Tell whether a condition says nothing but that columns equal certain texts."""
    parts = tree.flatten() if isinstance(tree, exp.And) else [tree]
    return all(_pin(part.unnest()) for part in parts) and all(literals(tree).values())


def _pin(node: exp.Expr) -> bool:
    texts = (
        node.expressions
        if isinstance(node, exp.In)
        else [node.expression]
        if isinstance(node, exp.EQ)
        else []
    )
    return bool(texts) and isinstance(node.this, exp.Column) and all(one.is_string for one in texts)


def literals(tree: exp.Expr) -> dict[str, frozenset[str]]:
    """Columns a condition pins to certain texts: `a = 'x' and b in ('y', 'z')` → a: {x}, b: {y, z}."""
    pinned: dict[str, frozenset[str]] = {}
    parts = tree.flatten() if isinstance(tree, exp.And) else [tree]
    for part in parts:
        node = part.unnest()
        if isinstance(node, exp.EQ) and isinstance(node.this, exp.Column):
            values, column = [node.expression], node.this.name
        elif isinstance(node, exp.In) and isinstance(node.this, exp.Column):
            values, column = node.expressions, node.this.name
        else:
            continue
        if all(isinstance(one, exp.Literal) for one in values):
            found = frozenset(one.name for one in values)
            pinned[column] = pinned[column] & found if column in pinned else found
    return pinned


__all__ = ["Expression", "ExpressionError", "compile_expression", "is_pinned", "literals"]
