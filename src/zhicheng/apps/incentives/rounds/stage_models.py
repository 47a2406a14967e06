"""What the stages of a round leave behind: runs of stages, visits, defence slots, the committee, and ballots without names."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhicheng.apps.incentives.rounds.models import AwardRound, Candidate

PERSON = settings.AUTH_USER_MODEL


class StageRun(models.Model):
    """One stage of one round as it ran: what was drawn and decided in it, and how things stood before it was closed."""

    award_round = models.ForeignKey(
        AwardRound, models.CASCADE, related_name="runs", verbose_name=_("评选"), help_text=_("所属评选")
    )
    place = models.PositiveSmallIntegerField(_("环节"), help_text=_("从 0 起"))
    seed = models.CharField(
        _("抽签种子"), max_length=64, blank=True, help_text=_("答辩顺序由它算出，任何人可以复算")
    )
    starts_at = models.DateTimeField(_("答辩开始"), null=True, blank=True, help_text=_("第一个时段的开始"))
    minutes = models.PositiveSmallIntegerField(_("每个时段分钟"), default=0, help_text=_("含提问"))
    rest = models.PositiveSmallIntegerField(_("间隔分钟"), default=0, help_text=_("两个时段之间"))
    hall = models.CharField(_("地点"), max_length=200, blank=True, help_text=_("答辩或会议地点"))
    decided_on = models.DateField(_("审定日"), null=True, blank=True, help_text=_("政府审定的日期"))
    document = models.CharField(_("审定文件"), max_length=200, blank=True, help_text=_("文号或会议纪要"))
    before = models.JSONField(
        _("结束前的情况"), default=list, blank=True, help_text=_("撤销误结束时恢复各份申报")
    )
    closed_at = models.DateTimeField(_("结束时间"), null=True, blank=True, help_text=_("未结束的为空"))
    closed_by = models.ForeignKey(
        PERSON, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("结束人"),
        help_text=_("结束本环节的人"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("环节办理")
        ordering = ("place",)
        constraints = (
            models.UniqueConstraint(fields=["award_round", "place"], name="one_run_per_stage_of_a_round"),
        )

    def __str__(self) -> str:
        return f"{self.award_round} {self.place}"


class SiteVisit(models.Model):
    """A visit to a candidate in an on-site stage; its team are the experts who hold sheets for it."""

    candidate = models.ForeignKey(
        Candidate, models.CASCADE, related_name="visits", verbose_name=_("申报"), help_text=_("去哪一家")
    )
    place = models.PositiveSmallIntegerField(_("环节"), help_text=_("从 0 起"))
    visited_on = models.DateField(_("现场日期"), help_text=_("现场评审的日期"))
    note = models.CharField(_("说明"), max_length=300, blank=True, help_text=_("如地点、联系安排"))
    arranged_by = models.ForeignKey(
        PERSON, models.PROTECT, related_name="+", verbose_name=_("安排人"), help_text=_("安排现场评审的人")
    )

    class Meta:
        verbose_name = _("现场评审安排")
        ordering = ("visited_on", "id")
        constraints = (
            models.UniqueConstraint(fields=["candidate", "place"], name="one_visit_per_candidate_and_stage"),
        )

    def __str__(self) -> str:
        return f"{self.candidate} {self.visited_on}"


class DefenceSlot(models.Model):
    """When a candidate defends, and whether it came."""

    candidate = models.ForeignKey(
        Candidate, models.CASCADE, related_name="slots", verbose_name=_("申报"), help_text=_("谁答辩")
    )
    place = models.PositiveSmallIntegerField(_("环节"), help_text=_("从 0 起"))
    order = models.PositiveSmallIntegerField(_("顺序"), help_text=_("抽签得出，从 1 起"))
    starts_at = models.DateTimeField(_("开始"), help_text=_("时段开始"))
    ends_at = models.DateTimeField(_("结束"), help_text=_("时段结束"))
    attended = models.BooleanField(_("到场"), null=True, blank=True, help_text=_("未登记的为空"))
    why = models.CharField(_("说明"), max_length=300, blank=True, help_text=_("缺席的原因"))

    class Meta:
        verbose_name = _("答辩时段")
        ordering = ("order",)
        constraints = (
            models.UniqueConstraint(fields=["candidate", "place"], name="one_slot_per_candidate_and_stage"),
        )

    def __str__(self) -> str:
        return f"{self.order} {self.candidate}"


class CommitteeMember(models.Model):
    """A member of the committee that votes in a round."""

    award_round = models.ForeignKey(
        AwardRound, models.CASCADE, related_name="committee", verbose_name=_("评选"), help_text=_("所属评选")
    )
    person = models.ForeignKey(
        PERSON, models.PROTECT, related_name="+", verbose_name=_("委员"), help_text=_("有权表决的人")
    )
    chair = models.BooleanField(_("主任委员"), default=False, help_text=_("主持表决的一人"))
    works_for = models.CharField(
        _("任职单位"), max_length=200, blank=True, help_text=_("所在单位的全称，用于回避核对")
    )
    called_by = models.ForeignKey(
        PERSON, models.PROTECT, related_name="+", verbose_name=_("邀请人"), help_text=_("邀请委员的人")
    )

    class Meta:
        verbose_name = _("评审委员")
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=["award_round", "person"], name="member_called_once"),
            models.UniqueConstraint(
                fields=["award_round"], condition=models.Q(chair=True), name="one_chair_per_round"
            ),
        )

    def __str__(self) -> str:
        return f"{self.award_round} {self.person}"


class Ballot(models.Model):
    """One secret vote of the committee; a second one is taken between equals where the round says so."""

    class Status(models.TextChoices):
        """Where a ballot stands."""

        OPEN = "open", _("表决中")
        CLOSED = "closed", _("已计票")
        ANNULLED = "annulled", _("已作废")

    award_round = models.ForeignKey(
        AwardRound, models.CASCADE, related_name="ballots", verbose_name=_("评选"), help_text=_("所属评选")
    )
    place = models.PositiveSmallIntegerField(_("环节"), help_text=_("从 0 起"))
    turn = models.PositiveSmallIntegerField(
        _("第几次"), default=1, help_text=_("1 为首次，2 为同票者的再次表决")
    )
    status = models.CharField(
        _("状态"), max_length=10, choices=Status.choices, default=Status.OPEN, help_text=_("表决到哪一步")
    )
    result = models.JSONField(
        _("结果"), default=dict, blank=True, help_text=_("结束后各份申报的总票数，不含谁投了什么")
    )
    why = models.CharField(_("作废理由"), max_length=300, blank=True, help_text=_("作废的为什么作废"))
    opened_by = models.ForeignKey(
        PERSON, models.PROTECT, related_name="+", verbose_name=_("发起人"), help_text=_("发起表决的人")
    )
    opened_at = models.DateTimeField(_("发起时间"), auto_now_add=True, help_text=_("发起表决的时间"))
    closed_at = models.DateTimeField(_("结束时间"), null=True, blank=True, help_text=_("计票的时间"))

    class Meta:
        verbose_name = _("表决")
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=["award_round"], condition=models.Q(status="open"), name="one_open_ballot_per_round"
            ),
        )

    def __str__(self) -> str:
        return f"{self.award_round} {self.turn}"


class BallotSeat(models.Model):
    """One member's place at a ballot: on whom the member may not vote, and whether the ballot was handed in."""

    ballot = models.ForeignKey(
        Ballot, models.CASCADE, related_name="seats", verbose_name=_("表决"), help_text=_("哪一次表决")
    )
    person = models.ForeignKey(
        PERSON, models.PROTECT, related_name="+", verbose_name=_("委员"), help_text=_("谁的表决资格")
    )
    barred = models.JSONField(
        _("回避"), default=dict, blank=True, help_text=_("不得表决的申报与事由，按申报的编号")
    )
    voted_at = models.DateTimeField(
        _("投票时间"), null=True, blank=True, help_text=_("只记是否投票，不记投了什么")
    )

    class Meta:
        verbose_name = _("表决席位")
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=["ballot", "person"], name="one_seat_per_member"),)

    def __str__(self) -> str:
        return f"{self.ballot} {self.person}"


class BallotCount(models.Model):
    """Votes on one candidate, added up as they come: no paper is kept, so nothing tells who voted what."""

    ballot = models.ForeignKey(
        Ballot, models.CASCADE, related_name="counts", verbose_name=_("表决"), help_text=_("哪一次表决")
    )
    candidate = models.ForeignKey(
        Candidate, models.CASCADE, related_name="counts", verbose_name=_("申报"), help_text=_("对谁的表决")
    )
    votes_for = models.PositiveIntegerField(_("赞成"), default=0, help_text=_("赞成票数"))
    against = models.PositiveIntegerField(_("反对"), default=0, help_text=_("反对票数"))
    abstain = models.PositiveIntegerField(_("弃权"), default=0, help_text=_("弃权票数"))

    class Meta:
        verbose_name = _("计票")
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=["ballot", "candidate"], name="one_count_per_candidate"),
        )

    def __str__(self) -> str:
        return f"{self.ballot} {self.candidate}"
