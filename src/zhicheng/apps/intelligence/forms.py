"""Forms of the room: texts handed in, a figure corrected, something to watch, a bulletin."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhicheng.apps.figures.public import catalogue
from zhicheng.apps.intelligence.article_models import FoundFigure
from zhicheng.apps.intelligence.proposals import propose
from zhicheng.apps.intelligence.quote_models import APPROXIMATIONS, KINDS
from zhicheng.kernel.quantities import QuantityError, parse_quantity


class ManyFiles(forms.ClearableFileInput):
    """A file field that takes a whole folder."""

    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Several files at once."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Return every file that was chosen."""
        given = data if isinstance(data, (list, tuple)) and data else [data or None]
        return [super(ManyFilesField, self).clean(one, initial) for one in given]


class UploadForm(forms.Form):
    """One text, or several, or a zip of them."""

    files = ManyFilesField(  # type: ignore[assignment]  # Django takes fields out of the class
        label=_("文章文件"), help_text=_("TXT、HTML、DOCX、PDF；可一次选多个，或上传 zip。编码自动识别。")
    )
    url = forms.URLField(
        label=_("原文网址"), required=False, max_length=500, assume_scheme="https",
        help_text=_("只有一篇时填写；读者凭它找到原文。"),
    )  # fmt: skip


def indicator_choices() -> list[tuple[str, str]]:
    """Every indicator by its Chinese name."""
    return [
        ("", "—"),
        *sorted(((one.id, one.name_zh) for one in catalogue().values()), key=lambda row: row[1]),
    ]


class QuoteForm(forms.Form):
    """What a quote says; a person corrects what was read wrongly."""

    written = forms.CharField(
        label=_("数值"), max_length=60, help_text=_("可写 1.1万件、42.07亿元；按基本单位保存。")
    )
    approx = forms.ChoiceField(label=_("约数"), choices=APPROXIMATIONS)
    indicator = forms.ChoiceField(label=_("指标"), choices=indicator_choices, required=False)
    kind = forms.ChoiceField(label=_("存量与期间量"), choices=KINDS, required=False)
    counted = forms.CharField(
        label=_("统计对象"),
        max_length=40,
        required=False,
        help_text=_("如 获奖、获奖和提名；口径已说清的留空。"),
    )
    about_code = forms.RegexField(
        r"^\d{6}$", label=_("地区代码"), required=False, help_text=_("六位行政区划代码，如 330200。")
    )
    period_start = forms.DateField(
        label=_("起"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("存量、累计留空。"),
    )
    period_end = forms.DateField(
        label=_("止"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("原文没有年份的，查明再填。"),
    )

    @classmethod
    def of(cls, found: FoundFigure) -> QuoteForm:
        """Return the form filled with what was read, or with the quote that stands."""
        quote = getattr(found, "quote", None)
        columns = propose(found) if quote is None else {name: getattr(quote, name) for name in propose(found)}
        return cls(initial={**columns, "written": f"{columns['value']}{columns['unit']}"})

    def clean_written(self) -> str:
        """Read the number with its unit."""
        try:
            self.quantity = parse_quantity(self.cleaned_data["written"])
        except QuantityError as error:
            raise forms.ValidationError(str(error)) from error
        return str(self.cleaned_data["written"])

    def columns(self) -> dict[str, Any]:
        """Return the columns of the quote."""
        data = {name: value for name, value in self.cleaned_data.items() if name != "written"}
        return {**data, "value": f"{self.quantity.base_value.normalize():f}", "unit": self.quantity.base_unit}
