"""A what-if as Word: what was changed, what it costs, who wins and loses, with charts."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

import vl_convert
from django.utils.translation import gettext as _
from docx import Document
from docx.document import Document as DocumentType
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from zhicheng.apps.incentives.models import Scenario
from zhicheng.apps.incentives.naming import said_by_name
from zhicheng.apps.incentives.runs.evaluations import current_program
from zhicheng.apps.ledger.public import honour_names
from zhicheng.catalogue.policy_changes import read_changes, words_of

FONT, HEAD_FONT = "宋体", "黑体"
COLOURS = ("#1d5490", "#b7791f")
MOST_NAMED = 20


def scenario_word(scenario: Scenario, result: dict[str, Any]) -> bytes:
    """Return the document of a saved what-if.

    Args:
        scenario: the saved row.
        result: its result as `queries.shown` returns it.
    """
    document = _blank()
    document.add_heading(scenario.name, level=0)
    document.add_paragraph(
        _("截至 %(day)s，台账快照 %(snapshot)s。金额单位：元。")
        % {"day": scenario.as_of.isoformat(), "snapshot": scenario.snapshot}
    )
    if scenario.synthetic:
        document.add_paragraph(_("本文由演示数据算出，不是真实情况。"))
    _changes(document, scenario)
    _totals(document, result)
    for group in result["groups"]:
        _group(document, group)
    _moved(document, _("增加最多的受益人"), result["winners"], result["moved"]["winners"])
    _moved(document, _("减少最多的受益人"), result["losers"], result["moved"]["losers"])
    _notes(document, result)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _blank() -> DocumentType:
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.7)
    for name, font, size in (("Normal", FONT, 12), ("Title", HEAD_FONT, 20), ("Heading 1", HEAD_FONT, 15)):
        style = document.styles[name]
        style.font.name, style.font.size = font, Pt(size)
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    return document


def _table(
    document: DocumentType, head: tuple[str, ...], rows: list[tuple[str, ...]], *, widths: tuple[Cm, ...] = ()
) -> None:
    table = document.add_table(rows=1, cols=len(head), style="Light Grid Accent 1")
    for cell, words in zip(table.rows[0].cells, head, strict=True):
        cell.text = words
    for row in rows:
        for cell, words in zip(table.add_row().cells, row, strict=True):
            cell.text = words
    for row_of in table.rows if widths else ():
        for cell, width in zip(row_of.cells, widths, strict=True):
            cell.width = width


def _money(value: Decimal) -> str:
    return f"{value:,.2f}"


def _changes(document: DocumentType, scenario: Scenario) -> None:
    document.add_heading(_("改动"), level=1)
    program = current_program(examples=scenario.examples)
    for one in read_changes(scenario.changes).changes:
        document.add_paragraph(words_of(one, program), style="List Bullet")


def _totals(document: DocumentType, result: dict[str, Any]) -> None:
    document.add_heading(_("总额"), level=1)
    rows: list[tuple[str, ...]] = [
        (_("现行"), _money(result["baseline"])),
        (_("调整后"), _money(result["variant"])),
        (_("差额"), _money(result["difference"])),
        (_("增加的受益人"), str(result["moved"]["winners"])),
        (_("减少的受益人"), str(result["moved"]["losers"])),
    ]
    rows += [
        (_("前 %(size)s 家占比") % {"size": one["size"]}, f"{one['baseline']:.2f}% → {one['variant']:.2f}%")
        for one in result["top"]
    ]
    _table(document, (_("项目"), _("数额")), rows)


def _group(document: DocumentType, group: dict[str, Any]) -> None:
    document.add_heading(_("按%(group)s") % {"group": group["title"]}, level=1)
    if not group["rows"]:
        document.add_paragraph(_("没有金额。"))
        return
    document.add_picture(io.BytesIO(_picture(group["chart"])), width=Cm(15))
    _table(
        document,
        (group["title"], _("现行"), _("调整后"), _("差额")),
        [
            (one["name"], _money(one["baseline"]), _money(one["variant"]), _money(one["difference"]))
            for one in group["rows"]
        ],
    )


def _picture(chart: dict[str, Any]) -> bytes:
    """The chart of the page as PNG."""
    values = [
        {"x": label, "side": series["name"], "y": series["values"][number]}
        for series in chart["series"]
        for number, label in enumerate(chart["x"])
    ]
    across = {"field": "x", "type": "nominal", "sort": None, "axis": {"title": None, "labelAngle": 0}}
    amount = {"field": "y", "type": "quantitative", "axis": {"title": chart["unit"]}}
    offset = {"field": "side", "sort": None}
    sideways = chart["kind"] == "hbar"
    spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": 560,
        "height": max(160, 34 * len(chart["x"])) if sideways else 240,
        "config": {"font": "Noto Sans CJK SC"},
        "data": {"values": values},
        "mark": "bar",
        "encoding": {
            ("y" if sideways else "x"): across,
            ("x" if sideways else "y"): amount,
            ("yOffset" if sideways else "xOffset"): offset,
            "color": {"field": "side", "scale": {"range": list(COLOURS)}, "sort": None, "title": None},
        },
    }
    return bytes(vl_convert.vegalite_to_png(spec, scale=2))


def _moved(document: DocumentType, title: str, rows: list[dict[str, Any]], count: int) -> None:
    if not rows:
        return
    names = honour_names()
    document.add_heading(title, level=1)
    if count > len(rows[:MOST_NAMED]):
        words = _("共 %(count)s 家，以下为差额最大的 %(shown)s 家。")
        document.add_paragraph(words % {"count": count, "shown": len(rows[:MOST_NAMED])})
    _table(
        document,
        (_("受益人"), _("差额"), _("理由")),
        [
            (
                one.get("name") or one["beneficiary"],
                _money(one["difference"]),
                said_by_name("\n".join(one["reasons"]), names),
            )
            for one in rows[:MOST_NAMED]
        ],
        widths=(Cm(4), Cm(3.2), Cm(8.4)),
    )


def _notes(document: DocumentType, result: dict[str, Any]) -> None:
    document.add_heading(_("单项影响、预算与提示"), level=1)
    for one in result["sensitivity"]:
        document.add_paragraph(f"{one['change']}：{one['difference']:+,.2f}", style="List Bullet")
    for side, words in (("baseline", _("现行")), ("variant", _("调整后"))):
        for one in result["shortages"][side]:
            document.add_paragraph(
                _("%(side)s：%(budget)s %(year)s 年预算在 %(month)s 月用尽，缺 %(missing)s 元")
                % {
                    "side": words,
                    **one,
                    "missing": _money(Decimal(one["missing"])),
                    "budget": one.get("label", one["budget"]),
                },
                style="List Bullet",
            )
    if result["replay"]["rows"]:
        _group(document, {"title": _("年度（历史回放）"), **result["replay"]})
    projection = result["projection"]
    document.add_paragraph(
        _("推算下一年：现行 %(baseline)s 元，调整后 %(variant)s 元（%(assumption)s）")
        % {**projection, **{side: _money(Decimal(projection[side])) for side in ("baseline", "variant")}},
        style="List Bullet",
    )
    for words in result["warnings"]:
        document.add_paragraph(_("注意：%(words)s") % {"words": words}, style="List Bullet")
