"""Pages of one case: its story, its actions, papers, people and words; every button is one action."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhicheng.apps.accounts.public import Role, User, may
from zhicheng.apps.cases import actions, assigning, conversing, linking, papers, queries, tracing
from zhicheng.apps.cases.asking import person, today
from zhicheng.apps.cases.forms import AskForm, AssignForm, PaperForm, fields_form
from zhicheng.apps.cases.models import Handling
from zhicheng.engines.procedures.diagram import draw
from zhicheng.engines.procedures.running import Offer
from zhicheng.kernel.refusals import NotFound, Refusal


def case(request: HttpRequest, number: int) -> HttpResponse:
    """Show a case: where it stands, its clocks, what may be done now, papers, people and history."""
    user = person(request)
    return render(request, "cases/case.html", page_of(user, queries.story(user, number, today())))


def page_of(
    user: User, told: queries.Story, *, posted: Any = None, action: str = "", refusal: Refusal | None = None
) -> dict[str, Any]:
    """Return everything the page of a case shows; the action that was refused keeps what was entered."""
    row = told.handling
    assigns = assigning.may_assign(user, row) and not row.closed
    offered = [_with_form(told, one, posted if one.action.id == action else None) for one in told.offers]
    return {
        "told": told, "case": row, "matter": told.matter, "today": today(), "refusal": refusal, "wrong": action,
        "offers": [one for one in offered if one["offer"].ready],
        "unready": [one for one in offered if not one["offer"].ready],
        "role_names": [told.matter.role(one).name for one in told.roles],
        "paper_form": PaperForm(materials=row.materials.values_list("code", "name")) if told.handles or told.roles else None,
        "materials": list(row.materials.all()), "parties": list(row.parties.select_related("organisation")),
        "assignments": list(row.assignments.select_related("person", "given_by")) if user.is_officer or told.handles else [],
        "links": list(row.links.select_related("other")) + list(row.linked_from.select_related("case")),
        "assign_form": AssignForm(people=assigning.handlers_for(user)) if assigns else None,
        "ask_form": AskForm() if told.handles and not row.closed else None,
        "diagram": mark_safe(  # noqa: S308  # drawn by us, escaped
            draw(
                told.matter, current=row.stage, passed=tuple(row.visits.values_list("stage", flat=True)),
                language=get_language() or "",
            )
        ),
        "visits": [(one, told.matter.stage(one.stage)) for one in row.visits.all()],
        "supervises": user.role == Role.SUPERVISION and may(user, "cases.supervise", region=row.region_code),
        "inside": user.is_officer or told.handles, "personal": may(user, "personal.view"),
    }  # fmt: skip


def _with_form(told: queries.Story, offer: Offer, posted: Any) -> dict[str, Any]:
    initial = dict(told.handling.values.values_list("name", "value")) if offer.action.fields else {}
    asked = {one.id for one in offer.action.fields}
    kept = {
        name: value for name, value in initial.items() if name in asked and name not in ("extension_reason",)
    }
    if "missing" in asked and not kept.get("missing"):
        kept["missing"] = "\n".join(
            f"{one.name}{'：' + one.remark if one.remark else ''}"
            for one in told.handling.materials.all()
            if (one.required and one.state == "missing") or one.state == "wrong"
        )
    form = fields_form(offer.action.fields, posted, kept) if offer.action.fields else None
    return {"offer": offer, "form": form}


@require_POST
def act(request: HttpRequest, number: int, action: str) -> HttpResponse:
    """Take an action; what was entered comes back with the reason when it is refused."""
    user = person(request)
    given = request.POST
    revision = int(given["revision"]) if given.get("revision", "").isdigit() else None
    values = {name: given[name] for name in given if name not in ("csrfmiddlewaretoken", "revision", "why")}
    try:
        row = actions.act(
            case=number,
            action=action,
            by=user,
            values=values,
            why=given.get("why", "").strip(),
            revision=revision,
            on=today(),
        )
    except NotFound:
        raise
    except Refusal as refusal:
        told = queries.story(user, number, today())
        context = page_of(user, told, posted=given, action=action, refusal=refusal)
        return render(request, "cases/case.html", context, status=refusal.status)
    messages.success(request, _("已办理。"))
    return _back(user, row)


def _back(user: User, row: Handling) -> HttpResponse:
    from zhicheng.apps.cases.access import visible  # noqa: PLC0415 - one look whether the page still opens

    if not visible(user, today()).filter(pk=row.pk).exists():
        return redirect("cases:index")
    return redirect("cases:case", number=row.pk)


def _step(change: Callable[[HttpRequest, User, int], str]) -> Callable[..., HttpResponse]:
    """Make a view of a small change: do it, say so, go back to the case."""

    def view(request: HttpRequest, number: int) -> HttpResponse:
        words = change(request, person(request), number)
        messages.success(request, words)
        return redirect("cases:case", number=number)

    view.__doc__ = change.__doc__
    return require_POST(view)


def _comment(request: HttpRequest, user: User, number: int) -> str:
    """Say something on a case."""
    conversing.comment(
        case=number,
        text=request.POST.get("text", ""),
        to_party=bool(request.POST.get("to_party")),
        by=user,
        on=today(),
    )
    return _("已留言。")


def _assign(request: HttpRequest, user: User, number: int) -> str:
    """Give a case to somebody."""
    who = next(
        (one for one, _n in assigning.handlers_for(user) if str(one.pk) == request.POST.get("person")), None
    )
    if who is None:
        raise NotFound("没有选择可以办案的人员。", fix="请从名单中选择。")
    part = request.POST.get("part") or "handler"
    assigning.assign(case=number, person=who, part=part, why=request.POST.get("why", ""), by=user, on=today())
    return _("已分派，待其签收。")


def _ask(request: HttpRequest, user: User, number: int) -> str:
    """Ask other units for their view."""
    form = AskForm(request.POST)
    if not form.is_valid():
        raise Refusal("协办须写明单位、事项和期限。", fix="请补齐后再提交。")
    data = form.cleaned_data
    units = data["units"].replace("，", "、").replace(",", "、").split("、")
    conversing.ask_units(
        case=number, units=units, question=data["question"], due_on=data["due_on"], by=user, on=today()
    )
    return _("已请协办。")


def _joint(request: HttpRequest, user: User, number: int) -> str:
    """Give one reply for all departments."""
    conversing.joint_reply(case=number, text=request.POST.get("text", ""), by=user, on=today())
    return _("已联合答复。")


def _link(request: HttpRequest, user: User, number: int) -> str:
    """Link or merge two cases."""
    other = queries.one_by_number(user, request.POST.get("other", "").strip(), today())
    why = request.POST.get("why", "")
    if request.POST.get("step") == "merge":
        linking.merge(case=number, into=other.pk, why=why, by=user, on=today())
        return _("已并案，两件的提交人都会得到告知。")
    linking.link(case=number, other=other.pk, why=why, by=user, on=today())
    return _("已关联。")


def _supervise(request: HttpRequest, user: User, number: int) -> str:
    """Put a case under supervision, end that, or check what was done."""
    step, why = request.POST.get("step", ""), request.POST.get("why", "")
    if step in ("agree", "disagree"):
        conversing.check_closing(case=number, agreed=step == "agree", why=why, by=user, on=today())
        return _("已登记核查结论。")
    conversing.supervise(case=number, supervised=step == "begin", why=why, by=user, on=today())
    return _("已登记。")


def _judge(request: HttpRequest, user: User, number: int) -> str:
    """Accept a material or say what is wrong with it."""
    papers.judge(
        case=number, material=request.POST.get("material", ""), accepted=request.POST.get("step") == "accept",
        remark=request.POST.get("remark", ""), by=user, on=today(),
    )  # fmt: skip
    return _("已登记。")


def _hand_in(request: HttpRequest, user: User, number: int) -> str:
    """Hand in a paper."""
    file = request.FILES.get("file")
    if file is None or not file.name:
        raise Refusal("没有选择文件。", fix="请选择文件后再提交。")
    papers.hand_in(
        case=number, name=file.name, content=file.read(), material=request.POST.get("material", ""),
        title=request.POST.get("title", ""), level=request.POST.get("level") or "parties", by=user, on=today(),
    )  # fmt: skip
    return _("已提交。")


def _task(request: HttpRequest, user: User, number: int) -> str:
    """Answer a task of a case, or take it back."""
    key = request.POST.get("task", "")
    task = int(key) if key.isdigit() else 0
    if request.POST.get("step") == "drop":
        conversing.drop_task(task=task, why=request.POST.get("answer", ""), by=user, on=today())
        return _("已撤回。")
    conversing.answer_task(task=task, answer=request.POST.get("answer", ""), by=user, on=today())
    return _("已答复。")


comment, assign, ask, joint, link = _step(_comment), _step(_assign), _step(_ask), _step(_joint), _step(_link)
supervise, judge, hand_in, task = _step(_supervise), _step(_judge), _step(_hand_in), _step(_task)


@require_POST
def answer(request: HttpRequest, number: int) -> HttpResponse:
    """Sign for a case or give it back; `number` is the assignment."""
    user = person(request)
    take = request.POST.get("step") == "take"
    row = assigning.answer_assignment(
        assignment=number, take=take, why=request.POST.get("why", ""), by=user, on=today()
    )
    messages.success(request, _("已签收。") if take else _("已退回。"))
    return _back(user, row.case)


def paper(request: HttpRequest, number: int, version: int) -> FileResponse:
    """Give out one version of a document; opening it is recorded."""
    row = papers.open_version(case=number, version=version, by=person(request), on=today())
    return FileResponse(row.file.open("rb"), as_attachment=True, filename=row.name)


@require_POST
def new_code(request: HttpRequest, number: int) -> HttpResponse:
    """Give out a new tracing code, shown once on the receipt."""
    code = tracing.new_trace_code(case=number, by=person(request), on=today())
    request.session[f"case_code_{number}"] = code
    return redirect("cases:receipt", number=number)
