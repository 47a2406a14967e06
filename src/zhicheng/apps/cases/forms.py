"""Forms made from the fields of a matter's definition, and the small fixed ones of the room."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhicheng.apps.cases.models import Assignment, Level
from zhicheng.apps.web.public import offer, region_choices
from zhicheng.engines.procedures.definition import Matter
from zhicheng.engines.procedures.parts import Field

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

IP_KINDS = (
    ("", "—"), ("patent", _("专利")), ("trademark", _("商标")), ("gi", _("地理标志")), ("copyright", _("著作权")),
    ("secret", _("商业秘密")), ("other", _("其他")),
)  # fmt: skip
YES_NO = (("", "—"), ("true", _("是")), ("false", _("否")))


def field_of(one: Field, *, strict: bool) -> forms.Field:
    """Return the form field of a definition's field.

    Args:
        one: its definition.
        strict: whether the browser insists on what is required; a draft may be incomplete.
    """
    more: dict[str, Any] = {
        "label": f"{one.label}{_('（必填）') if one.required and not strict else ''}",
        "help_text": one.help, "required": strict and one.required,
    }  # fmt: skip
    if one.type in ("choice", "boolean"):
        choices = [("", "—"), *one.choices] if one.type == "choice" else YES_NO
        return forms.ChoiceField(choices=choices, **more)
    if one.type == "email":
        return forms.EmailField(**more)
    widgets: dict[str, forms.Widget] = {
        "date": forms.DateInput(attrs={"type": "date"}),
        "long_text": forms.Textarea(attrs={"rows": 4}),
        "integer": forms.NumberInput(),
    }
    longest = 20_000 if one.type == "long_text" else 500
    return forms.CharField(max_length=longest, widget=widgets.get(one.type), **more)


def fields_form(fields: Iterable[Field], data: Mapping[str, Any] | None, initial: Mapping[str, str], *, prefix: str = "",
                strict: bool = True) -> forms.Form:  # fmt: skip
    """Return a form with the fields of a definition; values come back as text by `form.cleaned_data`."""
    form = forms.Form(data, initial={f"{prefix}{name}": value for name, value in initial.items()})
    for one in fields:
        form.fields[f"{prefix}{one.id}"] = field_of(one, strict=strict)
    return form


class CommonForm(forms.Form):
    """What every application says beside the matter's own form."""

    title = forms.CharField(
        label=_("案由"), max_length=300, required=False, help_text=_("一句话说明；不填则由系统写成")
    )
    region = forms.ChoiceField(label=_("受理机关"), help_text=_("由哪个区划的机关受理"))
    ip_kind = forms.ChoiceField(
        label=_("权利种类"), choices=IP_KINDS, required=False, help_text=_("涉及哪一种权利")
    )
    email = forms.EmailField(
        label=_("告知邮箱"), required=False, help_text=_("进展会发到这个邮箱；不填则只在系统中告知")
    )

    def __init__(self, *args: Any, seen: Any, applicant: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        offer(self, "region", [(one.code, one.name) for one in region_choices(seen)])
        if applicant:
            self.fields["applicant.name"] = forms.CharField(label=_("申请人"), max_length=200, required=False)
            self.fields["applicant.uscc"] = forms.CharField(
                label=_("统一社会信用代码"), max_length=18, required=False
            )
            self.fields["applicant.contact"] = forms.CharField(
                label=_("联系人"), max_length=60, required=False
            )
            self.fields["applicant.phone"] = forms.CharField(
                label=_("联系电话"), max_length=30, required=False
            )


class PublicForm(CommonForm):
    """The common part for somebody without an account: who it is, and two fields that only programs and retries use."""

    once = forms.UUIDField(widget=forms.HiddenInput)
    website = forms.CharField(
        label=_("网站（请留空）"), required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )  # fmt: skip

    def __init__(self, *args: Any, asked: Container[str], applicant: bool, **more: Any) -> None:
        super().__init__(*args, applicant=applicant, **more)
        if "ip_kind" in asked:
            del self.fields["ip_kind"]
        self.fields["email"].help_text = _("进展会发到这个邮箱；不填则凭案号和查询码自行查询")
        if applicant:
            self.fields["applicant.name"].required = True


class PaperForm(forms.Form):
    """A paper handed in."""

    file = forms.FileField(label=_("文件"))
    material = forms.ChoiceField(label=_("作为哪项材料"), required=False)
    title = forms.CharField(
        label=_("标题"), max_length=200, required=False, help_text=_("不填则用材料名或文件名")
    )
    level = forms.ChoiceField(label=_("密级"), choices=Level.choices, initial=Level.PARTIES, required=False)

    def __init__(self, *args: Any, materials: Iterable[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        offer(self, "material", [("", _("其他文书")), *materials])


class AssignForm(forms.Form):
    """Who is given a case."""

    person = forms.ChoiceField(label=_("人员"))
    part = forms.ChoiceField(label=_("职责"), choices=Assignment.Part.choices, required=False)
    why = forms.CharField(label=_("说明"), max_length=300, required=False)

    def __init__(self, *args: Any, people: Iterable[tuple[Any, int]], **more: Any) -> None:
        super().__init__(*args, **more)
        offer(
            self, "person",
            [(one.pk, f"{one}（{one.department or one.get_role_display()}，{load}）") for one, load in people],
        )  # fmt: skip


class AskForm(forms.Form):
    """What other units are asked."""

    units = forms.CharField(label=_("协办单位"), max_length=300, help_text=_("多个单位用顿号分开"))
    question = forms.CharField(label=_("请其答复"), widget=forms.Textarea(attrs={"rows": 2}))
    due_on = forms.DateField(label=_("期限"), widget=forms.DateInput(attrs={"type": "date"}))


class LeaveForm(forms.Form):
    """When somebody is away and who acts for them."""

    substitute = forms.ChoiceField(label=_("代理人"))
    first = forms.DateField(label=_("首日"), widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(label=_("末日"), widget=forms.DateInput(attrs={"type": "date"}))
    why = forms.CharField(label=_("事由"), max_length=120, required=False)

    def __init__(self, *args: Any, people: Iterable[Any], **more: Any) -> None:
        super().__init__(*args, **more)
        offer(self, "substitute", [(one.pk, str(one)) for one in people])


class TraceForm(forms.Form):
    """Number and code from the receipt."""

    number = forms.CharField(label=_("案号"), max_length=80, help_text=_("见受理凭证"))
    code = forms.CharField(label=_("查询码"), max_length=20, help_text=_("见受理凭证，8 位"))


def matter_choices(matters: Iterable[Matter]) -> list[tuple[str, StrOrPromise]]:
    """Return matters as choices of a filter."""
    return [("", _("全部")), *((one.code, str(one.name)) for one in matters)]
