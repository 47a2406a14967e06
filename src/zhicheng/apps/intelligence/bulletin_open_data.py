"""The numbers of a published bulletin as open data: CSV and JSON with definitions and licence."""

from __future__ import annotations

import csv
import io
from typing import Any

from zhicheng.apps.intelligence.bulletin_models import Bulletin

LICENCE = "CC BY 4.0"
LICENCE_URL = "https://creativecommons.org/licenses/by/4.0/"
COLUMNS = (
    "id", "name", "value", "unit", "kind", "region", "region_name", "as_of", "period", "version", "definition",
    "source", "snapshot", "rows", "written", "role",
)  # fmt: skip


def as_csv(row: Bulletin) -> str:
    """Return the numbers as CSV: one line a figure, the bulletin, its state and the licence in every line."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([*COLUMNS, "bulletin", "status", "notice", "licence", "synthetic"])
    tail = [row.title, row.status, row.why, LICENCE, "yes" if row.synthetic else "no"]
    for one in row.figures:
        cells = ["、".join(one["written"]) if name == "written" else one[name] for name in COLUMNS]
        writer.writerow([_safe(str(cell)) for cell in [*cells, *tail]])
    return "\ufeff" + out.getvalue()


def as_json(row: Bulletin) -> dict[str, Any]:
    """Return a published bulletin with its numbers; a withdrawn one without its text."""
    return {
        **as_line(row),
        "notice": row.why or None,
        "licence": {"name": LICENCE, "url": LICENCE_URL},
        "figures": row.figures,
        "markdown": None if row.status == Bulletin.Status.WITHDRAWN else row.markdown,
    }


def as_line(row: Bulletin) -> dict[str, Any]:
    """Return what a list says of a bulletin."""
    return {
        "number": row.pk, "title": row.title, "status": row.status, "region": row.region_code,
        "as_of": row.as_of.isoformat(), "revision": row.revision, "replaces": row.replaces_id,
        "published_at": row.published_at.isoformat() if row.published_at else None, "synthetic": row.synthetic,
    }  # fmt: skip


def _safe(cell: str) -> str:
    return f"'{cell}" if cell[:1] in "=+-@" and cell else cell
