"""The no of a template, with the line it is about."""

from __future__ import annotations

from zhicheng.kernel.refusals import Refusal


class TemplateError(Refusal):
    """A template cannot be read.

    Args:
        line: line of the template, from 1; 0 when it is about all of it.
    """

    code = "bulletin_template"

    def __init__(self, line: int, what: str, *, fix: str) -> None:
        super().__init__(f"模板第 {line} 行：{what}" if line else what, fix=fix)
        self.line = line
