"""Loads the phrases by which public texts call an indicator: phrase or frame → catalogue id."""

from __future__ import annotations

from pathlib import Path

from pydantic import model_validator

from zhicheng.catalogue.entry import CatalogueError, Entry, read_entries
from zhicheng.catalogue.loader import folders


class AliasEntry(Entry):
    """What texts call one indicator.

    Args:
        indicator: catalogue id.
        units: base units that go with the phrases; a phrase with another unit is another figure.
        phrases: what stands before the number, without region, time and quotation marks.
        frames: the words around the number `#`, unit behind it; `*` stands for words of the clause, `…` of the sentence.
    """

    indicator: str
    units: list[str]
    phrases: tuple[str, ...] = ()
    frames: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _frames_hold_a_number(self) -> AliasEntry:
        for frame in self.frames:
            if frame.count("#") != 1:
                raise ValueError(f"“{frame}”要有且只有一个 #（数字所在处）")
        if not self.phrases and not self.frames:
            raise ValueError(f"{self.indicator} 既没有 phrases 也没有 frames")
        return self


class AliasFile(Entry):
    """The aliases of one link of the chain."""

    id: str
    source: str
    aliases: list[AliasEntry]


def load_aliases(places: list[Path] | None = None) -> dict[str, str]:
    """Phrases and frames → catalogue id, the city's own over the built-in ones.

    Args:
        places: catalogue folders; those configured when left out.

    Raises:
        CatalogueError: a file is broken, or one phrase stands for two indicators.
    """
    words: dict[str, str] = {}
    for place in places if places is not None else folders():
        words |= _of_folder(place / "aliases")
    return words


def _of_folder(folder: Path) -> dict[str, str]:
    words: dict[str, str] = {}
    for name, file in read_entries(folder, AliasFile).items():
        for entry in file.aliases:
            keys = [f"{phrase}#{unit}" for phrase in entry.phrases for unit in entry.units]
            for key in (*keys, *entry.frames):
                if words.get(key, entry.indicator) != entry.indicator:
                    what = f"{name}.yaml 里的“{key}”既指 {words[key]} 又指 {entry.indicator}。"
                    raise CatalogueError(what, fix="一个说法只能对应一个指标；请改得更具体。")
                words[key] = entry.indicator
    return words
