"""The closed language of conditions: a subset of SQL expressions, checked, compiled to dialects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import sqlglot
from sqlglot import exp

from zhicheng.kernel.refusals import Refusal

LONGEST = 2000
DEEPEST = 40
# Derived columns that use derived columns multiply; the largest honest one has a few hundred nodes.
LARGEST = 20_000
ALLOWED = (
    exp.Column, exp.Identifier, exp.Literal, exp.Boolean, exp.Null, exp.Placeholder, exp.Paren, exp.And, exp.Or,
    exp.Not, exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.In, exp.Between, exp.Is, exp.Like, exp.Add,
    exp.Sub, exp.Mul, exp.Neg, exp.Coalesce, exp.Least, exp.Greatest, exp.Case, exp.If, exp.Abs, exp.Year,
    exp.TsOrDsToDate, exp.Cast, exp.DataType, exp.Interval, exp.Var,
)  # fmt: skip
PARAMETERS = frozenset({"as_of", "start", "end"})


class ExpressionError(Refusal):
    """An expression says something the closed language does not know."""

    code = "expression"


@dataclass(frozen=True)
class Expression:
    """A checked expression with every derived column already written out."""

    text: str
    tree: exp.Expression
    columns: tuple[str, ...]

    def sql(self, dialect: str = "duckdb") -> str:
        """The expression as SQL of a dialect; parameters stay as `$name`."""
        return str(self.tree.sql(dialect=dialect))


def compile_expression(
    text: str, columns: Mapping[str, str], derived: Mapping[str, str] | None = None
) -> Expression:
    """Check an expression and write out what it derives.

    Args:
        text: the expression, e.g. `kind = 'invention' and in_force`.
        columns: name → type of what it may read.
        derived: name → expression of what it may also use.

    Raises:
        ExpressionError: too long, too deep, not one expression, or a word the language does not know.
    """
    return _compile(text, columns, derived or {}, ())


def _compile(
    text: str, columns: Mapping[str, str], derived: Mapping[str, str], trail: tuple[str, ...]
) -> Expression:
    tree = _parse(text)
    used: list[str] = []
    size = 0

    def written_out(node: exp.Expression) -> exp.Expression:
        if isinstance(node, exp.Placeholder):
            if node.name not in PARAMETERS:
                raise ExpressionError(
                    f"表达式用了未知的参数“:{node.name}”。", fix="可用：:as_of、:start、:end。"
                )
            return exp.Parameter(this=exp.var(node.name))
        if not isinstance(node, exp.Column):
            return node
        name = node.name
        if name in derived:
            if name in trail:
                raise ExpressionError(f"派生列“{name}”绕回了自己。", fix="请检查事实定义。")
            nonlocal size
            inner = _compile(derived[name], columns, derived, (*trail, name))
            size += sum(1 for _ in inner.tree.walk())
            if size > LARGEST:
                raise ExpressionError(f"派生列“{name}”展开后过大。", fix="请拆开派生列，减少层层引用。")
            used.extend(inner.columns)
            return exp.Paren(this=inner.tree.copy())
        if node.table or name not in columns:
            known = "、".join(sorted([*columns, *derived])[:40])
            raise ExpressionError(f"表达式“{text}”用了没有的列“{node.sql()}”。", fix=f"可用的列：{known}。")
        used.append(name)
        return node

    for node in tree.walk():
        if not isinstance(node, ALLOWED):
            raise ExpressionError(
                f"表达式“{text}”里的“{node.sql()[:60]}”不在允许的写法之内。",
                fix="只能用列、值、比较、and/or/not、in、between。",
            )
    return Expression(text, tree.transform(written_out), tuple(dict.fromkeys(used)))


@lru_cache(maxsize=4096)
def _parse(text: str) -> exp.Expression:
    """The tree of a text, shared by all who ask: to be copied, never changed."""
    if len(text) > LONGEST or text.count("(") > DEEPEST:
        raise ExpressionError(f"表达式过长（{len(text)} 字）或括号过多。", fix="请拆成几个派生列。")
    try:
        trees = sqlglot.parse(text, read="duckdb")
    except (sqlglot.errors.SqlglotError, RecursionError) as error:
        raise ExpressionError(f"看不懂表达式“{text}”。", fix="请写成列、值、比较与 and/or/not。") from error
    if len(trees) != 1 or trees[0] is None:
        raise ExpressionError(f"表达式“{text}”不是一个条件。", fix="请只写一个条件，不要用分号。")
    tree = trees[0]
    assert isinstance(tree, exp.Expression)
    return tree
