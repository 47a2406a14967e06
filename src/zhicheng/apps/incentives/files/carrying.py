"""Files on their way: read from a form, decoded from the API, sent as a download that is recorded."""

from __future__ import annotations

import base64
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import FileResponse

from zhicheng.apps.accounts.public import User, record_event
from zhicheng.apps.incentives.files.models import HandedFile
from zhicheng.kernel.refusals import Refusal

LARGEST = 30 * 2**20
LONGEST_TEXT = 42 * 2**20  # the same as Base64


def uploaded(file: UploadedFile[Any]) -> tuple[str, bytes]:
    """Name and content of a file of a form; of one too large only so much that it is refused."""
    return file.name or "", file.read(LARGEST + 1)


def decoded(name: str, text: str) -> bytes:
    """The content of a file that came as Base64.

    Raises:
        Refusal: it is no Base64.
    """
    try:
        return base64.b64decode(text, validate=True)
    except ValueError as error:
        raise Refusal(f"文件“{name}”的内容不是 Base64。", fix="请按 Base64 编码后发送。") from error


def download(row: HandedFile, *, by: User, action: str, subject: str, name: str = "") -> FileResponse:
    """Send a file as a download, never shown in the page, and record who opened it.

    Args:
        row: the file. by: who opens it. action, subject: of the audit event.
        name: it is called by where its own name must not be told.
    """
    with transaction.atomic():
        record_event(by=by, action=action, subject=subject, after={"sha256": row.sha256})
    response = FileResponse(row.file.open("rb"), as_attachment=True, filename=name or row.name)
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
