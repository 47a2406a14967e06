"""What python-docx has no words for: East Asian fonts, two-character indents, page numbers, content controls, parts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import quoteattr

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor

from zhicheng.engines.bulletins.document import Document, Number
from zhicheng.engines.bulletins.formats import plain

NUMBERS = "urn:zhicheng:bulletin-numbers:1"
NUMBERS_PART = "/customXml/zhichengNumbers.xml"
TAG = re.compile(r"zc-(\d{1,5})")
# A style of its own, because some programs take the size of a content control from its paragraph.
CELL = "Bulletin Cell"
LINE_PITCH = 28
TEXT_WIDTH = 15.6
SOURCE_WIDTHS = (0.9, 2.4, 1.8, 2.0, 3.2, 1.9, 2.2, 1.2)


@dataclass(frozen=True)
class Font:
    """An East Asian font and what stands in for it where it is not installed."""

    name: str
    latin: str
    substitute: str


TITLE = Font("方正小标宋简体", "Times New Roman", "Noto Serif CJK SC")
LEAD = Font("黑体", "Times New Roman", "Noto Sans CJK SC")
BODY = Font("仿宋_GB2312", "Times New Roman", "Noto Serif CJK SC")


def prepare(word: Any, title: str) -> None:
    """Set page, margins, default font, core properties and page number."""
    section = word.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.top_margin, section.bottom_margin = Cm(3.7), Cm(3.5)
    section.left_margin, section.right_margin = Cm(2.8), Cm(2.6)
    word.core_properties.title = title
    word.core_properties.author = word.core_properties.comments = ""
    word.core_properties.language = "zh-CN"
    style = word.styles["Normal"]
    style.font.name = BODY.latin
    style.font.size = Pt(16)
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), BODY.name)
    _speak_chinese(word)
    cell = word.styles.add_style(CELL, WD_STYLE_TYPE.PARAGRAPH)
    cell.base_style = style
    cell.font.size = Pt(10.5)
    for name in ("Title", "Heading 1", "Heading 2", "Heading 3"):
        _plain_style(word.styles[name])
    paragraph = section.footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for text, field in (("— ", ""), ("", "PAGE"), (" —", "")):
        run = paragraph.add_run(text)
        style_run(run, BODY, 14)
        if field:
            _field(run, field)


def _speak_chinese(word: Any) -> None:
    """Say that the text is simplified Chinese, or a program may pick glyphs of another script."""
    for lang in word.styles.element.iter(qn("w:lang")):
        lang.set(qn("w:val"), "zh-CN")
        lang.set(qn("w:eastAsia"), "zh-CN")


def _plain_style(style: Any) -> None:
    """Headings of the built-in styles are blue and underlined; an official document is black."""
    style.font.color.rgb = RGBColor(0, 0, 0)
    properties = style.element.get_or_add_pPr()
    for border in properties.findall(qn("w:pBdr")):
        properties.remove(border)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{name}"), None)


def _field(run: Any, code: str) -> None:
    for kind in ("begin", "", "end"):
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.set(qn("xml:space"), "preserve")
            mark.text = code
        run._r.append(mark)


def style_run(run: Any, font: Font, size: float) -> None:
    """Give a run its Latin and East Asian font and its size."""
    run.font.name = font.latin
    run.font.size = Pt(size)
    run.font.bold = False
    run.font.color.rgb = RGBColor(0, 0, 0)
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font.name)


def indent_two(paragraph: Any) -> None:
    """Indent the first line by two characters, whatever the size of type."""
    indent = paragraph._p.get_or_add_pPr().get_or_add_ind()
    indent.set(qn("w:firstLineChars"), "200")
    indent.set(qn("w:firstLine"), "640")


def lock(run: Any, number: int, one: Number) -> None:
    """Wrap a run in a content control that carries the number's place in the list."""
    control = parse_xml(
        f"<w:sdt {nsdecls('w')}><w:sdtPr><w:alias w:val={quoteattr(one.figure.name[:60])}/>"
        f'<w:tag w:val="zc-{number}"/><w:text/></w:sdtPr><w:sdtContent/></w:sdt>'
    )
    run._r.addprevious(control)
    control.find(qn("w:sdtContent")).append(run._r)


def fix_widths(table: Any, lines: Iterable[tuple[Any, ...]], widths: tuple[float, ...]) -> None:
    """Give the columns of a table their widths in cm, and keep Word from changing them."""
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    for cells in lines:
        for cell, width in zip(cells, widths, strict=True):
            cell.width = Cm(width)


def repeat_header(row: Any) -> None:
    """Repeat the first row of a table on every page."""
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)


def attach_numbers(word: Any, document: Document, numbers: tuple[Number, ...], reference: str) -> None:
    """Add the list of locked numbers as a custom XML part, so that a check knows what stood where."""
    lines = [_number_xml(index, one) for index, one in enumerate(numbers, 1)]
    head = f"xmlns={quoteattr(NUMBERS)} region={quoteattr(document.region)} as_of={quoteattr(str(document.as_of))}"
    opened = f'<?xml version="1.0" encoding="UTF-8"?>\n<bulletin {head} reference={quoteattr(reference)}>'
    xml = f"{opened}{''.join(lines)}</bulletin>"
    part = Part(PackURI(NUMBERS_PART), "application/xml", xml.encode(), word.part.package)
    word.part.relate_to(part, RELATIONSHIP_TYPE.CUSTOM_XML)


def _number_xml(index: int, one: Number) -> str:
    figure = one.figure
    values = {
        "n": str(index), "id": figure.id, "name": figure.name, "region": figure.region, "as_of": str(figure.as_of), "period": figure.period,
        "version": str(figure.version), "value": plain(figure.value), "snapshot": figure.snapshot, "form": one.form,
        "role": one.role, "written": one.written,
    }  # fmt: skip
    return f"<number {' '.join(f'{name}={quoteattr(value)}' for name, value in values.items())}/>"


def name_fonts(word: Any) -> None:
    """List the fonts with their substitutes in the font table, for machines that lack them."""
    table = next(
        (part for part in word.part.package.iter_parts() if str(part.partname) == "/word/fontTable.xml"), None
    )
    if table is None:
        return
    listed = "".join(
        f'<w:font w:name="{one.name}"><w:altName w:val="{one.substitute}"/><w:charset w:val="86"/>'
        f'<w:family w:val="auto"/><w:pitch w:val="variable"/></w:font>'
        for one in (TITLE, LEAD, BODY)
    )
    table._blob = table.blob.replace(b"</w:fonts>", listed.encode() + b"</w:fonts>")
