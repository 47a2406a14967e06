"""What an award round waits for now: where it stands, what is missing, what comes next, in sentences for an officer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from zhicheng.apps.incentives.models import (
    AwardRound,
    Ballot,
    DefenceSlot,
    Objection,
    ScoreSheet,
    SiteVisit,
)
from zhicheng.apps.incentives.rounds import stage_queries
from zhicheng.apps.incentives.rounds.calls import Standing, Status
from zhicheng.apps.incentives.rounds.stages import DEFENCE, ON_SITE, VOTE
from zhicheng.apps.incentives.rounds.succession import notice_ends

FEWEST_MEMBERS = 3


@dataclass(frozen=True)
class Now:
    """Where a round stands.

    Args:
        said: one sentence on where it stands.
        missing: what is still to be done before it goes on, one sentence each.
        following: what comes next and who does it.
        anchor: part of the page where it is done, empty for the buttons beside the rules.
        lost: what is lost when the stage is closed now, asked before it is; empty where nothing is.
    """

    said: str
    missing: tuple[str, ...] = ()
    following: str = ""
    anchor: str = ""
    lost: str = ""


def progress_of(row: AwardRound) -> dict[int, tuple[int, int]]:
    """How many sheets each expert has marked, of how many asked for in the stage that runs; one query."""
    if row.status != Status.SCORING:
        return {}
    rows = (
        ScoreSheet.objects.filter(
            candidate__award_round=row, stage=row.stage, candidate__status=Standing.ELIGIBLE, conflict=""
        )
        .values("expert")
        .annotate(asked=Count("pk"), given=Count("pk", filter=Q(total__isnull=False)))
        .order_by()
    )
    return {one["expert"]: (one["given"], one["asked"]) for one in rows}


def now_of(row: AwardRound, on: date) -> Now:
    """Where a round stands on a day."""
    told: dict[str, Callable[[AwardRound, date], Now]] = {
        Status.OPEN: _open, Status.SCORING: _stage, Status.RANKED: _ranked, Status.NOTICE: _notice,
        Status.GRANTED: _granted, Status.CANCELLED: _cancelled,
    }  # fmt: skip
    return told[row.status](row, on)


def _open(row: AwardRound, on: date) -> Now:
    counted = row.candidates.aggregate(
        handed=Count("pk", filter=~Q(status__in=(Standing.DRAFT, Standing.WITHDRAWN))),
        waiting=Count("pk", filter=Q(status=Standing.APPLIED)),
    )
    called = row.experts.count()
    days = {"first": row.opens_on.isoformat(), "last": row.closes_on.isoformat()}
    if on < row.opens_on:
        said = _("申报还没有开始：%(first)s 至 %(last)s 受理。") % days
    elif on <= row.closes_on:
        said = _("正在受理申报，%(last)s 截止。") % days
    else:
        said = _("申报已在 %(last)s 截止。") % days
    missing = []
    if not counted["handed"]:
        missing.append(_("还没有单位申报。"))
    if counted["waiting"]:
        missing.append(
            _("%(count)s 份申报没有资格结论：点“按台账核对资格”。") % {"count": counted["waiting"]}
        )
    if called < row.least_scores:
        missing.append(
            _("评审专家 %(called)s 人，每份申报至少要 %(least)s 份评分：请再邀请。")
            % {"called": called, "least": row.least_scores}
        )
    following = _("申报期满、资格核对完以后，点“截止申报，开始评分”；之后不再收申报。")
    return Now(said, tuple(missing), following)


def _stage(row: AwardRound, on: date) -> Now:
    stage = row.current
    if stage.scored:
        return _scored(row)
    if stage.kind == VOTE:
        return _vote(row)
    said = _("“%(stage)s”待登记。") % {"stage": stage.name}
    return Now(said, (), _("政府审定后，在“登记政府审定”里填日期和文件，剔除的逐个写明理由。"), "decision")


def _scored(row: AwardRound) -> Now:
    asked = _progress(row)
    given, all_of_them = sum(one for _n, one, _a in asked), sum(one for _n, _g, one in asked)
    stage = row.current
    said = _("“%(stage)s”进行中：应评 %(asked)s 份，已交 %(given)s 份。") % {
        "stage": stage.name, "asked": all_of_them, "given": given,
    }  # fmt: skip
    late = [(name, total - done) for name, done, total in asked if done < total]
    lost, missing = "", list(_before_marks(row))
    if late:
        who = "、".join(_("%(name)s %(count)s 份") % {"name": name, "count": count} for name, count in late)
        missing.append(_("没有交的评分：%(who)s。") % {"who": who})
        lost = _("还有评分没有交：%(who)s。结束以后不能再交，按已交的计算。确定结束本环节？") % {"who": who}
    least = stage.least if stage.least is not None else row.least_scores
    following = _("每份申报有 %(least)s 份评分后，点“结束本环节，计算得分”。") % {"least": least}
    return Now(
        said, tuple(missing), following, {ON_SITE: "visits", DEFENCE: "slots"}.get(stage.kind, ""), lost
    )


def _progress(row: AwardRound) -> list[tuple[str, int, int]]:
    """Name of each expert with sheets, how many are marked, how many asked for."""
    counted = progress_of(row)
    sheets = ScoreSheet.objects.filter(candidate__award_round=row, stage=row.stage, expert__in=counted)
    names = {one.expert_id: str(one.expert) for one in sheets.select_related("expert").order_by("pk")}
    return [(names[key], *counted[key]) for key in names]


def _before_marks(row: AwardRound) -> list[str]:
    """What has to be arranged before experts can mark."""
    stage, standing = row.current, row.candidates.filter(status=Standing.ELIGIBLE)
    if stage.kind == ON_SITE:
        visited = SiteVisit.objects.filter(place=row.stage, candidate__in=standing).values("candidate")
        count = standing.exclude(pk__in=visited).count()
        return [_("%(count)s 份申报没有安排现场日期和评审组。") % {"count": count}] if count else []
    if stage.kind == DEFENCE:
        slots = DefenceSlot.objects.filter(place=row.stage, candidate__in=standing)
        if not slots.exists():
            return [_("还没有抽签排定答辩时段。")]
        count = slots.filter(attended=None).count()
        return [_("%(count)s 份申报没有登记到场或缺席。") % {"count": count}] if count else []
    return []


def _vote(row: AwardRound) -> Now:
    members = row.committee.count()
    said = _("“%(stage)s”进行中。") % {"stage": row.current.name}
    ballot = (
        row.ballots.filter(place=row.stage)
        .exclude(status=Ballot.Status.ANNULLED)
        .annotate(called=Count("seats"), voted=Count("seats", filter=Q(seats__voted_at__isnull=False)))
        .order_by("-pk")
        .first()
    )
    if ballot is None:
        short = members < FEWEST_MEMBERS
        need = [_("评审委员会 %(count)s 人，至少 3 人：请邀请委员。") % {"count": members}] if short else []
        return Now(said, tuple(need), _("委员齐了以后，在“表决”里点“发起表决”。"), "vote")
    if ballot.status == Ballot.Status.OPEN:
        said = _("正在表决：委员 %(called)s 人，已投票 %(voted)s 人。") % {
            "called": ballot.called, "voted": ballot.voted,
        }  # fmt: skip
        return Now(said, (), _("投完以后，在“表决”里点“结束投票并计票”。"), "vote")
    if stage_queries.second_waits(row):
        return Now(said, (_("有得票相同的：发起同票者再次表决。"),), "", "vote")
    return Now(_("表决已计票。"), (), _("点“结束本环节”，按票数排出名次。"))


def _ranked(row: AwardRound, on: date) -> Now:
    return Now(
        _("评审结束，名次和拟授等次已排出。"), (),
        _("核对下面的名单，不授的等次写明空缺理由，然后点“开始公示”。"), "list",
    )  # fmt: skip


def _notice(row: AwardRound, on: date) -> Now:
    until = notice_ends(row) or on
    waiting = row.objections.filter(status=Objection.Status.OPEN).count()
    pending = row.objections.filter(consequence="pending").count()
    if on <= until:
        said = _("正在公示，到 %(day)s。") % {"day": until.isoformat()}
    else:
        said = _("公示已在 %(day)s 期满。") % {"day": until.isoformat()}
    missing = []
    if waiting:
        missing.append(_("%(count)s 件异议没有答复。") % {"count": waiting})
    if pending:
        missing.append(_("%(count)s 件成立的异议没有写明后果。") % {"count": pending})
    if row.waits_for_decision and on > until:
        return Now(said, tuple(missing), _("下一步：登记政府审定。"), "decision")
    following = _("公示期满、异议都答复以后，由发起人以外的人填公布文件，点“授予，送台账复核”。")
    return Now(said, tuple(missing), following, "objections" if missing else "")


def _granted(row: AwardRound, on: date) -> Now:
    return Now(
        _("已提交授予。"), (),
        _("荣誉在台账变更集复核以后入库，随后可以兑付；要撤销的，在下面的名单里逐个办理。"), "list",
    )  # fmt: skip


def _cancelled(row: AwardRound, on: date) -> Now:
    return Now(_("这次评选已取消，不再办理。"))
