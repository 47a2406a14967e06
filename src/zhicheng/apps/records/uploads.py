"""Files that people upload: kept until their change set is closed, so that a mapping is corrected without sending them again."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from zhicheng.apps.accounts.public import User
from zhicheng.kernel.refusals import NotFound, Refusal

MAX_UPLOAD = 200 * 1024**2
LONGEST_NAME = 200


@dataclass(frozen=True)
class Kept:
    """A file that waits for somebody.

    Args:
        token: names it in addresses.
        path: where it lies.
        name: what it was called.
    """

    token: UUID
    path: Path
    name: str


def folder() -> Path:
    """Where uploads lie."""
    path = Path(settings.ZHICHENG_HOME) / "uploads"
    path.mkdir(parents=True, exist_ok=True)
    return path


def keep(given: UploadedFile[bytes] | None, by: User) -> Kept:
    """Write an upload down.

    Raises:
        Refusal: there is none, or it is too large for a page.
    """
    if given is None or not given.name:
        raise Refusal("没有选择文件。", fix="请选择要导入的文件。")
    if given.size and given.size > MAX_UPLOAD:
        raise Refusal(f"文件超过 {MAX_UPLOAD // 1024**2} MB。", fix="请用命令 zhicheng load 导入大文件。")
    name = Path(given.name).name[-LONGEST_NAME:]
    token = uuid4()
    path = folder() / f"{token}{Path(name).suffix[:10]}"
    with path.open("wb") as stream:
        for block in given.chunks():
            stream.write(block)
    _label(token).write_text(f"{by.pk}\n{name}", encoding="utf-8")
    return Kept(token, path, name)


def kept(token: UUID, by: User) -> Kept:
    """The file that a person uploaded and nobody has read yet.

    Raises:
        NotFound: there is none, or somebody else sent it.
    """
    label = _label(token)
    if label.exists():
        owner, _, name = label.read_text(encoding="utf-8").partition("\n")
        path = folder() / f"{token}{Path(name).suffix[:10]}"
        if owner == str(by.pk) and path.exists():
            return Kept(token, path, name)
    raise NotFound("没有这个上传的文件，或已处理。", fix="请重新上传。")


def again(path: Path, name: str, by: User) -> Kept | None:
    """The same file once more for another reading, without copying it; None when it is gone."""
    if not path.is_file():
        return None
    token = uuid4()
    twin = folder() / f"{token}{path.suffix}"
    os.link(path, twin)
    _label(token).write_text(f"{by.pk}\n{name}", encoding="utf-8")
    return Kept(token, twin, name)


def forget(path: str | Path) -> None:
    """Throw an upload away that is no longer needed."""
    if not path:
        return
    file = Path(path)
    file.unlink(missing_ok=True)
    (file.parent / f"{file.name.partition('.')[0]}.name").unlink(missing_ok=True)


def _label(token: UUID) -> Path:
    return folder() / f"{token}.name"
