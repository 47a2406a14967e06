"""What waits for somebody to decide: change sets, names to confirm, disputes."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from zhicheng.apps.accounts.public import may
from zhicheng.apps.records import disputes
from zhicheng.apps.records.models import ChangeSet, Dispute
from zhicheng.apps.records.set_queries import change_sets, questions
from zhicheng.apps.web.public import Card, Line, Place

SHOWN = 8


def open_change_sets(user: Any, limit: int = SHOWN) -> list[ChangeSet]:
    """Change sets of a person's region that are staged or wait for review, oldest first."""
    waiting = (ChangeSet.Status.STAGED, ChangeSet.Status.SUBMITTED)
    return list(change_sets(user).filter(status__in=waiting).order_by("created_at")[:limit])


def card(user: Any, place: Place) -> Card | None:
    """Card of the home page for those who prepare or review records."""
    if not may(user, "records.prepare"):
        return None
    lines = [
        Line(
            one.source, f"/records/imports/{one.key}/", f"{_('新增')} {one.new} · {_('变更')} {one.changed} · {_('退回')} {one.rejected}",
            one.get_status_display(), "warm",
        )
        for one in open_change_sets(user)
    ]  # fmt: skip
    if may(user, "records.approve") and (count := questions(user).filter(decided=False).count()):
        lines.append(Line(_("待确认主体"), "/records/matching/", f"{count}", _("主体"), "warm"))
    if disputes.may_answer(user):
        count = disputes.visible(user).filter(state=Dispute.State.OPEN).count()
        lines += (
            [Line(_("待答复的异议"), "/records/disputes/", f"{count}", _("异议"), "warm")] if count else []
        )
    return Card(
        _("待我处理"),
        tuple(lines),
        _("没有等您处理的事。导入待复核、主体待确认时会列在这里。"),
        "/records/imports/",
    )
