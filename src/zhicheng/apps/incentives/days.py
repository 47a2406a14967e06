"""The days the room works on: the demo city lives on a day of its own, while its cases run on real days like all cases."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone

from zhicheng.apps.accounts.public import city, demo_loaded, opening_date


def today() -> date:
    """The day a step is taken on: the demo city lives on its own day, a real one today."""
    return opening_date() if demo_loaded() else timezone.localdate()


def in_cases(day: date) -> date:
    """The day a case runs on for a day of this room: the same, but in the demo city, whose own day is today for cases."""
    shift = _shift()
    return min(day + shift, timezone.localdate()) if shift else day


def last_day_in_cases(day: date) -> date:
    """The same for the last day of something, which may lie ahead of today."""
    return day + _shift()


def from_cases(day: date) -> date:
    """The day of this room for a day of a case."""
    return day - _shift()


def _shift() -> timedelta:
    row = city()
    if row is None or not row.demo or row.opens_on is None:
        return timedelta(0)
    return timezone.localdate() - row.opens_on
