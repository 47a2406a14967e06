"""Short ways for tests to read and extract a text they wrote themselves."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import pytest

from zhicheng.catalogue.alias_loader import load_aliases
from zhicheng.engines.extraction.extracting import Extraction, extract
from zhicheng.engines.extraction.figure import Figure
from zhicheng.engines.extraction.repairing import read_bytes, read_text

HERE = Path(__file__).resolve().parent
aliases = cache(load_aliases)


def taken(text: str) -> Extraction:
    """Everything taken out of a text."""
    return extract(read_text(text, name="自撰.txt"), aliases=aliases())


def taken_from(data: bytes, name: str = "自撰.txt") -> Extraction:
    """Everything taken out of a file."""
    return extract(read_bytes(data, name=name), aliases=aliases())


def figures(text: str) -> list[Figure]:
    """The figures of a text."""
    return list(taken(text).figures)


def written(text: str) -> list[str]:
    """Each figure of a text as the file has it, unit included."""
    return [f"{text[one.start : one.end]}{one.base_unit}" for one in figures(text)]


def shared(*parts: str) -> Path:
    """A file of the shared folder; the test is skipped where there is none."""
    root = Path(os.environ.get("ZHICHENG_SHARED", HERE.parents[3] / "shared"))
    path = root.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"shared texts are not here: {path}")
    return path
