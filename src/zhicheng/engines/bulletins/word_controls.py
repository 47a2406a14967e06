"""Reads the locked numbers back from a Word file, bounded: what was locked, and what its controls hold now."""

from __future__ import annotations

import zipfile
import zlib
from datetime import date
from decimal import Decimal, InvalidOperation
from io import BytesIO
from typing import Any

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, iterparse

from zhicheng.engines.bulletins.checking import Control
from zhicheng.engines.bulletins.locked import FigureKey

LARGEST_PART = 30 * 1024 * 1024
DEEPEST = 400
MOST = 20_000
_LIST = "customXml/zhichengNumbers.xml"
_TEXT = "word/document.xml"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_N = "{urn:zhicheng:bulletin-numbers:1}"


def read_controls(data: bytes) -> tuple[tuple[Control, ...], str, date | None]:
    """Return the locked numbers of a Word file, and the region and day it was made for.

    A file that was not made here, or lost its list, has none; then only its text speaks.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            if _LIST not in archive.namelist():
                return (), "", None
            listed, text = _part(archive, _LIST), _part(archive, _TEXT)
        entries, region, day = _entries(listed)
        return tuple(_controls(text, entries)), region, day
    except (
        zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError, KeyError,
        ParseError, DefusedXmlException, InvalidOperation,
    ):  # fmt: skip
        return (), "", None


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        data = part.read(LARGEST_PART + 1)
    if len(data) > LARGEST_PART:
        raise ValueError("too large")
    return data


def _entries(data: bytes) -> tuple[dict[str, dict[str, str]], str, date | None]:
    entries: dict[str, dict[str, str]] = {}
    region, day = "", None
    for event, element in iterparse(BytesIO(data), events=("start",)):
        del event
        if element.tag == f"{_N}bulletin":
            region = element.get("region", "")[:6]
            day = date.fromisoformat(element.get("as_of", ""))
        elif element.tag == f"{_N}number" and len(entries) < MOST:
            entries[element.get("n", "")] = dict(element.attrib)
    return entries, region, day


def _controls(data: bytes, entries: dict[str, dict[str, str]]) -> list[Control]:
    """What each control holds; a control that was deleted holds nothing."""
    held: dict[str, str] = {}
    stack: list[list[str]] = []
    tags: list[str] = []
    depth = 0
    for event, element in iterparse(BytesIO(data), events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > DEEPEST:
            raise ValueError("too deep")
        if event == "start":
            if element.tag == f"{_W}sdt":
                stack.append([])
                tags.append("")
            elif element.tag == f"{_W}tag" and tags:
                tags[-1] = str(element.get(f"{_W}val", ""))
            continue
        if element.tag == f"{_W}t" and stack:
            stack[-1].append(element.text or "")
        elif element.tag == f"{_W}sdt":
            text, tag = "".join(stack.pop()), tags.pop()
            if tag.startswith("zc-"):
                held.setdefault(tag.removeprefix("zc-"), text)
        element.clear()
    return [_control(entry, held.get(number, "")) for number, entry in entries.items()]


def _control(entry: dict[str, Any], now: str) -> Control:
    key = FigureKey(entry["id"], entry["region"], date.fromisoformat(entry["as_of"]), entry["period"])
    return Control(
        key, entry.get("name", entry["id"]), Decimal(entry["value"]), entry["written"], now, entry["role"]
    )
