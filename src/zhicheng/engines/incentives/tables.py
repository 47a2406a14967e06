"""Fact tables as the engine reads them: Parquet files, Arrow tables or plain rows, each column typed."""

# ruff: noqa: S608 - every part of the SQL is a checked expression, a number or a quoted text

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import duckdb
import pyarrow as pa

from zhicheng.engines.incentives.rules import KINDS, FactColumn, FactShape
from zhicheng.kernel.refusals import Refusal

Rows = Sequence[Mapping[str, object]]
Source: TypeAlias = Path | Any | Rows  # Any: an Arrow table, whose library carries no types

SQL_TYPES = {
    "text": "VARCHAR",
    "date": "DATE",
    "money": "DECIMAL(18,2)",
    "number": "DECIMAL(18,6)",
    "integer": "BIGINT",
    "boolean": "BOOLEAN",
}
STANDING = {
    "fact": FactColumn("fact", "text", "事实编号"),
    "organisation": FactColumn("organisation", "text", "单位"),
    "person": FactColumn("person", "text", "个人"),
    "holder_kind": FactColumn("holder_kind", "text", "获得者类别", KINDS),
    "region": FactColumn("region", "text", "区划"),
}


# who holds a fact is worked out once, not by every clause: the holder and its kind, and numbers to compare them by
HOLDER = {
    "z_who": "case when holder_kind = 'person' then person when holder_kind is not null then organisation"
    " else coalesce(organisation, person) end",
    "z_kind": "coalesce(holder_kind, case when organisation is null and person is not null then 'person' end)",
}
KIND_CODES = {kind: code for code, kind in enumerate(KINDS, start=1)}
NUMBERS = {
    "z_number": "hash(z_who)",
    "z_code": "case when z_who is null then 0 "
    + " ".join(f"when z_kind = '{kind}' then {code}" for kind, code in KIND_CODES.items())
    + " else 99 end::UTINYINT",
}


def _column(name: str, kind: str, label: str) -> FactColumn:
    return FactColumn(name, kind, label)


def _shape(name: str, label: str, day: str, supplied_by: str, /, **columns: str) -> FactShape:
    described = {one: _column(one, *text.split(" ")) for one, text in columns.items()}
    return FactShape(name, label, day, "", supplied_by, described)


PAYMENTS = _shape(
    "payments", "兑付记录", "paid_on", "财政部门",
    beneficiary="text 受益人", clause="text 条款", matter="text 事项", object="text 对象",
    level="text 级别", amount="money 金额", paid_on="date 到账日",
)  # fmt: skip
NEGATIVE_LIST = _shape(
    "negative_list", "负面清单", "from_on", "信用、专利、质量监管部门",
    beneficiary="text 受益人", kind="text 类别", from_on="date 列入日", until_on="date 移出日",
)  # fmt: skip
APPLICATIONS = _shape(
    "applications", "申报记录", "applied_on", "申报单位",
    clause="text 条款", beneficiary="text 申报人", subject="text 申报的事实", applied_on="date 申报日",
)  # fmt: skip
OWNERS = _shape(
    "owners", "权利人份额", "", "权利登记簿",
    fact="text 事实编号", beneficiary="text 受益人", kind="text 类别", share="number 份额",
)  # fmt: skip
ORGANISATIONS = _shape(
    "organisations", "主体", "", "市场主体登记",
    name="text 名称", industry_code="text 行业代码", size="text 规模",
)  # fmt: skip


AUXILIARY = {
    one.id: one for one in (PAYMENTS, NEGATIVE_LIST, OWNERS, APPLICATIONS, ORGANISATIONS)
}  # beside the facts that clauses stand on


def _arrow(rows: Rows, shape: FactShape) -> pa.Table:
    """Plain rows as an Arrow table of text; the types follow in SQL."""
    names = [*STANDING, *(one for one in shape.columns if one not in STANDING)]
    return pa.table(
        {
            name: pa.array([None if row.get(name) is None else str(row[name]) for row in rows], pa.string())
            for name in names
        }
    )


def attach(
    connection: duckdb.DuckDBPyConnection,
    shape: FactShape,
    source: Source,
    *,
    name: str,
    cluster: str = "",
    held: bool = False,
) -> None:
    """Make one fact readable under a name, every declared column present and typed.

    Args:
        connection: the DuckDB connection of this evaluation.
        shape: what the fact declares; a column the source lacks is empty in every row.
        source: a Parquet file, an Arrow table, or rows as mappings.
        name: name of the table made; it is a copy, because every clause reads it again.
        cluster: column that most triggers ask about; rows alike lie together, so that a clause skips the rest.
        held: True adds who holds the fact, for facts that clauses stand on.

    Raises:
        Refusal: the file is not there or cannot be read.
    """
    if isinstance(source, Path):
        if not source.exists():
            raise Refusal(f"事实表“{shape.label}”的文件 {source.name} 不存在。", fix="请先生成快照。")
        origin = f"read_parquet({text_sql(str(source))})"
    else:
        table = source if isinstance(source, pa.Table) else _arrow(source, shape)
        connection.register(f"{name}_source", table)
        origin = f"{name}_source"
    present = {row[0] for row in connection.execute(f"describe select * from {origin}").fetchall()}
    numbers = "".join(f", {text} as {column}" for column, text in NUMBERS.items()) if held else ""
    rows = f"select *{numbers} from ({typed_sql(shape, origin, present, held=held)})"
    order = f' order by "{cluster}"' if cluster else ""
    connection.execute(f"create or replace temp table {name} as {rows}{order}")


def typed_sql(shape: FactShape, origin: str, present: Collection[str], *, held: bool = False) -> str:
    """Rows of a fact, every declared column present and typed.

    Args:
        shape: what the fact declares; a column the source lacks is empty in every row.
        origin: what is read.
        present: names of its columns.
        held: True adds who holds the fact, for facts that clauses stand on.
    """
    picked = ", ".join(
        f"cast({f'{chr(34)}{column}{chr(34)}' if column in present else 'null'} as "
        f'{SQL_TYPES[one.type]}) as "{column}"'
        for column, one in {**STANDING, **shape.columns}.items()
    )
    holder = "".join(f", {text} as {column}" for column, text in HOLDER.items()) if held else ""
    return f"select *{holder} from (select {picked} from {origin})"


def text_sql(value: str) -> str:
    """A value as a quoted SQL text."""
    return "'" + value.replace("'", "''") + "'"
