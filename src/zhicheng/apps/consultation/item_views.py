"""Pages of items: the list, the story of one, what can be done with it, its letters and evidence."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from zhicheng.apps.accounts.public import may, opening_date, signed_in
from zhicheng.apps.consultation import access, actions, documents, exports, queries
from zhicheng.apps.consultation.acts import BY_NAME, acts_for, do, form_for
from zhicheng.apps.consultation.following import clauses
from zhicheng.apps.consultation.models import Evidence, Item, PolicyLink, Recurrence
from zhicheng.apps.consultation.session_views import word
from zhicheng.apps.consultation.states import BOARD
from zhicheng.apps.consultation.story import told
from zhicheng.kernel.refusals import Conflict, NotFound, Refusal

FILTERS = ("q", "state", "kind", "session", "lead_unit", "show", "after")
SHOWS = (
    ("open", gettext_lazy("未了结")), ("mine", gettext_lazy("本单位承办")), ("late", gettext_lazy("已逾期")), ("no_instruction", gettext_lazy("待批示")), ("unanswered", gettext_lazy("从未答复")),
)  # fmt: skip


def given_of(request: HttpRequest) -> dict[str, str]:
    """Return the filters in the address."""
    return {name: request.GET.get(name, "") for name in FILTERS}


def items(request: HttpRequest) -> HttpResponse:
    """List items as filtered."""
    user = signed_in(request.user)
    today = opening_date()
    given = given_of(request)
    context = {
        "page": queries.items_page(user, given, on=today), "given": given, "states": BOARD, "kinds": Item.Kind.choices,
        "shows": SHOWS, "filtered": any(value for name, value in given.items()),
    }  # fmt: skip
    return render(request, "consultation/items.html", context)


def export(request: HttpRequest) -> HttpResponse | StreamingHttpResponse | FileResponse:
    """Hand out exactly what is filtered, as CSV or XLSX; the export is logged."""
    user = signed_in(request.user)
    today = opening_date()
    rows = queries.filtered(user, given_of(request), on=today)
    exports.log_export(user, request.GET.get("format", "csv"), rows.count())
    if request.GET.get("format") == "xlsx":
        path = exports.workbook(rows, on=today)
        return FileResponse(path.open("rb"), as_attachment=True, filename=f"协商事项-{today}.xlsx")
    answer = StreamingHttpResponse(exports.csv_lines(rows, on=today), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f"attachment; filename=items-{today}.csv"
    return answer


def item(request: HttpRequest, number: str) -> HttpResponse:
    """Show the story of one item and what the person may do with it now."""
    return render(request, "consultation/item.html", _context(request, number))


def _context(request: HttpRequest, number: str, failed: str = "", form: Any = None) -> dict[str, Any]:
    user = signed_in(request.user)
    story = queries.item_story(user, number)
    row: Item = story["item"]
    today = opening_date()
    acts = [
        (act, form if act.name == failed else form_for(act, row, on=today)) for act in acts_for(row, user)
    ]
    line = queries.lines_of([row], on=today)[0]
    names = clauses()
    host = row.session.region_code
    return {
        **story, "story": told(story), "acts": acts, "failed": failed, "line": line, "clause_names": names,
        "may_link": may(user, "consultation.link", region=host),
        "may_feedback": may(user, "consultation.feedback", region=host),
        "own_region": may(user, "consultation.view", region=host), "today": today,
    }  # fmt: skip


@require_POST
def act(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """Do something with an item; what somebody else did meanwhile is shown instead of overwritten."""
    user = signed_in(request.user)
    row = access.item(number, user)
    chosen = BY_NAME.get(name)
    if chosen is None:
        raise NotFound(f"没有“{name}”这一步。", fix="请用页面上的按钮。")
    form = form_for(chosen, row, on=opening_date(), data=request.POST, files=request.FILES)
    if form.is_valid():
        try:
            _same_revision(row, request.POST.get("revision", ""))
            do(chosen, row, form, by=user)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("已办理，提出人和有关单位都会收到消息。"))
            return redirect("consultation:item", number=number)
    context = _context(request, number, failed=name, form=form)
    if all(one.name != name for one, _form in context["acts"]):
        context["blocked"] = [str(error) for errors in form.errors.values() for error in errors]
    return render(request, "consultation/item.html", context, status=422)


def _same_revision(row: Item, seen: str) -> None:
    if seen and seen != str(row.revision):
        raise Conflict(
            f"事项 {row.number} 在您打开页面之后已有变化（现处于“{row.get_state_display()}”）。",
            fix="请看过下面的经过再办。",
        )


@require_POST
def decide(request: HttpRequest, kind: str, number: int) -> HttpResponse:
    """Decide on a proposed recurrence or a proposed clause."""
    user = signed_in(request.user)
    yes = request.POST.get("answer") == "yes"
    if kind == "recurrence":
        found = Recurrence.objects.filter(pk=number, item__in=access.items(user)).first()
        if found is None:
            raise NotFound("没有这条复发提示。", fix="请从事项页进入。")
        actions.decide_recurrence(proposal=number, same=yes, on=opening_date(), by=user)
        return redirect("consultation:item", number=found.item.number)
    link = PolicyLink.objects.filter(pk=number, item__in=access.items(user)).select_related("item").first()
    if kind != "policy" or link is None:
        raise NotFound("没有这条关联。", fix="请从事项页进入。")
    actions.decide_policy_link(link=number, confirmed=yes, on=opening_date(), by=user)
    return redirect("consultation:item", number=link.item.number)


def evidence(request: HttpRequest, number: int) -> FileResponse:
    """Hand out a file of evidence to whoever may see its item."""
    row = Evidence.objects.filter(pk=number, item__in=access.items(request.user)).first()
    if row is None:
        raise NotFound("没有这份材料。", fix="请从事项页进入。")
    return file_of(row)


def file_of(row: Evidence) -> FileResponse:
    """Answer with a file, always as a download."""
    if not row.file:
        raise NotFound(f"“{row.name}”只有名称，没有文件。", fix="请向提交单位索取。")
    return FileResponse(row.file.open("rb"), as_attachment=True, filename=row.name)


def letter(request: HttpRequest, number: int) -> HttpResponse:
    """Show a letter as the speaker gets it."""
    return render(request, "consultation/letter.html", {"letter": queries.letter(request.user, number)})


def letter_word(request: HttpRequest, number: int) -> HttpResponse:
    """Hand a letter out as Word."""
    row = queries.letter(request.user, number)
    return word(documents.letter_document(row), f"反馈函-{row.pk}.docx")
