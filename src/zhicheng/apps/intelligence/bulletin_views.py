"""Pages of bulletins for those who write and approve them: the list, the editor with its preview, the steps."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from zhicheng.apps.accounts.public import may, require, signed_in
from zhicheng.apps.figures.public import require_figures
from zhicheng.apps.intelligence import bulletin_actions as actions
from zhicheng.apps.intelligence import bulletin_public_views, bulletin_queries
from zhicheng.apps.intelligence.bulletin_building import FORMATS, Draft, body, draft, finished, write_file
from zhicheng.apps.intelligence.bulletin_checking import check_bytes
from zhicheng.apps.intelligence.bulletin_facts import region_names
from zhicheng.apps.intelligence.bulletin_files import read
from zhicheng.apps.intelligence.bulletin_forms import BeginForm, CheckForm
from zhicheng.apps.intelligence.bulletin_models import Bulletin
from zhicheng.apps.intelligence.bulletin_signing import ask, lacking, sign_waiting
from zhicheng.apps.web.public import place_of, region_name
from zhicheng.kernel.refusals import Refusal

# What a state is called in the list of figures, and the colour of its tag.
STATES = {
    "signed": (gettext_lazy("已签发"), "signed"), "prepared": (gettext_lazy("待签发"), "warm"), "unsigned": (gettext_lazy("未签发"), "warm"), "changed": (gettext_lazy("已变"), "bad"),
    "missing": (gettext_lazy("缺数据"), "bad"), "withdrawn": (gettext_lazy("已撤回"), "bad"), "unknown": (gettext_lazy("没有这个指标"), "bad"),
}  # fmt: skip


def index(request: HttpRequest) -> HttpResponse:
    """List bulletins; who does not work on them sees what is published."""
    if not bulletin_queries.works(request.user):
        return bulletin_public_views.published(request)
    given = {name: request.GET.get(name, "") for name in ("q", "status", "after")}
    page = bulletin_queries.bulletins_page(request.user, **given)
    context = {
        "page": page, "given": given, "statuses": Bulletin.Status.choices,
        "may_prepare": may(request.user, "bulletins.prepare"),
    }  # fmt: skip
    return render(request, "intelligence/bulletins/index.html", context)


def begin(request: HttpRequest) -> HttpResponse:
    """Begin a bulletin from a template."""
    require(request.user, "bulletins.prepare")
    place = place_of(request)
    form = BeginForm(request.POST or None, initial={"region": place.region, "as_of": place.as_of})
    if request.method == "POST" and form.is_valid():
        by: Any = request.user
        try:
            row = actions.begin(by=by, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("intelligence:bulletin", number=row.pk)
    context = {"form": form, "templates": bulletin_queries.templates()}
    return render(request, "intelligence/bulletins/begin.html", context, status=422 if form.is_bound else 200)


def bulletin(request: HttpRequest, number: int) -> HttpResponse:
    """Show one bulletin: its text beside its preview, its figures, its steps, its versions."""
    row = bulletin_queries.bulletin(number, request.user)
    return render(request, "intelligence/bulletins/bulletin.html", _editor(request, row))


def _editor(request: HttpRequest, row: Bulletin, text: str | None = None) -> dict[str, Any]:
    user = signed_in(request.user)
    shown = row.template if text is None else text
    context: dict[str, Any] = _preview(row, shown, row.as_of) if row.is_open else {"shown": row.html}
    found: Draft | None = context.get("draft")
    mine = row.prepared_by_id == user.pk
    return {
        **context, "row": row, "text": shown, "region": region_name(row.region_code),
        "versions": bulletin_queries.versions(row), "formats": [one for one in FORMATS if one != "md"],
        "may_prepare": may(user, "bulletins.prepare", region=row.region_code),
        "may_approve": may(user, "bulletins.approve", region=row.region_code), "mine": mine,
        "may_sign": may(user, "figures.sign", region=row.region_code),
        "to_prepare": len(lacking(found, "unsigned")) if found else 0,
        "to_sign": len(lacking(found, "prepared")) if found else 0,
        "results": bulletin_queries.figures_like(""),
    }  # fmt: skip


def _preview(row: Bulletin, text: str, as_of: date) -> dict[str, Any]:
    """Return what stands beside the text: how it reads, and what is wrong with it."""
    try:
        found = draft(text, region=row.region_code, as_of=as_of, but=row.replaces_id or row.pk)
    except Refusal as refusal:
        return {"refusal": refusal}
    known = found.gathered.facts.figures
    names = region_names({key.region for key in known})
    wanted = list(found.gathered.needs.figures.items())[:400]
    figures = [
        {"key": key, "known": known[key], "line": line, "state": STATES[known[key].state],
         "place": names[key.region] if key.region != row.region_code else ""}
        for key, line in wanted
    ]  # fmt: skip
    ready = sum(known[key].state == "signed" for key, _line in wanted)
    return {"draft": found, "shown": body(found.document), "figures": figures, "ready": ready}


@require_POST
def preview(request: HttpRequest, number: int) -> HttpResponse:
    """Answer the editor: the text as it would read, without saving it."""
    row = bulletin_queries.bulletin(number, request.user)
    require_figures(request.user, row.region_code)
    day = _day(request.POST.get("as_of", ""), row.as_of)
    context = {**_preview(row, request.POST.get("template", ""), day), "row": row}
    return render(request, "intelligence/bulletins/_preview.html", context)


def find_figures(request: HttpRequest) -> HttpResponse:
    """Answer the search for a figure to insert."""
    require(request.user, "bulletins.prepare")
    found = bulletin_queries.figures_like(request.GET.get("find", ""))
    return render(request, "intelligence/bulletins/_figures.html", {"results": found})


@require_POST
def step(request: HttpRequest, number: int) -> HttpResponse:
    """Save, or take the bulletin one step further; what was typed is kept when it is refused."""
    row = bulletin_queries.bulletin(number, request.user)
    by: Any = request.user
    given = request.POST
    try:
        target = _take(row, given.get("step", ""), given, by, request)
    except Refusal as refusal:
        context = {**_editor(request, row, given.get("template")), "refused": refusal}
        return render(request, "intelligence/bulletins/bulletin.html", context, status=refusal.status)
    return redirect(target)


def _take(row: Bulletin, name: str, given: Any, by: Any, request: HttpRequest) -> str:
    number, why = row.pk, given.get("why", "")
    if name in {"save", "submit"} and "template" in given:
        revision = given.get("revision", "")
        row = actions.save(
            bulletin=number, text=given["template"], as_of=_day(given.get("as_of", ""), row.as_of), by=by,
            revision=int(revision) if revision.isdigit() and len(revision) < 9 else None,
        )  # fmt: skip
    if name == "submit":
        actions.submit(bulletin=number, by=by)
    elif name == "send_back":
        actions.send_back(bulletin=number, why=why, by=by)
    elif name == "approve":
        actions.approve(bulletin=number, by=by)
    elif name == "publish":
        actions.publish(bulletin=number, by=by)
    elif name == "correct":
        number = actions.correct(bulletin=number, why=why, by=by).pk
    elif name == "withdraw":
        actions.withdraw(bulletin=number, why=why, by=by)
    elif name == "discard":
        actions.discard(bulletin=number, why=why, by=by)
        return reverse("intelligence:bulletins")
    elif name in {"ask", "sign"}:
        _sign(row, name, by, request)
    elif name != "save":
        raise Refusal(f"没有“{name[:20]}”这一步。", fix="请用页面上的按钮。")
    return reverse("intelligence:bulletin", args=[number])


def _sign(row: Bulletin, name: str, by: Any, request: HttpRequest) -> None:
    found = draft(row.template, region=row.region_code, as_of=row.as_of)
    if name == "ask":
        done = ask(lacking(found, "unsigned"), by=by)
        messages.success(request, _("已编制 %(count)s 项，等待另一人签发。") % {"count": done.done})
    else:
        done = sign_waiting(lacking(found, "prepared"), by=by)
        messages.success(request, _("已签发 %(count)s 项。") % {"count": done.done})
    for one in done.refused[:5]:
        messages.warning(request, one)


def version(request: HttpRequest, number: int, revision: int) -> HttpResponse:
    """Show the text as it was saved once."""
    row = bulletin_queries.bulletin(number, request.user)
    context = {"row": row, "version": bulletin_queries.version(row, revision)}
    return render(request, "intelligence/bulletins/version.html", context)


def file(request: HttpRequest, number: int, form: str) -> HttpResponse:
    """Download a bulletin: as published, or as it would be published now."""
    row = bulletin_queries.bulletin(number, request.user)
    if row.is_public:
        data = read(row, form)
    else:
        require_figures(request.user, row.region_code)
        document = finished(row.template, region=row.region_code, as_of=row.as_of)
        site = request.build_absolute_uri("/").rstrip("/")
        data = write_file(document, form, site=site, reference=f"bulletin:{row.pk}")
    return bulletin_public_views.attachment(row, form, data)


def check(request: HttpRequest) -> HttpResponse:
    """Check the numbers of a finished file."""
    require(request.user, "bulletins.prepare")
    place = place_of(request)
    require_figures(request.user, place.region)
    form = CheckForm(request.POST or None, request.FILES or None)
    report = None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data["file"]
        try:
            report = check_bytes(
                given.read(), name=given.name, region=place.region, as_of=form.cleaned_data["as_of"]
            )
        except Refusal as refusal:
            form.add_error("file", str(refusal))
    status = 422 if form.is_bound and report is None else 200
    return render(
        request, "intelligence/bulletins/check.html", {"form": form, "report": report}, status=status
    )


def _day(text: str, default: date) -> date:
    if not text:
        return default
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Refusal(f"“{text[:20]}”不是日期。", fix="请按 2025-12-16 的格式填写。") from error
