"""A figure beside its own past, its target and a rank that somebody quoted: never mixed, always named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from zhicheng.apps.figures.models import QuotedRank, SignedFigure, Target
from zhicheng.apps.figures.queries import Figure, catalogue, compute
from zhicheng.engines.indicators.periods import same_day_last_year

TENTH = Decimal("0.1")


@dataclass(frozen=True)
class Comparison:
    """A figure and what it is held against.

    Args:
        figure: as of the day asked.
        last_year: the same on the same day of last year.
        target: of the year, in the figure's unit; None where none was set.
        rank: a quoted rank of the year, None where nobody quoted one.
        better: `up` where more is better, else `down`.
        signed: True when this very value stands signed.
        signed_value: the value that stands signed for the day, empty where none does.
    """

    figure: Figure
    last_year: Figure | None = None
    target: Target | None = None
    rank: QuotedRank | None = None
    better: str = "up"
    signed_value: str = ""

    @property
    def change(self) -> Decimal | None:
        """Change on the same day of last year in percent, None where it cannot be said.

        A percentage is compared in points by `difference`; a change of definition in between is no change.
        """
        now, then = self.figure.value, self.last_year.value if self.last_year else None
        if now is None or not then or self.redefined or self.figure.unit == "%":
            return None
        return ((now - then) / then * 100).quantize(TENTH)

    @property
    def difference(self) -> Decimal | None:
        """Difference to the same day of last year, in the figure's unit (points for a percentage)."""
        then = self.last_year.value if self.last_year else None
        if self.figure.value is None or then is None or self.redefined:
            return None
        return self.figure.value - then

    @property
    def redefined(self) -> bool:
        """Tell whether last year's figure stood on another version of the definition."""
        return bool(self.last_year and self.last_year.version != self.figure.version)

    @property
    def reached(self) -> Decimal | None:
        """How much of the year's target is reached, in percent."""
        if self.figure.value is None or self.target is None or not self.target.value:
            return None
        goal: Decimal = self.target.value
        return (self.figure.value / goal * 100).quantize(TENTH)

    @property
    def improved(self) -> bool | None:
        """Tell whether it moved the way it should; None when it did not move or nobody can say."""
        if not self.difference:
            return None
        return (self.difference > 0) == (self.better == "up")

    @property
    def signed(self) -> bool:
        """Tell whether this very value stands signed."""
        return bool(self.signed_value) and self.signed_value == self.figure.text


def compare(
    ids: Sequence[str] | None, *, region: str, as_of: date, period: str = "ytd", by: str | None = None
) -> list[Comparison]:
    """Figures with last year's value, this year's target and a quoted rank; a fixed number of SQL queries.

    Args:
        ids: indicator ids, None for all.
        region: region code.
        as_of: the day.
        period: for flows.
        by: `region` for one of each region directly below.
    """
    now = compute(ids, region=region, as_of=as_of, period=period, by=by)
    before = compute(ids, region=region, as_of=same_day_last_year(as_of), period=period, by=by)
    places = {one.region for one in now}
    targets = {
        (one.indicator, one.region_code): one
        for one in Target.objects.filter(region_code__in=places, year=as_of.year)
    }
    quoted = QuotedRank.objects.filter(
        region_code__in=places, as_of__lte=as_of, as_of__gte=date(as_of.year, 1, 1)
    )
    ranks = {(one.indicator, one.region_code): one for one in quoted.order_by("as_of", "pk")}
    standing = SignedFigure.objects.filter(
        region_code__in=places, as_of=as_of, status=SignedFigure.Status.SIGNED
    )
    signed = {
        (one[0], one[1], one[2]): one[3]
        for one in standing.values_list("indicator", "region_code", "period", "value")
    }
    entries = catalogue()
    return [
        Comparison(
            one, old, targets.get((one.id, one.region)), ranks.get((one.id, one.region)), entries[one.id].direction,
            signed.get((one.id, one.region, one.period), ""),
        )
        for one, old in zip(now, before, strict=True)
    ]  # fmt: skip
