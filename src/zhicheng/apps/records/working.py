"""How far running work is and whether it was asked to stop: small files beside its rows, read without any lock.

While a large set is written, SQLite lets nobody else write and PostgreSQL shows nobody what is not committed; a file
can be read by the page, by the next person who waits and by the command line alike.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection

from zhicheng.apps.records.models import ChangeSet
from zhicheng.apps.records.staging import Progress, folder_of
from zhicheng.kernel.refusals import Refusal

PROGRESS, STOP, LOCK = "progress.json", "stop", "at-work"
# In the data folder while a set is written: SQLite has one writer, and a page that only reads must not wait to note
# that somebody was here (accounts.middleware).
WRITING = "ledger-is-written"


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
def at_work(change_set: ChangeSet, progress: Progress, *, writes: bool = False) -> Iterator[Progress]:
    """Hold the mark of running work and yield a progress that writes it down; a killed process lets the mark go.

    Args:
        change_set: the set worked on.
        progress: told as well.
        writes: True while the ledger itself is written, when others have to wait.
    """
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
        fresh.write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")
        fresh.replace(folder / PROGRESS)
        if writes:
            written.touch()

    written = Path(settings.ZHICHENG_HOME) / WRITING
    with (folder / LOCK).open("a") as mark:
        fcntl.flock(mark, fcntl.LOCK_EX)
        try:
            if writes:
                told("写入", 0)
            yield told
        finally:
            if writes:
                written.unlink(missing_ok=True)
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


def being_written() -> list[tuple[ChangeSet, HowFar]]:
    """Sets that are written into the ledger this moment: whoever else wants to write waits for them."""
    rows = ChangeSet.objects.filter(status=ChangeSet.Status.APPLYING).select_related("prepared_by")
    return [(row, how_far(row)) for row in rows if is_at_work(row)]


def wait_for_others(tell: Callable[[str], None], *, pause: float = 2.0) -> None:
    """Say on whom one waits, until nobody writes; SQLite has one writer at a time, PostgreSQL needs no waiting."""
    if connection.vendor != "sqlite":
        return
    while found := being_written():
        row, far = found[0]
        tell(f"正在等待“{row.source}”写入台账：已写 {far.done:,} 行，写完后自动继续。")
        time.sleep(pause)


def ask_to_stop(change_set: ChangeSet) -> None:
    """Ask the running work to stop at its next batch."""
    folder = folder_of(change_set)
    if folder.exists():
        (folder / STOP).touch()
