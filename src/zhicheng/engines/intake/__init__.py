"""Files of any kind in, typed rows out, and for every bad cell its row, column, value and rule."""

from zhicheng.engines.intake.columns import Column, HeaderMap, guess_type, map_header
from zhicheng.engines.intake.converting import Converted, convert
from zhicheng.engines.intake.kinds import WORKBOOK_LIMIT, FileKind, Unreadable, sniff
from zhicheng.engines.intake.rejects import ADDED_BY_REJECTS, rejects_workbook, template, write_rejects
from zhicheng.engines.intake.sheets import Sheet, batches, row_words, sheets_left_out

__all__ = [
    "ADDED_BY_REJECTS",
    "WORKBOOK_LIMIT",
    "Column",
    "Converted",
    "FileKind",
    "HeaderMap",
    "Sheet",
    "Unreadable",
    "batches",
    "convert",
    "guess_type",
    "map_header",
    "rejects_workbook",
    "row_words",
    "sheets_left_out",
    "sniff",
    "template",
    "write_rejects",
]
