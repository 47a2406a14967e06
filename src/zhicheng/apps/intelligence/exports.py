"""What leaves the room as a table: columns of a benchmark, and the note in the audit trail that it left."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import transaction

from zhicheng.apps.accounts.public import User, record_event
from zhicheng.apps.intelligence.benchmarking import Benchmark, Row

BENCHMARK_COLUMNS = (
    "indicator", "indicator_name", "region_code", "region", "mark", "comparable", "value", "low", "high", "unit",
    "approx", "as_of_or_period", "rank", "differs", "why_refused", "nearest_comparable", "words", "publisher",
    "published_on", "title", "url", "start", "end",
)  # fmt: skip


def benchmark_line(found: Benchmark, row: Row) -> list[str]:
    """Return one row of a benchmark as cells; text that a spreadsheet could run is quoted."""
    quote = row.quote
    cells: list[Any] = [
        found.indicator.id, found.indicator.name_zh, row.code, row.name, row.mark,
        "no" if row.refusal else "" if row.value is None and row.mark == "missing" else "yes",
        _number(row.value), _number(row.low), _number(row.high), row.unit, row.approx, row.when, row.rank,
        "；".join(one.facet for one in row.differences), row.refusal.what if row.refusal else row.missing,
        row.refusal.fix if row.refusal else "", row.words,
        *((quote.publisher, quote.published_on or "", quote.title, quote.article.url, quote.start, quote.end)
          if quote else ("", "", "", "", "", "")),
    ]  # fmt: skip
    return [_safe(str(cell)) for cell in cells]


def benchmark_json(found: Benchmark, row: Row) -> dict[str, Any]:
    """Return one row of a benchmark with the same names as the columns of the file."""
    cells = benchmark_line(found, row)
    plain = {name: cell or None for name, cell in zip(BENCHMARK_COLUMNS, cells, strict=True)}
    return {**plain, "comparable": row.refusal is None, "differs": [one.facet for one in row.differences]}


def log_export(by: User | AnonymousUser, what: str, which: str, count: int) -> None:
    """Note an export in the audit trail."""
    with transaction.atomic():
        record_event(
            by=by if isinstance(by, User) else None, action=f"intelligence.export_{what}", subject=f"{what}:{which}",
            after={"rows": count},
        )  # fmt: skip


def _number(value: Any) -> str:
    return "" if value is None else f"{value:f}"


def _safe(cell: str) -> str:
    return f"'{cell}" if cell[:1] in "=+@" and cell else cell
