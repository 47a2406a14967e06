"""Which organisation somebody files for."""

from __future__ import annotations

from zhicheng.apps.accounts.public import User, scope
from zhicheng.apps.ledger.public import Organisation
from zhicheng.kernel.refusals import NotAllowed, NotFound


def organisation_for(user: User, number: int | None) -> Organisation | None:
    """Return the organisation a person files for: the one named, else the first they act for; None for an officer.

    Raises:
        NotAllowed: the person has no letter of that organisation.
        NotFound: the ledger has none of the number.
    """
    if user.is_officer:
        if number is None:
            return None
        found = Organisation.objects.filter(pk=number).first()
        if found is None:
            raise NotFound(f"台账中没有主体 {number}。", fix="请核对编号。")
        return found
    allowed = scope(user).organisation_ids
    if number is not None and number not in allowed:
        raise NotAllowed(f"您没有代表主体 {number} 办事的授权。", fix="请先在“主体授权”中申请授权。")
    chosen = number or next(iter(allowed), None)
    return Organisation.objects.filter(pk=chosen).first() if chosen else None
