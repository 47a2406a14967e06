"""Pages of worklists: what waits for whom, bulk assignment with its preview, leave, notices, the board."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhicheng.apps.accounts.public import User, may, require, scope
from zhicheng.apps.cases import assigning, exporting, notifying, queries
from zhicheng.apps.cases.asking import person, today
from zhicheng.apps.cases.forms import AssignForm, LeaveForm, matter_choices
from zhicheng.apps.cases.models import Leave
from zhicheng.apps.web.public import region_choices
from zhicheng.kernel.refusals import NotFound

FILTERS = ("list", "matter", "stage", "light", "handler", "place", "supervised", "q", "after", "unit")


def index(request: HttpRequest) -> HttpResponse:
    """Show a worklist."""
    user, on = person(request), today()
    given = {name: request.GET.get(name, "") for name in FILTERS}
    given["list"] = given["list"] or queries.default_list(user)
    page = queries.worklist(user, given, on)
    assigns = may(user, "cases.assign")
    context = {
        "page": page, "given": given, "matters": matter_choices(queries.filable_or_seen(user, on)),
        "lists": _lists(user), "places": region_choices(scope(user)) if user.is_officer else [],
        "may_assign": assigns, "assign_form": AssignForm(people=assigning.handlers_for(user)) if assigns else None,
        "drafts": user.case_drafts.filter(filed_as=None).count(), "unread": queries.unread(user),
        "may_file": bool(queries.filable(user, on)),
    }  # fmt: skip
    return render(request, "cases/index.html", context)


def _lists(user: User) -> list[tuple[str, str]]:
    if not user.is_officer:
        return [("mine", _("在办")), ("closed", _("已办结"))]
    names = [
        ("mine", _("我的")),
        ("unassigned", _("待分派")),
        ("all", _("全部在办")),
        ("closed", _("已办结")),
    ]
    return [one for one in names if one[0] != "unassigned" or may(user, "cases.assign")]


def export(request: HttpRequest) -> StreamingHttpResponse:
    """Give out exactly what is filtered, as CSV."""
    user, on = person(request), today()
    given = {name: request.GET.get(name, "") for name in FILTERS if name != "after"}
    response = StreamingHttpResponse(exporting.lines(user, given, on), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="cases-{on}.csv"'
    return response


@require_POST
def assign_many(request: HttpRequest) -> HttpResponse:
    """Show what a bulk assignment would do, then do it."""
    user, on = person(request), today()
    require(user, "cases.assign")
    cases = [int(one) for one in request.POST.getlist("case") if one.isdigit()]
    who = _handler(user, request.POST.get("person", ""))
    if request.POST.get("step") == "do":
        done = assigning.assign_many(cases=cases, person=who, by=user, why=request.POST.get("why", ""), on=on)
        messages.success(request, _("已分派 %(count)d 件给%(who)s，待其签收。") % {"count": done, "who": who})
        return redirect("cases:index")
    found = assigning.preview(cases=cases, person=who, by=user, on=on)
    context = {
        "found": found,
        "who": who,
        "why": request.POST.get("why", ""),
        "possible": sum(one.possible for one in found),
    }
    return render(request, "cases/assign.html", context)


def _handler(user: User, key: str) -> User:
    found = next((one for one, _load in assigning.handlers_for(user) if str(one.pk) == key), None)
    if found is None:
        raise NotFound("没有选择可以办案的人员。", fix="请从名单中选择。")
    return found


def leave(request: HttpRequest) -> HttpResponse:
    """Show and enter leave, one's own or, for who assigns, that of others in the region."""
    user, on = person(request), today()
    require(user, "cases.handle")
    people = [one for one, _load in assigning.handlers_for(user) if one.pk != user.pk]
    form = LeaveForm(request.POST or None, people=people)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        substitute = _handler(user, data["substitute"])
        assigning.take_leave(
            person=user,
            substitute=substitute,
            first=data["first"],
            last=data["last"],
            why=data["why"],
            by=user,
        )
        messages.success(request, _("已登记，离岗期间由%(who)s代理。") % {"who": substitute})
        return redirect("cases:leave")
    rows = Leave.objects.filter(person=user).select_related("substitute")[:20]
    covering = Leave.objects.filter(substitute=user, last__gte=on, cancelled_on=None).select_related("person")
    context = {"form": form, "rows": rows, "covering": covering, "today": on}
    return render(request, "cases/leave.html", context, status=422 if form.errors else 200)


@require_POST
def end_leave(request: HttpRequest, number: int) -> HttpResponse:
    """End a leave early."""
    assigning.end_leave(leave=number, by=person(request), on=today())
    return redirect("cases:leave")


def notices(request: HttpRequest) -> HttpResponse:
    """Show what a person was told; marking all as read is a button, not a visit."""
    user = person(request)
    if request.method == "POST":
        notifying.mark_read(by=user)
        return redirect("cases:notices")
    return render(request, "cases/notices.html", {"notices": queries.notices(user)})


def board(request: HttpRequest) -> HttpResponse:
    """Show every matter with its open cases by light."""
    user = person(request)
    return render(
        request, "cases/board.html", {"rows": queries.board(user, today()), "most": queries.COUNTED}
    )
