"""Trainings, briefings, consultations, material, fairs, ambassadors and other events."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from zhicheng.apps.records.fields import Choice, Count, Day, Text
from zhicheng.apps.records.record import Record
from zhicheng.apps.records.shapes import record_type

CANCELLED = {"help": _("取消的不计"), "synonyms": "取消日 取消日期"}


@record_type(
    "trainings",
    room="public_service",
    key=("number",),
    list_columns=("number", "topic_kind", "title", "held_on", "attendees", "region_code"),
    filters=("topic_kind", "region_code"),
    search=("number", "title"),
    date="held_on",
)
class Training(Record):
    """A training session that was held, or called off."""

    number = Text(_("培训编号"), max_length=60, help=_("培训期次编号"), synonyms="培训编号 编号 期次")
    topic_kind = Choice(
        _("主题"),
        choices=(
            ("protection", _("知识产权保护")),
            ("creation", _("创造运用")),
            ("quality", _("质量品牌")),
            ("other", _("其他")),
        ),
        help=_("保护培训与其他培训分别统计"),
        synonyms="主题 培训主题",
    )
    title = Text(_("名称"), max_length=300, help=_("培训名称"), synonyms="名称 培训名称")
    held_on = Day(_("举办日"), help=_("举办日期"), synonyms="举办日 举办日期 培训日期")
    cancelled_on = Day(_("取消日"), **CANCELLED)
    attendees = Count(_("参训人次"), unit="人次", help=_("人次，不是人数"), synonyms="参训人次 参加人次 人次")

    class Meta:
        verbose_name = _("培训")


@record_type(
    "briefings",
    room="public_service",
    key=("number",),
    list_columns=("number", "title", "held_on", "attendees", "region_code"),
    filters=("region_code",),
    search=("number", "title"),
    date="held_on",
)
class Briefing(Record):
    """A policy briefing (政策宣贯)."""

    number = Text(_("宣贯编号"), max_length=60, help=_("宣贯编号"), synonyms="宣贯编号 编号")
    title = Text(_("名称"), max_length=300, help=_("宣贯主题"), synonyms="名称 宣贯主题")
    held_on = Day(_("举办日"), help=_("举办日期"), synonyms="举办日 举办日期")
    cancelled_on = Day(_("取消日"), **CANCELLED)
    attendees = Count(_("参加人次"), unit="人次", help=_("人次，不是人数"), synonyms="参加人次 人次")

    class Meta:
        verbose_name = _("政策宣贯")


@record_type(
    "consultations",
    room="public_service",
    key=("number",),
    list_columns=("number", "channel", "asked_on", "persons", "region_code"),
    filters=("channel", "region_code"),
    search=("number",),
    date="asked_on",
)
class Consultation(Record):
    """Enquiries answered: one row a day and place with the number of times people asked (人次)."""

    number = Text(_("咨询编号"), max_length=60, help=_("登记编号"), synonyms="咨询编号 编号")
    channel = Choice(
        _("渠道"),
        choices=(
            ("window", _("窗口")),
            ("phone", _("电话")),
            ("event", _("现场活动")),
            ("online", _("网上")),
        ),
        help=_("窗口、电话、现场活动、网上"),
        synonyms="渠道 咨询渠道",
    )
    asked_on = Day(_("咨询日"), help=_("咨询日期"), synonyms="咨询日 咨询日期 日期")
    persons = Count(_("人次"), unit="人次", help=_("接受咨询的人次"), synonyms="人次 咨询人次")

    class Meta:
        verbose_name = _("咨询服务")


@record_type(
    "materials",
    room="public_service",
    key=("number",),
    list_columns=("number", "title", "handed_out_on", "copies", "region_code"),
    filters=("region_code",),
    search=("number", "title"),
    date="handed_out_on",
)
class Material(Record):
    """Printed material handed out in one go."""

    number = Text(_("发放编号"), max_length=60, help=_("发放编号"), synonyms="发放编号 编号")
    title = Text(_("资料名称"), max_length=300, help=_("资料名称"), synonyms="资料名称 名称")
    handed_out_on = Day(_("发放日"), help=_("发放日期；未发放留空"), synonyms="发放日 发放日期")
    copies = Count(_("份数"), unit="份", help=_("发出的份数"), synonyms="份数 数量")

    class Meta:
        verbose_name = _("宣传资料")


@record_type(
    "fairs",
    room="public_service",
    key=("number",),
    list_columns=("number", "kind", "title", "held_on", "region_code"),
    filters=("kind", "region_code"),
    search=("number", "title"),
    date="held_on",
)
class Fair(Record):
    """A fair or exhibition."""

    number = Text(_("展会编号"), max_length=60, help=_("展会编号"), synonyms="展会编号 编号")
    kind = Choice(
        _("种类"),
        choices=(("speciality", _("特色产品展")), ("ip", _("知识产权展会")), ("trade", _("经贸展会"))),
        help=_("特色产品展与其他展会分别统计"),
        synonyms="种类 展会种类",
    )
    title = Text(_("名称"), max_length=300, help=_("展会名称"), synonyms="名称 展会名称")
    held_on = Day(_("举办日"), help=_("开幕日期"), synonyms="举办日 举办日期 开幕日期")
    cancelled_on = Day(_("取消日"), **CANCELLED)

    class Meta:
        verbose_name = _("展会")


@record_type(
    "ambassadors",
    room="public_service",
    key=("number",),
    list_columns=("number", "name", "from_on", "until_on", "region_code"),
    filters=("region_code",),
    search=("number",),
    date="from_on",
)
class Ambassador(Record):
    """A person who speaks for intellectual property in a school, firm or village."""

    number = Text(_("编号"), max_length=60, help=_("大使编号"), synonyms="编号 大使编号")
    name = Text(_("姓名"), personal=True, help=_("姓名"), synonyms="姓名")
    from_on = Day(_("聘任日"), help=_("聘任日期"), synonyms="聘任日 聘任日期")
    until_on = Day(_("届满日"), help=_("届满日期"), synonyms="届满日 届满日期")

    class Meta:
        verbose_name = _("宣传大使")


@record_type(
    "events",
    room="public_service",
    key=("number",),
    list_columns=("number", "title", "held_on", "attendees", "region_code"),
    filters=("region_code",),
    search=("number", "title"),
    date="held_on",
)
class Event(Record):
    """Any other public event with its attendance."""

    number = Text(_("活动编号"), max_length=60, help=_("活动编号"), synonyms="活动编号 编号")
    title = Text(_("名称"), max_length=300, help=_("活动名称"), synonyms="名称 活动名称")
    held_on = Day(_("举办日"), help=_("举办日期"), synonyms="举办日 举办日期")
    cancelled_on = Day(_("取消日"), **CANCELLED)
    attendees = Count(_("参加人次"), unit="人次", help=_("人次，不是人数"), synonyms="参加人次 人次")

    class Meta:
        verbose_name = _("活动")
