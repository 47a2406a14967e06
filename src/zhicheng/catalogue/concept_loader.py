"""Loads the words by which enterprises name things and troubles, for finding problems that come back."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from pydantic import model_validator

from zhicheng.catalogue.entry import Entry, read_entry
from zhicheng.engines.resemblance import Concepts

CONCEPTS = Path(__file__).parent / "concepts.yaml"


class ConceptEntry(Entry):
    """One thing or trouble.

    Args:
        words: words that stand in laws, rules and texts of the field.
        unverified: ways of speaking that were taken from no document.
    """

    words: tuple[str, ...] = ()
    unverified: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _words_say_something(self) -> ConceptEntry:
        every = (*self.words, *self.unverified)
        if not every or len(set(every)) != len(every) or any(not one.strip() for one in every):
            raise ValueError("每组至少一个词，同组不重复，不留空")
        return self


class ConceptFile(Entry):
    """The whole table."""

    things: dict[str, ConceptEntry]
    troubles: dict[str, ConceptEntry]


@lru_cache(maxsize=1)
def load_concepts(path: Path = CONCEPTS) -> Concepts:
    """Return the table of things and troubles.

    Raises:
        CatalogueError: the file holds unknown keys, empty groups or repeated words.
    """
    table = read_entry(path, ConceptFile)
    return Concepts(
        *(
            {name: (*one.words, *one.unverified) for name, one in facet.items()}
            for facet in (table.things, table.troubles)
        )
    )
