"""How far a running evaluation is and whether it was asked to stop: a small file any process of the site can read.

The page sends a number of its own making with what it asks for, polls under it, and may ask to stop. Nothing of the
evaluation is kept before it has ended, so that a stopped one leaves nothing.
"""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from zhicheng.apps.accounts.public import User
from zhicheng.engines.incentives.progress import Told
from zhicheng.kernel.refusals import Refusal

PAUSE = 0.2  # seconds between two notes
TOKEN = re.compile(r"[0-9a-f]{32}")


class Stopped(Refusal):
    """The person who started the evaluation asked to stop it."""

    code = "cancelled"


@dataclass(frozen=True)
class HowFar:
    """Clauses done of all."""

    done: int
    total: int


@contextmanager
def at_work(by: User, token: str) -> Iterator[Told]:
    """Yield whom the evaluation tells how far it is; without a number of the page nobody asks.

    Raises:
        Stopped: out of the evaluation, once somebody has asked to stop.
    """
    note = _note(by, token)
    if note is None:
        yield lambda done, of: None
        return
    note.parent.mkdir(parents=True, exist_ok=True)
    stop, last = note.with_suffix(".stop"), 0.0

    def told(done: int, of: int) -> None:
        nonlocal last
        if stop.exists():
            raise Stopped("测算已按要求停止，没有保存任何结果。", fix="需要时可重新测算。")
        if time.monotonic() - last < PAUSE and 0 < done < of:
            return
        last = time.monotonic()
        fresh = note.with_suffix(f".{os.getpid()}")
        fresh.write_text(json.dumps([done, of]), encoding="utf-8")
        fresh.replace(note)

    try:
        told(0, 0)
        yield told
    finally:
        note.unlink(missing_ok=True)
        stop.unlink(missing_ok=True)


def how_far(by: User, token: str) -> HowFar | None:
    """What the running evaluation last said, None when none runs under this number of this person."""
    note = _note(by, token)
    try:
        return HowFar(*json.loads(note.read_text(encoding="utf-8"))) if note else None
    except (OSError, ValueError, TypeError):
        return None


def ask_to_stop(by: User, token: str) -> None:
    """Ask the evaluation of this person to stop at its next group of clauses; nothing happens when none runs."""
    note = _note(by, token)
    if note is not None and note.exists():
        note.with_suffix(".stop").touch()


def _note(by: User, token: str) -> Path | None:
    """The file of one evaluation of one person; nobody reads or stops another's."""
    if not TOKEN.fullmatch(token):
        return None
    return Path(settings.ZHICHENG_HOME) / "work" / "policies" / f"{by.pk}-{token}.json"
