"""How far running work is and whether it was asked to stop: small files beside its rows, read without any lock.

While a large set is written, SQLite lets nobody else write and PostgreSQL shows nobody what is not committed; a file
can be read by the page, by the next person who waits and by the command line alike.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from zhicheng.apps.records.models import ChangeSet
from zhicheng.apps.records.staging import Progress, folder_of
from zhicheng.kernel.refusals import Refusal

PROGRESS, STOP, LOCK = "progress.json", "stop", "at-work"


class Cancelled(Refusal):
    """The person who started the work asked to stop it."""

    code = "cancelled"


@dataclass(frozen=True)
class HowFar:
    """What running work last said.

    Args:
        step: what it is doing, in words.
        done: rows done.
        rate: rows a second since it began.
    """

    step: str = ""
    done: int = 0
    rate: int = 0


@contextmanager
def at_work(change_set: ChangeSet, progress: Progress) -> Iterator[Progress]:
    """Hold the mark of running work and yield a progress that writes it down; a killed process lets the mark go."""
    folder = folder_of(change_set)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / STOP).unlink(missing_ok=True)
    started = time.monotonic()

    def told(step: str, rows: int) -> None:
        progress(step, rows)
        if (folder / STOP).exists():
            raise Cancelled(
                f"“{change_set.source}”已按要求停止，没有留下任何改动。", fix="需要时可重新办理。"
            )
        said = {"step": step, "done": rows, "rate": int(rows / max(0.001, time.monotonic() - started))}
        fresh = folder / f"{PROGRESS}.{os.getpid()}"
        fresh.write_text(json.dumps(said), encoding="utf-8")
        fresh.replace(folder / PROGRESS)

    with (folder / LOCK).open("a") as mark:
        fcntl.flock(mark, fcntl.LOCK_EX)
        try:
            yield told
        finally:
            (folder / PROGRESS).unlink(missing_ok=True)
            (folder / STOP).unlink(missing_ok=True)


def is_at_work(change_set: ChangeSet) -> bool:
    """Tell whether a living process holds the mark: the system takes it from a killed one."""
    path = folder_of(change_set) / LOCK
    if not path.exists():
        return False
    with path.open("a") as mark:
        try:
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def how_far(change_set: ChangeSet) -> HowFar:
    """What the running work last said."""
    path: Path = folder_of(change_set) / PROGRESS
    try:
        return HowFar(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return HowFar(change_set.step or change_set.get_status_display(), change_set.done)


def ask_to_stop(change_set: ChangeSet) -> None:
    """Ask the running work to stop at its next batch."""
    folder = folder_of(change_set)
    if folder.exists():
        (folder / STOP).touch()
