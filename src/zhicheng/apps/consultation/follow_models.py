"""What follows from an item: recurrence, the clause it became, transfer, sampled verification, the office's rules."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhicheng.apps.consultation.item_models import Item

USER = settings.AUTH_USER_MODEL


class Recurrence(models.Model):
    """An earlier item that a new one resembles: proposed by the engine, decided by a person."""

    class Decision(models.TextChoices):
        """What a person said about the proposal."""

        OPEN = "open", _("待判断")
        LINKED = "linked", _("同一问题再次出现")
        DIFFERENT = "different", _("不是同一问题")

    item = models.ForeignKey(
        Item, models.CASCADE, related_name="recurrences", verbose_name=_("事项"), help_text=_("新提出的")
    )
    earlier = models.ForeignKey(
        Item,
        models.CASCADE,
        related_name="returned_as",
        verbose_name=_("以前的事项"),
        help_text=_("以前提出的"),
    )
    score = models.PositiveSmallIntegerField(_("相似度"), help_text=_("百分数"))
    decision = models.CharField(
        _("判断"), max_length=10, choices=Decision.choices, default=Decision.OPEN, help_text=_("由人判断")
    )
    decided_by = models.ForeignKey(
        USER,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("判断人"),
        help_text=_("谁"),
    )
    decided_on = models.DateField(_("判断日"), null=True, blank=True, help_text=_("判断的日子"))

    class Meta:
        verbose_name = _("复发提示")
        ordering = ("-score", "id")
        constraints = (models.UniqueConstraint(fields=["item", "earlier"], name="recurrence_once"),)


class PolicyLink(models.Model):
    """The clause a suggestion became and the indicator it was meant to move; one proposes, another confirms."""

    class Decision(models.TextChoices):
        """Whether somebody else confirmed it."""

        PROPOSED = "proposed", _("待确认")
        CONFIRMED = "confirmed", _("已确认")
        REFUSED = "refused", _("不成立")

    item = models.ForeignKey(
        Item, models.PROTECT, related_name="policy_links", verbose_name=_("建议"), help_text=_("哪一条建议")
    )
    clause = models.CharField(_("条款"), max_length=120, help_text=_("政策目录中的条款编号"))
    indicator = models.CharField(
        _("指标"), max_length=80, blank=True, default="", help_text=_("想要改善的指标编号")
    )
    note = models.CharField(_("说明"), max_length=300, blank=True, default="", help_text=_("怎样被吸收"))
    decision = models.CharField(
        _("确认"),
        max_length=10,
        choices=Decision.choices,
        default=Decision.PROPOSED,
        help_text=_("由另一人确认"),
    )
    proposed_by = models.ForeignKey(
        USER, models.PROTECT, related_name="+", verbose_name=_("提出人"), help_text=_("谁")
    )
    proposed_on = models.DateField(_("提出日"), help_text=_("提出的日子"))
    decided_by = models.ForeignKey(
        USER,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("确认人"),
        help_text=_("谁"),
    )
    decided_on = models.DateField(_("确认日"), null=True, blank=True, help_text=_("确认的日子"))

    class Meta:
        verbose_name = _("建议转化")
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=["item", "clause"], name="clause_once_per_item"),)


class Transfer(models.Model):
    """An item offered to another region of the group: it moves only with consent, and against a receipt."""

    class Decision(models.TextChoices):
        """What the other region said."""

        PROPOSED = "proposed", _("待接收")
        ACCEPTED = "accepted", _("已接收")
        REFUSED = "refused", _("已退回")

    item = models.ForeignKey(
        Item, models.PROTECT, related_name="transfers", verbose_name=_("事项"), help_text=_("哪一项")
    )
    from_region = models.CharField(_("移出地"), max_length=6, help_text=_("原办理地"))
    to_region = models.CharField(_("移入地"), max_length=6, db_index=True, help_text=_("请谁接收"))
    why = models.CharField(_("理由"), max_length=300, help_text=_("为什么移交"))
    proposed_by = models.ForeignKey(
        USER, models.PROTECT, related_name="+", verbose_name=_("提出人"), help_text=_("谁")
    )
    proposed_on = models.DateField(_("提出日"), help_text=_("提出的日子"))
    decision = models.CharField(
        _("接收"),
        max_length=10,
        choices=Decision.choices,
        default=Decision.PROPOSED,
        help_text=_("由移入地决定"),
    )
    receipt = models.CharField(
        _("回执编号"), max_length=60, blank=True, default="", help_text=_("接收后生成")
    )
    answer = models.CharField(
        _("答复"), max_length=300, blank=True, default="", help_text=_("接收意见或退回理由")
    )
    decided_by = models.ForeignKey(
        USER,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("决定人"),
        help_text=_("谁"),
    )
    decided_on = models.DateField(_("决定日"), null=True, blank=True, help_text=_("决定的日子"))

    class Meta:
        verbose_name = _("跨地移交")
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=["item"], condition=models.Q(decision="proposed"), name="one_open_transfer"
            ),
        )


class Verification(models.Model):
    """A closed item drawn by lot and looked at again by somebody who had no part in it."""

    class Finding(models.TextChoices):
        """What the second look found."""

        WAITING = "waiting", _("待核实")
        TRUE = "true", _("属实")
        PARTLY = "partly", _("部分属实")
        FALSE = "false", _("不属实")

    item = models.ForeignKey(
        Item, models.PROTECT, related_name="verifications", verbose_name=_("事项"), help_text=_("哪一项")
    )
    round = models.PositiveSmallIntegerField(_("轮次"), help_text=_("核实第几轮的结果"))
    drawn_on = models.DateField(_("抽取日"), help_text=_("抽中的日子"))
    seed = models.CharField(_("抽取种子"), max_length=60, help_text=_("任何人都能据此重做抽取"))
    finding = models.CharField(
        _("结论"), max_length=8, choices=Finding.choices, default=Finding.WAITING, help_text=_("核实结果")
    )
    text = models.TextField(_("说明"), blank=True, default="", help_text=_("怎样核实的、看到了什么"))
    by = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("核实人"),
        help_text=_("不能是承办单位的人，也不能是销号的人"),
    )  # fmt: skip
    found_on = models.DateField(_("核实日"), null=True, blank=True, help_text=_("核实的日子"))

    class Meta:
        verbose_name = _("抽样核实")
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=["item", "round"], name="one_sample_a_round"),)


class LoopRules(models.Model):
    """The lengths the office sets for itself; one row a region, defaults where there is none."""

    region_code = models.CharField(_("区划"), max_length=6, unique=True, help_text=_("适用于哪里"))
    finish_days = models.PositiveSmallIntegerField(
        _("办结天数"), default=90, help_text=_("交办时未写期限的，自交办日起这么多天")
    )
    instruct_days = models.PositiveSmallIntegerField(
        _("待批示提醒"), default=15, help_text=_("呈报后多少天没有批示就列为“久未批示”")
    )
    urge_before_days = models.PositiveSmallIntegerField(
        _("到期前催办"), default=7, help_text=_("到期前多少天催一次")
    )
    urge_every_days = models.PositiveSmallIntegerField(
        _("逾期催办间隔"), default=5, help_text=_("逾期后每隔多少天催")
    )
    judge_days = models.PositiveSmallIntegerField(
        _("待评价提醒"), default=14, help_text=_("反馈后多少天没有评价就再去信")
    )
    reopen_days = models.PositiveSmallIntegerField(
        _("重开期限"), default=180, help_text=_("评价、销号或挂账后多少天内可凭新情况重新打开")
    )
    link_days = models.PositiveSmallIntegerField(
        _("链接有效期"), default=365, help_text=_("发言人专属链接有效多少天")
    )

    class Meta:
        verbose_name = _("闭环规则")

    def __str__(self) -> str:
        return self.region_code
