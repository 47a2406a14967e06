"""Award rounds: a call, its candidates, the experts' blind scores, and what was given."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhicheng.apps.incentives.batches.models import FreedSeat as SeatRule
from zhicheng.apps.incentives.files.models import HandedFile
from zhicheng.apps.incentives.rounds.stages import Stage, parsed

PERSON = settings.AUTH_USER_MODEL


class AwardRound(models.Model):
    """One round of a scheme."""

    class Status(models.TextChoices):
        """Where a round stands."""

        OPEN = "open", _("受理申报")
        SCORING = "scoring", _("评审中")
        RANKED = "ranked", _("评审结束")
        NOTICE = "notice", _("公示中")
        GRANTED = "granted", _("已提交授予")
        CANCELLED = "cancelled", _("已取消")

    class Tie(models.TextChoices):
        """What decides between equal totals."""

        CRITERION = "criterion", _("按评分项顺序逐项比较")
        BOTH = "both", _("并列同列，名额顺延")
        EARLIER = "earlier", _("申报在先者优先")

    FreedSeat = SeatRule

    number = models.CharField(_("编号"), max_length=60, unique=True)
    scheme_code = models.CharField(_("荣誉项目"), max_length=60)
    title = models.CharField(_("名称"), max_length=200)
    round = models.PositiveSmallIntegerField(_("届次"), null=True, blank=True)
    level = models.CharField(_("级别"), max_length=12, default="city")
    region_code = models.CharField(_("区划"), max_length=6, db_index=True)
    opens_on = models.DateField(_("申报开始"))
    closes_on = models.DateField(_("申报截止"))
    tiers = models.JSONField(_("等次与名额"), help_text=_('如 [["award", 5], ["nomination", 5]]'))
    criteria = models.JSONField(_("评分项"), help_text=_("名称与满分，合计 100"))
    conditions = models.JSONField(_("资格条件"), default=list, help_text=_("逐条核对"))
    holder_kinds = models.JSONField(_("可申报的类别"), default=list)
    tie = models.CharField(_("同分规则"), max_length=10, choices=Tie.choices, default=Tie.CRITERION)
    stages = models.JSONField(
        _("环节"),
        default=list,
        help_text=_("依次办理的环节：种类、名称和各自的规则；只有名称、权重、入围数的是早先发起的评选"),
    )
    stage = models.PositiveSmallIntegerField(_("当前环节"), default=0, help_text=_("从 0 起"))
    trimmed = models.PositiveSmallIntegerField(_("去掉的高低分"), default=1)
    least_scores = models.PositiveSmallIntegerField(_("最少评分人数"), default=5)
    freed_seat = models.CharField(
        _("公示期空出的名额"), max_length=6, choices=SeatRule.choices, default=SeatRule.EMPTY,
        help_text=_("异议成立后空出的名额怎样处理"),
    )  # fmt: skip
    status = models.CharField(_("状态"), max_length=10, choices=Status.choices, default=Status.OPEN)
    notice_from = models.DateField(_("公示起"), null=True)
    notice_until = models.DateField(_("公示止"), null=True)
    notice_words = models.JSONField(_("公示期推算"), default=list, help_text=_("逐日说明"))
    vacant = models.JSONField(_("空缺"), default=dict, help_text=_("等次与空缺理由"))
    granted_on = models.DateField(_("授予日"), null=True)
    document = models.CharField(_("公布文件"), max_length=200, blank=True)
    change_set = models.CharField(_("授予的变更集"), max_length=40, blank=True)
    synthetic = models.BooleanField(_("演示数据"), default=False)
    opened_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name=_("发起人"))
    opened_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("评选")
        ordering = ("-id",)

    def __str__(self) -> str:
        return self.title

    @property
    def sequence(self) -> tuple[Stage, ...]:
        """The stages in their order."""
        return parsed(self.stages)

    @property
    def current(self) -> Stage:
        """The stage that runs, or ran last."""
        return self.sequence[self.stage]

    @property
    def waits_for_decision(self) -> bool:
        """Whether the government still has to decide after the public notice."""
        if self.status != self.Status.NOTICE or not self.current.after_notice:
            return False
        return not self.runs.filter(place=self.stage, closed_at__isnull=False).exists()


class Candidate(models.Model):
    """An application; experts know it by its code only."""

    class Status(models.TextChoices):
        """Where an application stands."""

        DRAFT = "draft", _("草稿")
        APPLIED = "applied", _("已申报")
        ELIGIBLE = "eligible", _("资格通过")
        INELIGIBLE = "ineligible", _("资格不符")
        OUT = "out", _("未入围")
        ABSENT = "absent", _("答辩缺席")
        VOTED_OUT = "voted_out", _("表决未通过")
        STRUCK = "struck", _("审定未通过")
        WITHDRAWN = "withdrawn", _("已撤回")
        REVOKED = "revoked", _("已撤销")

    award_round = models.ForeignKey(AwardRound, models.CASCADE, related_name="candidates")
    code = models.CharField(_("盲评编号"), max_length=20)
    organisation = models.ForeignKey(
        "ledger.Organisation", models.PROTECT, related_name="+", verbose_name=_("申报单位")
    )
    name = models.CharField(_("申报时名称"), max_length=200)
    statement = models.TextField(_("申报材料"), help_text=_("专家看得到，请不要写单位名称"))
    object_name = models.CharField(_("对象"), max_length=200, blank=True)
    status = models.CharField(_("状态"), max_length=12, choices=Status.choices, default=Status.DRAFT)
    checked = models.JSONField(_("资格核对"), default=dict)
    why = models.TextField(_("理由"), blank=True)
    total = models.DecimalField(_("得分"), max_digits=7, decimal_places=4, null=True)
    rank = models.PositiveSmallIntegerField(_("名次"), null=True)
    tier = models.CharField(_("拟授等次"), max_length=20, blank=True)
    moved_from = models.CharField(
        _("递补前等次"),
        max_length=20,
        blank=True,
        default="",
        help_text=_("没有递补的为空，原无等次的写 none"),
    )
    notice_from = models.DateField(_("递补公示起"), null=True, blank=True, help_text=_("递补的另行公示"))
    notice_until = models.DateField(_("递补公示止"), null=True, blank=True, help_text=_("届满以前不授予"))
    applied_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name=_("申报人"))
    applied_at = models.DateTimeField(_("申报时间"), auto_now_add=True)
    submitted_at = models.DateTimeField(_("提交时间"), null=True, blank=True, help_text=_("同分时在先者优先"))
    stage_totals = models.JSONField(_("各环节得分"), default=list, help_text=_("去掉高低分后的平均分"))

    class Meta:
        verbose_name = _("申报")
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=["award_round", "organisation", "object_name"], condition=~models.Q(status="withdrawn"),
                name="one_application_per_round",
            ),
            models.UniqueConstraint(fields=["award_round", "code"], name="one_code_per_round"),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.code}"


class CandidateFile(HandedFile):
    """A file beside an application; experts of blind stages open only what its owner says holds no names."""

    class Material(models.TextChoices):
        """Who opens it."""

        BLIND = "blind", _("盲评材料（不含单位名称）")
        OTHER = "other", _("其他材料（专家盲评时看不到）")

    candidate = models.ForeignKey(
        Candidate, models.CASCADE, related_name="files", verbose_name=_("申报"), help_text=_("所属申报")
    )
    material = models.CharField(
        _("材料"), max_length=10, choices=Material.choices, help_text=_("盲评的环节专家能不能打开")
    )
    file = models.FileField(_("文件"), upload_to="awards/%Y/%m/", help_text=_("原样保存"))

    class Meta(HandedFile.Meta):
        abstract = False
        verbose_name = _("申报附件")
        constraints = (
            models.UniqueConstraint(
                fields=["candidate", "material", "sha256"], name="one_candidate_file_once"
            ),
        )


class ScoreSheet(models.Model):
    """What one expert gives one candidate; a conflict of interest shuts the sheet."""

    candidate = models.ForeignKey(Candidate, models.CASCADE, related_name="sheets")
    expert = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name=_("专家"))
    stage = models.PositiveSmallIntegerField(_("环节"), default=0, help_text=_("从 0 起"))
    conflict = models.CharField(_("回避事由"), max_length=200, blank=True)
    marks = models.JSONField(_("各项得分"), default=list)
    total = models.DecimalField(_("合计"), max_digits=6, decimal_places=2, null=True)
    remark = models.TextField(_("评语"), blank=True)
    scored_at = models.DateTimeField(_("评分时间"), null=True)

    class Meta:
        verbose_name = _("评分表")
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=["candidate", "expert", "stage"], name="one_sheet_per_expert_and_stage"
            ),
        )

    def __str__(self) -> str:
        return f"{self.candidate} {self.expert}"


class RoundExpert(models.Model):
    """An expert called to one round, with where the expert works on that day."""

    award_round = models.ForeignKey(
        AwardRound, models.CASCADE, related_name="experts", verbose_name=_("评选")
    )
    expert = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name=_("专家"))
    works_for = models.CharField(
        _("任职单位"), max_length=200, blank=True, help_text=_("专家所在单位或代理机构的全称，用于回避核对")
    )
    called_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name=_("邀请人"))

    class Meta:
        verbose_name = _("评审专家")
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=["award_round", "expert"], name="expert_called_once"),)

    def __str__(self) -> str:
        return f"{self.award_round} {self.expert}"


class ExpertInterest(models.Model):
    """An interest an expert declares in an organisation; it shuts every sheet about that organisation."""

    expert = models.ForeignKey(PERSON, models.CASCADE, related_name="+", verbose_name=_("专家"))
    organisation = models.ForeignKey(
        "ledger.Organisation", models.CASCADE, related_name="+", verbose_name=_("有利害关系的单位")
    )
    words = models.CharField(_("关系"), max_length=200, help_text=_("如任职、持股、顾问、亲属"))
    declared_at = models.DateTimeField(_("申报时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("专家利害关系")
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(fields=["expert", "organisation"], name="interest_declared_once"),
        )

    def __str__(self) -> str:
        return f"{self.expert} {self.organisation}"
