"""A folder or zip of texts is read one file after another; it can be watched, cancelled and taken up again."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import BinaryIO
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F

from zhicheng.apps.accounts.public import User, record_event, require
from zhicheng.apps.intelligence.article_models import NewsBatch
from zhicheng.apps.intelligence.reading import MAX_FILE, READABLE, keeper_of, read_file
from zhicheng.kernel.refusals import Conflict, Refusal

MAX_FILES = 2_000
MAX_UNPACKED = 500 * 1024**2
Status = NewsBatch.Status
Upload = tuple[str, BinaryIO]


def folder_of(batch: NewsBatch) -> Path:
    """Return where the files of a batch wait to be read."""
    return Path(settings.ZHICHENG_HOME) / "uploads" / "news" / str(batch.key)


def begin(*, name: str, files: Iterable[Upload], by: User) -> NewsBatch:
    """Take the files of a folder, or of zip files among them, and make a batch of them; reading comes after.

    Raises:
        Refusal: nothing readable, too many files, or a zip that unpacks to too much.
    """
    require(by, "intelligence.review")
    batch = NewsBatch(name=name[:200], region_code=keeper_of(by), by=by)
    folder = folder_of(batch)
    folder.mkdir(parents=True)
    try:
        batch.total, batch.problems = _unpack(files, folder)
        if not batch.total:
            raise Refusal("里面没有可读的文件。", fix=f"可用：{'、'.join(READABLE)}，或它们的 zip 压缩包。")
        with transaction.atomic():
            batch.save()
            record_event(
                by=by, action="intelligence.begin_batch", subject=f"batch:{batch.key}",
                after={"name": batch.name, "files": batch.total},
            )  # fmt: skip
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return batch


def read_waiting(batch: NewsBatch, *, by: User) -> NewsBatch:
    """Read what still waits, one file at a time; a file that cannot be read is named and the rest goes on."""
    for path in sorted(folder_of(batch).glob("*")):
        if not NewsBatch.objects.filter(pk=batch.pk, status=Status.READING).exists():
            break
        name = path.name.split("-", 1)[-1]
        counts = {"done": F("done") + 1}
        try:
            kept = read_file(path.read_bytes(), name, by=by, batch=batch)
            counts["added" if kept.new else "known"] = F("added" if kept.new else "known") + 1
        except Refusal as refusal:
            problems = [
                *NewsBatch.objects.values_list("problems", flat=True).get(pk=batch.pk),
                _problem(name, refusal),
            ]
            NewsBatch.objects.filter(pk=batch.pk).update(problems=problems)
        NewsBatch.objects.filter(pk=batch.pk).update(**counts)
        path.unlink()
    NewsBatch.objects.filter(pk=batch.pk, status=Status.READING).update(status=Status.DONE)
    shutil.rmtree(folder_of(batch), ignore_errors=True)
    batch.refresh_from_db()
    return batch


@transaction.atomic
def cancel(*, key: UUID, by: User) -> NewsBatch:
    """Stop reading; articles already read stay.

    Raises:
        Conflict: the batch is not being read.
    """
    require(by, "intelligence.review")
    batch = NewsBatch.objects.select_for_update().get(key=key)
    if batch.status == Status.CANCELLED:
        return batch
    if batch.status != Status.READING:
        raise Conflict(f"这批文章{batch.get_status_display()}，没有可取消的。", fix="请返回文章列表。")
    batch.status = Status.CANCELLED
    batch.save()
    record_event(
        by=by, action="intelligence.cancel_batch", subject=f"batch:{batch.key}", after={"done": batch.done}
    )
    return batch


def _unpack(files: Iterable[Upload], folder: Path) -> tuple[int, list[dict[str, str]]]:
    count, size, problems = 0, 0, []
    for name, stream in files:
        for inner, data in _contents(name, stream):
            plain = PurePosixPath(inner.replace("\\", "/")).name
            size += len(data)
            if count >= MAX_FILES or size > MAX_UNPACKED:
                raise Refusal(
                    f"一批最多 {MAX_FILES} 个文件、共 {MAX_UNPACKED // 1024**2} MB。", fix="请分几批上传。"
                )
            if not plain.lower().endswith(READABLE):
                problems.append({"name": plain, "why": f"不是可读的格式，可用：{'、'.join(READABLE)}。"})
                continue
            (folder / f"{count:05d}-{plain[-180:]}").write_bytes(data)
            count += 1
    return count, problems


def _contents(name: str, stream: BinaryIO) -> Iterable[tuple[str, bytes]]:
    if not name.lower().endswith(".zip"):
        yield name, stream.read(MAX_FILE + 1)
        return
    try:
        with zipfile.ZipFile(stream) as packed:
            for info in packed.infolist():
                if info.is_dir() or PurePosixPath(info.filename).name.startswith("."):
                    continue
                # read at most so much, whatever the entry claims: a zip bomb stops here
                with packed.open(info) as inner:
                    yield _name_of(info), inner.read(MAX_FILE + 1)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError) as error:
        raise Refusal(f"“{name}”不是完好的、不加密的 zip 文件。", fix="请重新打包后上传。") from error


def _name_of(info: zipfile.ZipInfo) -> str:
    if info.flag_bits & 0x800:
        return info.filename
    try:  # Windows in China packs names in GBK without saying so
        return info.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return info.filename


def _problem(name: str, refusal: Refusal) -> dict[str, str]:
    return {"name": name, "why": str(refusal)}
