"""The definitions of matters that cases follow: the one in force on a day, and the version a running case keeps."""

from __future__ import annotations

from datetime import date

from zhicheng.catalogue.matter_loader import load_matters, matter_of
from zhicheng.engines.procedures.definition import Matter
from zhicheng.kernel.refusals import NotFound

matter_version = matter_of


def matter_in_force(code: str, on: date) -> Matter:
    """Return the version new cases follow on a day.

    Raises:
        NotFound: no such matter, or none of its versions is in force on the day.
    """
    found = [one for one in matters_in_force(on) if one.code == code]
    if not found:
        known = "、".join(one.code for one in matters_in_force(on))
        raise NotFound(f"{on} 没有可办的事项“{code}”。", fix=f"现有事项：{known}。")
    return found[0]


def matters_in_force(on: date) -> list[Matter]:
    """Return the matters one may file on a day, each in the version in force."""
    newest: dict[str, Matter] = {}
    for one in load_matters():
        if (one.since is None or one.since <= on) and (one.until is None or on <= one.until):
            newest[one.code] = one
    return list(newest.values())
