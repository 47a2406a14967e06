"""Who may do what in the loop; no department closes what it is supervised for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zhicheng.kernel.refusals import NotAllowed

if TYPE_CHECKING:
    from zhicheng.apps.accounts.public import User

DUTIES: dict[str, tuple[str, ...]] = {
    "view": ("city_officer", "county_officer", "department", "supervision", "cppcc", "leader", "auditor"),
    "prepare": ("cppcc",),
    "instruct": ("leader",),
    "supervise": ("supervision",),
    "answer": ("department", "county_officer", "city_officer"),
    "reopen": ("supervision", "cppcc"),
    "link": ("cppcc",),
}
WHO = {
    "view": "参与协商闭环的各办公室",
    "prepare": "政协办公室",
    "instruct": "市领导（或其秘书）",
    "supervise": "市督考办",
    "answer": "承办单位",
    "reopen": "市督考办或政协办公室",
    "link": "政协办公室",
}


def may(user: User | None, duty: str) -> bool:
    """Tell whether a signed-in person has a duty."""
    return bool(user and user.is_authenticated and user.role in DUTIES[duty])


def require(user: User | None, duty: str) -> None:
    """Refuse a person who does not have a duty.

    Raises:
        NotAllowed: the person's role does not carry the duty; the message says whose it is.
    """
    if not may(user, duty):
        raise NotAllowed(f"这一步由{WHO[duty]}办理。", fix="请转交有此职责的人员，或联系系统管理员核对角色。")
