"""Reads YAML that strangers wrote: small, shallow, no aliases, exact numbers, every error with its line."""

from __future__ import annotations

import re
from copy import deepcopy
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from zhicheng.catalogue.wording import Place, Unclear, say, shown, yaml_problem
from zhicheng.kernel.refusals import Refusal

LARGEST = 256 * 1024
DEEPEST = 12
MOST_NODES = 20_000


class CatalogueError(Refusal):
    """A catalogue file cannot be used; says which file, line and key.

    Args:
        file: its name.
        line: where the value stands, counted from 1.
        what: what is wrong, with the value seen and the rule.
        fix: what to do.
        place: keys and places in lists that lead to the value.
    """

    code = "catalogue"

    def __init__(self, file: str, line: int, what: str, *, fix: str, place: Place = ()) -> None:
        super().__init__(say("%(file)s 第 %(line)s 行：%(what)s", file=file, line=line, what=what), fix=fix)
        self.file = file
        self.line = line
        self.said = what
        self.place = place


class _ExactLoader(yaml.SafeLoader):
    """Plain values only; a number with a point is an exact decimal."""


class _ExactDumper(yaml.SafeDumper):
    """Writes decimals as they are, never as binary floats, and keys in the order given."""


def _number(dumper: yaml.SafeDumper, value: Decimal) -> yaml.ScalarNode:
    text = format(value, "f")
    return dumper.represent_scalar(f"tag:yaml.org,2002:{'float' if '.' in text else 'int'}", text)


_ExactDumper.add_representer(Decimal, _number)


def write_yaml(content: dict[str, Any]) -> str:
    """Write content as YAML that `read_yaml_text` reads back the same."""
    return str(yaml.dump(content, Dumper=_ExactDumper, allow_unicode=True, sort_keys=False, width=110))


def _decimal(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> Decimal | str:
    text = loader.construct_scalar(node)
    try:
        return Decimal(text.replace("_", ""))
    except InvalidOperation:
        return str(text)


def _integer(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> int:
    """A whole number as people write it; YAML would also read 010 as eight and 1:30 as ninety."""
    text = str(loader.construct_scalar(node))
    if not re.fullmatch(r"[-+]?(0|[1-9][0-9_]*)", text):
        words = say("数“%(value)s”的写法有歧义，请写十进制数，或加引号写成文字。", value=text)
        raise Unclear(None, None, words, node.start_mark)
    return int(text.replace("_", ""))


def _day(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> Any:
    """A day or moment that the calendar has."""
    try:
        return loader.construct_yaml_timestamp(node)
    except ValueError as error:
        words = say("“%(value)s”不是日历上的一天。", value=node.value)
        raise Unclear(None, None, words, node.start_mark) from error


_ExactLoader.add_constructor("tag:yaml.org,2002:float", _decimal)
_ExactLoader.add_constructor("tag:yaml.org,2002:int", _integer)
_ExactLoader.add_constructor("tag:yaml.org,2002:timestamp", _day)


def _events(text: str, file: str) -> None:
    """Refuse aliases, tags, depth and bulk before anything is built."""
    depth = 0
    for count, event in enumerate(yaml.parse(text, Loader=yaml.SafeLoader)):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise CatalogueError(
                file, line, say("用了别名或锚点。"), fix=say("请把内容写全，不要用 & 和 *。")
            )
        if tag := getattr(event, "tag", None):
            words = say("用了类型标记“%(tag)s”。", tag=shown(tag))
            raise CatalogueError(file, line, words, fix=say("请去掉标记，只写值。"))
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST:
            raise CatalogueError(
                file, line, say("嵌套超过 %(most)s 层。", most=DEEPEST), fix=say("请减少层次。")
            )
        if count > MOST_NODES:
            raise CatalogueError(
                file, line, say("内容超过 %(most)s 项。", most=MOST_NODES), fix=say("请拆成几个文件。")
            )


def _unique_keys(node: yaml.Node, file: str) -> None:
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode) or key.tag == "tag:yaml.org,2002:merge":
                raise CatalogueError(
                    file, line, say("键须是一个词。"), fix=say("请写成“键: 值”，不用 <<、列表或映射作键。")
                )
            if key.value in seen:
                words = say("键“%(key)s”重复。", key=key.value)
                raise CatalogueError(file, line, words, fix=say("请只保留一个。"))
            seen.add(key.value)
            _unique_keys(value, file)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            _unique_keys(value, file)


def line_of(node: yaml.Node, place: Place) -> int:
    """The line on which the value at a place begins, counted from 1."""
    line = node.start_mark.line + 1
    for step in place:
        following: yaml.Node | None = None
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                if key.value == str(step):
                    line, following = key.start_mark.line + 1, value
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            following = node.value[step]
            line = following.start_mark.line + 1
        if following is not None:
            node = following
    return int(line)


def _plain_keys(value: Any) -> Any:
    """Dates used as keys become ISO text, so that a place in the file has one name."""
    if isinstance(value, dict):
        return {
            key.isoformat() if isinstance(key, date) else key: _plain_keys(one) for key, one in value.items()
        }
    return [_plain_keys(one) for one in value] if isinstance(value, list) else value


def read_yaml(path: Path) -> tuple[dict[str, Any], yaml.Node]:
    """Read one catalogue file.

    Args:
        path: the file.

    Returns:
        Its content, to be changed freely, and its node tree for line numbers.

    Raises:
        CatalogueError: too large, too deep, aliases, tags, duplicate keys, or not a mapping.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise _too_large(path.name)
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        words = say("文件读不出来。") if path.is_file() else say("文件找不到，或是一个断开、循环的链接。")
        raise CatalogueError(path.name, 1, words, fix=say("请检查目录里的文件与权限。")) from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise CatalogueError(
            path.name, line, say("不是 UTF-8 编码。"), fix=say("请另存为 UTF-8。")
        ) from error
    return read_yaml_text(text, path.name)


def content_of(path: Path) -> dict[str, Any]:
    """The content of a catalogue file, to be changed freely.

    Raises:
        CatalogueError: as `read_yaml`.
    """
    return read_yaml(path)[0]


def read_yaml_text(text: str, name: str) -> tuple[dict[str, Any], yaml.Node]:
    """Read the text of one catalogue file, or what somebody typed on a page.

    Args:
        text: the YAML.
        name: what errors call it.

    Raises:
        CatalogueError: too large, too deep, aliases, tags, duplicate keys, or not a mapping.
    """
    content, node = _read_once(text, name)
    return deepcopy(content), node


@lru_cache(maxsize=1024)
def _read_once(text: str, name: str) -> tuple[dict[str, Any], yaml.Node]:
    """Read a text; a catalogue is asked for at every turn and changes a few times a year."""
    if len(text.encode()) > LARGEST:
        raise _too_large(name)
    try:
        _events(text, name)
        loader = _ExactLoader(text)
        node = loader.get_single_node()
        if not isinstance(node, yaml.MappingNode):
            raise CatalogueError(name, 1, say("内容不是键与值。"), fix=say("请写成“键: 值”。"))
        _unique_keys(node, name)
        content = loader.construct_document(node)
    except (yaml.YAMLError, ValueError) as error:
        line, words = yaml_problem(error, text)
        raise CatalogueError(name, line, words, fix=say("请检查缩进与引号。")) from error
    return _plain_keys(content), node


def _too_large(name: str) -> CatalogueError:
    words = say("文件超过 %(most)s KB。", most=LARGEST // 1024)
    return CatalogueError(name, 1, words, fix=say("一个文件只写一项，通常不到 60 行。"))
