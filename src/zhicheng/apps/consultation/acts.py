"""The one table of what can be done with an item: who may, in which state, with which form; pages and API share it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhicheng.apps.accounts.public import User, may
from zhicheng.apps.consultation import access, actions
from zhicheng.apps.consultation import forms as f
from zhicheng.apps.consultation.following import clauses
from zhicheng.apps.consultation.models import Item, Participant
from zhicheng.apps.consultation.states import STEPS, ItemState
from zhicheng.apps.figures.public import catalogue
from zhicheng.apps.web.public import region_name
from zhicheng.kernel.refusals import NotFound

S = ItemState


@dataclass(frozen=True)
class Act:
    """Something that can be done with an item.

    Args:
        name: in addresses and the API. label: on the button. form: what must be given.
        states: where the item must stand. permission: what the person must hold there.
        run: the action; takes the item's number, the form's fields and `by`.
        unit: only people of a unit at work on it; `lead` for the lead unit only. main: the step that brings it on.
        host: the permission counts in the region that held the session, not where the item is handled.
    """

    name: str
    label: str | Promise
    form: type[forms.Form]
    states: frozenset[str]
    permission: str
    run: Callable[..., Any]
    unit: str = ""
    main: bool = False
    host: bool = False
    fixed: dict[str, Any] = field(default_factory=dict)


def _judge(*, item: str, speaker: str, by: User, **given: Any) -> Any:
    person = Participant.objects.filter(pk=speaker).first()
    if person is None:
        raise NotFound("没有这位发言人。", fix="请从列表中选择。")
    return actions.judge(item=item, speaker=person, by=by, **given)


def _instruct(*, item: str, **given: Any) -> Any:
    return actions.instruct(items=[item], **given)


ANYWHERE = frozenset(ItemState.values) - {S.MERGED}
SUPERVISE, ANSWER, FEEDBACK = "consultation.supervise", "consultation.answer", "consultation.feedback"
ACTS: tuple[Act, ...] = (
    Act("answer", _("报送办理结果"), f.AnswerForm, STEPS["answer"].sources, ANSWER, actions.answer, unit="lead", main=True),
    Act("progress", _("报告进展"), f.ReportForm, frozenset({S.IN_HAND}), ANSWER, actions.report, unit="any", fixed={"kind": "progress"}),
    Act("inability", _("报告难以按期"), f.ReportForm, frozenset({S.IN_HAND}), ANSWER, actions.report, unit="lead", fixed={"kind": "inability"}),
    Act("hand_back", _("不归本单位，退回"), f.WhyForm, frozenset({S.IN_HAND}), ANSWER, actions.hand_back, unit="lead"),
    Act("instruct", _("录入批示"), f.InstructForm, STEPS["instruct"].sources | STEPS["instruct_again"].sources, "consultation.instruct", _instruct, main=True),
    Act("check", _("审结并反馈发言人"), f.CheckForm, STEPS["check"].sources, SUPERVISE, actions.check, main=True),
    Act("return", _("退回重办"), f.WhyForm, STEPS["return"].sources, SUPERVISE, actions.return_answer),
    Act("close", _("销号"), f.OptionalWhyForm, STEPS["close"].sources, "consultation.close", actions.close, main=True),
    Act("assign", _("交办"), f.AssignForm, STEPS["assign"].sources | STEPS["ordinary"].sources, SUPERVISE, actions.assign, main=True),
    Act("extend", _("延期"), f.ExtendForm, STEPS["extend"].sources, SUPERVISE, actions.extend),
    Act("reassign", _("改派"), f.ReassignForm, STEPS["reassign"].sources, SUPERVISE, actions.assign),
    Act("urge", _("催办"), f.UrgeForm, frozenset({S.IN_HAND}), SUPERVISE, actions.urge),
    Act("park", _("挂账"), f.WhyForm, STEPS["park"].sources, SUPERVISE, actions.park),
    Act("transfer", _("移交另一地"), f.TransferForm, STEPS["transfer"].sources, SUPERVISE, actions.propose_transfer),
    Act("judge", _("代录评价（电话回访）"), f.ProxyVerdictForm, STEPS["judge"].sources, FEEDBACK, _judge, host=True),
    Act("decline", _("不予采纳"), f.WhyForm, STEPS["decline"].sources, "consultation.submit", actions.decline),
    Act("reopen", _("重新打开"), f.WhyForm, STEPS["reopen"].sources | STEPS["resubmit"].sources, FEEDBACK, actions.reopen, host=True),
    Act("policy", _("关联政策条款"), f.PolicyForm, ANYWHERE, "consultation.link", actions.propose_policy_link, host=True),
    Act("recurs", _("关联以前的事项"), f.RecurForm, ANYWHERE, FEEDBACK, actions.link_recurrence, host=True),
)  # fmt: skip
BY_NAME = {one.name: one for one in ACTS}


def acts_for(row: Item, user: Any) -> list[Act]:
    """Return what a person may do with an item now, the step that brings it on first."""
    return sorted((one for one in ACTS if _open(one, row, user)), key=lambda one: not one.main)


def _open(act: Act, row: Item, user: Any) -> bool:
    if row.state not in act.states:
        return False
    if act.unit:
        unit = getattr(user, "department", "")
        working = unit == row.lead_unit if act.unit == "lead" else unit in access.units(row)
        return bool(unit) and working and may(user, act.permission)
    region = row.session.region_code if act.host else row.region_code
    if not may(user, act.permission, region=region):
        return False
    return _fits(act.name, row, user)


def _fits(name: str, row: Item, user: Any) -> bool:
    """Tell whether an act that a person may take makes sense for this item."""
    if name == "policy":
        return row.kind == Item.Kind.SUGGESTION
    if name == "assign" and row.state == S.COLLECTED:
        return row.kind not in (Item.Kind.PROBLEM, Item.Kind.SUGGESTION)
    if name == "extend":
        asked = row.reports.filter(kind="inability", round=row.round).count()
        given = row.events.filter(step="extend", round=row.round).count()
        return asked > given and not access.at_work_on(row, user)
    if name in ("check", "close", "park"):
        return not access.at_work_on(row, user)
    return name != "transfer" or row.session.group_id is not None


def form_for(act: Act, row: Item, *, on: date, data: Any = None, files: Any = None) -> forms.Form:
    """Return the form of an act for one item, its choices filled and the day set."""
    form = act.form(data, files, initial=_initial(act, row, on), prefix=None, auto_id=f"{act.name}_%s")
    if act.name == "transfer" and row.session.group is not None:
        codes = row.session.group.members.exclude(region_code=row.region_code).values_list(
            "region_code", flat=True
        )
        _choices(form, "to_region", [(one, region_name(one) or one) for one in codes])
    elif act.name == "judge":
        _choices(form, "speaker", [(str(one.speaker_id), one.speaker.title) for one in row.raised_by.select_related("speaker")])  # fmt: skip
    elif act.name == "policy":
        _choices(form, "clause", [(key, f"{name}（{key}）") for key, name in clauses().items()])
        named = sorted((one.name_zh, one.id) for one in catalogue().values())
        _choices(form, "indicator", [("", "—"), *((key, name) for name, key in named)])
    return form


def _initial(act: Act, row: Item, on: date) -> dict[str, Any]:
    values: dict[str, Any] = {"on": max(on, row.entered_state_on)}
    if act.name in ("assign", "reassign"):
        values |= {"lead_unit": row.lead_unit, "assisting": row.assisting_units, "due_on": row.due_on, "rhythm": row.rhythm, "measure": row.measure}  # fmt: skip
    return values


def _choices(form: forms.Form, name: str, choices: list[tuple[str, str]]) -> None:
    chosen: Any = form.fields[name]
    chosen.choices = choices


def do(act: Act, row: Item, form: forms.Form, *, by: User) -> Any:
    """Run an act with a valid form."""
    return act.run(item=row.number, by=by, **act.fixed, **form.cleaned_data)
