"""Forms of the account pages."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from zhicheng.apps.accounts.people import region_code
from zhicheng.apps.accounts.roles import Role

DAY = forms.DateInput(attrs={"type": "date"})


class OpenAccountForm(forms.Form):
    """What the system administrator fills in."""

    username = forms.RegexField(
        r"^[A-Za-z0-9._-]{2,40}$", label=_("用户名"), help_text=_("字母、数字、点、横线，2 至 40 位")
    )
    display_name = forms.CharField(label=_("姓名"), max_length=60)
    department = forms.CharField(label=_("单位部门"), max_length=80, required=False)
    region_code = forms.CharField(
        label=_("区划代码"),
        max_length=6,
        required=False,
        validators=[region_code],
        help_text=_("六位，如 370700"),
    )
    ends_on = forms.DateField(label=_("账号有效期至"), required=False, widget=DAY, help_text=_("不填为长期"))


class GrantRoleForm(forms.Form):
    """What the security administrator fills in."""

    role = forms.ChoiceField(label=_("角色"), choices=[("", _("（不授予）")), *Role.choices], required=False)
    region_code = forms.CharField(label=_("区划代码"), max_length=6, required=False, validators=[region_code])
    why = forms.CharField(label=_("理由"), help_text=_("如：任命文件文号；进入审计记录"))


class ReasonForm(forms.Form):
    """A reason, for steps that need nothing else."""

    why = forms.CharField(label=_("理由"), max_length=300)


class AgencyForm(forms.Form):
    """A request to act for an organisation."""

    uscc = forms.CharField(label=_("统一社会信用代码"), max_length=30, help_text=_("营业执照上的 18 位代码"))
    letter = forms.FileField(label=_("授权书"), help_text=_("盖章扫描件，PDF、JPG 或 PNG，不超过 10 MB"))
    valid_until = forms.DateField(
        label=_("授权至"), required=False, widget=DAY, help_text=_("授权书写明的截止日；没有写明可不填")
    )


class TokenForm(forms.Form):
    """A new API token."""

    name = forms.CharField(label=_("用途"), max_length=80, help_text=_("如：统计分析脚本"))
    days = forms.IntegerField(label=_("有效天数"), min_value=1, max_value=366, initial=90)
