"""Forms of bulletins: begin one, check a finished file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhicheng.apps.intelligence.bulletin_queries import templates
from zhicheng.apps.web.public import offer


class BeginForm(forms.Form):
    """From which template, for which region and day."""

    template = forms.ChoiceField(label=_("模板"), help_text=_("正文从模板开始，之后可以随意改写。"))
    region = forms.RegexField(
        r"^[1-9][0-9]{5}$", label=_("区划"), max_length=6, help_text=_("六位代码；数据取这个地区的。")
    )
    as_of = forms.DateField(
        label=_("截至"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("数据截至哪一天。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "template", [(one.id, one.name.zh) for one in templates()])


class CheckForm(forms.Form):
    """A finished file whose numbers are to be held against what is signed."""

    file = forms.FileField(label=_("成稿文件"), help_text=_("Word、PDF、网页或文本；只读取，不保存。"))
    as_of = forms.DateField(
        label=_("截至"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("不填则看文件自己怎么说。"),
    )  # fmt: skip
