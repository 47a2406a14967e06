"""How one cell with several names becomes rows of a part."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl


def rows_of(
    column: str, *, into: str = "name", position: str = "", **constants: Any
) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """Return an explode function: one row for each entry of a list column.

    Args:
        column: list column of the typed frame.
        into: column of the part that takes the entry.
        position: column of the part that takes the entry's place, empty for none.
        constants: further columns of the part with one value for all rows; None means an unknown day.
    """

    def explode(frame: pl.DataFrame) -> pl.DataFrame:
        import polars as pl  # noqa: PLC0415 - a model file is imported where no frame is ever read

        rows = frame.select("__row__", pl.col(column).alias(into)).filter(pl.col(into).list.len() > 0)
        names = [into]
        if position:
            rows = rows.with_columns(pl.int_ranges(1, pl.col(into).list.len() + 1).alias(position))
            names.append(position)
        return (
            rows.explode(*names)
            .filter(pl.col(into).is_not_null() & (pl.col(into) != ""))
            .with_columns(
                [
                    (pl.lit(None, pl.Date) if value is None else pl.lit(value)).alias(name)
                    for name, value in constants.items()
                ]
            )
        )

    return explode
