"""Cases as offices hold them in lists: number, matter, parties, rights, days, outcome, documents."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhicheng.apps.records.fields import Choice, Day, Identifier, Text
from zhicheng.apps.records.parts import rows_of
from zhicheng.apps.records.record import Record, RecordPart
from zhicheng.apps.records.shapes import Part, record_type


class CaseMatter(models.TextChoices):
    """Matters that cases belong to."""

    ADJUDICATION = "admin_adjudication", _("专利侵权纠纷行政裁决")
    PATENT_VIOLATION = "patent_violation", _("专利违法案件")
    TRADEMARK_VIOLATION = "trademark_violation", _("商标违法案件")
    MEDIATION = "mediation", _("知识产权纠纷调解")
    ASSISTANCE = "rights_assistance", _("维权援助")
    OVERSEAS = "overseas_dispute", _("海外纠纷应对指导")
    UNQUALIFIED = "unqualified_agency", _("无资质代理核查")
    PRE_EXAMINATION = "pre_examination", _("快速预审")
    ENQUIRY = "enquiry", _("咨询")
    OTHER = "other", _("其他")


class CaseParty(RecordPart):
    """A party to a case."""

    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="parties")
    name = Text(_("当事人"), personal=True, help=_("单位或个人名称"))
    role = Choice(
        _("地位"),
        choices=(
            ("applicant", _("请求人")),
            ("respondent", _("被请求人")),
            ("third", _("第三人")),
            ("agent", _("代理人")),
        ),
        help=_("请求人、被请求人等"),
    )
    uscc = Identifier(_("统一社会信用代码"), identifier="uscc", max_length=18, help=_("18 位"))
    organisation = models.ForeignKey(
        "ledger.Organisation",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("主体"),
    )

    class Meta:
        verbose_name = _("当事人")


class CaseRight(RecordPart):
    """A right the case is about."""

    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="rights")
    number = Text(_("权利号"), max_length=60, help=_("专利号、商标注册号等"))

    class Meta:
        verbose_name = _("涉案权利")


@record_type(
    "cases",
    room="protection",
    key=("number",),
    list_columns=(
        "number",
        "matter",
        "subject",
        "received_on",
        "accepted_on",
        "closed_on",
        "outcome",
        "region_code",
    ),
    filters=("matter", "ip_kind", "outcome", "region_code", "received_on", "closed_on"),
    search=("number", "subject"),
    date="received_on",
    parts=(
        Part(CaseParty, "case", rows_of("applicants", role="applicant", uscc=""), ("name", "uscc")),
        Part(CaseRight, "case", rows_of("right_numbers", into="number"), identity=("number",)),
    ),
    virtual={
        "applicants": ("请求人", "请求人 申请人 当事人 投诉人", "list"),
        "right_numbers": ("涉案权利号", "涉案权利号 专利号 注册号 权利号", "list"),
    },
)
class Case(Record):
    """A matter in progress or closed; imported ones and those handled here are the same rows."""

    number = Text(_("案号"), max_length=80, unique=True, help=_("本机关编号"), synonyms="案号 案件编号 编号")
    matter = Choice(
        _("事项"),
        choices=CaseMatter.choices,
        db_index=True,
        help=_("案件所属事项"),
        synonyms="事项 案件类型 类型",
    )
    ip_kind = Choice(
        _("权利种类"),
        choices=(
            ("patent", _("专利")),
            ("trademark", _("商标")),
            ("gi", _("地理标志")),
            ("copyright", _("著作权")),
            ("secret", _("商业秘密")),
            ("other", _("其他")),
        ),
        help=_("专利、商标、地理标志等"),
        synonyms="权利种类 权利类型",
    )
    subject = Text(_("案由"), max_length=300, help=_("一句话说明"), synonyms="案由 案件名称 事由")
    received_on = Day(_("收到日"), help=_("收到请求或线索的日期"), synonyms="收到日 收件日期 登记日期")
    accepted_on = Day(
        _("立案日"), help=_("受理或立案的日期；未立案留空"), synonyms="立案日 受理日期 立案日期"
    )
    closed_on = Day(_("结案日"), help=_("办结日期；在办留空"), synonyms="结案日 办结日期 结案日期")
    outcome = Choice(
        _("结果"),
        choices=(
            ("decided", _("作出裁决")),
            ("mediated", _("调解成功")),
            ("mediation_failed", _("调解未成")),
            ("withdrawn", _("撤回")),
            ("dismissed", _("驳回")),
            ("penalised", _("行政处罚")),
            ("corrected", _("责令改正")),
            ("handled", _("已处置")),
            ("assisted", _("已援助")),
            ("not_established", _("不成立")),
            ("transferred", _("移送")),
        ),
        help=_("办结方式"),
        synonyms="结果 处理结果 结案方式",
    )

    class Meta:
        verbose_name = _("案件")
        indexes = (models.Index(fields=["-received_on", "-id"], name="case_by_receipt"),)

    def __str__(self) -> str:
        return self.number


@record_type(
    "case_documents",
    room="protection",
    key=("number",),
    list_columns=("number", "case_number", "kind", "issued_on"),
    filters=("kind", "region_code"),
    search=("number", "case_number"),
    date="issued_on",
)
class CaseDocument(Record):
    """A document issued in a case."""

    number = Text(_("文书号"), max_length=80, help=_("文书编号"), synonyms="文书号 文书编号")
    case_number = Text(_("案号"), max_length=80, db_index=True, help=_("所属案件"), synonyms="案号 案件编号")
    kind = Choice(
        _("文书种类"),
        choices=(
            ("decision", _("行政裁决书")),
            ("mediation", _("调解协议书")),
            ("penalty", _("行政处罚决定书")),
            ("acceptance", _("受理通知书")),
            ("withdrawal", _("撤回决定")),
            ("other", _("其他")),
        ),
        help=_("裁决书、调解书、处罚决定书等"),
        synonyms="文书种类 文书类型",
    )
    issued_on = Day(_("作出日"), help=_("文书作出的日期"), synonyms="作出日 下达日期 作出日期")
    revoked_on = Day(_("撤销日"), help=_("文书被撤销的日期"), synonyms="撤销日")

    class Meta:
        verbose_name = _("案件文书")
