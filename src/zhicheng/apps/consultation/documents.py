"""Word documents of the room: the frozen list as submitted, and the letter to a speaker."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.oxml.text.font import CT_RPr
from docx.shared import Cm, Pt

from zhicheng.apps.consultation.models import Letter, Package
from zhicheng.apps.consultation.record_language import in_record_language

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# The fonts of GB/T 9704 official documents; Word falls back by itself where they are missing.
TITLE, BODY = "方正小标宋简体", "仿宋"


def _east_asian(properties: CT_RPr | None, font: str) -> None:
    """Name the font of Chinese characters, which Word keeps beside that of Latin letters."""
    fonts = properties.rFonts if properties is not None else None
    assert fonts is not None, "naming a font made it"
    fonts.set(qn("w:eastAsia"), font)


def _new(title: str) -> Any:
    paper = Document()
    section = paper.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = (
        Cm(3.7),
        Cm(3.5),
        Cm(2.8),
        Cm(2.6),
    )
    style = paper.styles["Normal"]
    style.font.name, style.font.size = BODY, Pt(14)
    _east_asian(style.element.rPr, BODY)
    head = paper.add_paragraph()
    head.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = head.add_run(title)
    run.font.size, run.font.name = Pt(20), TITLE
    _east_asian(run._element.rPr, TITLE)
    return paper


def _bytes(paper: Any) -> bytes:
    out = BytesIO()
    paper.save(out)
    return out.getvalue()


@in_record_language
def package_document(package: Package) -> bytes:
    """Return a frozen list as Word: exactly what was submitted, with its number and hash."""
    paper = _new(f"{package.get_kind_display()}清单")
    paper.add_paragraph(f"编号：{package.number}")
    paper.add_paragraph(f"议题：{package.session.topic}（{package.session.held_on}）")
    paper.add_paragraph(f"呈报日期：{package.submitted_on}")
    if package.session.synthetic:
        paper.add_paragraph("演示数据：由程序生成，不代表真实情况。")
    table = paper.add_table(rows=1, cols=4)
    table.style = "Table Grid"
    for cell, words in zip(table.rows[0].cells, ("编号", "事项", "内容", "提出人"), strict=True):
        cell.text = words
    for one in package.content:
        cells = table.add_row().cells
        cells[0].text, cells[1].text, cells[2].text = one["number"], one["title"], one["text"]
        cells[3].text = "、".join(one["speakers"])
    paper.add_paragraph("批示：")
    paper.add_paragraph("\n")
    foot = paper.add_paragraph(f"内容摘要 SHA-256：{package.content_hash}")
    foot.runs[0].font.size = Pt(9)
    return _bytes(paper)


def letter_document(letter: Letter) -> bytes:
    """Return a letter as Word."""
    paper = _new(letter.subject or "反馈函")
    paper.add_paragraph(f"{letter.speaker.title}：")
    for line in letter.text.splitlines():
        paragraph = paper.add_paragraph(line)
        paragraph.paragraph_format.first_line_indent = Pt(28)
    if letter.speaker.session.synthetic:
        paper.add_paragraph("演示数据：由程序生成，不代表真实情况。")
    end = paper.add_paragraph(f"政协办公室\n{letter.sent_on}")
    end.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    return _bytes(paper)
