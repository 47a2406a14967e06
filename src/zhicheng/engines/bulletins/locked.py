"""What a template may draw on: signed figures as they were signed, what is known now, quoted ranks, lists of names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import MappingProxyType


@dataclass(frozen=True, order=True)
class FigureKey:
    """Which figure is meant.

    Args:
        id: indicator of the catalogue.
        region: six-digit code.
        as_of: Beijing calendar day.
        period: ytd, month, quarter or year; counts for flows only.
    """

    id: str
    region: str
    as_of: date
    period: str


@dataclass(frozen=True)
class SignedValue:
    """A figure as it was signed, with everything a source table says of it.

    Args:
        value: exact, in ``unit``.
        kind: stock, flow, cumulative or ratio.
        period: ytd, month … for a flow, empty otherwise.
        definition: in words; ``version`` is its version.
        source: document that the definition stands on.
        snapshot: id of the ledger snapshot it was computed from; ``rows`` how many rows are behind it.
        signed_on: day it was signed, None when it was not recorded.
    """

    id: str
    name: str
    value: Decimal
    unit: str
    kind: str
    region: str
    region_name: str
    as_of: date
    period: str
    version: int
    definition: str
    source: str
    snapshot: str
    rows: int
    signed_on: date | None = None

    @property
    def when(self) -> str:
        """The time it speaks about, in words."""
        day = f"{self.as_of:%Y-%m-%d}"
        words = {"ytd": "本年至", "month": "本月至", "quarter": "本季度至", "year": "全年，至"}
        return f"{words.get(self.period, '至')}{day}" if self.kind == "flow" else f"截至{day}"


@dataclass(frozen=True)
class Known:
    """What is known of one figure.

    Args:
        name: of the indicator, for messages; empty when the catalogue has no such id.
        signed: as signed, None when it is not.
        prepared: somebody has prepared it and it waits for a signature.
        now: exact value computed now, None when there is none; ``missing`` says why.
        version: of the definition now.
        withdrawn: reason, when it was signed once and then withdrawn.
        near: ids alike, when there is no such id.
    """

    name: str
    signed: SignedValue | None = None
    prepared: bool = False
    now: Decimal | None = None
    missing: str = ""
    version: int = 0
    withdrawn: str = ""
    near: tuple[str, ...] = ()

    @property
    def state(self) -> str:
        """Return unknown, missing, unsigned, prepared, withdrawn, changed or signed."""
        if not self.name:
            return "unknown"
        if self.signed is None:
            if self.withdrawn:
                return "withdrawn"
            if self.now is None:
                return "missing"
            return "prepared" if self.prepared else "unsigned"
        if self.now is None or self.now != self.signed.value or self.version != self.signed.version:
            return "changed"
        return "signed"


@dataclass(frozen=True)
class QuotedPlace:
    """A rank that somebody else published: quoted with its source, never computed here."""

    text: str
    scope: str
    source: str
    value: int | None = None


@dataclass(frozen=True)
class Place:
    """A region: code and name."""

    code: str
    name: str


@dataclass(frozen=True)
class Facts:
    """Everything a build looks up; what is not in here is not known.

    Args:
        figures: by key.
        ranks: by key; the period does not matter for a rank.
        names: by key and column, the list of names behind a signed figure.
        children: regions directly below a region, in order.
    """

    figures: Mapping[FigureKey, Known] = field(default_factory=lambda: MappingProxyType({}))
    ranks: Mapping[FigureKey, QuotedPlace] = field(default_factory=lambda: MappingProxyType({}))
    names: Mapping[tuple[FigureKey, str], tuple[str, ...]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    children: Mapping[str, tuple[Place, ...]] = field(default_factory=lambda: MappingProxyType({}))
