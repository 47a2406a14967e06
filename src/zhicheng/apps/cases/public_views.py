"""Pages for everybody: the guide of a matter, filing it without an account, the receipt, answers by number and code."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhicheng.apps.accounts.public import scope
from zhicheng.apps.cases import following, public_filing, tracing
from zhicheng.apps.cases.asking import today
from zhicheng.apps.cases.definitions import matter_in_force, matter_version, matters_in_force
from zhicheng.apps.cases.entering import asks_for_applicant
from zhicheng.apps.cases.for_rooms import opened_elsewhere
from zhicheng.apps.cases.forms import PublicForm, TraceForm, fields_form
from zhicheng.apps.cases.models import Handling
from zhicheng.engines.procedures.definition import Matter
from zhicheng.kernel.refusals import NotFound, Refusal

RECEIPT = "public_receipt"


def guides(request: HttpRequest) -> HttpResponse:
    """Show which matters there are, who may file them, what they need and how long they take."""
    return render(
        request,
        "cases/public.html",
        {
            "matters": [
                (one, open_to_all(one), opened_elsewhere(one.code)) for one in matters_in_force(today())
            ]
        },
    )


def guide(request: HttpRequest, matter: str) -> HttpResponse:
    """Tell a citizen what a matter is for, what it needs, how it goes and where to begin."""
    one = matter_in_force(matter, today())
    stages = [stage for stage in one.stages if stage.kind != "final"]
    return render(
        request,
        "cases/public_matter.html",
        {"matter": one, "stages": stages, "open": open_to_all(one), "elsewhere": opened_elsewhere(one.code)},
    )


def open_to_all(matter: Matter) -> bool:
    """Tell whether a matter is filed here without an account."""
    return "public" in matter.filers and not opened_elsewhere(matter.code)


def file(request: HttpRequest, matter: str) -> HttpResponse:
    """File a matter without an account; whoever is signed in takes the ordinary way."""
    definition = matter_in_force(matter, today())
    if request.user.is_authenticated:
        return redirect("cases:begin", matter=definition.code)
    public_filing.may_file_here(definition)
    data = request.POST if request.method == "POST" else None
    own = {one.id for one in definition.fields}
    common = PublicForm(
        data, initial={"once": uuid4().hex}, seen=scope(request.user), applicant=not asks_for_applicant(definition),
        asked=own,
    )  # fmt: skip
    form = fields_form(definition.fields, data, {}, prefix="f.")
    refusal: Refusal | None = None
    if data is not None:
        try:
            if common.is_valid() & form.is_valid():
                return _filed(request, definition, {**common.cleaned_data, **form.cleaned_data})
            refusal = Refusal(
                _("有的内容没有填好，见下面各项。"), fix=_("请改正后再提交；附件需要重新选择。")
            )
        except Refusal as no:
            refusal = no
    context = {"matter": definition, "common": common, "form": form, "refusal": refusal}
    return render(request, "cases/public_file.html", context, status=refusal.status if refusal else 200)


def _filed(request: HttpRequest, matter: Matter, values: dict[str, Any]) -> HttpResponse:
    if values.pop("website", ""):
        raise Refusal(_("没有收到。"), fix=_("“网站”一栏请留空；它只用来识别自动程序。"))
    sent = [(one.id, request.FILES.get(f"file.{one.id}")) for one in matter.materials]
    laid = [(code, one) for code, one in sent if one is not None and one.name]
    if sum(one.size or 0 for _code, one in laid) > public_filing.LARGEST_TOGETHER:
        most = public_filing.LARGEST_TOGETHER // 2**20
        raise Refusal(_("全部文件合计超过 %(most)s MB。") % {"most": most}, fix=_("请压缩后再提交。"))
    once: UUID = values.pop("once")
    receipt = public_filing.file_without_account(
        matter=matter.code, values={name: str(value or "") for name, value in values.items()},
        files=[(code, str(one.name), one.read()) for code, one in laid], once=once.hex,
        address=request.META.get("REMOTE_ADDR", ""), on=today(),
    )  # fmt: skip
    request.session[RECEIPT] = {"case": receipt.case.pk, "code": receipt.code}
    return redirect("cases:public_receipt")


def receipt(request: HttpRequest) -> HttpResponse:
    """Show the receipt in the browser that filed: number, code, what is missing, when the office must answer."""
    kept = request.session.get(RECEIPT)
    row = Handling.objects.filter(pk=kept["case"]).select_related("case").first() if kept else None
    if row is None or kept is None:
        raise NotFound(_("这个浏览器里没有刚提交的办件。"), fix=_("已有案号和查询码的，请到“办件查询”。"))
    matter = matter_version(row.matter, row.version)
    stage = matter.stage(row.stage)
    context = {
        "case": row, "matter": matter, "code": kept["code"], "stage": stage.public or stage.name,
        "missing": row.materials.filter(required=True, state="missing"),
        "limits": following.limits_of(row, matter, today()),
    }  # fmt: skip
    return _private(render(request, "cases/public_receipt.html", context))


def trace(request: HttpRequest) -> HttpResponse:
    """Show where a case stands to anybody who has its number and code."""
    form = TraceForm(request.POST or None)
    found, refusal = None, None
    if request.method == "POST" and form.is_valid():
        try:
            found = tracing.trace(address=request.META.get("REMOTE_ADDR", ""), **form.cleaned_data)
        except Refusal as no:
            refusal = no
    status = refusal.status if refusal else 422 if form.errors else 200
    context = {"form": form, "found": found, "refusal": refusal}
    return _private(render(request, "cases/trace.html", context, status=status))


@require_POST
def answer_paper(request: HttpRequest, version: int) -> HttpResponse | FileResponse:
    """Give out an answer to whoever filed without an account and has number and code."""
    form = TraceForm(request.POST)
    if not form.is_valid():
        raise NotFound(_("案号或查询码不对。"), fix=_("请从“办件查询”打开。"))
    row = tracing.case_of(address=request.META.get("REMOTE_ADDR", ""), **form.cleaned_data)
    found = tracing.read_answer(row, version)
    return FileResponse(found.file.open("rb"), as_attachment=True, filename=found.name)


def _private(answer: HttpResponse) -> HttpResponse:
    """Keep a page with a number and a code out of caches and search engines."""
    add_never_cache_headers(answer)
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer
