"""Template tags every room uses: links that keep the place, icons, numbers, small drawings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django import template
from django.template.context import Context
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from zhicheng.apps.web import drawing, outlines, writing
from zhicheng.apps.web.place import CARRIED

register = template.Library()
MAPPED = ("code", "name", "value", "href", "row", "column")
ICONS = Path(__file__).resolve().parents[1] / "static" / "vendor" / "tabler-icons-3.51.0"


@lru_cache(maxsize=256)
def _icon_svg(name: str) -> str:
    svg = (ICONS / f"{name}.svg").read_text(encoding="utf-8")
    paths = "".join(re.findall(r"<(?:path|circle|rect|line|polyline)\b[^>]*/>", svg))
    return f'<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{paths}</svg>'


@register.simple_tag
def icon(name: str) -> SafeString:
    """Draw a vendored icon; it always stands beside a word."""
    return mark_safe(_icon_svg(name))  # noqa: S308  # the file is ours


def _carried(context: Context) -> dict[str, str]:
    request = context.get("request")
    given = request.GET if request is not None else {}
    return {name: given[name] for name in CARRIED if given.get(name)}


def _with_query(path: str, query: dict[str, Any]) -> str:
    kept = {name: value for name, value in query.items() if value not in (None, "")}
    path, _mark, own = path.partition("?")
    named = {pair.partition("=")[0] for pair in own.split("&")}
    further = urlencode({name: value for name, value in kept.items() if name not in named}, doseq=True)
    both = "&".join(part for part in (own, further) if part)
    return f"{path}?{both}" if both else path


@register.simple_tag(takes_context=True)
def link(context: Context, view: str, *args: Any, **query: Any) -> str:
    """Return the address of a view (or of a path that begins with /) at the same region, date and period."""
    path = view if view.startswith("/") else reverse(view, args=args)
    return _with_query(path, {**_carried(context), **query})


@register.simple_tag(takes_context=True)
def page_title(context: Context) -> SafeString:
    """Return what the page wrote into its block `title`, to be its heading as well."""
    block = context.render_context[BLOCK_CONTEXT_KEY].get_block("title")
    return mark_safe(block.nodelist.render(context)) if block else mark_safe("")  # noqa: S308  # rendered


@register.simple_tag(takes_context=True)
def here(context: Context, **changes: Any) -> str:
    """Return the address of this page with some parameters changed, or dropped when empty."""
    request = context["request"]
    query: dict[str, Any] = {name: request.GET.getlist(name) for name in request.GET}
    query.update(changes)
    return _with_query(request.path, query)


@register.simple_tag(takes_context=True)
def kept_fields(context: Context, *names: str) -> list[tuple[str, str]]:
    """Return name and value of the place's parameters (or of those named) for hidden fields of a form."""
    request = context["request"]
    wanted = names or CARRIED
    return [(name, value) for name in wanted for value in request.GET.getlist(name) if value]


@register.filter
def number(value: Any, places: int | None = None) -> str:
    """Write a number with thousands separators; missing is a dash, not zero."""
    return writing.grouped(value, places)


@register.filter
def amount_value(value: Any, unit: str) -> str:
    """Write the value of an amount at the size a person reads (万元, 亿元)."""
    return writing.amount(value, unit)[0]


@register.filter
def amount_unit(value: Any, unit: str) -> str:
    """Write the unit that belongs to `amount_value`."""
    return writing.amount(value, unit)[1]


@register.filter
def said(one: Any, what: str) -> str:
    """What an indicator calls its `name` or `unit` in the language of the page."""
    return writing.said(one, what)


@register.filter
def signed(value: Any, places: int = 1) -> str:
    """Write a change with its sign; what does not change has none."""
    text = writing.grouped(value, places)
    if text == "—" or not text.strip("-0.,"):
        return text.lstrip("-")
    return text.replace("-", "−") if text.startswith("-") else f"+{text}"


@register.filter
def masked_phone(value: str) -> str:
    """Hide the middle of a telephone number."""
    return f"{value[:3]}****{value[-4:]}" if len(value) >= 11 else "****" if value else ""


@register.inclusion_tag("web/_sparkline.html")
def sparkline(values: Sequence[Any], label: str = "") -> dict[str, Any]:
    """Draw a short series as a small line; nothing when fewer than two values are known."""
    return {"drawing": drawing.sparkline(values or ()), "label": label}


@register.inclusion_tag("web/_tile_map.html")
def tile_map(cells: Sequence[Any], unit: str = "") -> dict[str, Any]:
    """Draw counties shaded by value: in the outlines of the city's own file, or as tiles of a schematic map.

    Args:
        cells: dicts or objects with name, value (None when missing), href (empty for no link), and where the
            region has a place in a schematic map, code, row and column.
    """
    known = [
        cell if isinstance(cell, dict) else {name: getattr(cell, name) for name in MAPPED} for cell in cells
    ]
    levels = drawing.shades([cell.get("value") for cell in known])
    drawn = outlines.outline_map([cell.get("code", "") for cell in known])
    shaded = [
        {**cell, "shade": level, "outline": drawn.outlines.get(cell.get("code", ""))}
        for cell, level in zip(known, levels, strict=True)
    ]
    return {
        "cells": shaded, "unit": unit, "levels": range(1, drawing.SHADES + 1), "drawn": drawn,
        "placed": all(cell.get("row") for cell in known),
    }  # fmt: skip


@register.inclusion_tag("web/_ranking.html")
def ranking(cells: Sequence[Any], unit: str = "") -> dict[str, Any]:
    """Draw rows with name and value as bars, largest first; missing values stand last and have no bar."""
    rows = [
        cell if isinstance(cell, dict) else {name: getattr(cell, name) for name in MAPPED} for cell in cells
    ]
    known = sorted((row for row in rows if row.get("value") is not None), key=lambda row: -row["value"])
    missing = [row for row in rows if row.get("value") is None]
    largest = known[0]["value"] if known else 0
    drawn = [{**row, "length": drawing.bar_length(row.get("value"), largest)} for row in (*known, *missing)]
    return {"rows": drawn, "unit": unit}


@register.inclusion_tag("web/_bar.html")
def bar(value: Any, largest: Any) -> dict[str, Any]:
    """Draw one value as a bar beside the largest of its group; the number itself stands in the cell beside it."""
    return {"length": drawing.bar_length(value, largest)}


@register.inclusion_tag("web/_chart.html")
def chart(chart_id: str, data: dict[str, Any], summary: str = "", size: str = "") -> dict[str, Any]:
    """Draw a chart with its table twin.

    Args:
        chart_id: unique on the page.
        data: {kind, unit, x, series: [{name, values, role, labels}]}; see web/charts.js.
        summary: the chart in one sentence. size: "", "low" or "high".
    """
    rows = [
        {"label": label, "values": [series["values"][index] for series in data["series"]]}
        for index, label in enumerate(data["x"])
    ]
    return {"chart_id": chart_id, "data": data, "rows": rows, "summary": summary, "size": size}


@register.inclusion_tag("web/_progress.html")
def progress(done: int, total: int, words: str = "", poll: str = "") -> dict[str, Any]:
    """Draw progress; while `poll` names an address, htmx asks it every second and swaps the answer in."""
    share = min(100.0, done / total * 100) if total else 0.0
    return {"done": done, "total": total, "share": f"{share:.1f}", "words": words, "poll": poll}
