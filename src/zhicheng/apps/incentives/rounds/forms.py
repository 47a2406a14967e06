"""Forms of award rounds: a call, an application, a sheet of marks, an interest."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from zhicheng.apps.incentives.batches.actions import payout_settings
from zhicheng.apps.incentives.batches.models import Absence, DecisionWhen, EqualVotes, VoteBase, VoteShare
from zhicheng.apps.incentives.models import AwardRound, FreedSeat
from zhicheng.apps.incentives.rounds.calls import Plan
from zhicheng.apps.incentives.rounds.eligibility import CHECKS
from zhicheng.apps.incentives.rounds.stage_queries import KINDS
from zhicheng.apps.incentives.rounds.stages import KEPT, MATERIAL, ON_SITE, Stage
from zhicheng.apps.ledger.public import HonourTier, Organisation, honour_names

DAY = forms.DateInput(attrs={"type": "date"})
LINES = 8


def lines_of(text: str, numbers: int) -> list[list[str]]:
    """Lines of a name and numbers, parted by spaces or commas; the last numbers may be left out."""
    found = []
    for line in text.splitlines():
        parts = line.replace("，", " ").replace(",", " ").split()
        if not parts:
            continue
        if not 2 <= len(parts) <= numbers + 1 or not all(one.isdigit() for one in parts[1:]):
            raise ValidationError(
                _("“%(line)s”看不懂：每行一个名称，后面是数字。"), params={"line": line[:40]}
            )
        found.append(parts)
    return found


def tiers_by_name() -> dict[str, str]:
    """Tiers by their names in the language of the page; those of the ledger are known in every language."""
    shown = {str(label): value for value, label in HonourTier.choices}
    with override(settings.LANGUAGE_CODE):
        return shown | {str(label): value for value, label in HonourTier.choices}


def _of_settings(label: Any, choices: Any, text: Any) -> forms.ChoiceField:
    """A rule that is left to the settings of the city unless the call says otherwise."""
    return forms.ChoiceField(
        label=label, choices=[("", _("按兑付设置")), *choices.choices], required=False, help_text=text
    )


class StageLineForm(forms.Form):
    """One stage of a call; a line without a kind is none."""

    kind = forms.ChoiceField(
        label=_("环节"), choices=[("", "—"), *KINDS.items()], required=False, help_text=_("依次办理")
    )
    name = forms.CharField(label=_("名称"), max_length=40, required=False, help_text=_("不填用环节的名字"))
    weight = forms.IntegerField(
        label=_("权重"), min_value=0, max_value=100, required=False, help_text=_("打分的环节填，合计 100")
    )
    keep = forms.IntegerField(
        label=_("入围数"), min_value=0, max_value=1000, required=False, help_text=_("不填为全部进入下一环节")
    )
    least = forms.IntegerField(
        label=_("至少评分人数"), min_value=0, max_value=50, required=False, help_text=_("不填按本轮的人数")
    )
    trimmed = forms.IntegerField(
        label=_("去掉高低分"), min_value=0, max_value=5, required=False, help_text=_("不填按本轮的个数")
    )
    named = forms.BooleanField(
        label=_("专家知道单位"), required=False, help_text=_("只用于现场评审；材料评审总是盲评，答辩总是知道")
    )

    def stage(self, rules: dict[str, Any]) -> Stage:
        """The stage as the action takes it, with the rules of the call that its kind is told."""
        data = self.cleaned_data
        told = {name: value for name, value in rules.items() if name in KEPT[data["kind"]]}
        return Stage(
            kind=data["kind"], name=data["name"], weight=data["weight"] or 0, keep=data["keep"] or 0, least=data["least"],
            trimmed=data["trimmed"], named=data["named"] and data["kind"] == ON_SITE, **told,
        )  # fmt: skip


class RoundForm(forms.Form):
    """A call for an award."""

    scheme_code = forms.ChoiceField(label=_("荣誉项目"), choices=lambda: list(honour_names().items()))
    title = forms.CharField(label=_("名称"), max_length=200, help_text=_("如：第十六届市长质量奖"))
    round = forms.IntegerField(label=_("届次"), min_value=1, max_value=200, required=False)
    opens_on = forms.DateField(label=_("申报开始"), widget=DAY)
    closes_on = forms.DateField(label=_("申报截止"), widget=DAY)
    tiers = forms.CharField(
        label=_("等次与名额"), widget=forms.Textarea(attrs={"rows": 2}), initial="奖 5\n提名奖 5",
        help_text=_("每行一个等次和名额，从高到低"),
    )  # fmt: skip
    criteria = forms.CharField(
        label=_("评分项与满分"), widget=forms.Textarea(attrs={"rows": 6}), help_text=_("每行一项，满分合计 100"),
        initial="领导与战略 20\n顾客与市场 10\n资源 13\n过程管理 10\n测量分析改进 7\n结果 40",
    )  # fmt: skip
    conditions = forms.MultipleChoiceField(
        label=_("资格条件"), choices=list(CHECKS.items()), required=False, widget=forms.CheckboxSelectMultiple,
        initial=["region", "clean", "not_revoked"],
    )  # fmt: skip
    years = forms.IntegerField(label=_("“近几年”是几年"), min_value=0, max_value=50, initial=5)
    holder_kinds = forms.MultipleChoiceField(
        label=_("可申报的单位类别（都不选为不限）"), choices=lambda: Organisation._meta.get_field("kind").flatchoices,
        required=False, widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    tie = forms.ChoiceField(label=_("同分规则"), choices=AwardRound.Tie.choices)
    trimmed = forms.IntegerField(label=_("去掉的最高、最低分个数"), min_value=0, max_value=5, required=False)
    least_scores = forms.IntegerField(
        label=_("最少评分人数"), min_value=2, max_value=50, required=False, help_text=_("不填按兑付设置")
    )

    freed_seat = forms.ChoiceField(
        label=_("公示期空出的名额"), choices=[("", _("按兑付设置")), *FreedSeat.choices], required=False,
        help_text=_("异议成立取消资格后，名额空缺或由排名在后的递补"),
    )  # fmt: skip

    quorum = _of_settings(_("表决到会人数"), VoteShare, _("交票的委员占全体委员的比例，不足不能计票"))
    threshold = _of_settings(_("通过票数"), VoteShare, _("赞成票占计票基数的比例"))
    base = _of_settings(_("计票基数"), VoteBase, _("回避的委员不计入所回避申报的基数"))
    equals = _of_settings(_("同票规则"), EqualVotes, _("得票相同而名额不够时怎样分先后"))
    shown = forms.ChoiceField(
        label=_("公示票数"), choices=[("", _("按兑付设置")), ("yes", _("公示总票数")), ("no", _("不公示"))], required=False,
        help_text=_("只有总票数；谁投了什么不记录，任何人看不到"),
    )  # fmt: skip
    absent = _of_settings(_("答辩缺席"), Absence, _("没有到场答辩的怎样处理"))
    when = _of_settings(_("政府审定"), DecisionWhen, _("在公示以前还是以后审定"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        usual = [
            {"kind": MATERIAL, "name": "材料评审", "weight": 60, "keep": 10},
            {"kind": ON_SITE, "weight": 40},
        ]
        self._tell_settings()
        self.lines = [
            StageLineForm(self.data if self.is_bound else None, prefix=f"s{place}", initial=initial)
            for place, initial in enumerate([*usual, *[{}] * (LINES - len(usual))])
        ]

    def _tell_settings(self) -> None:
        """Say beside “as the settings say” what they say now, so that nobody has to look them up."""
        settings = payout_settings()
        told = {
            "freed_seat": settings.get_freed_seat_display(), "quorum": settings.get_quorum_display(),
            "threshold": settings.get_threshold_display(), "base": settings.get_vote_base_display(),
            "equals": settings.get_equal_votes_display(), "absent": settings.get_absent_display(),
            "when": settings.get_decision_when_display(),
            "shown": _("公示总票数") if settings.votes_shown else _("不公示"),
        }  # fmt: skip
        for name, said in told.items():
            field: Any = self.fields[name]
            field.choices = [("", _("按兑付设置：%(said)s") % {"said": said}), *list(field.choices)[1:]]
        for name, count in (("trimmed", settings.trimmed), ("least_scores", settings.least_scores)):
            self.fields[name].help_text = _("不填按兑付设置：%(count)s") % {"count": count}

    def is_valid(self) -> bool:
        """Whether the call and every stage named in it can be read."""
        return all([super().is_valid(), *[one.is_valid() for one in self.lines]])

    def clean_tiers(self) -> list[tuple[str, int]]:
        """Tiers by their names in the ledger."""
        found, known = [], tiers_by_name()
        for name, seats in lines_of(self.cleaned_data["tiers"], 1):
            if name not in known:
                raise ValidationError(_("没有等次“%(name)s”。"), params={"name": name})
            found.append((known[name], int(seats)))
        return found

    def clean_criteria(self) -> list[tuple[str, int]]:
        """Criteria with their full marks."""
        return [(name, int(mark)) for name, mark in lines_of(self.cleaned_data["criteria"], 1)]

    def plan(self) -> Plan:
        """The call as the action takes it."""
        data: dict[str, Any] = {**self.cleaned_data}
        years = data.pop("years")
        dated = {"clean", "not_revoked", "not_held"}
        conditions = [
            {"check": one, **({"years": years} if one in dated else {})} for one in data.pop("conditions")
        ]
        data["freed_seat"] = data["freed_seat"] or None
        rules = {name: data.pop(name) for name in ("quorum", "threshold", "base", "equals", "absent", "when")}
        rules["shown"] = {"yes": True, "no": False}.get(data.pop("shown"))
        stages = [one.stage(rules) for one in self.lines if one.cleaned_data["kind"]]
        return Plan(conditions=conditions, stages=stages, **data)


class ApplicationForm(forms.Form):
    """What an organisation writes; experts read it without knowing who wrote it."""

    object_name = forms.CharField(
        label=_("申报对象"), max_length=200, required=False, help_text=_("品牌、产品等；没有可不填")
    )
    statement = forms.CharField(
        label=_("申报材料"), max_length=50_000, widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("专家盲评：请写“本单位”，不要出现单位名称和信用代码"),
    )  # fmt: skip


class ScoreForm(forms.Form):
    """One mark per criterion, built from the round."""

    remark = forms.CharField(
        label=_("评语（可不填）"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, criteria: list[Any], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        marks = {
            f"mark{place}": forms.DecimalField(
                label=f"{name}（{full}）",
                help_text=_("0 至 %(full)s 分，可写两位小数") % {"full": full},
                min_value=Decimal(0),
                max_value=Decimal(full),
                decimal_places=2,
                max_digits=6,
            )
            for place, (name, full) in enumerate(criteria)
        }
        self.fields = {**marks, **self.fields}
        self.places = list(marks)

    def marks(self) -> list[Decimal]:
        """The marks in the order of the criteria."""
        return [self.cleaned_data[one] for one in self.places]
