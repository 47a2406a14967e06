"""Files taken, kept and deleted: checked by name, content, size and number before anything is stored."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import partial
from pathlib import PurePath
from typing import Any, TypeVar

from django.core.files.base import ContentFile
from django.db import models, transaction

from zhicheng.apps.accounts.public import User
from zhicheng.apps.cases.public import check_file
from zhicheng.apps.incentives.files.models import HandedFile
from zhicheng.kernel.refusals import Refusal

Kept = TypeVar("Kept", bound=HandedFile)

MOST_FILES = 12
LARGEST_TOGETHER = 60 * 2**20
ZIP, OLE, JPEG = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\xff\xd8\xff"
# a scanner may write a few bytes before %PDF; the others begin with theirs
HEADS = {
    ".pdf": (b"%PDF",), ".png": (b"\x89PNG",), ".jpg": (JPEG,), ".jpeg": (JPEG,), ".docx": (ZIP,), ".xlsx": (ZIP,),
    ".doc": (OLE, ZIP), ".xls": (OLE, ZIP),
}  # fmt: skip


def check(name: str, content: bytes) -> None:
    """See that a file is of a kind that is taken, not too large, and what its ending says.

    Raises:
        Refusal: its kind is not taken, it is empty or too large, or its content is of another kind, so that nobody
            could open it.
    """
    check_file(name, len(content))
    ending = PurePath(name).suffix.lower()
    heads = HEADS.get(ending)
    if heads and not any(head in content[:1024] for head in heads):
        raise Refusal(
            f"文件“{name[:80]}”打不开：名称以“{ending}”结尾，内容却不是。", fix="请重新扫描或导出后再上传。"
        )


def keep(
    beside: models.Manager[Kept], *, said: Mapping[str, Any], name: str, content: bytes, by: User
) -> Kept | None:
    """Keep a file that was checked beside what it belongs to; None where it lies there already.

    Args:
        beside: files of the same owner. said: the owner and the kind of material, in which the same file lies once.
        name: as it was uploaded. content: as it came. by: who hands it in.

    Raises:
        Refusal: it is one too many, or all together grow too large.
    """
    digest = hashlib.sha256(content).hexdigest()
    if beside.filter(**said, sha256=digest).exists():
        return None
    sizes = list(beside.values_list("size", flat=True))
    if len(sizes) >= MOST_FILES or sum(sizes) + len(content) > LARGEST_TOGETHER:
        raise Refusal(
            f"一份申报最多 {MOST_FILES} 个文件、合计 {LARGEST_TOGETHER // 2**20} MB。",
            fix="请合并或压缩后上传。",
        )
    plain = PurePath(name)
    made = beside.model(**said, name=plain.name[:200], size=len(content), sha256=digest, by=by)
    made.file.save(f"{digest[:24]}{plain.suffix.lower()}", ContentFile(content), save=True)
    return made


def forget(row: HandedFile) -> None:
    """Delete a file; its content goes once nothing can bring the row back."""
    assert row.file.name is not None, "a file is kept with its content"
    transaction.on_commit(partial(row.file.storage.delete, row.file.name))
    row.delete()
