"""Forms of the room: freeze a batch, object to a notice, give an account, enter money, set how the city pays."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from zhicheng.apps.incentives.batches.models import Absence, DecisionWhen, EqualVotes, VoteBase, VoteShare
from zhicheng.apps.incentives.firms.claims import AccountGiven
from zhicheng.apps.incentives.models import FreedSeat
from zhicheng.apps.incentives.rounds.settings import RULES, SWITCHES
from zhicheng.apps.incentives.runs.evaluations import current_program
from zhicheng.apps.incentives.written import fen_of
from zhicheng.kernel.refusals import Refusal

MONEY: dict[str, Any] = {"max_digits": 16, "decimal_places": 2}


class MoneyField(forms.DecimalField):
    """Money in 元 as people type or paste it: with separators, full-width, or in 万."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]  # the stubs derive it from whole numbers
        """The amount, to the 分."""
        text = "" if value is None else str(value).strip()
        if not text:
            return None
        found = fen_of(text)
        if found is None:
            said = _("“%(value)s”不是金额：写到元或分，如 500000、500,000.00 或 50万。")
            raise forms.ValidationError(said, "invalid", {"value": text[:40]})
        return found


def policy_choices() -> list[tuple[str, str]]:
    """The documents in force."""
    return [(key, one.title) for key, one in current_program().policies.items()]


def clause_choices() -> list[tuple[str, str]]:
    """The clauses in force, and none of them for the whole document."""
    return [("", str(_("整个政策"))), *((one.id, one.name) for one in current_program().clauses)]


def payer_choices() -> list[tuple[str, str]]:
    """Who pays under the clauses in force: the city, and everybody one of them shares the money with."""
    sharing = (
        payer for one in current_program().clauses for last in one.versions for payer, _part in last.sharing
    )
    return [(one, one) for one in dict.fromkeys(("市", *sorted(sharing)))]


class FreezeForm(forms.Form):
    """What a batch is made of."""

    policy = forms.ChoiceField(label=_("政策"), choices=policy_choices)
    year = forms.IntegerField(
        label=_("年度"), min_value=2000, max_value=2100, help_text=_("事件发生的年度，不是拨付的年度。")
    )


class AccountForm(forms.Form):
    """Where to pay; kept encrypted and shown by its last four digits."""

    holder = forms.CharField(label=_("户名"), max_length=120, help_text=_("与收款人全称一致"))
    bank = forms.CharField(label=_("开户银行"), max_length=120, help_text=_("写到支行"))
    account = forms.CharField(
        label=_("账号"), max_length=40, help_text=_("8 至 32 位数字；加密保存，页面只显示末四位"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip

    def given(self) -> AccountGiven:
        """The account as the action takes it."""
        data = self.cleaned_data
        return AccountGiven(data["holder"], data["bank"], data["account"])


def account_given(data: Mapping[str, Any], earlier: Callable[[int], AccountGiven]) -> AccountGiven | None:
    """The one account a form names: one given earlier, or a new one; None where it names neither.

    Args:
        data: what was sent. earlier: looks up what was given before, by its number.

    Raises:
        Refusal: both are named, and money must not go to the one that was only left standing; or the new one has gaps.
    """
    chosen = str(data.get("earlier", ""))
    typed = any(str(data.get(name, "")).strip() for name in ("bank", "account"))
    if typed and chosen.isdigit():
        raise Refusal(
            "既选了以前的收款账户，又填了新账户。",
            fix="只留一个：用新账户的，请在“收款账户”里选“另填一个账户”；用以前账户的，请清空新填的。",
        )
    if chosen.isdigit():
        return earlier(int(chosen))
    if not typed:
        return None
    form = AccountForm(data, auto_id=False)
    if not form.is_valid():
        raise Refusal("收款账户没有填完整。", fix="请写明户名、开户银行和账号。")
    return form.given()


class PersonAccountForm(AccountForm):
    """Where to pay a person, from the form they signed."""

    id_number = forms.CharField(
        label=_("身份证件号"), max_length=40, help_text=_("18 位；加密保存，同一人对同一事项只兑付一次"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip

    def given(self) -> AccountGiven:
        """The account with the number it belongs to."""
        return replace(super().given(), id_number=self.cleaned_data["id_number"])


class ObjectionForm(forms.Form):
    """What anybody may say against a notice."""

    said_by = forms.CharField(label=_("提出人"), max_length=120, help_text=_("单位或个人的真实名称"))
    contact = forms.CharField(
        label=_("联系方式"), max_length=120, required=False, help_text=_("加密保存，只供核查人员联系")
    )
    entitlement = forms.IntegerField(required=False, widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("异议内容"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("写明哪一项、哪里不对、有什么依据"),
    )  # fmt: skip


class ConsequenceForm(forms.Form):
    """What an upheld objection does to a whole notice."""

    strike = forms.CharField(
        label=_("剔除的序号"), max_length=2000, required=False,
        help_text=_("针对整个公示的异议成立时，写要剔除的编号，用空格或逗号分开"),
    )  # fmt: skip
    republish = forms.BooleanField(label=_("撤下，重新公示"), required=False, help_text=_("公示期重新计算"))

    def clean_strike(self) -> list[int]:
        """Keys of what is struck: each as a number, from a list of boxes or written in a line."""
        given = (
            [*self.data.getlist("strike")] if hasattr(self.data, "getlist") else [self.data.get("strike", "")]
        )
        parts = " ".join(str(one) for one in given).replace("，", " ").replace(",", " ").split()
        unknown = next((one for one in parts if not one.isdigit() or len(one) > 18), "")
        if unknown:
            raise forms.ValidationError(_("“%(one)s”不是编号。"), params={"one": unknown[:20]})
        return [int(one) for one in parts]


class ObjectionFindingForm(ConsequenceForm):
    """The decision on an objection, with what becomes of the item or the notice objected to, and the reply."""

    finding = forms.ChoiceField(
        label=_("决定"),
        choices=[
            ("rejected", _("不成立，维持")), ("upheld", _("成立，剔除或取消")),
            ("partly_out", _("部分成立，剔除或取消")), ("partly", _("部分成立，维持")),
        ],
    )  # fmt: skip
    answer = forms.CharField(label=_("核查结论"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))

    def given(self) -> dict[str, Any]:
        """The decision as the action takes it."""
        finding = self.cleaned_data["finding"]
        return {
            "finding": "partly" if finding == "partly_out" else finding,
            "take_out": finding in {"partly_out", "upheld"}, "answer": self.cleaned_data["answer"],
            "strike": self.cleaned_data["strike"], "republish": self.cleaned_data["republish"],
        }  # fmt: skip


class ObjectionAnswerForm(forms.Form):
    """The answer to a dispute."""

    upheld = forms.ChoiceField(label=_("结论"), choices=[("no", _("不成立")), ("yes", _("成立"))])
    answer = forms.CharField(label=_("核查结论"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))


class ResultForm(forms.Form):
    """A bank's answer."""

    file = forms.FileField(label=_("银行回盘文件"), help_text=_("CSV 或 XLSX，首行为表头"))


class BudgetForm(forms.Form):
    """Money appropriated, or taken back with a negative amount."""

    policy = forms.ChoiceField(label=_("政策"), choices=policy_choices)
    clause = forms.ChoiceField(label=_("条款"), choices=clause_choices, required=False)
    year = forms.IntegerField(label=_("年度"), min_value=2000, max_value=2100)
    payer = forms.ChoiceField(
        label=_("付款方"), choices=payer_choices, initial="市", help_text=_("政策条款中的分担各方")
    )
    amount = MoneyField(label=_("金额（元）"), **MONEY, help_text=_("调减写负数"))
    document = forms.CharField(label=_("依据"), max_length=200, help_text=_("批复文号或文件名称"))


class SettingsForm(forms.Form):
    """How this city pays."""

    notice_days = forms.IntegerField(label=_("公示工作日"), min_value=1, max_value=60)
    trimmed = forms.IntegerField(label=_("评分去掉的最高、最低分个数"), min_value=0, max_value=5)
    least_scores = forms.IntegerField(
        label=_("最少评分人数"),
        min_value=2,
        max_value=50,
        help_text=_("每份申报至少几位专家评分，多于去掉的高低分"),
    )
    fraud_years = forms.IntegerField(
        label=_("骗取后停止申报年数"),
        min_value=0,
        max_value=20,
        help_text=_("条款的负面清单没有写年数时按此计算；依本省专利条例等规定核对后填写"),
    )
    freed_seat = forms.ChoiceField(
        label=_("公示期空出的评选名额"), choices=FreedSeat.choices,
        help_text=_("此后发起的评选按此办理；递补的另行公示同样的工作日"),
    )  # fmt: skip
    quorum = forms.ChoiceField(
        label=_("表决到会人数"),
        choices=VoteShare.choices,
        help_text=_("交票的委员占全体委员的比例，不足不能计票"),
    )
    threshold = forms.ChoiceField(
        label=_("通过票数"), choices=VoteShare.choices, help_text=_("赞成票占计票基数的比例；弃权计入基数")
    )
    vote_base = forms.ChoiceField(
        label=_("计票基数"), choices=VoteBase.choices, help_text=_("回避的委员不计入所回避申报的基数")
    )
    equal_votes = forms.ChoiceField(
        label=_("同票规则"), choices=EqualVotes.choices, help_text=_("得票相同而名额不够时怎样分先后")
    )
    votes_shown = forms.BooleanField(
        label=_("公示票数"), required=False, help_text=_("公示页写明各份申报的总票数；谁投了什么不记录")
    )
    absent = forms.ChoiceField(
        label=_("答辩缺席"), choices=Absence.choices, help_text=_("没有到场答辩的怎样处理")
    )
    decision_when = forms.ChoiceField(
        label=_("政府审定"),
        choices=DecisionWhen.choices,
        help_text=_("有审定环节的评选，在公示以前还是以后审定"),
    )

    def given(self) -> dict[str, Any]:
        """The settings as the action takes them: how the city pays, and how its awards vote."""
        data = {**self.cleaned_data}
        rules = {name: data.pop(name) for name in (*RULES, *SWITCHES)}
        return {**data, "award_rules": rules}


class ReceiveForm(forms.Form):
    """Money that came back."""

    amount = MoneyField(label=_("到账金额（元）"), min_value=Decimal("0.01"), **MONEY)
    already = forms.DecimalField(required=False, widget=forms.HiddenInput, **MONEY)


class DisputeForm(forms.Form):
    """A fact the city holds about a firm is wrong."""

    fact = forms.CharField(label=_("哪一项事实"), max_length=300)
    clause = forms.CharField(required=False, max_length=120, widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("哪里不对，正确的是什么"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )


def consequence_given(request: HttpRequest) -> dict[str, Any]:
    """What becomes of a notice after an upheld objection, as the action takes it."""
    form = ConsequenceForm(request.POST)
    if not form.is_valid():
        raise Refusal("要剔除的编号看不懂。", fix="请写明细里的编号，用空格或逗号分开。")
    return {"strike": form.cleaned_data["strike"], "republish": form.cleaned_data["republish"]}
