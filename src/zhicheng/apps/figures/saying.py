"""Figures as the command line and the API say them: exact values as text, nothing where there is none."""

from __future__ import annotations

from decimal import Decimal

from zhicheng.apps.figures.comparing import Comparison
from zhicheng.apps.figures.queries import Figure

KEYS = ("id", "version", "kind", "name", "value", "unit", "region", "as_of", "period", "snapshot", "rows")


def as_json(figure: Figure) -> dict[str, object]:
    """A figure with the keys that the command line and the API promise."""
    return {
        "id": figure.id, "version": figure.version, "kind": figure.kind, "name": figure.name, "value": figure.text,
        "unit": figure.unit, "region": figure.region, "as_of": figure.as_of.isoformat(), "period": figure.period or None,
        "snapshot": figure.snapshot, "rows": figure.rows,
    }  # fmt: skip


def with_comparison(one: Comparison) -> dict[str, object]:
    """A figure with what it is held against and with what it lacks."""
    rank = one.rank
    return {
        **as_json(one.figure),
        "missing": one.figure.missing or None,
        "incomplete": list(one.figure.incomplete),
        "last_year": one.last_year.text if one.last_year else None,
        "change_percent": _text(one.change),
        "difference": _text(one.difference),
        "target": _text(one.target.value) if one.target else None,
        "target_source": one.target.source_title if one.target else None,
        "quoted_rank": rank.rank_text if rank else None,
        "quoted_rank_source": rank.source_title if rank else None,
        "quoted_rank_as_of": rank.as_of.isoformat() if rank and rank.as_of else None,
        "published": one.signed_value or None,
    }


def shortfall(figure: Figure) -> str:
    """What a figure lacks, in one line; empty when it lacks nothing."""
    if figure.missing:
        return f"{figure.id}（{figure.region}）没有数值：{figure.missing}。"
    if figure.incomplete:
        return f"{figure.id}（{figure.region}）没有计入缺数据的类别：{'、'.join(figure.incomplete)}。"
    return ""


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"
