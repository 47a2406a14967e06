"""The files of a published bulletin: written once, kept with their digest, served as they were."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from zhicheng.apps.intelligence.bulletin_building import FORMATS, write_file
from zhicheng.apps.intelligence.bulletin_models import Bulletin
from zhicheng.engines.bulletins import Document
from zhicheng.kernel.refusals import NotFound, Refusal


def write(row: Bulletin, document: Document, forms: Sequence[str]) -> dict[str, dict[str, object]]:
    """Write the files of a bulletin; what this machine cannot write is left out with its reason.

    Returns:
        By format: name, sha256, size, or why it is missing.
    """
    found: dict[str, dict[str, object]] = {}
    for form in forms:
        try:
            data = write_file(document, form, reference=f"bulletin:{row.pk}")
        except Refusal as refusal:
            found[form] = {"missing": str(refusal)}
            continue
        name = f"bulletins/{row.pk}/{row.region_code}-{row.as_of}.{form}"
        kept = default_storage.save(name, ContentFile(data))
        found[form] = {"name": kept, "sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
    return found


def read(row: Bulletin, form: str) -> bytes:
    """Return a published file as it was published.

    Raises:
        NotFound: it was not published in this format, or the file is gone or was changed.
    """
    if form not in FORMATS:
        raise NotFound(f"没有“{form[:10]}”这种文件。", fix=f"可下载：{'、'.join(FORMATS)}。")
    if form == "md":
        return row.markdown.encode()
    if form == "html":
        head = f'<!doctype html>\n<html lang="zh-CN"><head><meta charset="utf-8"><title>{row.pk}</title></head><body>'
        return f"{head}\n{row.html}\n</body></html>\n".encode()
    kept = row.files.get(form, {})
    if "name" not in kept or not default_storage.exists(kept["name"]):
        raise NotFound(
            f"这篇通稿没有 {form} 文件：{kept.get('missing', '文件不在服务器上')}",
            fix="可下载其他格式，或告知管理员。",
        )
    with default_storage.open(kept["name"], "rb") as file:
        data = bytes(file.read())
    if hashlib.sha256(data).hexdigest() != kept["sha256"]:
        raise NotFound("文件与发布时的摘要不符，不提供下载。", fix="请告知管理员从备份恢复。")
    return data
