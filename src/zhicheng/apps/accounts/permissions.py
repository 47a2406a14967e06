"""The one table of who may do what: role → patterns of permission names.

A permission is `room.verb`. A pattern ending in `.*` covers every verb of its room, so that a room may
name new verbs without touching this table.
"""

from __future__ import annotations

from zhicheng.apps.accounts.roles import Role

_EVERYBODY_SIGNED_IN = ("figures.view", "records.view", "bulletins.view", "account.self")

PERMISSIONS: dict[str, tuple[str, ...]] = {
    Role.CITY_OFFICER: (
        *("records.*", "figures.*", "cases.*", "policies.*", "agents.*"),
        # The bureau is a unit like others in the loop: it answers, it does not close what it is supervised for.
        *("consultation.view", "consultation.answer", "consultation.link"),
        *("intelligence.*", "bulletins.*", "notices.*", "disputes.*", "personal.view"),
    ),
    Role.COUNTY_OFFICER: (
        *("records.*", "cases.*", "policies.view", "policies.prepare", "policies.review", "agents.*"),
        *("consultation.view", "consultation.answer", "consultation.record", "intelligence.view"),
        *("bulletins.prepare", "disputes.*", "personal.view"),
    ),
    Role.DEPARTMENT: (
        *("consultation.view", "consultation.answer", "cases.view", "cases.handle", "policies.view"),
        *("policies.review", "policies.vote", "intelligence.view", "records.prepare"),
    ),
    Role.SUPERVISION: (
        *("consultation.view", "consultation.supervise", "consultation.close", "cases.view"),
        *("cases.supervise", "policies.view", "intelligence.view"),
    ),
    Role.CPPCC: (
        *("consultation.view", "consultation.record", "consultation.submit", "consultation.organise"),
        *("consultation.feedback", "consultation.link", "policies.view", "intelligence.view"),
    ),
    Role.LEADER: (
        *("consultation.view", "consultation.instruct", "cases.view", "policies.view", "policies.vote"),
        *("intelligence.view", "bulletins.approve"),
    ),
    Role.ENTERPRISE: (
        *("cases.apply", "cases.own", "policies.apply", "policies.own", "consultation.own"),
        *("consultation.rate", "disputes.raise", "agents.request"),
    ),
    Role.UNIVERSITY: (
        *("cases.apply", "cases.own", "policies.apply", "policies.own", "consultation.own"),
        *("consultation.rate", "disputes.raise", "agents.request"),
    ),
    Role.BANK: ("cases.own", "cases.bank", "policies.own", "consultation.own", "agents.request"),
    Role.EXPERT: (
        "policies.score",
        "policies.vote",
        "cases.own",
        "cases.mediate",
        "cases.advise",
        "consultation.own",
        "consultation.rate",
    ),
    Role.AUDITOR: ("audit.view", "audit.verify", "users.view"),
    Role.SYSTEM_ADMIN: ("users.manage", "users.view", "system.*"),
    Role.SECURITY_ADMIN: ("security.manage", "users.view"),
}

# Without sign-in: only what was published.
PUBLIC: tuple[str, ...] = ("published.view", "cases.trace", "cases.apply_public")


def patterns_of(role: str) -> tuple[str, ...]:
    """Return the patterns of a role; an account without a role has those of its own page only."""
    if not role:
        return ("account.self", *PUBLIC)
    return (*PERMISSIONS[role], *_EVERYBODY_SIGNED_IN, *PUBLIC)


def covers(patterns: tuple[str, ...], permission: str) -> bool:
    """Tell whether one of the patterns covers the permission."""
    room = permission.split(".", 1)[0]
    return permission in patterns or f"{room}.*" in patterns
