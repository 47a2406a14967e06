"""Statements alike but for their values are asked as one: the values become rows of a small table beside the facts.

Forty clauses of a city are few forms with many values. Planning a form once costs what planning one clause costs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

# names and types stay as they are; dates, texts and numbers are values
TOKEN = re.compile(
    r"""(?P<stays>"(?:[^"]|"")*"|DECIMAL\(\d+, ?\d+\)|interval\ '[^']*')"""
    r"""|(?P<value>(?P<day>DATE\ )?'(?:[^']|'')*'|(?<![\w.])\d+(?:\.(?P<places>\d+))?(?![\w.]))""",
    re.VERBOSE,
)
SLOT = "\0"  # stands in no statement


def form_of(sql: str) -> tuple[str, tuple[str, ...]]:
    """A statement with its values taken out, and the values.

    A slot says what kind of value belongs there, numbers with their places, so that one column can hold them all
    without changing the type of any result.
    """
    values: list[str] = []

    def taken_out(found: re.Match[str]) -> str:
        value = found["value"]
        if value is None:
            return found[0]
        values.append(value)
        kind = (
            "day"
            if found["day"]
            else "text"
            if value.startswith("'")
            else f"number{len(found['places'] or '')}"
        )
        return f"{SLOT}{kind}{SLOT}"

    return TOKEN.sub(taken_out, sql), tuple(values)


def together(statements: Sequence[str], table: str) -> list[str]:
    """Join statements of one form into one.

    Args:
        statements: each reads `table` once, and hands all its columns on with `*` to wherever a value is used.
        table: name of the table.

    Returns:
        Fewer statements with the same rows in all; one that is like no other stays as it is.
    """
    forms: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    for one in statements:
        form, values = form_of(one)
        forms.setdefault(form, []).append((one, values))
    return [
        group[0][0] if len(group) == 1 else _one_statement(form, [values for _, values in group], table)
        for form, group in forms.items()
    ]


def _one_statement(form: str, rows: Sequence[tuple[str, ...]], table: str) -> str:
    """A form over its values: what is the same in all stays written out, the rest becomes columns."""
    names: dict[tuple[str, ...], str] = {}
    written = []
    for column in zip(*rows, strict=True):
        same = len(set(column)) == 1
        written.append(column[0] if same else names.setdefault(column, f"z_v{len(names)}"))
    pieces = form.split(SLOT)[::2]  # between two slots; the kinds stand in between
    if names:
        values = ", ".join(f"({', '.join(row)})" for row in zip(*names, strict=True))
        joined = f" from {table}, (values {values}) z_v({', '.join(names.values())}) "
        # only where no text of a clause stands
        at = next(place for place, piece in enumerate(pieces) if f" from {table} " in piece)
        pieces[at] = pieces[at].replace(f" from {table} ", joined, 1)
    text = "".join(one for pair in zip(pieces, [*written, ""], strict=True) for one in pair)
    return text if names else "\nunion all\n".join([text] * len(rows))
