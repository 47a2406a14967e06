"""Loads the templates of bulletins: the built-in ones, and over them a city's own, entry by id."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from zhicheng.catalogue.entry import CatalogueError, Entry, Words, read_entries
from zhicheng.catalogue.loader import folders, load_catalogue
from zhicheng.engines.bulletins.parsing import parse
from zhicheng.engines.bulletins.refusing import TemplateError
from zhicheng.engines.bulletins.syntax import ChartPart, Condition, FigurePart, Part, TablePart


class BulletinEntry(Entry):
    """A template as it stands in its file.

    Args:
        name: what it is for; description: in one sentence.
        text: the template, see docs/bulletins.md.
    """

    id: str
    name: Words
    description: str
    text: str


def load_bulletins(places: list[Path] | None = None) -> dict[str, BulletinEntry]:
    """Return every template by id.

    Args:
        places: catalogue folders; those configured when left out.

    Raises:
        CatalogueError: a template cannot be read, or names an indicator that does not exist.
    """
    return _load(tuple(places if places is not None else folders()))


@lru_cache(maxsize=4)
def _load(places: tuple[Path, ...]) -> dict[str, BulletinEntry]:
    found: dict[str, BulletinEntry] = {}
    for place in places:
        found |= read_entries(place / "bulletins", BulletinEntry)
    indicators = load_catalogue().indicators
    for entry in found.values():
        try:
            parts = parse(entry.text).parts
        except TemplateError as error:
            raise CatalogueError(f"{entry.id}.yaml：{error.what}", fix=error.fix) from error
        unknown = [one for one in named(parts) if one not in indicators]
        if unknown:
            raise CatalogueError(
                f"{entry.id}.yaml 引用了没有的指标“{unknown[0]}”。", fix="请核对编号，或先补上这个指标。"
            )
    return found


def named(parts: tuple[Part, ...]) -> list[str]:
    """Ids of the indicators that parts of a template name, each once."""
    ids: list[str] = []
    for part in parts:
        if isinstance(part, FigurePart | ChartPart):
            ids.append(part.id)
        elif isinstance(part, TablePart):
            ids += part.ids
        elif isinstance(part, Condition):
            ids += [part.left.id, *named(part.then), *named(part.otherwise)]
    return list(dict.fromkeys(ids))
