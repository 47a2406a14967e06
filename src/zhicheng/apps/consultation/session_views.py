"""Pages of sessions: the list, one session, the reconciliation of what was said, the frozen lists."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhicheng.apps.accounts.public import may, opening_date, require, signed_in
from zhicheng.apps.consultation import access, actions, board, documents, forms, queries
from zhicheng.apps.consultation.correction_rows import corrections_of
from zhicheng.apps.consultation.corrections import organisation_of
from zhicheng.apps.consultation.links import token_of
from zhicheng.apps.consultation.models import Package, Participant, RegionGroup, Session, Speech
from zhicheng.apps.consultation.packages import content_hash
from zhicheng.apps.consultation.states import ItemState
from zhicheng.apps.web.public import offer
from zhicheng.catalogue.concept_loader import load_concepts
from zhicheng.engines.resemblance import resemblance
from zhicheng.kernel.refusals import NotFound, Refusal

ALIKE_FROM = 0.35


def index(request: HttpRequest) -> HttpResponse:
    """List the sessions; who speaks for an organisation is led to its own items."""
    user = signed_in(request.user)
    if not may(user, "consultation.view") and may(user, "consultation.own"):
        return redirect("consultation:mine")
    given = {name: request.GET.get(name, "") for name in ("q", "after")}
    context = {
        "page": queries.sessions_page(user, **given),
        "given": given,
        "groups": board.groups(user),
        "may_open": may(user, "consultation.organise", region=user.region_code),
    }
    return render(request, "consultation/index.html", context)


def _group_choices(user: Any) -> list[tuple[str, str]]:
    return [("", _("不联合")), *((one.code, one.name) for one in board.groups(user))]


def new(request: HttpRequest) -> HttpResponse:
    """Open a session."""
    user = signed_in(request.user)
    require(user, "consultation.organise")
    require(user, "consultation.organise", region=user.region_code)
    form = forms.SessionForm(request.POST or None, initial={"held_on": opening_date()})
    offer(form, "group", _group_choices(user))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        group = RegionGroup.objects.filter(code=data.pop("group")).first()
        try:
            made = actions.open_session(**data, group=group, region_code=user.region_code, by=user)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("consultation:session", number=made.number)
    status = 422 if form.errors else 200
    return render(request, "consultation/form.html", {"form": form, "title": _("新建协商会"), "back": reverse("consultation:index")}, status=status)  # fmt: skip


def group_new(request: HttpRequest) -> HttpResponse:
    """Form a region group."""
    user = signed_in(request.user)
    require(user, "consultation.organise")
    require(user, "consultation.organise", region=user.region_code)
    form = forms.GroupForm(request.POST or None, initial={"regions": user.region_code})
    if request.method == "POST" and form.is_valid():
        data = {**form.cleaned_data, "regions": form.cleaned_data["regions"].split()}
        try:
            made = actions.form_group(**data, by=user)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("consultation:group", code=made.code)
    return render(request, "consultation/form.html", {"form": form, "title": _("组成区域组"), "back": reverse("consultation:index")}, status=422 if form.errors else 200)  # fmt: skip


def session(request: HttpRequest, number: str) -> HttpResponse:
    """Show one session: who took part, what was said, what became of it."""
    return render(request, "consultation/session.html", _session_context(request, number))


def _session_context(request: HttpRequest, number: str, **bound: Any) -> dict[str, Any]:
    user = signed_in(request.user)
    story = queries.session_story(user, number)
    row: Session = story["session"]
    today = opening_date()
    speech = forms.SpeechForm()
    offer(speech, "speaker", [(str(one.pk), one.title) for one in story["participants"]])
    rights = {
        name: may(user, f"consultation.{name}", region=row.region_code)
        for name in ("organise", "record", "submit", "feedback")
    }
    return {
        **story, "may": rights, "open": sum(one.open for one in story["speeches"]),
        "participant_form": forms.ParticipantForm(), "speech_form": speech,
        "task_form": forms.TaskForm(initial={"on": today}), "today": today,
        "waiting_lists": sorted({one.kind for one in story["items"] if one.state in (ItemState.COLLECTED, ItemState.LISTED)} & {"problem", "suggestion"}),
        "lines": queries.lines_of([one for one in story["items"] if one.state != ItemState.MERGED], on=today), **bound,
    }  # fmt: skip


@require_POST
def session_step(request: HttpRequest, number: str, step: str) -> HttpResponse:
    """Add a participant, a speech or a task, or submit a list."""
    user = signed_in(request.user)
    row = access.session(number, user)
    if step == "submit":
        day = opening_date()
        made = actions.submit_list(
            session=row, kind=request.POST.get("kind", ""), on=max(day, row.held_on), by=user
        )
        return redirect("consultation:package", number=made.number)
    made_of: dict[str, Any] = {
        "participant": forms.ParticipantForm,
        "speech": forms.SpeechForm,
        "task": forms.TaskForm,
    }
    if step not in made_of:
        raise NotFound(f"没有“{step}”这一步。", fix="请用页面上的按钮。")
    form = made_of[step](request.POST)
    if step == "speech":
        form.fields["speaker"].choices = [(str(one.pk), one.title) for one in row.participants.all()]
    if form.is_valid():
        data = dict(form.cleaned_data)
        try:
            if step == "participant":
                actions.add_participant(
                    session=row, organisation=organisation_of(data.pop("uscc")), by=user, **data
                )
            elif step == "task":
                actions.add_task(session=row, by=user, **data)
            else:
                speaker = row.participants.get(pk=data.pop("speaker"))
                actions.add_speech(session=row, speaker=speaker, by=user, **data)
                return redirect("consultation:reconcile", number=number)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("consultation:session", number=number)
    bound = {f"{step}_form": form, "opened": step}
    return render(
        request, "consultation/session.html", _session_context(request, number, **bound), status=422
    )


def reconcile(request: HttpRequest, number: str) -> HttpResponse:
    """Show every passage of the session with its fate, and give those without one a fate."""
    user = signed_in(request.user)
    row = access.session(number, user)
    return render(request, "consultation/reconcile.html", _reconcile(row, user))


def _reconcile(row: Session, user: Any, refusal: Refusal | None = None) -> dict[str, Any]:
    speeches = queries.speeches_of(row)
    loose = list(
        row.items.filter(state__in=(ItemState.COLLECTED, ItemState.LISTED)).prefetch_related(
            "raised_by__speaker"
        )
    )
    texts = [f"{one.title}。{one.text}" for one in loose]
    alike = []
    for place, one in enumerate(loose):
        for other in range(place):
            if loose[other].kind != one.kind:
                continue
            score = resemblance(texts[place], texts[other], among=texts, concepts=load_concepts())
            if score >= ALIKE_FROM:
                alike.append((one, loose[other], round(score * 100)))
    total = sum(1 for view in speeches for line in view.lines for piece in line if not piece.blank)
    waiting = sum(view.open for view in speeches)
    return {
        "session": row, "speeches": speeches, "loose": loose, "alike": sorted(alike, key=lambda pair: -pair[2]),
        "open": waiting, "total": total, "done": total - waiting, "refusal": refusal,
        "may_record": may(user, "consultation.record", region=row.region_code),
        "may_submit": may(user, "consultation.submit", region=row.region_code),
    }  # fmt: skip


@require_POST
def passage(request: HttpRequest, number: str) -> HttpResponse:
    """Give words a fate, or take one back; htmx swaps the whole reconciliation."""
    user = signed_in(request.user)
    row = access.session(number, user)
    refusal = None
    try:
        _passage_step(request, row, user)
    except Refusal as no:
        if not getattr(request, "htmx", False):
            raise
        refusal = no
    if getattr(request, "htmx", False):
        status = refusal.status if refusal else 200
        return render(request, "consultation/_reconcile.html", _reconcile(row, user, refusal), status=status)
    return redirect("consultation:reconcile", number=number)


def _passage_step(request: HttpRequest, row: Session, user: Any) -> None:
    given = request.POST
    day = max(opening_date(), row.held_on)
    step = given.get("step", "")
    if step in ("release", "look"):
        mark = _number(given.get("passage", ""))
        if not Speech.objects.filter(session=row, passages=mark).exists():
            raise NotFound("没有这段标记。", fix="请刷新页面。")
        (actions.release if step == "release" else actions.look_again)(passage=mark, by=user)
    elif step == "merge":
        actions.merge(
            item=given.get("item", ""), into=given.get("into", ""), on=day, why=given.get("why", ""), by=user
        )
    else:
        speech = (
            row.speeches.filter(pk=_number(given.get("speech", "")))
            .select_related("session", "speaker")
            .first()
        )
        if speech is None:
            raise NotFound("没有这篇发言。", fix="请刷新页面。")
        span = {"start": _number(given.get("start", "")), "end": _number(given.get("end", ""))}
        if step == "aside":
            actions.set_aside(speech=speech, **span, reason=given.get("reason", ""), by=user)
        else:
            actions.take_up(
                speech=speech, **span, kind=given.get("kind", ""), title=given.get("title", ""), on=day, by=user,
                joins=given.get("joins", ""), measure=given.get("measure", ""),
            )  # fmt: skip


def _number(text: str) -> int:
    if not text.isdigit() or len(text) > 12:
        raise Refusal(f"“{text}”不是位置。", fix="请重新选择文字。")
    return int(text)


def _package(number: str, user: Any) -> Package:
    row = (
        Package.objects.filter(number=number, session__in=access.sessions(user))
        .select_related("session", "submitted_by").first()
    )  # fmt: skip
    if row is None:
        raise NotFound(f"没有清单 {number}。", fix="请从协商会页面进入。")
    return row


def package(request: HttpRequest, number: str) -> HttpResponse:
    """Show a frozen list, prove that it is unchanged, and let the leader's secretary record the instruction."""
    user = signed_in(request.user)
    row = _package(number, user)
    items = list(row.items.order_by("number"))
    allowed = may(user, "consultation.instruct", region=row.session.region_code)
    form = forms.InstructForm(request.POST or None, initial={"on": max(opening_date(), row.submitted_on)})
    if request.method == "POST":
        require(user, "consultation.instruct", region=row.session.region_code)
        if form.is_valid():
            chosen = [one.number for one in items if one.number in request.POST.getlist("items")]
            try:
                actions.instruct(items=chosen, by=user, **form.cleaned_data)
            except Refusal as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("批示已录入，事项转督考办交办。"))
                return redirect("consultation:package", number=number)
    context = {
        "package": row, "items": items, "whole": content_hash(row.content) == row.content_hash, "form": form,
        "may_instruct": allowed, "waiting": [one for one in items if one.state == ItemState.SUBMITTED],
        "lines": queries.lines_of(items, on=opening_date()),
        "corrections": corrections_of(row.session.corrections.filter(after_freeze=True, on__gte=row.submitted_on).select_related("by")),
    }  # fmt: skip
    return render(request, "consultation/package.html", context, status=422 if form.errors else 200)


def package_word(request: HttpRequest, number: str) -> HttpResponse:
    """Hand a frozen list out as Word."""
    row = _package(number, request.user)
    return word(documents.package_document(row), f"{row.number}.docx")


def word(content: bytes, name: str) -> HttpResponse:
    """Answer with a Word file."""
    from urllib.parse import quote  # noqa: PLC0415

    answer = HttpResponse(content, content_type=documents.DOCX)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return answer


def participant(request: HttpRequest, number: int) -> HttpResponse:
    """Show a participant: posts, what he or she raised, the letters, the personal link."""
    return _participant_page(request, queries.participant(request.user, number))


def _participant_page(request: HttpRequest, row: Participant, bound: Any = None) -> HttpResponse:
    user = signed_in(request.user)
    entered = {
        "kind": row.kind,
        "title": row.title,
        "email": row.email,
        "uscc": row.organisation.uscc if row.organisation else "",
    }
    allowed = may(user, "consultation.feedback", region=row.session.region_code)
    context = {
        "speaker": row, "roles": list(row.roles.all()), "role_form": forms.RoleForm(),
        "items": [link.item for link in row.raised.select_related("item").order_by("item__number")],
        "letters": list(row.letters.select_related("item").order_by("-pk")[:100]), "may_feedback": allowed,
        "may_organise": may(user, "consultation.organise", region=row.session.region_code),
        "link": request.build_absolute_uri(reverse("consultation:personal", args=[token_of(row)])) if allowed else "",
        "live": _live(row), "correction_form": bound or forms.ParticipantCorrectionForm(initial=entered),
        "corrections": corrections_of(row.corrections.select_related("by")),
    }  # fmt: skip
    return render(request, "consultation/participant.html", context, status=422 if bound else 200)


def _live(row: Participant) -> bool:
    from django.utils import timezone  # noqa: PLC0415

    return row.link_revoked_at is None and bool(
        row.link_expires_on and row.link_expires_on >= timezone.localdate()
    )


@require_POST
def participant_step(request: HttpRequest, number: int) -> HttpResponse:
    """Give a fresh link, take one back, write the summary letter, note a new post, or correct what was entered."""
    user = signed_in(request.user)
    row = queries.participant(user, number)
    step = request.POST.get("step", "")
    if step == "issue":
        actions.issue_link(speaker=row, by=user)
    elif step == "revoke":
        actions.revoke_link(speaker=row, why=request.POST.get("why", ""), by=user)
    elif step == "letter":
        made = actions.write_summary(speaker=row, on=opening_date(), by=user)
        return redirect("consultation:letter", number=made.pk)
    elif step == "role":
        form = forms.RoleForm(request.POST)
        if not form.is_valid():
            raise Refusal("新职务或起始日没有填好。", fix="请填写职务和日期。")
        actions.change_role(speaker=row, by=user, **form.cleaned_data)
    elif step == "correct":
        correction = forms.ParticipantCorrectionForm(request.POST)
        if not _corrected(row, correction, user):
            return _participant_page(request, row, correction)
    else:
        raise NotFound(f"没有“{step}”这一步。", fix="请用页面上的按钮。")
    return redirect("consultation:participant", number=number)


def _corrected(row: Participant, form: Any, user: Any) -> bool:
    if not form.is_valid():
        return False
    try:
        actions.correct_participant(speaker=row, on=opening_date(), by=user, **form.cleaned_data)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return False
    return True
