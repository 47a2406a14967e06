"""Policy documents, programme designations and assessment results."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhicheng.apps.records.fields import Amount, Choice, Count, Day, Identifier, Text
from zhicheng.apps.records.record import Record
from zhicheng.apps.records.shapes import record_type


@record_type(
    "policy_documents",
    room="administration",
    key=("number", "title"),
    list_columns=("number", "title", "issuer", "issued_on", "effective_on", "expires_on"),
    filters=("issuer", "region_code"),
    search=("number", "title"),
    date="issued_on",
    public=True,
)
class PolicyDocument(Record):
    """A document that rules or rewards rest on."""

    number = Text(_("文号"), max_length=80, help=_("发文字号"), synonyms="文号 发文字号")
    title = Text(_("标题"), max_length=300, help=_("文件标题"), synonyms="标题 文件名称")
    issuer = Text(_("发文机关"), help=_("发文机关"), synonyms="发文机关 印发单位")
    issued_on = Day(_("印发日"), help=_("印发日期"), synonyms="印发日 印发日期 发文日期")
    effective_on = Day(_("施行日"), help=_("施行日期"), synonyms="施行日 施行日期")
    expires_on = Day(_("失效日"), help=_("有效期届满或废止的日期"), synonyms="失效日 有效期至 废止日期")

    class Meta:
        verbose_name = _("政策文件")


@record_type(
    "designations",
    room="administration",
    key=("programme", "subject", "designated_on"),
    list_columns=("programme", "subject_kind", "subject", "level", "designated_on", "ends_on", "region_code"),
    filters=("programme", "subject_kind", "level", "region_code"),
    search=("programme", "subject"),
    date="designated_on",
    organisation=("subject", "uscc"),
    public=True,
)
class ProgrammeDesignation(Record):
    """A city, county, park, institution or enterprise named in a programme (强市、强县 … 强企业)."""

    programme = Text(_("项目"), help=_("如 知识产权强国建设示范创建"), synonyms="项目 项目名称 试点示范")
    subject_kind = Choice(
        _("对象类别"),
        choices=(
            ("city", _("城市")),
            ("county", _("县市区")),
            ("park", _("园区")),
            ("institution", _("机构")),
            ("enterprise", _("企业")),
        ),
        help=_("强市、强县、强园区、强机构、强企业"),
        synonyms="对象类别 类别",
    )
    subject = Text(_("对象"), help=_("城市、县、园区或单位的名称"), synonyms="对象 名称 单位名称")
    uscc = Identifier(
        _("统一社会信用代码"),
        identifier="uscc",
        max_length=18,
        help=_("18 位"),
        synonyms="统一社会信用代码 信用代码",
    )
    organisation = models.ForeignKey(
        "ledger.Organisation",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("主体"),
    )
    level = Choice(
        _("级别"),
        choices=(("national", _("国家级")), ("provincial", _("省级")), ("city", _("市级"))),
        help=_("国家、省、市"),
        synonyms="级别",
    )
    designated_on = Day(_("确定日"), help=_("公布的日期"), synonyms="确定日 公布日期 认定日期")
    ends_on = Day(_("届满日"), help=_("建设期届满"), synonyms="届满日 到期日")
    revoked_on = Day(_("撤销日"), help=_("撤销的日期"), synonyms="撤销日")

    class Meta:
        verbose_name = _("试点示范")


@record_type(
    "assessments",
    room="administration",
    key=("year", "assessor", "scheme", "subject"),
    list_columns=("year", "scheme", "assessor", "subject", "score", "grade", "rank", "region_code"),
    filters=("year", "scheme", "grade", "region_code"),
    search=("subject", "scheme"),
    date="published_on",
)
class AssessmentResult(Record):
    """The result of an assessment of a county, department or city in a year."""

    year = Count(_("年度"), help=_("考核年度"), synonyms="年度 考核年度")
    scheme = Text(_("考核项目"), help=_("如 质量工作考核"), synonyms="考核项目 考核名称")
    assessor = Text(_("考核机关"), help=_("组织考核的机关"), synonyms="考核机关 考核单位")
    subject = Text(_("考核对象"), help=_("被考核的地区或部门"), synonyms="考核对象 被考核单位")
    score = Amount(_("得分"), unit="分", help=_("百分制得分"), synonyms="得分 分数")
    grade = Text(_("等级"), max_length=20, help=_("A、B、C、D 等"), synonyms="等级 等次")
    rank = Count(_("位次"), help=_("名次"), synonyms="位次 排名 名次")
    published_on = Day(_("公布日"), help=_("结果公布的日期"), synonyms="公布日 公布日期")

    class Meta:
        verbose_name = _("考核结果")
