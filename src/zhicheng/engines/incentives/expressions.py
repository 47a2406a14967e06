"""The words of a clause as SQL: a closed subset of SQL expressions over the columns of one fact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import sqlglot
from sqlglot import exp

from zhicheng.kernel.refusals import Refusal

LONGEST = 2000
DEEPEST = 40
ALLOWED = (
    exp.Column, exp.Identifier, exp.Literal, exp.Boolean, exp.Null, exp.Placeholder, exp.Paren, exp.And, exp.Or,
    exp.Not, exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.In, exp.Between, exp.Is, exp.Like,
    exp.Add, exp.Sub, exp.Mul, exp.Neg, exp.Coalesce, exp.Least, exp.Greatest, exp.Case, exp.If, exp.Abs,
    exp.Lower, exp.Upper, exp.Length, exp.Year, exp.TsOrDsToDate, exp.Cast, exp.DataType,
)  # fmt: skip


class ExpressionError(Refusal):
    """An expression says something the closed language does not know."""

    code = "expression"


@dataclass(frozen=True)
class Expression:
    """A checked expression."""

    text: str
    tree: exp.Expr
    columns: tuple[str, ...]

    def sql(self, dialect: str = "duckdb") -> str:
        return self.tree.sql(dialect=dialect)


def _parse(text: str) -> exp.Expr:
    if len(text) > LONGEST:
        raise ExpressionError(f"表达式长 {len(text)} 字，超过 {LONGEST} 字。", fix="请拆成几个条件。")
    if text.count("(") > DEEPEST:
        raise ExpressionError(f"表达式括号超过 {DEEPEST} 层。", fix="请拆成几个条件。")
    try:
        trees = sqlglot.parse(text, read="duckdb")
    except (sqlglot.errors.SqlglotError, RecursionError) as error:
        raise ExpressionError(f"看不懂表达式“{text}”。", fix="请写成列、值、比较与 and/or/not。") from error
    if len(trees) != 1 or trees[0] is None:
        raise ExpressionError(f"表达式“{text}”不是一个条件。", fix="请只写一个条件，不要用分号。")
    return trees[0]


@lru_cache(maxsize=4096)
def _compiled(text: str, columns: tuple[str, ...]) -> Expression:
    tree = _parse(text)
    used: list[str] = []
    for node in tree.walk():
        if isinstance(node, exp.Cast) and node.to.this != exp.DataType.Type.DATE:
            raise ExpressionError(f"表达式“{text}”里的类型转换不允许。", fix="只可写 date '2024-01-01'。")
        if not isinstance(node, ALLOWED):
            raise ExpressionError(
                f"表达式“{text}”里的 {type(node).__name__} 不在允许的写法内。",
                fix="允许：列、值、比较、and/or/not、in、between、is null、加减乘、case。",
            )
        if isinstance(node, exp.Column):
            if node.table or node.name not in columns:
                raise ExpressionError(
                    f"表达式“{text}”用了没有的列“{node.sql()}”。", fix=f"可用的列：{'、'.join(columns)}。"
                )
            if node.name not in used:
                used.append(node.name)
    return Expression(text=text, tree=tree, columns=tuple(used))


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
