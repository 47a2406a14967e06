"""Says what is wrong with a file of the catalogue, in the language of whoever asks.

The catalogue knows no web framework: the site hands its translation to the kernel; without one, texts stay Chinese.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import yaml
from pydantic import ValidationError

from zhicheng.kernel.saying import said

SHOWN = 60
Place = tuple[int | str, ...]


def say(text: str, /, **values: object) -> str:
    """A text in the language of whoever asks, its `%(name)s` filled in; the Chinese text is its id."""
    return said(text) % values


def later(text: str) -> str:
    """Mark a text that `say` is given from a table."""
    return text


# what pydantic finds, in the words of an officer; `%(name)s` is a bound it names
RULES = {
    "extra_forbidden": later("没有这个键"),
    "missing": later("缺少这个键"),
    "greater_than_equal": later("不能小于 %(ge)s"),
    "greater_than": later("须大于 %(gt)s"),
    "less_than_equal": later("不能大于 %(le)s"),
    "less_than": later("须小于 %(lt)s"),
    "decimal_max_places": later("最多 %(decimal_places)s 位小数"),
    "decimal_max_digits": later("最多 %(max_digits)s 位数字"),
    "decimal_whole_digits": later("整数部分最多 %(whole_digits)s 位"),
    "decimal_parsing": later("须是一个数"),
    "decimal_type": later("须是一个数"),
    "float_type": later("须是一个数"),
    "float_parsing": later("须是一个数"),
    "finite_number": later("须是有限的数"),
    "int_parsing": later("须是整数"),
    "int_from_float": later("须是整数"),
    "int_type": later("须是整数"),
    "int_parsing_size": later("数太大"),
    "bool_parsing": later("须是 true 或 false"),
    "bool_type": later("须是 true 或 false"),
    "date_parsing": later("须是 2024-01-01 这样的日期"),
    "date_from_datetime_parsing": later("须是 2024-01-01 这样的日期"),
    "date_from_datetime_inexact": later("须是 2024-01-01 这样的日期"),
    "date_type": later("须是 2024-01-01 这样的日期"),
    "string_pattern_mismatch": later("写法须合乎 %(pattern)s"),
    "string_type": later("须是文字"),
    "string_too_long": later("最多 %(max_length)s 字"),
    "string_too_short": later("不能为空"),
    "list_type": later("须是一列"),
    "tuple_type": later("须是一列"),
    "dict_type": later("须是键与值"),
    "model_type": later("须是键与值"),
    "model_attributes_type": later("须是键与值"),
    "invalid_key": later("键须是文字"),
    "literal_error": later("只可为 %(expected)s"),
    "too_short": later("至少 %(min_length)s 项"),
    "too_long": later("最多 %(max_length)s 项"),
    "none_required": later("须留空"),
}
NAMES = later("只可用小写字母、数字与下划线，写法须合乎 %(pattern)s")
OTHERWISE = later("不是这里可以写的值")
WITHOUT_VALUE = frozenset({"missing", "extra_forbidden"})


@dataclass(frozen=True)
class Problem:
    """What is wrong with a value: where it stands, which rule it breaks, and what was seen.

    Args:
        place: keys and places in lists, from the top of the file.
        rule: the rule, in the language of whoever asks.
        value: what stands there, cut; empty where nothing does.
    """

    place: Place
    rule: str
    value: str = ""

    def __str__(self) -> str:
        key = ".".join(str(one) for one in self.place)
        if not key:
            return say("%(rule)s，现为“%(value)s”。", rule=self.rule, value=self.value)
        if not self.value:
            return say("“%(key)s”%(rule)s。", key=key, rule=self.rule)
        return say("“%(key)s”%(rule)s，现为“%(value)s”。", key=key, rule=self.rule, value=self.value)


def problem_of(error: ValidationError, content: object) -> Problem:
    """The first thing that is wrong, at the place where it stands in the content.

    Where a value may take several forms, pydantic tells what each form finds wrong; the one meant is the one that
    got furthest into the value.
    """
    found = [(one, _place(one["loc"], content, lacking=one["type"] == "missing")) for one in error.errors()]
    first = found[0][1]
    same = [(one, place) for one, place in found if place[: len(first)] == first]
    chosen, place = max(same, key=lambda pair: (len(pair[1]), not pair[0]["type"].endswith("_type")))
    return Problem(place, _rule(chosen), "" if chosen["type"] in WITHOUT_VALUE else shown(chosen["input"]))


def shown(value: object) -> str:
    """A value as a message shows it."""
    text = value.isoformat() if isinstance(value, date) else str(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def _place(steps: Sequence[int | str], content: object, *, lacking: bool) -> Place:
    """The steps that lead through the content; pydantic also names the forms it has tried."""
    place: list[int | str] = []
    for number, step in enumerate(steps):
        key = _key(content, step)
        if key is None:
            if lacking and number == len(steps) - 1:
                place.append(step)
            continue
        place.append(step)
        content = content[key]  # type: ignore[index]
    return tuple(place)


def _key(content: object, step: int | str) -> Any:
    if isinstance(content, Mapping):
        return next((key for key in content if str(key) == str(step)), None)
    if isinstance(content, list) and isinstance(step, int) and step < len(content):
        return step
    return None


def _rule(error: Any) -> str:
    """The rule that was broken, with its bound; a validator of our own says it itself."""
    kind, bounds = error["type"], error.get("ctx", {})
    if kind == "value_error":
        return str(bounds.get("error", "")) or say(OTHERWISE)
    if kind == "literal_error":  # pydantic lists the values as an English sentence
        bounds = {"expected": bounds["expected"].replace(" or ", ", ").replace(", ", " / ")}
    if kind == "too_short" and bounds["min_length"] == 1:
        kind = "string_too_short"
    if kind == "string_pattern_mismatch" and "a-z" in bounds["pattern"]:
        return say(NAMES, **bounds)
    return say(RULES.get(kind, OTHERWISE), **bounds)


# what PyYAML finds; the first pattern that matches its own words
YAML_RULES = [
    (re.compile(pattern), rule)
    for pattern, rule in (
        (r"could not find expected ':'", later("键的后面缺少冒号")),
        (
            r"mapping values are not allowed|found unexpected ':'",
            later("这里不能有冒号；含冒号的文字须加引号"),
        ),
        (
            r"sequence entries are not allowed|mapping keys are not allowed",
            later("这里不能另起一项，请看缩进"),
        ),
        (r"'\\t'", later("缩进用了制表符，请改用空格")),
        (r"cannot start any token", later("值不能以这个符号开头，请加引号")),
        (
            r"end of stream|expected ',' or '[\]}]', but got '<(stream end|document)",
            later("引号或括号没有合上"),
        ),
        (r"expected ',' or", later("列表或括号里缺少逗号，或括号没有合上")),
        (r"unknown escape|escape sequence", later("双引号里的反斜杠写法不对，请改用单引号")),
        (r"<block end>|node content", later("缩进或符号不对")),
        (r"single document|document (start|separator)", later("一个文件只能有一段，不能有 ---")),
        (r"constructor for the tag|undefined tag", later("不能用类型标记")),
        (r"special characters|unacceptable character", later("有不能显示的字符")),
    )
]
YAML_OTHERWISE = later("缩进、引号或符号不对")


class Unclear(yaml.MarkedYAMLError):
    """A value that can be read in two ways; says so itself."""


def yaml_problem(error: Exception, text: str) -> tuple[int, str]:
    """The line, counted from 1, and the rule that a text which is no YAML breaks, with what stands on the line."""
    if isinstance(error, Unclear) and error.problem_mark:
        return error.problem_mark.line + 1, str(error.problem)
    own = f"{getattr(error, 'context', '')} {getattr(error, 'problem', '') or error}"
    # a key without a colon is noticed on the next line
    noticed_late = "scanning a simple key" in own
    mark = getattr(error, "context_mark" if noticed_late else "problem_mark", None)
    at = getattr(error, "position", None)
    line = mark.line if mark else text.count("\n", 0, at) if at is not None else 0
    rule = next((rule for pattern, rule in YAML_RULES if pattern.search(own)), YAML_OTHERWISE)
    lines = text.splitlines()
    while line and (line >= len(lines) or not lines[line].strip()):
        line -= 1  # what breaks off is noticed behind the last line
    seen = "".join(one for one in lines[line].strip() if one.isprintable()) if lines else ""
    return line + 1, say("不是合法的 YAML：%(rule)s，现为“%(value)s”。", rule=say(rule), value=shown(seen))
