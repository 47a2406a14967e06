"""Peers on a figure's page: own figures computed, others' quoted, pairs that do not compare refused with the reason."""

from __future__ import annotations

from typing import Any

from zhicheng.apps.accounts.public import may
from zhicheng.apps.intelligence.benchmarking import benchmark
from zhicheng.apps.web.public import Place, Section

SHOWN = 8
REFUSED = 4


def section(identity: str, user: Any, place: Place) -> Section | None:
    """The card of peers; nothing for those who do not read public texts."""
    if not may(user, "intelligence.view"):
        return None
    found = benchmark(user, identity, place)
    quoted = [row for row in found.rows if row.mark == "quoted"]
    own = [row for row in found.rows if row.mark == "computed" and (row.code == place.region or quoted)]
    rows = sorted([*own, *quoted], key=lambda row: (row.value is None, -(row.value or 0)))
    context = {
        "found": found, "rows": rows[:SHOWN] if quoted else [], "bounds": found.bounds[:REFUSED],
        "refused": found.refused[:REFUSED], "more": len(rows) > SHOWN or len(found.refused) > REFUSED,
    }  # fmt: skip
    return Section("intelligence/_peers.html", context)
