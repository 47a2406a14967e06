"""Lines of a CSV as they are sent, so that a million rows need little memory."""

from __future__ import annotations

import csv
from collections.abc import Iterable

BOM = "\ufeff"  # without this mark Excel takes UTF-8 for something else


class _Echo:
    def write(self, value: str) -> str:
        return value


def csv_line(cells: Iterable[object]) -> str:
    """One line of a CSV with its line end; a writer of its own, since a shared one mixes the lines of two threads."""
    return str(csv.writer(_Echo()).writerow(cells))
