"""As published beside as known now: which rows came, which went."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

from zhicheng.apps.figures.models import SignedFigure
from zhicheng.apps.figures.queries import compute, rows

SHOWN = 50


@dataclass(frozen=True)
class Difference:
    """A published figure and what the ledger says of the same day now.

    Args:
        published: the signed figure.
        now: exact value computed now, None when it has no value any more.
        came: keys of rows that count now and did not then, the first SHOWN.
        went: keys of rows that counted then and do not now, the first SHOWN.
        came_count: how many came. went_count: how many went.
    """

    published: SignedFigure
    now: str | None
    came: tuple[str, ...] = ()
    went: tuple[str, ...] = ()
    came_count: int = 0
    went_count: int = 0

    @property
    def differs(self) -> bool:
        """Tell whether the value or a row behind it is another one now."""
        return self.now != self.published.value or bool(self.came_count or self.went_count)


def difference(figure: SignedFigure) -> Difference:
    """Compute a published figure again and say which rows explain a difference."""
    place = {"region": figure.region_code, "as_of": figure.as_of, "period": figure.period or "ytd"}
    now = compute([figure.indicator], **place)[0].text  # type: ignore[arg-type]
    if not figure.row_keys:
        return Difference(figure, now)
    then = set(zlib.decompress(bytes(figure.row_keys)).decode().split("\n")) - {""}
    current = set(rows(figure.indicator, **place)["row_key"].cast(str).to_list())  # type: ignore[arg-type]
    came, went = sorted(current - then), sorted(then - current)
    return Difference(figure, now, tuple(came[:SHOWN]), tuple(went[:SHOWN]), len(came), len(went))
