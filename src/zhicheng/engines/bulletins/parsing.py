"""Reads a template: words with `{{…}}` in between; whatever is wrong names the line and what to write instead."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from zhicheng.engines.bulletins import options
from zhicheng.engines.bulletins.refusing import TemplateError
from zhicheng.engines.bulletins.syntax import (
    Condition,
    FigurePart,
    Given,
    Options,
    PageBreakPart,
    Part,
    Words,
)

LONGEST = 100_000
MOST_PLACEHOLDERS = 1_000
LONGEST_PLACEHOLDER = 300
DEEPEST = 6
GIVEN = {"截至": "as_of", "年": "year", "月": "month", "日": "day", "区划": "region", "季度": "quarter"}
_IF = {"如果", "if"}
_ELSE = {"否则", "else"}
_END = {"完", "end"}
_BREAK = {"分页", "pagebreak"}
_OPEN = re.compile(r"\{\{")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u2028\u2029\ufffe\uffff\ud800-\udfff]")
_CONDITION = re.compile(
    r"(?P<id>[a-z][a-z0-9_]*)(?P<options>(?:\s+[^\s<>=]+=[^\s<>]+)*)\s*(?P<op>>=|<=|<>|=|>|<|≥|≤)\s*(?P<number>-?\d{1,15}(?:\.\d{1,6})?)"
)


@dataclass(frozen=True)
class Template:
    """A template read: its parts in order."""

    text: str
    parts: tuple[Part, ...]


@dataclass
class _Open:
    """A condition that has begun and not ended."""

    condition: Condition | None
    then: list[Part]
    otherwise: list[Part] | None = None

    def add(self, part: Part) -> None:
        (self.then if self.otherwise is None else self.otherwise).append(part)


def parse(text: str) -> Template:
    """Read a template.

    Raises:
        TemplateError: it is too long, a placeholder is not closed or not understood, or a condition does not end.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    _refuse_hostile(text)
    stack = [_Open(None, [])]
    for token, raw, line in _tokens(text):
        if token is None:
            stack[-1].add(Words(raw, line))
            continue
        words = token.split()
        if not words:
            raise TemplateError(line, "占位“{{}}”是空的。", fix="请写指标编号，或删去。")
        if words[0] in _IF:
            if len(stack) > DEEPEST:
                raise TemplateError(line, f"条件套了 {len(stack)} 层。", fix=f"最多 {DEEPEST} 层，请拆开。")
            stack.append(_Open(_condition(token[len(words[0]) :].strip(), raw, line), []))
        elif words[0] in _ELSE:
            _otherwise(stack, line)
        elif words[0] in _END:
            _end(stack, line)
        else:
            stack[-1].add(_part(words, raw, line))
    if len(stack) > 1 and stack[-1].condition:
        raise TemplateError(stack[-1].condition.line, "条件没有结束。", fix="请在条件的末尾写 {{完}}。")
    return Template(text, tuple(stack[0].then))


def _refuse_hostile(text: str) -> None:
    if len(text) > LONGEST:
        raise TemplateError(0, f"模板有 {len(text)} 个字，超过 {LONGEST} 个字的上限。", fix="请拆成几篇。")
    strange = _UNPRINTABLE.search(text)
    if strange:
        line = text.count("\n", 0, strange.start()) + 1
        raise TemplateError(
            line, f"有看不见的控制字符（U+{ord(strange[0]):04X}）。", fix="请删去后重新输入。"
        )
    if text.count("{{") > MOST_PLACEHOLDERS:
        raise TemplateError(0, f"占位超过 {MOST_PLACEHOLDERS} 个。", fix="请拆成几篇。")


def _tokens(text: str) -> Iterator[tuple[str | None, str, int]]:
    """Cut into words (token None) and placeholders, each with the line it begins on."""
    at, line = 0, 1
    for found in _OPEN.finditer(text):
        start = found.start()
        if start < at:
            continue
        if start > at:
            yield None, text[at:start], line
        line += text.count("\n", at, start)
        close = text.find("}}", start + 2, start + LONGEST_PLACEHOLDER)
        inside = text[start + 2 : close] if close >= 0 else ""
        if close < 0 or "\n" in inside or "{{" in inside:
            seen = text[start : start + 30].split("\n", maxsplit=1)[0]
            raise TemplateError(line, f"占位“{seen}”没有闭合。", fix="请在同一行内补上 }}。")
        at = close + 2
        yield inside.strip(), text[start:at], line
    if at < len(text):
        yield None, text[at:], line


def _otherwise(stack: list[_Open], line: int) -> None:
    if len(stack) == 1 or stack[-1].otherwise is not None:
        raise TemplateError(line, "这里的 {{否则}} 没有对应的条件。", fix="请核对 {{如果 …}} 与 {{完}}。")
    stack[-1].otherwise = []


def _end(stack: list[_Open], line: int) -> None:
    if len(stack) == 1:
        raise TemplateError(line, "这里的 {{完}} 没有对应的条件。", fix="请核对 {{如果 …}}。")
    done = stack.pop()
    assert done.condition is not None
    stack[-1].add(replace(done.condition, then=tuple(done.then), otherwise=tuple(done.otherwise or ())))


def _condition(text: str, raw: str, line: int) -> Condition:
    found = _CONDITION.fullmatch(text)
    if not found:
        raise TemplateError(
            line, f"看不懂条件“{raw[:60]}”。", fix="请写成 {{如果 指标编号 > 0}}，比较可用 > < >= <= = <>。"
        )
    where = options.read(found["options"].split(), raw, line).where if found["options"] else Options()
    compare = {"≥": ">=", "≤": "<="}.get(found["op"], found["op"])
    left = FigurePart(found["id"], line, raw, where=where)
    return Condition(left, compare, Decimal(found["number"]), line)


def _part(words: list[str], raw: str, line: int) -> Part:
    head = words[0]
    if head in GIVEN and len(words) == 1:
        return Given(GIVEN[head], line)
    if head in _BREAK and len(words) == 1:
        return PageBreakPart(line)
    if head in options.TABLE:
        return options.table(words[1:], raw, line)
    if head in options.CHART:
        return options.chart(words[1:], raw, line)
    if options.ID.fullmatch(head):
        return options.figure(head, words[1:], raw, line)
    raise TemplateError(
        line, f"看不懂占位“{raw[:60]}”。",
        fix=f"占位以指标编号开头（小写字母、数字、下划线），或是 {'、'.join(GIVEN)}、表、图、如果、分页。",
    )  # fmt: skip
