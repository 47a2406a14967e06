"""Version marks of a thing for the API: ETag out, If-Match in."""

from __future__ import annotations

from django.http import HttpRequest

from zhicheng.kernel.refusals import Conflict, Refusal


class VersionNeeded(Refusal):
    """A write came without saying which version it was made from."""

    code = "version_needed"
    status = 428


class VersionChanged(Conflict):
    """Somebody else changed the thing since it was read."""

    code = "version_changed"
    status = 412


def etag(kind: str, key: object, revision: object) -> str:
    """Return the mark of one version of one thing, e.g. `"patents-42-3"`."""
    return f'"{kind}-{key}-{revision}"'


def check_if_match(request: HttpRequest, current: str) -> None:
    """Refuse a write that was not made from the current version.

    Args:
        request: its If-Match header names the version (or `*`).
        current: what `etag` returns for the thing as it is now.
    """
    sent = request.headers.get("If-Match", "")
    if not sent:
        raise VersionNeeded(
            "修改请求没有 If-Match。", fix="请先读取记录，把返回的 ETag 放入 If-Match 再提交。"
        )
    marks = [mark.strip().removeprefix("W/") for mark in sent.split(",")]
    if "*" not in marks and current not in marks:
        raise VersionChanged(
            f"记录已被他人修改：提交所依据的版本是 {sent}，现在是 {current}。", fix="请重新读取后再改。"
        )
