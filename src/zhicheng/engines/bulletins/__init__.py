"""Bulletins: a template whose numbers are locked to signed figures, built into Word, PDF, HTML and Markdown."""

from zhicheng.engines.bulletins.building import build
from zhicheng.engines.bulletins.document import (
    Block,
    Chart,
    Document,
    Heading,
    Number,
    PageBreak,
    Paragraph,
    Run,
    Source,
    Table,
    Text,
)
from zhicheng.engines.bulletins.locked import Facts, FigureKey, Known, Place, QuotedPlace, SignedValue
from zhicheng.engines.bulletins.needs import Needs, needs
from zhicheng.engines.bulletins.parsing import Template, parse
from zhicheng.engines.bulletins.refusing import TemplateError
from zhicheng.engines.bulletins.stopping import BuildStopped, Problem

__all__ = [
    "Block",
    "BuildStopped",
    "Chart",
    "Document",
    "Facts",
    "FigureKey",
    "Heading",
    "Known",
    "Needs",
    "Number",
    "PageBreak",
    "Paragraph",
    "Place",
    "Problem",
    "QuotedPlace",
    "Run",
    "SignedValue",
    "Source",
    "Table",
    "Template",
    "TemplateError",
    "Text",
    "build",
    "needs",
    "parse",
]
