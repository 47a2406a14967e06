"""What a fact is: the rows a question may look at, their columns, and how a row belongs to regions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_ROW_TABLE = re.compile(r"select (?:\w+\.)?id as row_key\b.*? from (\w+)")


@dataclass(frozen=True)
class Fact:
    """A fact of the catalogue.

    Args:
        id: its name.
        grain: what one row is, in words.
        tables: snapshot tables it stands on; without a row in them a figure is missing, not zero.
        prepare: one SELECT over those tables with `row_key`, `region_code` and the columns.
        belongs: a SELECT of `row_key`, `region_code`, `from_on`, `until_on`, empty when a row stays where it is.
        columns: column → type.
        derived: name → expression over the columns.
        labels: column → word a reader knows, for columns that no record type names.
        words: column → its codes in words, for columns that no record type holds as they are.
    """

    id: str
    grain: str
    tables: tuple[str, ...]
    prepare: str
    belongs: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    derived: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def row_table(self) -> str:
        """The table whose ids are the keys of the rows; empty when keys are made of something else."""
        found = _ROW_TABLE.search(" ".join(self.prepare.split()))
        return found[1] if found else ""

    @property
    def rows_are_records(self) -> bool:
        """Tell whether a row's key is the id of a row of its first table."""
        return self.row_table == self.tables[0]
