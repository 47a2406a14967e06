"""What becomes of rights: pools, licences, transfers, pledges, credit lines, operation centres."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhicheng.apps.records.fields import Choice, Day, Identifier, Money, Text
from zhicheng.apps.records.parts import rows_of
from zhicheng.apps.records.record import Record, RecordPart
from zhicheng.apps.records.shapes import Part, Related, record_type
from zhicheng.apps.utilization.credit import CreditLine, Drawdown

PATENT_LIST = ("专利号", "专利号 申请号 专利申请号 涉及专利 专利清单", "list")


@record_type(
    "patent_pools",
    room="utilization",
    key=("name",),
    list_columns=("name", "field", "operator", "established_on", "dissolved_on", "region_code"),
    filters=("region_code",),
    search=("name", "operator"),
    date="established_on",
    public=True,
    related=(
        Related("pool_members", "pool_name", "name"),
        Related("pool_patents", "pool_name", "name"),
    ),
)
class PatentPool(Record):
    """Patents of several owners run together under one agreement."""

    name = Text(
        _("专利池名称"),
        help=_("备案或协议上的名称"),
        synonyms="专利池名称 名称",
        source="国知发运字〔2025〕11号",
    )
    field = Text(_("技术领域"), help=_("所属产业或技术领域"), synonyms="技术领域 产业领域 领域")
    operator = Text(_("运营机构"), help=_("受托运营的单位"), synonyms="运营机构 运营主体")
    established_on = Day(_("建成日期"), help=_("协议生效或备案的日期"), synonyms="建成日期 成立日期 备案日期")
    dissolved_on = Day(_("解散日期"), help=_("仍在运行留空"), synonyms="解散日期")

    class Meta:
        verbose_name = _("专利池")


@record_type(
    "pool_members",
    room="utilization",
    key=("pool_name", "name", "from_on"),
    list_columns=("pool_name", "name", "uscc", "from_on", "until_on", "region_code"),
    filters=("pool_name", "region_code"),
    search=("name", "uscc"),
    date="from_on",
    organisation=("name", "uscc"),
    related=(Related("patent_pools", "name", "pool_name"),),
)
class PoolMember(Record):
    """Membership of an enterprise in a pool, with its days."""

    pool_name = Text(
        _("专利池名称"), db_index=True, help=_("专利池台账中的名称"), synonyms="专利池名称 专利池"
    )
    name = Text(_("成员单位"), help=_("单位全称"), synonyms="成员单位 单位名称 企业名称")
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
    from_on = Day(_("加入日期"), help=_("签约加入的日期"), synonyms="加入日期 入池日期")
    until_on = Day(_("退出日期"), help=_("仍在池内留空"), synonyms="退出日期")

    class Meta:
        verbose_name = _("专利池成员")


@record_type(
    "pool_patents",
    room="utilization",
    key=("pool_name", "application_number", "from_on"),
    list_columns=("pool_name", "application_number", "from_on", "until_on"),
    filters=("pool_name",),
    search=("application_number",),
    date="from_on",
    related=(
        Related("patent_pools", "name", "pool_name"),
        Related("patents", "application_number", "application_number"),
    ),
)
class PoolPatent(Record):
    """A patent in a pool, with its days."""

    pool_name = Text(
        _("专利池名称"), db_index=True, help=_("专利池台账中的名称"), synonyms="专利池名称 专利池"
    )
    application_number = Identifier(
        _("申请号"),
        identifier="patent_application",
        max_length=20,
        db_index=True,
        help=_("国家申请号"),
        synonyms="申请号 专利号",
    )
    from_on = Day(_("入池日期"), help=_("纳入专利池的日期"), synonyms="入池日期 加入日期")
    until_on = Day(_("出池日期"), help=_("仍在池内留空"), synonyms="出池日期 退出日期")

    class Meta:
        verbose_name = _("池内专利")


class LicencePatent(RecordPart):
    """A patent covered by a licence."""

    licence = models.ForeignKey("utilization.Licence", models.CASCADE, related_name="patents")
    application_number = Identifier(
        _("申请号"), identifier="patent_application", max_length=40, db_index=True, help=_("国家申请号")
    )

    class Meta:
        verbose_name = _("许可专利")


@record_type(
    "licences",
    room="utilization",
    key=("number",),
    list_columns=("number", "kind", "licensor", "licensee", "recorded_on", "amount", "region_code"),
    filters=("kind", "region_code"),
    search=("number", "licensor", "licensee"),
    date="recorded_on",
    organisation=("licensor", "uscc"),
    parts=(
        Part(
            LicencePatent,
            "licence",
            rows_of("patents", into="application_number"),
            identity=("application_number",),
        ),
    ),
    virtual={"patents": PATENT_LIST},
)
class Licence(Record):
    """A recorded licence contract; one contract may cover many patents."""

    number = Text(
        _("备案号"), max_length=60, help=_("许可合同备案号"), synonyms="备案号 合同备案号 许可备案号"
    )
    kind = Choice(
        _("许可方式"),
        choices=(
            ("exclusive", _("独占许可")),
            ("sole", _("排他许可")),
            ("ordinary", _("普通许可")),
            ("open", _("开放许可")),
            ("cross", _("交叉许可")),
            ("pool", _("一站式许可")),
        ),
        help=_("独占、排他、普通、开放、交叉、一站式"),
        synonyms="许可方式 许可类型",
    )
    licensor = Text(_("许可人"), help=_("许可人名称"), synonyms="许可人 许可方")
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
    licensee = Text(_("被许可人"), help=_("被许可人名称"), synonyms="被许可人 被许可方")
    signed_on = Day(_("签订日期"), help=_("合同签订日期"), synonyms="签订日期 合同日期")
    recorded_on = Day(_("备案日期"), help=_("备案生效日期"), synonyms="备案日期 备案生效日")
    ended_on = Day(_("终止日期"), help=_("合同终止日期"), synonyms="终止日期")
    amount = Money(_("许可费"), help=_("合同约定的许可费总额"), synonyms="许可费 合同金额 许可金额")

    class Meta:
        verbose_name = _("专利许可")


class TransferPatent(RecordPart):
    """A patent that changed hands in a transfer."""

    transfer = models.ForeignKey("utilization.Transfer", models.CASCADE, related_name="patents")
    application_number = Identifier(
        _("申请号"), identifier="patent_application", max_length=40, db_index=True, help=_("国家申请号")
    )

    class Meta:
        verbose_name = _("转让专利")


@record_type(
    "transfers",
    room="utilization",
    key=("number",),
    list_columns=("number", "assignor", "assignee", "effective_on", "amount", "region_code"),
    filters=("region_code", "kind"),
    search=("number", "assignor", "assignee"),
    date="effective_on",
    organisation=("assignor", "uscc"),
    parts=(
        Part(
            TransferPatent,
            "transfer",
            rows_of("patents", into="application_number"),
            identity=("application_number",),
        ),
    ),
    virtual={"patents": PATENT_LIST},
)
class Transfer(Record):
    """A registered assignment of one or more patents."""

    number = Text(
        _("登记号"), max_length=60, help=_("转让登记号或手续合格通知编号"), synonyms="登记号 转让登记号 编号"
    )
    kind = Choice(
        _("转让性质"),
        choices=(
            ("sale", _("有偿转让")),
            ("gift", _("无偿转让")),
            ("internal", _("关联方变更")),
            ("contribution", _("作价入股")),
        ),
        help=_("关联方之间的变更不计入转移转化"),
        synonyms="转让性质 转让类型",
    )
    assignor = Text(_("转让人"), help=_("转让人名称"), synonyms="转让人 转让方")
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
    assignee = Text(_("受让人"), help=_("受让人名称"), synonyms="受让人 受让方")
    effective_on = Day(_("生效日"), help=_("登记生效日"), synonyms="生效日 权利转移生效日 登记生效日")
    amount = Money(_("转让价款"), help=_("合同价款"), synonyms="转让价款 合同金额 转让金额")

    class Meta:
        verbose_name = _("专利转让")


class PledgePatent(RecordPart):
    """A patent given in pledge."""

    pledge = models.ForeignKey("utilization.PledgeRegistration", models.CASCADE, related_name="patents")
    application_number = Identifier(
        _("申请号"), identifier="patent_application", max_length=40, db_index=True, help=_("国家申请号")
    )

    class Meta:
        verbose_name = _("质押专利")


@record_type(
    "pledges",
    room="utilization",
    key=("number",),
    list_columns=("number", "pledgor", "pledgee", "registered_on", "amount", "released_on", "region_code"),
    filters=("region_code", "pledgee"),
    search=("number", "pledgor", "pledgee"),
    date="registered_on",
    organisation=("pledgor", "uscc"),
    parts=(
        Part(
            PledgePatent,
            "pledge",
            rows_of("patents", into="application_number"),
            identity=("application_number",),
        ),
    ),
    virtual={"patents": PATENT_LIST},
)
class PledgeRegistration(Record):
    """A registered pledge: many patents, one amount."""

    number = Text(
        _("登记号"),
        max_length=60,
        help=_("质押登记号"),
        synonyms="登记号 质押登记号 登记编号",
        source="公告461号",
    )
    pledgor = Text(_("出质人"), help=_("出质人名称"), synonyms="出质人 出质企业")
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
    pledgee = Text(_("质权人"), help=_("银行或其他质权人"), synonyms="质权人 银行 贷款银行")
    registered_on = Day(
        _("登记日"), help=_("质押登记日，质权自此设立"), synonyms="登记日 登记日期 质押登记日"
    )
    released_on = Day(_("注销日"), help=_("质押登记注销日期"), synonyms="注销日 解除日期")
    revoked_on = Day(_("撤销日"), help=_("登记被撤销的日期；撤销的自始不计"), synonyms="撤销日 撤销日期")
    amount = Money(_("质押金额"), help=_("担保的主债权金额"), synonyms="质押金额 融资金额 金额 贷款金额")

    class Meta:
        verbose_name = _("专利权质押登记")


@record_type(
    "operation_centres",
    room="utilization",
    key=("name",),
    list_columns=("name", "kind", "industry", "established_on", "closed_on", "region_code"),
    filters=("kind", "region_code"),
    search=("name",),
    date="established_on",
    public=True,
)
class OperationCentre(Record):
    """A centre that operates intellectual property for a region or an industry."""

    name = Text(_("中心名称"), help=_("批复上的名称"), synonyms="中心名称 名称")
    kind = Choice(
        _("类型"),
        choices=(
            ("industry", _("产业知识产权运营中心")),
            ("branch", _("省级中心分中心")),
            ("platform", _("综合运营平台")),
        ),
        help=_("产业中心与分中心分别统计"),
        synonyms="类型 中心类型",
    )
    industry = Text(_("产业"), help=_("服务的产业"), synonyms="产业 服务产业")
    established_on = Day(_("成立日期"), help=_("批复或揭牌的日期"), synonyms="成立日期 批复日期")
    closed_on = Day(_("撤销日期"), help=_("仍在运行留空"), synonyms="撤销日期")

    class Meta:
        verbose_name = _("知识产权运营中心")


__all__ = [
    "CreditLine",
    "Drawdown",
    "Licence",
    "LicencePatent",
    "OperationCentre",
    "PatentPool",
    "PledgePatent",
    "PledgeRegistration",
    "PoolMember",
    "PoolPatent",
    "Transfer",
    "TransferPatent",
]
