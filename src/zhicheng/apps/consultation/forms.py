"""Forms of the room; each field says what it wants in its own words."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhicheng.apps.consultation.models import Item, Judgement, LoopRules, Participant, Verification
from zhicheng.apps.consultation.supervising import QUESTIONS


class Day(forms.DateField):
    """A day chosen in the browser's own calendar."""

    # A date control takes one format only, whatever the language of the page.
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def words(label: Any, help_text: Any = "", *, required: bool = True, rows: int = 3) -> forms.CharField:
    """A field for a few sentences."""
    area = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(
        label=label, help_text=help_text, required=required, widget=area, max_length=20_000
    )


class ManyFiles(forms.ClearableFileInput):
    """A file field that takes several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files at once."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Return every file that was chosen."""
        given = [one for one in (data if isinstance(data, (list, tuple)) else [data]) if one]
        return [super(FilesField, self).clean(one, initial) for one in given]


def files() -> FilesField:
    """A field for evidence."""
    return FilesField(label=_("佐证文件"), required=False, help_text=_("可选多个，每个不超过 10 MB。"))


class OnForm(forms.Form):
    """A step with its day."""

    on = Day(label=_("日期"))


class WhyForm(OnForm):
    """A step with a reason."""

    why = words(_("理由"), _("会写入经过；发言人会看到与其有关的内容。"))


class OptionalWhyForm(OnForm):
    """A step that may carry a word."""

    why = words(_("说明"), required=False)


class SessionForm(forms.Form):
    """A session."""

    number = forms.CharField(
        label=_("场次编号"), max_length=20, help_text=_("如 2025-01，区划代码自动加在前面。")
    )
    topic = forms.CharField(label=_("议题"), max_length=200)
    held_on = Day(label=_("举办日"))
    group = forms.ChoiceField(label=_("区域组"), required=False, help_text=_("两地联合举办时选择。"))
    research = words(_("前期调研"), _("走访了哪些企业、发现了什么。"), required=False, rows=5)


class GroupForm(forms.Form):
    """Regions that work as one."""

    code = forms.SlugField(label=_("代码"), max_length=40, help_text=_("英文小写和连字符，用在网址中。"))
    name = forms.CharField(label=_("名称"), max_length=80)
    regions = forms.CharField(
        label=_("区划代码"), max_length=200, help_text=_("六位代码，用空格隔开，含本地。")
    )


class ParticipantForm(forms.Form):
    """Somebody who took part."""

    kind = forms.ChoiceField(label=_("身份类别"), choices=Participant.Kind.choices)
    title = forms.CharField(
        label=_("称谓"), max_length=120, help_text=_("会议当日的身份，如 文具企业负责人。")
    )
    email = forms.EmailField(
        label=_("电子邮箱"), required=False, help_text=_("进展会发到这里；不填则只留存信函。")
    )
    uscc = forms.CharField(
        label=_("单位的统一社会信用代码"), max_length=18, required=False,
        help_text=_("填写后，该单位的代理人登录即可看到这位发言人的事项。"),
    )  # fmt: skip


class RoleForm(forms.Form):
    """A new post."""

    title = forms.CharField(label=_("新职务"), max_length=120)
    from_on = Day(label=_("起始日"))


class SpeechForm(forms.Form):
    """A speech as recorded."""

    speaker = forms.ChoiceField(label=_("发言人"))
    text = words(_("发言记录"), _("一段一行，照记录原文。"), rows=8)
    recording = forms.CharField(label=_("录音编号"), max_length=80, required=False)
    reply = words(_("现场回应"), _("部门当场的答复；没有则不填。"), required=False)


class SpeechCorrectionForm(forms.Form):
    """The words of a speech put right."""

    text = words(_("发言记录"), _("一段一行；只改记错的地方，不要重排。"), rows=10)
    recording = forms.CharField(label=_("录音编号"), max_length=80, required=False)
    why = forms.CharField(label=_("更正理由"), max_length=300, help_text=_("如 与录音核对。"))


class ReplyForm(forms.Form):
    """What was answered on the spot."""

    reply = words(_("现场回应"), _("部门当场的答复。"), required=False)
    why = forms.CharField(
        label=_("更正理由"), max_length=300, required=False, help_text=_("改动已有的回应时必填。")
    )


class ParticipantCorrectionForm(ParticipantForm):
    """How a participant was entered, put right."""

    why = forms.CharField(
        label=_("更正理由"), max_length=300, help_text=_("职务后来的变动不是更正，请用“职务变动”。")
    )


class TaskForm(OnForm):
    """A pledge or a conference task."""

    kind = forms.ChoiceField(
        label=_("类别"), choices=[(one.value, one.label) for one in (Item.Kind.PLEDGE, Item.Kind.TASK)]
    )
    title = forms.CharField(label=_("事项"), max_length=200)
    measure = forms.CharField(label=_("衡量办法"), max_length=200, help_text=_("做到什么算完成。"))
    text = words(_("内容"), required=False)


class InstructForm(OnForm):
    """An instruction."""

    leader = forms.CharField(label=_("批示人"), max_length=60, help_text=_("职务即可。"))
    text = words(_("批示"), _("批示原文。"))


class AssignForm(OnForm):
    """Handing out."""

    lead_unit = forms.CharField(
        label=_("主办单位"), max_length=80, help_text=_("与承办人账号的“单位部门”一致。")
    )
    assisting = forms.CharField(
        label=_("协办单位"), max_length=200, required=False, help_text=_("用顿号隔开。")
    )
    due_on = Day(label=_("办结期限"), required=False, help_text=_("不填按闭环规则计算。"))
    rhythm = forms.ChoiceField(label=_("报告频次"), choices=Item.Rhythm.choices, initial="monthly")
    unit_region = forms.RegexField(
        r"^\d{6}$", label=_("单位区划"), required=False, help_text=_("县市区单位承办时填六位代码。")
    )
    measure = forms.CharField(
        label=_("衡量办法"), max_length=200, required=False, help_text=_("表态承诺和会议任务必填。")
    )
    why = forms.CharField(label=_("改派理由"), max_length=200, required=False, help_text=_("改派时必填。"))


class ReassignForm(AssignForm):
    """Handing out anew: the day stays, only an extension moves it."""

    due_on = None  # type: ignore[assignment]


class ExtendForm(OnForm):
    """More time, on a reported inability."""

    due_on = Day(label=_("新的办结期限"))
    why = words(_("同意延期的理由"), _("发言人会收到。"))


class UrgeForm(OnForm):
    """Urging."""

    text = words(_("催办内容"))


class ReportForm(OnForm):
    """Progress, or inability."""

    text = words(_("内容"), _("做到哪一步；难以按期的写明原因和打算。"))
    evidence = forms.CharField(label=_("佐证"), max_length=200, required=False, help_text=_("文号或链接。"))
    files = files()  # type: ignore[assignment]  # Django takes fields out of the class


class AnswerForm(OnForm):
    """The answer."""

    text = words(_("做了什么"), _("发言人会原文读到。"), rows=5)
    not_done = words(_("没有做到的及原因"), _("如实写；都做到了就不填。"), required=False)
    evidence = forms.CharField(label=_("佐证"), max_length=200, required=False, help_text=_("文号或链接。"))
    signed_by = forms.CharField(label=_("签字的单位负责人"), max_length=60)
    files = files()  # type: ignore[assignment]  # Django takes fields out of the class


class CheckForm(OnForm):
    """The six questions."""

    passed = forms.MultipleChoiceField(
        label=_("审结六问（逐条核对，全部通过才能反馈发言人）"),
        choices=list(QUESTIONS.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    text = words(_("审核意见"), required=False)


class VerdictForm(forms.Form):
    """A verdict."""

    value = forms.ChoiceField(label=_("您的评价"), choices=Judgement.Value.choices, widget=forms.RadioSelect)
    text = words(_("意见"), _("不满意时请写明哪里没有办到。"), required=False)


class ProxyVerdictForm(OnForm):
    """A verdict given by telephone."""

    speaker = forms.ChoiceField(label=_("发言人"))
    value = forms.ChoiceField(label=_("评价"), choices=Judgement.Value.choices)
    text = words(_("意见"), _("照电话回访的原话。"), required=False)


class NewsForm(forms.Form):
    """What a speaker adds."""

    text = words(_("新的情况"), _("写明发生了什么。"), required=False)
    files = files()  # type: ignore[assignment]  # Django takes fields out of the class


class TransferForm(OnForm):
    """An offer to another region."""

    to_region = forms.ChoiceField(label=_("移交给"))
    why = words(_("移交理由"))


class PolicyForm(OnForm):
    """The clause a suggestion became."""

    clause = forms.ChoiceField(label=_("政策条款"))
    indicator = forms.ChoiceField(label=_("想要改善的指标"), required=False)
    note_text = forms.CharField(label=_("怎样被吸收"), max_length=300, required=False)


class RecurForm(OnForm):
    """An earlier item."""

    earlier = forms.CharField(label=_("以前的事项编号"), max_length=48)


class SampleForm(OnForm):
    """A draw."""

    count = forms.IntegerField(label=_("抽取几项"), min_value=1, max_value=200, initial=5)
    since = Day(label=_("哪天以后销号的"))
    seed = forms.CharField(
        label=_("抽取种子"),
        max_length=60,
        help_text=_("任何公开的号码，例如当天的指数；同样的种子抽出同样的事项。"),
    )


class VerifyForm(OnForm):
    """A second look."""

    finding = forms.ChoiceField(
        label=_("结论"), choices=[one for one in Verification.Finding.choices if one[0] != "waiting"]
    )
    text = words(_("怎样核实、看到了什么"))


class RulesForm(forms.ModelForm):  # type: ignore[type-arg]  # takes none when the programme runs
    """The lengths of the loop."""

    why = forms.CharField(label=_("修改理由"), max_length=200)

    class Meta:
        model = LoopRules
        fields = (
            "finish_days", "instruct_days", "urge_before_days", "urge_every_days", "judge_days", "reopen_days",
            "link_days",
        )  # fmt: skip
