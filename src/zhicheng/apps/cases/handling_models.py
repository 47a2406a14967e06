"""A case as it is handled here: where it stands, which definition it began with, who has it, its stages and tasks."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhicheng.apps.cases.imported import Case


class Channel(models.TextChoices):
    """How a case came in."""

    PERSON = "person", _("当事人自行提交")
    OFFICER = "officer", _("工作人员代为登记")
    IMPORT = "import", _("批量导入")
    API = "api", _("接口提交")
    PUBLIC = "public", _("公众免登录提交")


class Handling(models.Model):
    """How one case is handled; the case itself is the row of the ledger that figures count."""

    case = models.OneToOneField(
        Case, models.PROTECT, primary_key=True, related_name="handling", verbose_name=_("案件")
    )
    number = models.CharField(_("案号"), max_length=80, unique=True, help_text=_("与台账中的案号相同"))
    matter = models.CharField(_("事项"), max_length=60, help_text=_("事项定义的编号"))
    version = models.PositiveSmallIntegerField(
        _("定义版本"), help_text=_("案件开始时的定义版本，不随新版变动")
    )
    title = models.CharField(_("案由"), max_length=300, help_text=_("一句话说明；涉密事项只有承办人可见"))
    secret = models.BooleanField(_("涉密"), default=False, help_text=_("未公开的专利申请等，只对承办人可见"))
    region_code = models.CharField(_("区划"), max_length=6, help_text=_("管辖的区划代码"))
    stage = models.CharField(_("环节"), max_length=60, help_text=_("目前所在的环节"))
    entered_on = models.DateField(_("进入环节日"), help_text=_("进入目前环节的日期"))
    received_on = models.DateField(_("收到日"), help_text=_("收到申请或线索的日期"))
    accepted_on = models.DateField(_("受理日"), null=True, blank=True, help_text=_("受理或立案的日期"))
    closed_on = models.DateField(_("办结日"), null=True, blank=True, help_text=_("办结的日期；在办为空"))
    outcome = models.CharField(_("结果"), max_length=60, blank=True, default="", help_text=_("办结方式"))
    stopped = models.BooleanField(_("停止计时"), default=False, help_text=_("补正、中止、鉴定等期间"))
    due_on = models.DateField(
        _("届满日"), null=True, blank=True, help_text=_("最近一项时限的届满日，由计算得出")
    )
    warn_on = models.DateField(_("临期日"), null=True, blank=True, help_text=_("自该日起亮黄灯"))
    sort_on = models.DateField(_("排序日"), help_text=_("届满日；没有时限的排在最后"))
    provisional = models.BooleanField(_("暂定"), default=False, help_text=_("届满日落在尚无放假通知的年份"))
    unit = models.CharField(
        _("主办单位"), max_length=80, blank=True, default="", help_text=_("负责办理的单位")
    )
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False,
        verbose_name=_("承办人"), help_text=_("目前负责的人"),
    )  # fmt: skip
    organisation = models.ForeignKey(
        "ledger.Organisation", models.SET_NULL, null=True, blank=True, related_name="+", db_index=False,
        verbose_name=_("申请主体"), help_text=_("提出申请的单位"),
    )  # fmt: skip
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False,
        verbose_name=_("提交人"), help_text=_("在系统中提交的人"),
    )  # fmt: skip
    channel = models.CharField(_("来源"), max_length=10, choices=Channel.choices, help_text=_("怎样收到的"))
    trace_digest = models.CharField(_("查询码摘要"), max_length=64, blank=True, default="", editable=False)
    supervised = models.BooleanField(
        _("督办"), default=False, help_text=_("督办中的案件经督办单位核查才能办结")
    )
    checked_for_closing = models.BooleanField(_("督办已核查"), default=False, help_text=_("督办单位同意办结"))
    reopened = models.PositiveSmallIntegerField(_("重开次数"), default=0, help_text=_("办结后重新办理的次数"))
    refused = models.PositiveSmallIntegerField(_("退单次数"), default=0, help_text=_("移交被退回的次数"))
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", db_index=False,
        verbose_name=_("并入"), help_text=_("合并到哪一件办理"),
    )  # fmt: skip
    synthetic = models.BooleanField(_("演示数据"), default=False, editable=False)
    revision = models.PositiveIntegerField(_("版次"), default=1, editable=False)
    updated_at = models.DateTimeField(_("更新时间"), auto_now=True)

    class Meta:
        verbose_name = _("办件")
        # the indexes below begin with handler, organisation, filer and merged_into: one more of each alone would be
        # written at every step, and chosen by mistake for counting who has how many open
        indexes = (
            models.Index(fields=["sort_on", "case"], name="open_by_due", condition=models.Q(closed_on=None)),
            models.Index(
                fields=["handler", "sort_on", "case"],
                name="open_of_handler",
                condition=models.Q(closed_on=None),
            ),
            models.Index(
                fields=["unit", "sort_on", "case"], name="open_of_unit", condition=models.Q(closed_on=None)
            ),
            models.Index(
                fields=["matter", "stage", "sort_on"],
                name="open_of_matter",
                condition=models.Q(closed_on=None),
            ),
            models.Index(fields=["organisation", "-case"], name="handling_of_organisation"),
            models.Index(fields=["filed_by", "-case"], name="handling_of_filer"),
            models.Index(fields=["-received_on", "-case"], name="handling_by_receipt"),
            # the board counts each light of each matter out of one of these alone
            models.Index(
                fields=["matter", "due_on", "region_code", "case"],
                name="open_by_last_day",
                condition=models.Q(closed_on=None),
            ),
            models.Index(
                fields=["matter", "warn_on", "due_on", "region_code", "case"],
                name="open_by_warning",
                condition=models.Q(closed_on=None),
            ),
            models.Index(
                fields=["matter", "sort_on", "region_code", "case"],
                name="open_and_stopped",
                condition=models.Q(closed_on=None, stopped=True),
            ),
            # hardly any case is merged: statistics over all of them would call the whole column useless
            models.Index(
                fields=["merged_into"], name="merged_cases", condition=models.Q(merged_into__isnull=False)
            ),
        )

    @property
    def filer(self) -> str:
        """Return the account role of whoever filed the case; `public` for somebody without an account."""
        if self.filed_by is not None:
            return str(self.filed_by.role)
        return "public" if self.channel == Channel.PUBLIC else "officer"

    def __str__(self) -> str:
        return self.number

    @property
    def closed(self) -> bool:
        """Tell whether the case has ended."""
        return self.closed_on is not None


class StageVisit(models.Model):
    """One stay of a case in a stage."""

    case = models.ForeignKey(Handling, models.PROTECT, related_name="visits", verbose_name=_("办件"))
    stage = models.CharField(_("环节"), max_length=60, help_text=_("环节编号"))
    entered_on = models.DateField(_("进入日"), help_text=_("进入环节的日期"))
    left_on = models.DateField(_("离开日"), null=True, blank=True, help_text=_("离开的日期；仍在为空"))

    class Meta:
        verbose_name = _("环节经过")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=["case"], condition=models.Q(left_on=None), name="one_stage_at_a_time"
            ),
        )


class FieldValue(models.Model):
    """What was entered into one field of the matter's form."""

    case = models.ForeignKey(Handling, models.PROTECT, related_name="values", verbose_name=_("办件"))
    name = models.CharField(_("字段"), max_length=60, help_text=_("事项定义中的字段编号"))
    value = models.TextField(_("内容"), blank=True, default="", help_text=_("填写的内容"))

    class Meta:
        verbose_name = _("填报内容")
        constraints = (models.UniqueConstraint(fields=["case", "name"], name="one_value_per_field"),)


class Task(models.Model):
    """Something one unit or person has to do in a case, beside the stage itself."""

    class Kind(models.TextChoices):
        """What sort of task."""

        STAGE = "stage", _("环节任务")
        ASSIST = "assist", _("协办意见")
        JOINT = "joint", _("联合答复")
        TODO = "todo", _("待办")

    case = models.ForeignKey(Handling, models.PROTECT, related_name="tasks", verbose_name=_("办件"))
    kind = models.CharField(_("种类"), max_length=10, choices=Kind.choices, help_text=_("任务的种类"))
    stage = models.CharField(_("环节"), max_length=60, blank=True, default="", help_text=_("属于哪个环节"))
    role = models.CharField(_("角色"), max_length=60, blank=True, default="", help_text=_("由哪个角色办"))
    opened_on = models.DateField(_("发出日"), help_text=_("任务产生的日期"))
    title = models.CharField(_("任务"), max_length=200, help_text=_("要做什么"))
    unit = models.CharField(_("单位"), max_length=80, blank=True, default="", help_text=_("由哪个单位办"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("办理人"), help_text=_("指定的人"),
    )  # fmt: skip
    due_on = models.DateField(_("期限"), null=True, blank=True, help_text=_("应当完成的日期"))
    done_on = models.DateField(_("完成日"), null=True, blank=True, help_text=_("完成的日期"))
    answer = models.TextField(_("答复"), blank=True, default="", help_text=_("协办单位的意见"))
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("完成人"), help_text=_("答复的人"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("任务")
        ordering = ("pk",)
        indexes = (
            models.Index(
                fields=["unit", "due_on"], name="open_task_of_unit", condition=models.Q(done_on=None)
            ),
        )


class CaseEvent(models.Model):
    """One line of a case's history: who, when, why, what before and after."""

    case = models.ForeignKey(Handling, models.PROTECT, related_name="events", verbose_name=_("办件"))
    at = models.DateTimeField(_("时间"), auto_now_add=True)
    on = models.DateField(_("发生日"), help_text=_("事情发生的日期"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+",
        verbose_name=_("办理人"), help_text=_("空为系统"),
    )  # fmt: skip
    acting_for = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+",
        verbose_name=_("代谁办理"), help_text=_("代理离岗人员时填写"),
    )  # fmt: skip
    action = models.CharField(_("动作"), max_length=60, help_text=_("动作编号"))
    step = models.BooleanField(
        _("定义中的动作"), default=False, help_text=_("事项定义中的动作，而非其他登记")
    )
    role = models.CharField(_("角色"), max_length=60, blank=True, default="", help_text=_("以什么角色办理"))
    words = models.CharField(_("动作名称"), max_length=120, help_text=_("动作的名称"))
    why = models.TextField(_("理由"), blank=True, default="", help_text=_("办理时写明的理由"))
    before = models.CharField(_("之前"), max_length=300, blank=True, default="", help_text=_("之前的状态"))
    after = models.CharField(_("之后"), max_length=300, blank=True, default="", help_text=_("之后的状态"))
    told = models.BooleanField(_("告知当事人"), default=False, help_text=_("当事人可以看到这一条"))

    class Meta:
        verbose_name = _("办理经过")
        ordering = ("pk",)
        indexes = (models.Index(fields=["action", "-at"], name="case_event_by_action"),)
