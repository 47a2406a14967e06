"""Charts as pictures: one series of locked numbers, bars by region or a line over years."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from zhicheng.engines.bulletins.document import Chart
from zhicheng.engines.bulletins.formats import plain
from zhicheng.kernel.refusals import Refusal

INK = "#1f4e79"
FONT = "Noto Sans CJK SC, sans-serif"
WIDTH = 560
_AXIS = {"labelFontSize": 12, "labelColor": "#3a4656", "domainColor": "#b8c0cc", "tickColor": "#b8c0cc"}


def chart_svg(chart: Chart) -> str:
    """Draw a chart as SVG.

    Raises:
        Refusal: the drawing program failed.
    """
    return _svg(chart)


def chart_png(chart: Chart, *, scale: float = 3.0) -> bytes:
    """Draw a chart as PNG; ``scale`` 3 is sharp on paper."""
    import vl_convert  # noqa: PLC0415 - starts a browser engine that only a chart pays for

    try:
        return bytes(vl_convert.svg_to_png(chart_svg(chart), scale=scale))
    except ValueError as error:
        raise Refusal(f"图“{chart.title}”画不出来：{error}。", fix="请改用表格，或告知管理员。") from error


@lru_cache(maxsize=64)
def _svg(chart: Chart) -> str:
    import vl_convert  # noqa: PLC0415 - starts a browser engine that only a chart pays for

    try:
        return str(vl_convert.vegalite_to_svg(spec(chart)))
    except ValueError as error:
        raise Refusal(f"图“{chart.title}”画不出来：{error}。", fix="请改用表格，或告知管理员。") from error


def spec(chart: Chart) -> dict[str, Any]:
    """The chart in Vega-Lite; values are those of the figures, labels the numbers as written."""
    values = [
        {"label": label, "value": float(plain(point.figure.value)) / chart.scale, "written": point.text}
        for label, point in zip(chart.labels, chart.points, strict=True)
    ]
    lies = chart.kind == "bar" and len(values) > 6
    label: dict[str, Any] = {"field": "label", "type": "nominal", "sort": None, "title": None}
    value = {"field": "value", "type": "quantitative", "title": chart.unit, "axis": {"grid": True, **_AXIS}}
    label["axis"] = {**_AXIS, "labelAngle": 0, "labelLimit": 140, "domain": True}
    place = {"y": label, "x": value} if lies else {"x": label, "y": value}
    if chart.kind == "line":
        value["scale"] = {"zero": False, "nice": True}
    mark: dict[str, Any] = (
        {"type": "line", "color": INK, "point": {"filled": True, "color": INK, "size": 50}, "strokeWidth": 2}
        if chart.kind == "line"
        else {"type": "bar", "color": INK, "height" if lies else "width": {"band": 0.6}}
    )
    beside = {"align": "left", "dx": 4} if lies else {"dy": -10}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": WIDTH, "height": 24 * len(values) if lies else 200, "background": "white", "data": {"values": values},
        "config": {"font": FONT, "axis": {"titleFontSize": 12, "titleFontWeight": "normal", "gridColor": "#e4e8ee"},
                   "view": {"stroke": None}},
        "layer": [
            {"mark": mark, "encoding": place},
            {"mark": {"type": "text", "fontSize": 12, "color": "#1a2330", **beside},
             "encoding": {**place, "text": {"field": "written", "type": "nominal"}}},
        ],
    }  # fmt: skip
