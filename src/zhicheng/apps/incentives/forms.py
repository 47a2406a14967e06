"""Forms of the room: freeze a batch, object to a notice, give an account, enter money, set how the city pays."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhicheng.apps.incentives.claims import AccountGiven
from zhicheng.apps.incentives.evaluations import current_program
from zhicheng.apps.incentives.models import FreedSeat

MONEY: dict[str, Any] = {"max_digits": 16, "decimal_places": 2}


def policy_choices() -> list[tuple[str, str]]:
    """The documents in force."""
    return [(key, one.title) for key, one in current_program().policies.items()]


def clause_choices() -> list[tuple[str, str]]:
    """The clauses in force, and none of them for the whole document."""
    return [("", str(_("整个政策"))), *((one.id, one.name) for one in current_program().clauses)]


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


class ObjectionFindingForm(forms.Form):
    """The decision on an objection, with what becomes of the item objected to, and the reply."""

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
    payer = forms.CharField(label=_("付款方"), max_length=40, initial="市", help_text=_("如：市、县"))
    amount = forms.DecimalField(label=_("金额（元）"), **MONEY, help_text=_("调减写负数"))
    document = forms.CharField(label=_("依据"), max_length=200, help_text=_("批复文号或文件名称"))


class SettingsForm(forms.Form):
    """How this city pays."""

    notice_days = forms.IntegerField(label=_("公示工作日"), min_value=1, max_value=60)
    trimmed = forms.IntegerField(label=_("评分去掉的最高、最低分个数"), min_value=0, max_value=5)
    least_scores = forms.IntegerField(label=_("最少评分人数"), min_value=1, max_value=50)
    fraud_years = forms.IntegerField(
        label=_("骗取后停止申报年数"),
        min_value=0,
        max_value=20,
        help_text=_("依本省专利条例等规定核对后填写"),
    )
    freed_seat = forms.ChoiceField(
        label=_("公示期空出的评选名额"), choices=FreedSeat.choices,
        help_text=_("此后发起的评选按此办理；递补的另行公示同样的工作日"),
    )  # fmt: skip


class ReceiveForm(forms.Form):
    """Money that came back."""

    amount = forms.DecimalField(label=_("到账金额（元）"), min_value=Decimal("0.01"), **MONEY)
    already = forms.DecimalField(required=False, widget=forms.HiddenInput, **MONEY)


class DisputeForm(forms.Form):
    """A fact the city holds about a firm is wrong."""

    fact = forms.CharField(label=_("哪一项事实"), max_length=300)
    clause = forms.CharField(required=False, max_length=120, widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("哪里不对，正确的是什么"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )
