"""Conditions and amounts of a clause as an official says them, from the same rule the engine runs."""

from __future__ import annotations

from decimal import Decimal

from sqlglot import exp

from zhicheng.engines.incentives.expressions import compile_expression
from zhicheng.engines.incentives.rules import (
    Amount,
    Brackets,
    Choose,
    FactColumn,
    FactShape,
    Fixed,
    Match,
    Rate,
    Table,
)  # fmt: skip
from zhicheng.engines.incentives.tables import STANDING
from zhicheng.kernel.money import shown

COMPARED: dict[type[exp.Expr], str] = {
    exp.EQ: "为",
    exp.NEQ: "不为",
    exp.GT: "大于",
    exp.GTE: "达到",
    exp.LT: "小于",
    exp.LTE: "不超过",
}
OPPOSITE: dict[type[exp.Expr], type[exp.Expr]] = {
    exp.EQ: exp.NEQ,
    exp.NEQ: exp.EQ,
    exp.GT: exp.LTE,
    exp.GTE: exp.LT,
    exp.LT: exp.GTE,
    exp.LTE: exp.GT,
}
CALCULATED: dict[type[exp.Expr], str] = {exp.Add: "加", exp.Sub: "减", exp.Mul: "乘以"}
UNITS = {"money": " 元", "number": "", "integer": ""}
SMALL = Decimal(10_000)
LEVELS = {"nation": "国家", "province": "省", "city": "市", "county": "县"}


class _Unsayable(Exception):
    """A form these words do not have; the expression itself is shown instead."""


def condition_words(text: str, shape: FactShape) -> str:
    """A condition in words: `honour = 'x/gold' and cost > 0` → “荣誉项目与等次为金奖，且评估与担保费大于 0 元”.

    Args:
        text: the expression as a clause writes it.
        shape: the fact it speaks of; its labels and the names of its values are used.

    Returns:
        The words, or the expression as it is written where it has a form without words.

    Raises:
        ExpressionError: the expression is not of the closed language.
    """
    columns = _columns(shape)
    tree = compile_expression(text, {name: one.type for name, one in columns.items()}).tree
    try:
        return _Speaker(columns).condition(tree)
    except _Unsayable:
        return text


def amount_lines(amount: Amount, shape: FactShape) -> tuple[str, ...]:
    """How much is paid, one line per case: “险种为专利执行险 → 保费的 60%，最高 6万元”.

    Args:
        amount: the amount of a version.
        shape: the fact it is read from.
    """
    match amount:
        case Fixed():
            return (f"定额 {money(amount.amount)}",)
        case Table():
            rows = amount.rows.items()
            return tuple(f"{looked_up(amount.by, key, shape)}：{money(value)}" for key, value in rows)
        case Rate():
            divided = f"，再除以 {amount.divisor}" if amount.divisor != 1 else ""
            base = base_words(amount.of, shape)
            return (f"{base}的 {percent(amount.rate)}{divided}{_bounds(amount.cap, amount.floor)}",)
        case Brackets():
            return tuple(_steps(amount, shape))
        case Match():
            level = LEVELS.get(amount.level, amount.level)
            return (f"{level}级实际到账金额的 {percent(amount.share)}{_bounds(amount.cap, None)}",)
        case Choose():
            return tuple(
                f"{condition_words(when, shape) if when else '其余'} → {line}"
                for when, one in amount.cases
                for line in amount_lines(one, shape)
            )


def looked_up(by: str, key: str, shape: FactShape) -> str:
    """A row of a table by the name of its value, where it is looked up by a column."""
    column = _columns(shape).get(by)
    return value_words(key, column).strip() if column else key


def base_words(text: str, shape: FactShape) -> str:
    """The base of a rate in words, or the expression where it has a form without words."""
    columns = _columns(shape)
    tree = compile_expression(text, {name: one.type for name, one in columns.items()}).tree
    try:
        return _Speaker(columns).operand(tree)
    except _Unsayable:
        return text


def money(amount: Decimal) -> str:
    """An amount at the size a person reads: 元 below ten thousand, 万元 from there on."""
    return shown(amount, unit="元" if amount < SMALL else "万元")


def percent(rate: Decimal) -> str:
    """A factor as per cent, exact: 0.0345 → 3.45%."""
    return f"{(rate * 100).normalize():f}%"


def number_words(kind: str, number: Decimal) -> str:
    """A number of a rule by its kind: money in 元 or 万元, a rate in per cent, a count as it is."""
    return {"money": money, "rate": percent}.get(kind, str)(number)


def _bounds(cap: Decimal | None, floor: Decimal | None) -> str:
    most = f"，最高 {money(cap)}" if cap is not None else ""
    return most + (f"，最低 {money(floor)}" if floor is not None else "")


def _steps(amount: Brackets, shape: FactShape) -> list[str]:
    base, low, lines = base_words(amount.of, shape), Decimal(0), []
    for one in amount.steps:
        reach = f"{money(low)}以上" if one.up_to is None else f"{money(low)}至 {money(one.up_to)}"
        lines.append(f"{base} {reach}的部分：{percent(one.rate)}")
        low = one.up_to or low
    return [*lines, *([f"合计最高 {money(amount.cap)}"] if amount.cap is not None else [])]


def _columns(shape: FactShape) -> dict[str, FactColumn]:
    return {**STANDING, **shape.columns}


def value_words(value: object, column: FactColumn) -> str:
    """A value by its name, with the unit of its column."""
    said = column.values.get(str(value), str(value))
    return f" {said}{UNITS[column.type]}" if column.type in UNITS else said


class _Speaker:
    """Walks an expression; conditions are said as what holds, operands as what they stand for."""

    def __init__(self, columns: dict[str, FactColumn]) -> None:
        self.columns = columns

    def condition(self, node: exp.Expr) -> str:
        """What holds or does not."""
        match node:
            case exp.Paren():
                words = f"（{self.condition(node.this)}）"
            case exp.And():
                words = f"{self.condition(node.left)}，且{self.condition(node.right)}"
            case exp.Or():
                words = f"{self.condition(node.left)}，或{self.condition(node.right)}"
            case exp.Not():
                words = self._denied(node.this.unnest())
            case exp.Is():
                words = f"没有{self.operand(node.this)}"
            case exp.In():
                words = f"{self.operand(node.this)}为{self._listed(node)}"
            case exp.Between():
                low, high = (self._beside(node.this, node.args[end]) for end in ("low", "high"))
                words = f"{self.operand(node.this)}在{low} 至{high} 之间"
            case exp.Like():
                words = f"{self.operand(node.this)}形如“{node.expression.name}”"
            case exp.Column():
                words = f"{self.operand(node)}：是"
            case _ if type(node) in COMPARED:
                words = self._compared(node, COMPARED[type(node)])
            case _:
                raise _Unsayable
        return words

    def _compared(self, node: exp.Expr, words: str) -> str:
        return f"{self.operand(node.this)}{words}{self._beside(node.this, node.expression)}"

    def _denied(self, node: exp.Expr) -> str:
        match node:
            case exp.Is():
                words = f"有{self.operand(node.this)}"
            case exp.In():
                words = f"{self.operand(node.this)}不为{self._listed(node)}"
            case exp.Column():
                words = f"{self.operand(node)}：否"
            case _ if type(node) in OPPOSITE:
                words = self._compared(node, COMPARED[OPPOSITE[type(node)]])
            case _:
                words = f"以下不成立：{self.condition(node)}"
        return words

    def _listed(self, node: exp.In) -> str:
        return "、".join(self._beside(node.this, one) for one in node.expressions)

    def _beside(self, left: exp.Expr, node: exp.Expr) -> str:
        """A value beside the column it is compared with, by that column's names and unit."""
        column = self.columns.get(left.name) if isinstance(left, exp.Column) else None
        if column is not None and isinstance(node, exp.Literal):
            return value_words(node.name, column)
        return self.operand(node)

    def operand(self, node: exp.Expr) -> str:
        """A column, a value, or what is calculated from them."""
        match node:
            case exp.Column():
                words = self.columns[node.name].label
            case exp.Literal():
                words = str(node.name)
            case exp.Boolean():
                words = "是" if node.this else "否"
            case exp.Paren():
                words = f"（{self.operand(node.this)}）"
            case exp.Parameter():
                words = "截至日"
            case exp.Cast() | exp.TsOrDsToDate():
                words = self.operand(node.this)
            case exp.Year():
                words = f"{self.operand(node.this)}的年份"
            case exp.Coalesce():
                words = "，没有时取".join(self.operand(one) for one in (node.this, *node.expressions))
            case exp.Binary() if type(node) in CALCULATED:
                words = f"{self.operand(node.left)}{CALCULATED[type(node)]}{self.operand(node.right)}"
            case _:
                raise _Unsayable
        return words
