"""How much: each way of setting an amount as exact SQL over one fact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from sqlglot import exp

from zhicheng.engines.incentives.expressions import Expression, compile_expression
from zhicheng.engines.incentives.rules import Amount, Brackets, Choose, Fixed, Match, Rate, Table
from zhicheng.engines.incentives.tables import text_sql
from zhicheng.kernel.refusals import Refusal

MONEY = "DECIMAL(18,2)"
WIDE = "DECIMAL(38,10)"
SCALE = 10**10


@dataclass(frozen=True)
class AmountSql:
    """An amount as SQL: the base it stands on, before cap and floor, and after."""

    base: str
    gross: str
    amount: str


def number_sql(value: Decimal) -> str:
    """An exact decimal literal."""
    return format(value, "f")


def money_sql(value: Decimal) -> str:
    """An exact amount of money."""
    return f"cast({format(value, 'f')} as {MONEY})"


def base_expression(text: str, columns: Mapping[str, str]) -> Expression:
    """Compile the base of a rate; division is refused, it would leave exact numbers."""
    compiled = compile_expression(text, columns)
    if any(True for _ in compiled.tree.find_all(exp.Div)):
        raise Refusal(f"金额基数“{text}”含除法，会损失精确。", fix="请用 divisor 写明除数，如 365。")
    return compiled


def expressions_of(amount: Amount) -> tuple[str, ...]:
    """Every expression an amount contains."""
    if isinstance(amount, Table):
        return (amount.by,)
    if isinstance(amount, Rate | Brackets):
        return (amount.of,)
    if isinstance(amount, Choose):
        return tuple(
            one for when, inner in amount.cases for one in (*([when] if when else []), *expressions_of(inner))
        )
    return ()


def matches_of(amount: Amount) -> tuple[Match, ...]:
    """The upper-level payments an amount stands on."""
    if isinstance(amount, Match):
        return (amount,)
    if isinstance(amount, Choose):
        return tuple(one for _, inner in amount.cases for one in matches_of(inner))
    return ()


def _bounded(gross: str, *, cap: Decimal | None, floor: Decimal | None = None) -> str:
    bounded = f"greatest({gross}, {money_sql(floor or Decimal(0))})"
    if cap is not None:
        bounded = f"least({bounded}, {money_sql(cap)})"
    # greatest/least skip nulls in DuckDB; an unknown base must stay unknown
    return f"case when {gross} is not null then cast({bounded} as {MONEY}) end"


def _rate_sql(rate: Rate, columns: Mapping[str, str]) -> AmountSql:
    expression = base_expression(rate.of, columns)
    base = f"cast({expression.sql('duckdb')} as {WIDE})"
    if rate.divisor == 1:
        # a single column times a rate is exact as it is; only a composed base needs the wide, slow type
        factor = expression.sql("duckdb") if isinstance(expression.tree, exp.Column) else base
        gross = f"cast({factor} * {number_sql(rate.rate)} as {MONEY})"
    else:
        scaled = f"cast(cast({base} * {number_sql(rate.rate)} as {WIDE}) * {SCALE} as HUGEINT)"
        whole = rate.divisor * SCALE
        cents = f"((200 * {scaled} + {whole}::HUGEINT) // {2 * whole}::HUGEINT)"  # half up, to the 分
        gross = f"cast(cast({cents} as DECIMAL(20,0)) * 0.01 as {MONEY})"
    return AmountSql(base, gross, _bounded(gross, cap=rate.cap, floor=rate.floor))


def _brackets_sql(brackets: Brackets, columns: Mapping[str, str]) -> AmountSql:
    base = f"cast({base_expression(brackets.of, columns).sql('duckdb')} as {WIDE})"
    parts, lower = [], Decimal(0)
    for step in brackets.steps:
        upper = base if step.up_to is None else f"least({base}, {number_sql(step.up_to)})"
        parts.append(f"greatest({upper} - {number_sql(lower)}, 0) * {number_sql(step.rate)}")
        lower = step.up_to or lower
    gross = f"case when {base} is not null then cast({' + '.join(parts)} as {MONEY}) end"
    return AmountSql(base, gross, _bounded(gross, cap=brackets.cap))


def _table_sql(table: Table, columns: Mapping[str, str]) -> AmountSql:
    key = f"cast({compile_expression(table.by, columns).sql('duckdb')} as VARCHAR)"
    whens = " ".join(f"when {text_sql(value)} then {money_sql(pay)}" for value, pay in table.rows.items())
    gross = f"case when {key} is not null then case {key} {whens} else {money_sql(Decimal(0))} end end"
    return AmountSql("null", gross, gross)


def _choose_sql(choose: Choose, columns: Mapping[str, str]) -> AmountSql:
    def pick(attribute: str, last: str) -> str:
        # a condition that cannot be told makes the whole amount unknown, never the next case
        text = last
        for when, inner in reversed(choose.cases):
            value = getattr(amount_sql(inner, columns), attribute)
            if when:
                test = compile_expression(when, columns).sql("duckdb")
                text = f"case when ({test}) then {value} when not ({test}) then {text} end"
            else:
                text = value
        return f"({text})"

    return AmountSql(pick("base", "null"), pick("gross", "null"), pick("amount", "0"))


def amount_sql(amount: Amount, columns: Mapping[str, str]) -> AmountSql:
    """Compile an amount.

    Args:
        amount: how the clause sets it.
        columns: columns of the fact with their types.

    Returns:
        SQL over the fact; null where a needed value is missing.

    Raises:
        Refusal: the base would not be exact.
    """
    match amount:
        case Fixed():
            paid = money_sql(amount.amount)
            return AmountSql("null", paid, paid)
        case Table():
            return _table_sql(amount, columns)
        case Rate():
            return _rate_sql(amount, columns)
        case Brackets():
            return _brackets_sql(amount, columns)
        case Match():
            base = f"upper_{amount.level}.z_upper"
            gross = f"cast({base} * {number_sql(amount.share)} as {MONEY})"
            return AmountSql(base, gross, _bounded(gross, cap=amount.cap))
        case Choose():
            return _choose_sql(amount, columns)
