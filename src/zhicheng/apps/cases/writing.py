"""Word documents of a case: the text of the matter's template, and the note on time limits given to the party."""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.conf import settings
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt
from docxtpl import DocxTemplate
from jinja2.sandbox import SandboxedEnvironment

from zhicheng.apps.cases.models import Handling
from zhicheng.engines.procedures.definition import Matter
from zhicheng.engines.procedures.parts import Template
from zhicheng.kernel.derivation import Due

PLACE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
FONT = "FangSong"
# The part of a Word file that holds its text, and the fixed day it bears in the archive: equal texts, equal files.
TEXT = "word/document.xml"
WRITTEN = (1980, 1, 1, 0, 0, 0)


def document(
    template: Template, *, matter: Matter, facts: Mapping[str, str], number: str, office: str, on: date,
    limits: Sequence[tuple[str, Due]] = (),
) -> bytes:  # fmt: skip
    """Write a document as Word.

    A city may lay its own form `document_templates/<matter>.<template>.docx` into its data folder; it is filled in by
    the same names. Otherwise the text of the definition is set plainly.

    Args:
        template: its definition.
        matter: the matter, for its name.
        facts: name → words for the places.
        number: its number, empty for none.
        office: the office that issues it.
        on: the day of issue.
        limits: name and due day with derivation, where the note on time limits belongs to it.
    """
    own = Path(settings.ZHICHENG_HOME) / "document_templates" / f"{matter.code}.{template.id}.docx"
    lines = filled(template.text, facts)
    if own.exists():
        notes = [{"name": name, "lines": [str(line) for line in due.derivation]} for name, due in limits]
        return _from_form(
            own, {**facts, "number": number, "office": office, "on": words_of(on), "limits": notes}
        )
    paper = _blank()
    _line(paper, str(template.title), size=18, bold=True, middle=True)
    if number:
        _line(paper, number, middle=True)
    for line in lines:
        _line(paper, line, indent=True)
    _line(paper, office, right=True)
    _line(paper, words_of(on), right=True)
    if limits:
        _note(paper, limits)
    if template.source:
        _line(paper, f"依据：{template.source}", size=10)
    return _bytes(paper)


def limit_note(handling: Handling, limits: Sequence[tuple[str, Due]], *, office: str, on: date) -> bytes:
    """Write the note on time limits (时限说明) by itself."""
    paper = _blank()
    _line(paper, "时限说明", size=18, bold=True, middle=True)
    _line(paper, f"案号：{handling.number}")
    _note(paper, limits)
    _line(paper, office, right=True)
    _line(paper, words_of(on), right=True)
    return _bytes(paper)


def filled(text: str, facts: Mapping[str, str]) -> list[str]:
    """Put facts into the places of a text; what is not known stays visibly open."""
    done = PLACE.sub(lambda found: facts.get(found[1]) or "＿＿＿＿", text)
    return [line for line in done.splitlines() if line.strip()]


def words_of(day: date) -> str:
    """Return a day as documents write it."""
    return f"{day.year}年{day.month}月{day.day}日"


def _note(paper: Any, limits: Sequence[tuple[str, Due]]) -> None:
    for name, due in limits:
        _line(paper, f"{name}：届满日 {due.day}{'（暂定）' if due.provisional else ''}", bold=True)
        lines = [("日期", "推算"), *((line.day.isoformat(), str(line)) for line in due.derivation)]
        table = paper.add_table(rows=len(lines), cols=2)
        table.style = "Table Grid"
        for row, words in zip(table.rows, lines, strict=True):
            row.cells[0].text, row.cells[1].text = words


def _from_form(path: Path, context: Mapping[str, Any]) -> bytes:
    form = DocxTemplate(path)
    form.render(dict(context), jinja_env=SandboxedEnvironment(autoescape=True))
    held = io.BytesIO()
    form.save(held)
    return held.getvalue()


class _Kept(threading.local):
    """An empty paper and the file around it, kept by each thread: parsing the library's template and packing its
    styles again costs ten times what a document says."""

    def __init__(self) -> None:
        self.paper = Document()
        style = self.paper.styles["Normal"]
        style.font.name, style.font.size = FONT, Pt(14)
        style.element.rPr.rFonts.set(qn("w:eastAsia"), "仿宋")
        self.frame = _without_text(self.paper)


def _without_text(paper: Any) -> bytes:
    whole, frame = io.BytesIO(), io.BytesIO()
    paper.save(whole)
    with ZipFile(whole) as old, ZipFile(frame, "w", ZIP_DEFLATED) as new:
        for one in old.infolist():
            if one.filename != TEXT:
                new.writestr(ZipInfo(one.filename, WRITTEN), old.read(one), ZIP_DEFLATED)
    return frame.getvalue()


_kept = _Kept()


def _blank() -> Any:
    _kept.paper.element.body.clear_content()
    return _kept.paper


def _line(
    paper: Any, text: str, *, size: int = 14, bold: bool = False, middle: bool = False, right: bool = False,
    indent: bool = False,
) -> None:  # fmt: skip
    paragraph = paper.add_paragraph()
    run = paragraph.add_run(text)
    run.bold, run.font.size = bold, Pt(size)
    if middle or right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if middle else WD_ALIGN_PARAGRAPH.RIGHT
    if indent:
        paragraph.paragraph_format.first_line_indent = Pt(28)


def _bytes(paper: Any) -> bytes:
    held = io.BytesIO(_kept.frame)
    with ZipFile(held, "a", ZIP_DEFLATED) as file:
        file.writestr(ZipInfo(TEXT, WRITTEN), paper.part.blob, ZIP_DEFLATED)
    return held.getvalue()
