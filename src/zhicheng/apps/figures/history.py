"""As published beside as known now: which rows came, which went."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from zhicheng.apps.figures.labels import record_of, records_named
from zhicheng.apps.figures.lineage import counted, rows
from zhicheng.apps.figures.models import SignedFigure
from zhicheng.apps.figures.queries import compute

SHOWN = 50


@dataclass(frozen=True)
class Row:
    """A row that explains a difference.

    Args:
        key: its key. name: what it is in words, the key itself when it is gone. href: its record, empty when gone.
    """

    key: str
    name: str
    href: str = ""


@dataclass(frozen=True)
class Difference:
    """A published figure and what the ledger says of the same day now.

    Args:
        published: the signed figure.
        now: exact value computed now, None when it has no value any more.
        version: of the definition that computed it now.
        came: rows that count now and did not then, the first SHOWN.
        went: rows that counted then and do not now, the first SHOWN.
        came_count: how many came. went_count: how many went.
    """

    published: SignedFigure
    now: str | None
    version: int
    came: tuple[Row, ...] = ()
    went: tuple[Row, ...] = ()
    came_count: int = 0
    went_count: int = 0

    @property
    def differs(self) -> bool:
        """Tell whether the value or a row behind it is another one now."""
        return self.now != self.published.value or bool(self.came_count or self.went_count)

    @property
    def change(self) -> Decimal | None:
        """What is known now minus what was published."""
        try:
            return Decimal(self.now or "") - Decimal(self.published.value)
        except InvalidOperation:
            return None


def difference(figure: SignedFigure) -> Difference:
    """Compute a published figure again and say which rows explain a difference."""
    region, as_of, period = figure.region_code, figure.as_of, figure.period or "ytd"
    now = compute([figure.indicator], region=region, as_of=as_of, period=period)[0]
    if not figure.row_keys:
        return Difference(figure, now.text, now.version)
    then = set(zlib.decompress(bytes(figure.row_keys)).decode().split("\n")) - {""}
    found = rows(figure.indicator, region=region, as_of=as_of, period=period)
    current = set(found["row_key"].cast(str).to_list())
    came, went = sorted(current - then), sorted(then - current)
    fact, _ = counted(figure.indicator, figure.as_of)
    names = records_named(fact, [*came[:SHOWN], *went[:SHOWN]])
    return Difference(
        figure, now.text, now.version, tuple(_row(key, record_of(fact), names) for key in came[:SHOWN]),
        tuple(_row(key, record_of(fact), names) for key in went[:SHOWN]), len(came), len(went),
    )  # fmt: skip


def _row(key: str, record: str, names: dict[str, str]) -> Row:
    return Row(key, names.get(key, key), f"/records/{record}/{key}/" if record and key in names else "")
