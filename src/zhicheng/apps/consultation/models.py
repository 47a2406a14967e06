"""Sessions, speeches, items, instructions, tasks, answers, verdicts: the loop as rows that SQL can read."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhicheng.apps.consultation.states import ItemState


def new_token() -> str:
    """A personal link that nobody guesses."""
    return secrets.token_urlsafe(24)


class Session(models.Model):
    """A consultation between government and enterprises (政企协商会)."""

    number = models.CharField(_("场次编号"), max_length=40, unique=True, help_text=_("如 2025-01"))
    region_code = models.CharField(_("区划"), max_length=6, db_index=True, help_text=_("主办地"))
    partner_region = models.CharField(
        _("联合区划"), max_length=6, blank=True, default="", help_text=_("两地联合举办时的另一地")
    )
    topic = models.CharField(_("议题"), max_length=200, help_text=_("会议主题"))
    research = models.TextField(_("前期调研"), blank=True, default="", help_text=_("调研报告及要点"))
    held_on = models.DateField(_("举办日"), help_text=_("会议日期"))
    synthetic = models.BooleanField(_("演示数据"), default=False)

    class Meta:
        verbose_name = _("协商会")
        ordering = ("-held_on", "-id")

    def __str__(self) -> str:
        return f"{self.number} {self.topic}"


class Participant(models.Model):
    """Somebody who took part, in the role of that day; speakers get a personal link."""

    class Kind(models.TextChoices):
        """On whose side a participant speaks."""

        ENTREPRENEUR = "entrepreneur", _("企业家")
        MEMBER = "member", _("政协委员")
        EXPERT = "expert", _("专家学者")
        OFFICIAL = "official", _("部门负责人")

    session = models.ForeignKey(
        Session, models.PROTECT, related_name="participants", verbose_name=_("协商会")
    )
    kind = models.CharField(_("身份类别"), max_length=20, choices=Kind.choices, help_text=_("企业家、委员等"))
    title = models.CharField(_("称谓"), max_length=120, help_text=_("如 高端装备企业负责人"))
    organisation = models.ForeignKey(
        "ledger.Organisation",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("单位"),
    )
    email = models.EmailField(_("电子邮箱"), blank=True, default="", help_text=_("用于告知进展"))
    token = models.CharField(_("专属链接"), max_length=40, unique=True, default=new_token, editable=False)
    link_expires_on = models.DateField(_("链接到期日"), null=True, blank=True, help_text=_("到期后链接失效"))
    link_revoked_at = models.DateTimeField(_("链接收回时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("参会人")

    def __str__(self) -> str:
        return self.title


class Speech(models.Model):
    """What one participant said, as recorded."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="speeches", verbose_name=_("协商会"))
    speaker = models.ForeignKey(
        Participant, models.PROTECT, related_name="speeches", verbose_name=_("发言人")
    )
    position = models.PositiveSmallIntegerField(_("次序"), help_text=_("发言次序"))
    text = models.TextField(_("发言"), help_text=_("发言记录，一段一行"))
    recording = models.CharField(
        _("录音编号"), max_length=80, blank=True, default="", help_text=_("录音或视频编号")
    )
    reply = models.TextField(_("现场回应"), blank=True, default="", help_text=_("部门当场的答复"))

    class Meta:
        verbose_name = _("发言")
        ordering = ("position", "id")


class Item(models.Model):
    """A problem or suggestion, from its first mention to the verdict of the one who raised it."""

    class Kind(models.TextChoices):
        """On which of the two lists an item stands."""

        PROBLEM = "problem", _("问题")
        SUGGESTION = "suggestion", _("建议")
        PLEDGE = "pledge", _("表态承诺")

    session = models.ForeignKey(Session, models.PROTECT, related_name="items", verbose_name=_("协商会"))
    number = models.CharField(_("事项编号"), max_length=40, unique=True, help_text=_("场次编号加序号"))
    kind = models.CharField(_("类别"), max_length=12, choices=Kind.choices, help_text=_("列入哪张清单"))
    title = models.CharField(_("事项"), max_length=200, help_text=_("一句话说明"))
    text = models.TextField(_("内容"), help_text=_("问题或建议的内容"))
    state = models.CharField(
        _("状态"), max_length=12, choices=ItemState.choices, default=ItemState.COLLECTED, db_index=True
    )
    round = models.PositiveSmallIntegerField(_("轮次"), default=1, help_text=_("重新批示即新一轮"))
    lead_unit = models.CharField(
        _("主办单位"), max_length=80, blank=True, default="", help_text=_("牵头办理")
    )
    assisting_units = models.CharField(
        _("协办单位"), max_length=200, blank=True, default="", help_text=_("以顿号分隔")
    )
    due_on = models.DateField(_("办结期限"), null=True, blank=True, help_text=_("由督考办交办时确定"))
    entered_state_on = models.DateField(_("进入本状态日"), help_text=_("用来计算停留天数"))
    reopened = models.PositiveSmallIntegerField(_("重开次数"), default=0)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged")
    recurrence_of = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="recurrences"
    )
    clause = models.CharField(
        _("转化的条款"), max_length=120, blank=True, default="", help_text=_("政策条款编号")
    )
    indicator = models.CharField(
        _("对应指标"), max_length=80, blank=True, default="", help_text=_("想要改善的指标")
    )
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("协商事项")
        ordering = ("number",)
        indexes = (models.Index(fields=["state", "due_on"], name="item_state_due"),)

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class ItemSpeaker(models.Model):
    """A speaker behind an item; merging items keeps every one of them."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="raised_by")
    speaker = models.ForeignKey(Participant, models.PROTECT, related_name="raised")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["item", "speaker"], name="speaker_once_per_item"),)


class Passage(models.Model):
    """A stretch of a speech and what became of it, so that nothing said is lost."""

    class Fate(models.TextChoices):
        """What became of a passage."""

        ITEM = "item", _("立为事项")
        SET_ASIDE = "set_aside", _("不立项")

    speech = models.ForeignKey(Speech, models.PROTECT, related_name="passages")
    start = models.PositiveIntegerField(_("起"))
    end = models.PositiveIntegerField(_("止"))
    fate = models.CharField(_("处置"), max_length=12, choices=Fate.choices)
    item = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="passages")
    reason = models.CharField(
        _("理由"), max_length=200, blank=True, default="", help_text=_("不立项须写明理由")
    )

    class Meta:
        verbose_name = _("发言段落")
        ordering = ("speech_id", "start")


class Package(models.Model):
    """A list frozen under a number and submitted for decision."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="packages")
    number = models.CharField(_("清单编号"), max_length=60, unique=True)
    kind = models.CharField(_("清单"), max_length=12, choices=Item.Kind.choices)
    items = models.ManyToManyField(Item, related_name="packages")
    content_hash = models.CharField(_("内容摘要"), max_length=64, help_text=_("呈报时内容的 SHA-256"))
    submitted_on = models.DateField(_("呈报日"))
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("清单")


class Instruction(models.Model):
    """A leader's written instruction (批示) on one or several items."""

    items = models.ManyToManyField(Item, related_name="instructions")
    text = models.TextField(_("批示"), help_text=_("批示原文"))
    by = models.CharField(_("批示人"), max_length=60, help_text=_("职务即可"))
    given_on = models.DateField(_("批示日"))
    round = models.PositiveSmallIntegerField(_("轮次"), default=1)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("批示")
        ordering = ("given_on", "id")


class Report(models.Model):
    """What the unit in charge says: progress, inability before the deadline, or the answer."""

    class Kind(models.TextChoices):
        """What a report is."""

        PROGRESS = "progress", _("进展")
        INABILITY = "inability", _("难以按期")
        ANSWER = "answer", _("办理结果")
        URGE = "urge", _("催办")
        CHECK = "check", _("抽查核实")

    item = models.ForeignKey(Item, models.PROTECT, related_name="reports")
    kind = models.CharField(_("类别"), max_length=12, choices=Kind.choices)
    unit = models.CharField(_("单位"), max_length=80)
    text = models.TextField(_("内容"))
    not_done = models.TextField(_("未办到的及原因"), blank=True, default="")
    evidence = models.CharField(
        _("佐证"), max_length=200, blank=True, default="", help_text=_("文号、照片或链接")
    )
    signed_by = models.CharField(
        _("单位负责人"), max_length=60, blank=True, default="", help_text=_("办理结果须负责人签字")
    )
    reported_on = models.DateField(_("日期"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("办理情况")
        ordering = ("reported_on", "id")


class Judgement(models.Model):
    """The verdict of a speaker on what was done."""

    class Value(models.TextChoices):
        """How satisfied a speaker is."""

        SATISFIED = "satisfied", _("满意")
        FAIR = "fair", _("基本满意")
        DISSATISFIED = "dissatisfied", _("不满意")

    item = models.ForeignKey(Item, models.PROTECT, related_name="judgements")
    speaker = models.ForeignKey(Participant, models.PROTECT, related_name="judgements")
    round = models.PositiveSmallIntegerField(_("轮次"))
    value = models.CharField(_("评价"), max_length=14, choices=Value.choices)
    text = models.TextField(_("意见"), blank=True, default="")
    given_on = models.DateField(_("评价日"))

    class Meta:
        verbose_name = _("发言人评价")
        constraints = (
            models.UniqueConstraint(fields=["item", "speaker", "round"], name="one_verdict_a_round"),
        )


class ItemEvent(models.Model):
    """One step of an item: who, when, why, from where to where; and whether the speakers were told."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="events")
    step = models.CharField(max_length=20)
    state_before = models.CharField(max_length=12, blank=True, default="")
    state_after = models.CharField(max_length=12, choices=ItemState.choices)
    on = models.DateField()
    at = models.DateTimeField(auto_now_add=True)
    by = models.CharField(max_length=120)
    why = models.TextField(blank=True, default="")

    class Meta:
        ordering = ("on", "id")


class Letter(models.Model):
    """A word to a speaker about exactly his or her items; kept whether or not e-mail went out."""

    speaker = models.ForeignKey(Participant, models.PROTECT, related_name="letters")
    item = models.ForeignKey(Item, models.PROTECT, related_name="letters")
    event = models.ForeignKey(ItemEvent, models.PROTECT, related_name="letters")
    text = models.TextField()
    sent_on = models.DateField()

    class Meta:
        ordering = ("sent_on", "id")
