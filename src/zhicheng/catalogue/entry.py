"""Typed YAML entries of the catalogue: whatever is wrong with one names file and line."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Literal, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from zhicheng.catalogue.wording import problem_of, say, yaml_problem
from zhicheng.kernel.refusals import Refusal


class CatalogueError(Refusal):
    """An entry of the catalogue is not as it should be."""

    code = "catalogue"


class Entry(BaseModel):
    """Base of every entry: what it does not know it refuses."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Words(Entry):
    """A text in both languages."""

    zh: str
    en: str


class Citation(Entry):
    """Where a definition comes from."""

    title: str = Field(min_length=1)
    number: str = ""
    article: str = ""
    date: str = ""


class FactEntry(Entry):
    """A fact as it stands in its file."""

    id: str
    grain: str
    tables: list[str]
    columns: dict[str, Literal["text", "date", "integer", "decimal", "boolean"]]
    labels: dict[str, str] = {}
    words: dict[str, dict[str, str]] = {}
    derived: dict[str, str] = {}
    prepare: str
    belongs: str = ""


class RatioEntry(Entry):
    """A ratio as it stands in its file."""

    numerator: str
    denominator: str
    scale: Decimal = Decimal(1)
    places: int = 2


class EarlierEntry(Entry):
    """A former version of a definition as it stands in its file."""

    version: int
    until: date
    definition: str
    why: str
    where: str | None = None
    parts: tuple[str, ...] | None = None


class IndicatorEntry(Entry):
    """An indicator as it stands in its file."""

    id: str
    version: int
    name: Words
    unit: Words
    kind: Literal["stock", "flow", "cumulative", "ratio"]
    link: Literal["creation", "utilization", "protection", "administration", "public_service", "quality"]
    definition: str = Field(min_length=1)
    source: Citation
    unverified: bool = False
    direction: Literal["up", "down"] = "up"
    fact: str = ""
    value: str = "count"
    where: str = ""
    on: str = ""
    ratio: RatioEntry | None = None
    check_sql: str = ""
    needs: list[str] = []
    parts: list[str] = []
    earlier: list[EarlierEntry] = []
    unavailable: str = ""


T = TypeVar("T", bound=Entry)


def read_entries(folder: Path, model: type[T]) -> dict[str, T]:
    """Read every entry of a folder.

    Raises:
        CatalogueError: an entry is broken; file, line and reason are named.
    """
    found: dict[str, T] = {}
    for path in sorted(folder.glob("*.yaml")):
        entry = read_entry(path, model)
        identity = getattr(entry, "id", path.stem)
        if identity != path.stem:
            raise CatalogueError(
                f"{path.name} 第 {line_of(path, 'id')} 行的 id 是“{identity}”。",
                fix=f"id 要与文件名“{path.stem}”一致。",
            )
        found[identity] = entry
    return found


def read_entry(path: Path, model: type[T]) -> T:
    """Read one entry."""
    text = path.read_text(encoding="utf-8")
    try:
        data = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError) as error:
        line, words = yaml_problem(error, text)
        raise CatalogueError(_said(path, line, words), fix=say("请检查缩进与引号。")) from error
    try:
        return model.model_validate(data)
    except ValidationError as error:
        problem = problem_of(error, data)
        line = line_of(path, *problem.place)
        raise CatalogueError(_said(path, line, str(problem)), fix=say("请按目录说明改正。")) from error


def _said(path: Path, line: int, what: str) -> str:
    return say("%(file)s 第 %(line)s 行：%(what)s", file=path.name, line=line, what=what)


def line_of(path: Path, *keys: str | int) -> int:
    """Line on which the innermost of nested keys stands; that of the nearest key above one that is absent."""
    node = yaml.compose(path.read_text(encoding="utf-8"))
    line = 1
    for key in keys:
        if isinstance(node, yaml.MappingNode):
            found = next((pair for pair in node.value if pair[0].value == str(key)), None)
            if found is None:
                return line
            line, node = found[0].start_mark.line + 1, found[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
            node = node.value[key]
            line = node.start_mark.line + 1
    return line
