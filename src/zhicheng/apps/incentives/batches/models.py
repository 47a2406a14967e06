"""Batches: what was due under one policy for one year, frozen, reviewed, put on notice and approved."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models.expressions import Combinable
from django.utils.translation import gettext_lazy as _

from zhicheng.apps.accounts.public import EncryptedText

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

PERSON = settings.AUTH_USER_MODEL


def money(label: StrOrPromise, **more: Any) -> models.DecimalField[str | int | Decimal | Combinable, Decimal]:
    """A column of money in 元 to the 分."""
    return models.DecimalField(label, max_digits=18, decimal_places=2, **more)


class FreedSeat(models.TextChoices):
    """What becomes of a seat that an upheld objection frees."""

    EMPTY = "empty", _("空缺，不递补")
    NEXT = "next", _("按排名依次递补，另行公示")


class VoteShare(models.TextChoices):
    """A share of a committee, as quorum or as threshold."""

    HALF = "half", _("过半数")
    TWO_THIRDS = "two_thirds", _("三分之二以上")
    THREE_QUARTERS = "three_quarters", _("四分之三以上")
    ALL = "all", _("全体")


class VoteBase(models.TextChoices):
    """Of whom the threshold is a share."""

    PRESENT = "present", _("到会委员")
    MEMBERS = "members", _("全体委员")


class EqualVotes(models.TextChoices):
    """What parts candidates with equal votes about a seat."""

    SCORE = "score", _("按评审得分")
    SECOND = "second", _("同票者再次表决")


class Absence(models.TextChoices):
    """What becomes of a candidate who does not come to the defence."""

    OUT = "out", _("视为放弃")
    ZERO = "zero", _("本环节记零分")


class DecisionWhen(models.TextChoices):
    """When the government decides."""

    BEFORE = "before", _("公示以前")
    AFTER = "after", _("公示以后")


class PayoutSettings(models.Model):
    """How this city pays: one row."""

    notice_days = models.PositiveSmallIntegerField(
        _("公示工作日"), default=5, help_text=_("本市规定的公示期")
    )
    trimmed = models.PositiveSmallIntegerField(
        _("去掉的高低分"), default=1, help_text=_("评分时最高、最低各去掉几个")
    )
    least_scores = models.PositiveSmallIntegerField(
        _("最少评分人数"), default=5, help_text=_("去掉高低分之前")
    )
    fraud_years = models.PositiveSmallIntegerField(_("骗取后停止申报年数"), default=5)
    freed_seat = models.CharField(
        _("公示期空出的名额"), max_length=6, choices=FreedSeat.choices, default=FreedSeat.EMPTY,
        help_text=_("新发起的评选按此办理：空缺，或者由排名在后的递补并另行公示"),
    )  # fmt: skip
    quorum = models.CharField(
        _("表决到会人数"), max_length=14, choices=VoteShare.choices, default=VoteShare.TWO_THIRDS,
        help_text=_("交票的委员占全体委员的比例，不足不能计票"),
    )  # fmt: skip
    threshold = models.CharField(
        _("通过票数"), max_length=14, choices=VoteShare.choices, default=VoteShare.HALF,
        help_text=_("赞成票占计票基数的比例"),
    )  # fmt: skip
    vote_base = models.CharField(
        _("计票基数"), max_length=8, choices=VoteBase.choices, default=VoteBase.PRESENT,
        help_text=_("回避的委员不计入所回避申报的基数"),
    )  # fmt: skip
    equal_votes = models.CharField(
        _("同票规则"), max_length=8, choices=EqualVotes.choices, default=EqualVotes.SCORE,
        help_text=_("得票相同而名额不够时怎样分先后"),
    )  # fmt: skip
    votes_shown = models.BooleanField(
        _("公示票数"), default=False, help_text=_("公示页是否写明各份申报的总票数")
    )
    absent = models.CharField(
        _("答辩缺席"), max_length=6, choices=Absence.choices, default=Absence.OUT,
        help_text=_("没有到场答辩的怎样处理"),
    )  # fmt: skip
    decision_when = models.CharField(
        _("政府审定"), max_length=8, choices=DecisionWhen.choices, default=DecisionWhen.BEFORE,
        help_text=_("有审定环节的评选，在公示以前还是以后审定"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("兑付设置")
        constraints = (models.CheckConstraint(condition=models.Q(pk=1), name="one_payout_settings"),)

    def __str__(self) -> str:
        return f"公示 {self.notice_days} 个工作日"


class Batch(models.Model):
    """One policy and one year, with the catalogue and snapshot it was computed from."""

    class Status(models.TextChoices):
        """Where a batch stands."""

        DRAFT = "draft", _("编制中")
        REVIEW = "review", _("待复核")
        REVIEWED = "reviewed", _("已复核")
        NOTICE = "notice", _("公示中")
        APPROVED = "approved", _("已批准")
        CLOSED = "closed", _("已办结")
        CANCELLED = "cancelled", _("已作废")

    number = models.CharField(_("批次号"), max_length=60, unique=True)
    policy = models.CharField(_("政策"), max_length=80, db_index=True)
    title = models.CharField(_("政策名称"), max_length=200)
    year = models.PositiveSmallIntegerField(_("年度"), db_index=True)
    region_code = models.CharField(_("区划"), max_length=6, db_index=True)
    status = models.CharField(_("状态"), max_length=10, choices=Status.choices, default=Status.DRAFT)
    as_of = models.DateField(_("截至"))
    snapshot = models.CharField(_("快照"), max_length=60)
    catalogue = models.JSONField(_("政策目录"), help_text=_("编制时的政策与条款原文，供重算"))
    run = models.ForeignKey(
        "incentives.EvaluationRun", models.PROTECT, null=True, blank=True, related_name="batches",
        verbose_name=_("所据测算"), help_text=_("从哪一次测算编制"),
    )  # fmt: skip
    synthetic = models.BooleanField(_("演示数据"), default=False)
    prepared_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name=_("编制人"))
    prepared_at = models.DateTimeField(_("编制时间"), auto_now_add=True)
    reviewed_by = models.ForeignKey(
        PERSON, models.PROTECT, null=True, related_name="+", verbose_name=_("复核人")
    )
    reviewed_at = models.DateTimeField(_("复核时间"), null=True)
    notice_from = models.DateField(_("公示起"), null=True)
    notice_until = models.DateField(_("公示止"), null=True)
    notice_words = models.JSONField(_("公示期推算"), default=list)
    approved_by = models.ForeignKey(
        PERSON, models.PROTECT, null=True, related_name="+", verbose_name=_("批准人")
    )
    approved_at = models.DateTimeField(_("批准时间"), null=True)
    why = models.TextField(_("退回或作废的理由"), blank=True)

    class Meta:
        verbose_name = _("兑付批次")
        ordering = ("-id",)

    def __str__(self) -> str:
        return self.number


class Entitlement(models.Model):
    """One amount due to one beneficiary for one matter, with every step it was computed by."""

    class Status(models.TextChoices):
        """Whether the amount stands."""

        LISTED = "listed", _("列入")
        EXCLUDED = "excluded", _("剔除")
        PAID = "paid", _("已兑付")
        RECOVERED = "recovered", _("已追回")

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="entitlements")
    clause = models.CharField(_("条款"), max_length=120)
    clause_name = models.CharField(_("条款名称"), max_length=200)
    version = models.CharField(_("版本"), max_length=10)
    beneficiary = models.CharField(_("受益人标识"), max_length=200, help_text=_("编制时的信用代码或编号"))
    name = models.CharField(_("受益人"), max_length=200)
    kind = models.CharField(_("类别"), max_length=20)
    organisation = models.ForeignKey(
        "ledger.Organisation",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("主体"),
    )
    region_code = models.CharField(_("区划"), max_length=6)
    fact_kind = models.CharField(_("事实种类"), max_length=40)
    fact = models.CharField(_("事实"), max_length=300)
    record = models.BigIntegerField(_("台账记录"), null=True)
    object = models.CharField(_("对象"), max_length=300, blank=True)
    event_date = models.DateField(_("事件日"))
    amount = money(_("金额"))
    shares = models.JSONField(_("分担"), help_text=_("付款方与金额，合计等于应付"))
    steps = models.JSONField(_("计算步骤"))
    matter = models.CharField(_("兑付事项"), max_length=64, help_text=_("条款与一次性、首次或事实的摘要"))
    identity = models.CharField(_("身份"), max_length=220)
    live = models.BooleanField(_("占用事项"), default=True, help_text=_("剔除或作废后不再占用"))
    status = models.CharField(_("状态"), max_length=10, choices=Status.choices, default=Status.LISTED)
    why = models.TextField(_("剔除理由"), blank=True)
    accepted_by = models.ForeignKey(
        PERSON, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("核对人"),
        help_text=_("逐项复核时认可这一项的人"),
    )  # fmt: skip
    accepted_at = models.DateTimeField(_("核对时间"), null=True, blank=True, help_text=_("逐项复核的时间"))

    class Meta:
        verbose_name = _("应兑付")
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=["matter", "identity"], condition=models.Q(live=True), name="one_payout_per_matter"
            ),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="entitlement_above_zero"),
        )
        indexes = (models.Index(fields=["organisation", "clause"], name="entitlement_of"),)

    def __str__(self) -> str:
        return f"{self.name} {self.clause_name} {self.amount}"


class Objection(models.Model):
    """Something said against a notice, and the answer it got."""

    class Status(models.TextChoices):
        """Where an objection stands."""

        OPEN = "open", _("待核查")
        UPHELD = "upheld", _("成立")
        PARTLY = "partly", _("部分成立")
        DISMISSED = "dismissed", _("不成立")
        WITHDRAWN = "withdrawn", _("已撤回")

    class Consequence(models.TextChoices):
        """What an objection did to the notice."""

        KEPT = "kept", _("维持")
        TAKEN_OUT = "taken_out", _("剔除或取消")
        REPUBLISH = "republish", _("撤下，重新公示")
        PENDING = "pending", _("待写明后果")

    batch = models.ForeignKey(Batch, models.CASCADE, null=True, blank=True, related_name="objections")
    award_round = models.ForeignKey(
        "incentives.AwardRound", models.CASCADE, null=True, blank=True, related_name="objections"
    )
    entitlement = models.ForeignKey(
        Entitlement, models.PROTECT, null=True, blank=True, related_name="objections"
    )
    candidate = models.ForeignKey(
        "incentives.Candidate", models.PROTECT, null=True, blank=True, related_name="+"
    )
    said_by = models.CharField(_("提出人"), max_length=120)
    contact = EncryptedText(_("联系方式"), blank=True)
    text = models.TextField(_("异议内容"))
    said_on = models.DateField(_("提出日"))
    status = models.CharField(_("状态"), max_length=10, choices=Status.choices, default=Status.OPEN)
    consequence = models.CharField(
        _("后果"), max_length=10, choices=Consequence.choices, blank=True, default="",
        help_text=_("成立的异议对公示有什么后果"),
    )  # fmt: skip
    struck = models.JSONField(
        _("剔除的事项"), default=list, blank=True, help_text=_("因这件异议剔除或取消的事项名称")
    )
    answer = models.TextField(_("核查结论"), blank=True)
    answered_by = models.ForeignKey(
        PERSON, models.PROTECT, null=True, related_name="+", verbose_name=_("核查人")
    )
    answered_at = models.DateTimeField(_("答复时间"), null=True)
    case_number = models.CharField(
        _("办件编号"), max_length=60, blank=True, db_index=True,
        help_text=_("作为办件核查答复；没有编号的是立案之前收到的旧异议"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("异议")
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.said_by}：{self.text[:30]}"

    @property
    def whole_notice(self) -> bool:
        """Whether it was said against the whole notice, not one item of it."""
        return self.entitlement_id is None and self.candidate_id is None
