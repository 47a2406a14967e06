"""Pages of filing: choose a matter, fill in and resume, hand in, the receipt; and tracing without sign-in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from zhicheng.apps.accounts.public import User, scope
from zhicheng.apps.cases import drafting, following, queries
from zhicheng.apps.cases.access import case_for
from zhicheng.apps.cases.asking import person, today
from zhicheng.apps.cases.definitions import matter_in_force, matter_version, matters_in_force
from zhicheng.apps.cases.entering import asks_for_applicant
from zhicheng.apps.cases.forms import CommonForm, fields_form
from zhicheng.apps.cases.models import CaseDraft
from zhicheng.apps.cases.prefilling import held_materials
from zhicheng.engines.procedures import running
from zhicheng.engines.procedures.definition import Matter
from zhicheng.kernel.refusals import Refusal

CODE = "case_code_{}"


def choose(request: HttpRequest) -> HttpResponse:
    """List the matters a person may file, and what they began and have not handed in."""
    user = person(request)
    context = {
        "matters": queries.filable(user, today()),
        "drafts": [
            (one, _name_of(one))
            for one in user.case_drafts.filter(filed_as=None).select_related("organisation")
        ],
    }
    return render(request, "cases/choose.html", context)


def _name_of(draft: CaseDraft) -> str:
    names = {one.code: str(one.name) for one in matters_in_force(today())}
    return names.get(draft.matter, draft.matter)


def begin(request: HttpRequest, matter: str) -> HttpResponse:
    """Say what a matter needs; begin an application with what the ledger holds."""
    user, definition = person(request), matter_in_force(matter, today())
    if request.method == "POST":
        draft = drafting.begin(matter=matter, by=user, right=request.POST.get("right", ""), on=today())
        return redirect("cases:draft", key=draft.key)
    return render(request, "cases/begin.html", {"matter": definition})


def draft(request: HttpRequest, key: str) -> HttpResponse:
    """Fill in an application: save it as it is, lay files beside it, hand it in."""
    user = person(request)
    row = drafting.draft_of(key, user)
    definition = matter_in_force(row.matter, today())
    if row.filed_as_id:
        return redirect("cases:case", number=row.filed_as_id)
    if request.method != "POST":
        return render(request, "cases/draft.html", _draft_page(user, row, definition))
    step = request.POST.get("step", "save")
    if step == "discard":
        drafting.discard(draft=row, by=user)
        messages.success(request, _("草稿已删除。"))
        return redirect("cases:choose")
    try:
        _keep(request, row, user, definition)
        if step == "file":
            return _hand_in(request, row, user)
    except Refusal as refusal:
        context = {**_draft_page(user, row, definition, request.POST.dict()), "refusal": refusal}
        return render(request, "cases/draft.html", context, status=refusal.status)
    messages.success(request, _("已保存，随时可以从“办件 · 新的申请”继续。"))
    return redirect("cases:draft", key=row.key)


def _keep(request: HttpRequest, row: CaseDraft, user: User, matter: Matter) -> None:
    known = {*CommonForm.base_fields, *(f"f.{one.id}" for one in matter.fields)}
    known |= {f"applicant.{word}" for word in ("name", "uscc", "contact", "phone")}
    drafting.save(
        draft=row, values={name: request.POST[name] for name in known if name in request.POST}, by=user
    )
    for one in matter.materials:
        if (file := request.FILES.get(f"file.{one.id}")) is not None and file.name:
            drafting.attach(draft=row, material=one.id, name=file.name, content=file.read(), by=user)


def _hand_in(request: HttpRequest, row: CaseDraft, user: User) -> HttpResponse:
    receipt = drafting.file_draft(draft=row, by=user, on=today())
    request.session[CODE.format(receipt.case.pk)] = receipt.code
    return redirect("cases:receipt", number=receipt.case.pk)


def _draft_page(
    user: User, row: CaseDraft, matter: Matter, posted: dict[str, Any] | None = None
) -> dict[str, Any]:
    values = {**drafting.values_of(row), **(posted or {})}
    entered = {one.id: values.get(f"f.{one.id}", "") for one in matter.fields}
    common = CommonForm(initial=values, seen=scope(user), applicant=not asks_for_applicant(matter))
    laid = {one.material: one for one in row.files.all()}
    facts = {name: value for name, value in entered.items() if value and not value.isspace()}
    needed = _needed(matter, facts)
    held = held_materials(matter, row.organisation_id, [values.get("f.patent_number", "")])
    return {
        "draft": row, "matter": matter, "common": common,
        "form": fields_form(matter.fields, None, entered, prefix="f.", strict=False),
        "materials": [(one, one.id in needed, one.id in held, laid.get(one.id)) for one in matter.materials],
    }  # fmt: skip


def _needed(matter: Matter, facts: dict[str, str]) -> set[str]:
    """The materials this application needs as far as it is filled in; what cannot be told yet is not asked."""
    try:
        typed = drafting.typed_facts(matter, facts)
        return {one.id for one in running.needed_materials(matter, typed, today())}
    except Refusal:
        return {one.id for one in matter.materials if one.required_when == "true"}


def receipt(request: HttpRequest, number: int) -> HttpResponse:
    """Show the receipt: number, code (once), what is missing, when the office must answer."""
    user = person(request)
    row = case_for(user, number, today())
    matter = matter_version(row.matter, row.version)
    context = {
        "case": row, "matter": matter, "code": request.session.pop(CODE.format(row.pk), ""),
        "missing": row.materials.filter(required=True, state="missing"), "stage": matter.stage(row.stage),
        "paper": row.papers.filter(kind="receipt").first(),
        "limits": following.limits_of(row, matter, today()),
    }  # fmt: skip
    return render(request, "cases/receipt.html", context)


def limit_note(request: HttpRequest, number: int) -> FileResponse:
    """Give out the note on time limits (时限说明) as Word."""
    import io  # noqa: PLC0415 - only here

    row = case_for(person(request), number, today())
    content = following.note_on_limits(row, matter_version(row.matter, row.version), today())
    return FileResponse(io.BytesIO(content), as_attachment=True, filename=f"{row.number}时限说明.docx")
