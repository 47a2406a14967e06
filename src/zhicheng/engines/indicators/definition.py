"""What an indicator is: a counted fact with a condition, or a ratio of two others."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal

Kind = Literal["stock", "flow", "cumulative", "ratio"]


@dataclass(frozen=True)
class Ratio:
    """One indicator over another.

    Args:
        numerator: id of the upper indicator.
        denominator: id of the lower one.
        scale: what the quotient is multiplied by, 10000 for 每万人.
        places: decimal places, half up.
    """

    numerator: str
    denominator: str
    scale: Decimal = Decimal(1)
    places: int = 2


@dataclass(frozen=True)
class Earlier:
    """A version of a definition that is no longer the current one.

    Args:
        version: its number.
        until: last day it applied; a figure as of that day or before is computed by it.
        definition: 口径 of then.
        why: why it was changed.
        where: condition of then; None where only words changed.
        parts: categories of then; None where they are the same.
    """

    version: int
    until: date
    definition: str
    why: str
    where: str | None = None
    parts: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Indicator:
    """An entry of the catalogue.

    Args:
        id: its name, the same in catalogue, command line and API.
        version: grows when the definition changes.
        kind: stock (state on a day), flow (events in a period), cumulative (events up to a day), ratio.
        link: link of the chain: creation, utilization, protection, administration, public_service, quality.
        value: `count`, `sum(column)` or `distinct(column)`.
        where: condition on the fact's rows.
        on: the dated column of a flow or cumulative.
        definition: 口径 in one line.
        unverified: True where no document settles the definition.
        check_sql: the same question asked independently over the raw tables.
        needs: columns of the fact, or tables, that must hold something; else the figure is missing, not zero.
        parts: indicators whose categories this one unites; those that are missing are named beside its value.
        earlier: definitions of former versions.
        unavailable: why nobody can say it at present; such a figure is missing until the catalogue says otherwise.
    """

    id: str
    version: int
    kind: Kind
    link: str
    name_zh: str
    name_en: str
    unit_zh: str
    unit_en: str
    definition: str
    source: str
    unverified: bool
    direction: str = "up"
    fact: str = ""
    value: str = "count"
    where: str = ""
    on: str = ""
    ratio: Ratio | None = None
    check_sql: str = ""
    needs: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    earlier: tuple[Earlier, ...] = ()
    unavailable: str = ""

    def at(self, day: date) -> Indicator:
        """The definition that applied on a day.

        Args:
            day: the as-of day of the figure.

        Returns:
            The oldest version that had not ended by then, this one when all former ones had.
        """
        held = [one for one in self.earlier if day <= one.until]
        if not held:
            return self
        then = min(held, key=lambda one: one.until)
        return replace(
            self,
            version=then.version,
            definition=then.definition,
            where=self.where if then.where is None else then.where,
            parts=self.parts if then.parts is None else then.parts,
            earlier=tuple(one for one in self.earlier if one.until < then.until),
        )

    @property
    def is_money(self) -> bool:
        """Tell whether its value is an amount in 元."""
        return self.unit_zh == "元"
