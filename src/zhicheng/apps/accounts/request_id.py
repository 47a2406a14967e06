"""The number of the request being served; it stands in the audit trail, the logs and on error pages."""

from __future__ import annotations

from contextvars import ContextVar
from uuid import uuid4

_current: ContextVar[str] = ContextVar("request_id", default="")


def new_request_id() -> str:
    """Return a fresh number, short enough to read out on the telephone."""
    return uuid4().hex[:12]


def set_request_id(value: str) -> None:
    """Make this the number of the work now being done."""
    _current.set(value)


def current_request_id() -> str:
    """Return the number of the work now being done, empty outside any request."""
    return _current.get()
