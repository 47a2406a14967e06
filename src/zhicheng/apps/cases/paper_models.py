"""Papers of a case: materials handed in, documents with versions, their numbers, drafts not yet filed."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhicheng.apps.cases.handling_models import Handling


class Level(models.TextChoices):
    """Who may open a document."""

    PUBLIC = "public", _("可公开")
    PARTIES = "parties", _("当事人与承办人")
    INTERNAL = "internal", _("工作人员")
    HANDLERS = "handlers", _("仅承办人")


class Material(models.Model):
    """A material the matter asks for: whether it is there, correct, and where it came from."""

    class State(models.TextChoices):
        """How a material stands."""

        MISSING = "missing", _("缺")
        GIVEN = "given", _("已提交")
        FROM_LEDGER = "ledger", _("台账已有，免交")
        ACCEPTED = "accepted", _("审核通过")
        WRONG = "wrong", _("需补正")

    case = models.ForeignKey(Handling, models.PROTECT, related_name="materials", verbose_name=_("办件"))
    code = models.CharField(_("材料"), max_length=60, help_text=_("事项定义中的材料编号"))
    name = models.CharField(_("名称"), max_length=200, help_text=_("材料名称"))
    required = models.BooleanField(_("必交"), default=True, help_text=_("是否必须提交"))
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, help_text=_("是否齐备"))
    remark = models.CharField(_("意见"), max_length=300, blank=True, default="", help_text=_("需补正的地方"))

    class Meta:
        verbose_name = _("申请材料")
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=["case", "code"], name="one_row_per_material"),)


class Paper(models.Model):
    """A document of a case; what it says lies in its versions."""

    case = models.ForeignKey(Handling, models.PROTECT, related_name="papers", verbose_name=_("办件"))
    kind = models.CharField(_("种类"), max_length=60, help_text=_("文书模板或材料的编号"))
    title = models.CharField(_("标题"), max_length=200, help_text=_("文书名称"))
    number = models.CharField(
        _("文书号"), max_length=80, blank=True, default="", help_text=_("按机关和年度编号")
    )
    level = models.CharField(_("密级"), max_length=10, choices=Level.choices, help_text=_("谁可以查看"))
    material = models.ForeignKey(
        Material, models.PROTECT, null=True, blank=True, related_name="papers",
        verbose_name=_("所属材料"), help_text=_("作为哪项材料提交"),
    )  # fmt: skip
    issued_on = models.DateField(_("制发日"), null=True, blank=True, help_text=_("对外制发的日期"))
    served_on = models.DateField(_("送达日"), null=True, blank=True, help_text=_("送达当事人的日期"))

    class Meta:
        verbose_name = _("文书")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=["number"], condition=~models.Q(number=""), name="one_paper_per_number"
            ),
        )


class PaperVersion(models.Model):
    """One version of a document; earlier ones stay."""

    paper = models.ForeignKey(Paper, models.PROTECT, related_name="versions", verbose_name=_("文书"))
    version = models.PositiveSmallIntegerField(_("版本"), help_text=_("从 1 起"))
    file = models.FileField(_("文件"), upload_to="cases/%Y/%m/", help_text=_("原样保存"))
    name = models.CharField(_("文件名"), max_length=200, help_text=_("下载时的名称"))
    size = models.PositiveIntegerField(_("大小"), help_text=_("字节"))
    sha256 = models.CharField(_("摘要"), max_length=64, help_text=_("SHA-256"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+",
        verbose_name=_("提交人"), help_text=_("空为系统生成"),
    )  # fmt: skip
    at = models.DateTimeField(_("时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("文书版本")
        ordering = ("version",)
        constraints = (models.UniqueConstraint(fields=["paper", "version"], name="one_file_per_version"),)


class Counter(models.Model):
    """The last number given out in one series of one office and year."""

    office = models.CharField(_("机关"), max_length=6, help_text=_("区划代码"))
    series = models.CharField(_("字号"), max_length=60, help_text=_("案号或文书的字"))
    year = models.PositiveSmallIntegerField(_("年度"), help_text=_("公历年"))
    last = models.PositiveIntegerField(_("末号"), default=0, help_text=_("最后一个号"))

    class Meta:
        verbose_name = _("编号")
        constraints = (models.UniqueConstraint(fields=["office", "series", "year"], name="one_counter_each"),)


class CaseDraft(models.Model):
    """An application begun and not yet filed; it is resumed where it was left."""

    key = models.UUIDField(_("编号"), default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="case_drafts",
        verbose_name=_("填写人"), help_text=_("只有本人可见"),
    )  # fmt: skip
    matter = models.CharField(_("事项"), max_length=60, help_text=_("事项定义的编号"))
    organisation = models.ForeignKey(
        "ledger.Organisation", models.CASCADE, null=True, blank=True, related_name="+",
        verbose_name=_("申请主体"), help_text=_("代表哪个单位"),
    )  # fmt: skip
    filed_as = models.ForeignKey(
        Handling, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("已提交为"), help_text=_("提交之后的办件"),
    )  # fmt: skip
    began_at = models.DateTimeField(_("开始时间"), auto_now_add=True)
    saved_at = models.DateTimeField(_("保存时间"), auto_now=True)

    class Meta:
        verbose_name = _("未提交的申请")
        ordering = ("-saved_at",)


class DraftValue(models.Model):
    """One field of a draft."""

    draft = models.ForeignKey(CaseDraft, models.CASCADE, related_name="values", verbose_name=_("草稿"))
    name = models.CharField(_("字段"), max_length=80, help_text=_("字段编号"))
    value = models.TextField(_("内容"), blank=True, default="", help_text=_("填写的内容"))

    class Meta:
        verbose_name = _("草稿内容")
        constraints = (models.UniqueConstraint(fields=["draft", "name"], name="one_draft_value"),)


class DraftFile(models.Model):
    """A file laid beside a draft for one of its materials."""

    draft = models.ForeignKey(CaseDraft, models.CASCADE, related_name="files", verbose_name=_("草稿"))
    material = models.CharField(_("材料"), max_length=60, help_text=_("材料编号"))
    file = models.FileField(_("文件"), upload_to="drafts/%Y/%m/", help_text=_("原样保存"))
    name = models.CharField(_("文件名"), max_length=200, help_text=_("上传时的名称"))

    class Meta:
        verbose_name = _("草稿附件")
