"""What waits for an expert or a member of a committee, on the home page: sheets to mark, ballots to hand in."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from zhicheng.apps.accounts.public import Role, may, scope
from zhicheng.apps.incentives.models import AwardRound
from zhicheng.apps.incentives.rounds import queries, stage_queries
from zhicheng.apps.incentives.rounds.calls import Status
from zhicheng.apps.web.public import Card, Line, Place

SHOWN = 5


def reviewer_card(user: Any, place: Place) -> Card | None:
    """Ballots and sheets by round; None for who has none and is no expert."""
    if not may(user, "policies.vote") and not may(user, "policies.score"):
        return None
    lines = [*_ballots(user), *_sheets(user)]
    if not lines and user.role != Role.EXPERT:
        return None
    return Card(
        _("等您评审"),
        tuple(lines),
        _("现在没有要评的，也没有要投的票；有了会列在这里。"),
        "/incentives/scoring/",
    )


def waiting_lines(user: Any, on: date) -> list[Line]:
    """Rounds of an officer's regions that wait for a step of the office; one query."""
    rows = AwardRound.objects.filter(scope(user).regions_q()).filter(
        Q(status=Status.OPEN, closes_on__lt=on)
        | Q(status=Status.RANKED)
        | Q(status=Status.NOTICE, notice_until__lt=on)
    )
    said = {
        Status.OPEN: _("申报已截止，待开始评分"),
        Status.RANKED: _("评审结束，待公示"),
        Status.NOTICE: _("公示期满，待授予"),
    }
    return [
        Line(one.title, f"/incentives/rounds/{one.number}/", said[Status(one.status)], _("评选"), "warm")
        for one in rows.order_by("-pk")[:SHOWN]
    ]


def _ballots(user: Any) -> list[Line]:
    """Ballots that run and that the person has not handed in."""
    if not may(user, "policies.vote"):
        return []
    return [
        Line(
            one.ballot.award_round.title,
            f"/incentives/scoring/ballots/{one.ballot_id}/",
            _("无记名投票"),
            _("待投票"),
            "warm",
        )
        for one in stage_queries.own_ballots(user)
        if one.voted_at is None
    ]


def _sheets(user: Any) -> list[Line]:
    """Rounds in which the person still has sheets to mark, with how many."""
    if not may(user, "policies.score"):
        return []
    rows = (
        queries.sheets_held(user)
        .filter(conflict="", total__isnull=True)
        .values("candidate__award_round__title")
        .annotate(left=Count("pk"))
        .order_by("candidate__award_round")
    )
    return [
        Line(
            one["candidate__award_round__title"],
            "/incentives/scoring/",
            _("还有 %(count)s 份没有评") % {"count": one["left"]},
            _("待评分"),
            "warm",
        )
        for one in rows
    ]
