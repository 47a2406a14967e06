"""The page of one speech: its words, the reply on the spot, and what was corrected."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from zhicheng.apps.accounts.public import may, opening_date, signed_in
from zhicheng.apps.consultation import actions, forms, queries
from zhicheng.apps.consultation.correction_rows import corrections_of
from zhicheng.apps.consultation.models import Speech
from zhicheng.kernel.refusals import Conflict, NotFound, Refusal


def speech(request: HttpRequest, number: int) -> HttpResponse:
    """Show a speech, and correct it or note the reply on the spot."""
    user = signed_in(request.user)
    row = queries.speech(user, number)
    step = request.POST.get("step", "") if request.method == "POST" else ""
    reply = forms.ReplyForm(
        request.POST if step == "reply" else None, initial={"reply": row.reply}, auto_id="reply_%s"
    )
    words = forms.SpeechCorrectionForm(
        request.POST if step == "correct" else None, initial={"text": row.text, "recording": row.recording}
    )
    if request.method == "POST":
        form = {"reply": reply, "correct": words}.get(step)
        if form is None:
            raise NotFound(f"没有“{step}”这一步。", fix="请用页面上的按钮。")
        if form.is_valid() and _done(request, row, step, form):
            return redirect("consultation:speech", number=number)
    return render(
        request, "consultation/speech.html", _context(user, row, reply, words),
        status=422 if reply.errors or words.errors else 200,
    )  # fmt: skip


def _done(request: HttpRequest, row: Speech, step: str, form: Any) -> bool:
    user = signed_in(request.user)
    try:
        seen = request.POST.get("revision", "")
        if seen and seen != str(row.revision):
            raise Conflict("这篇发言在您打开页面之后已被更正。", fix="请看过下面的更正记录再改。")
        if step == "reply":
            actions.note_reply(speech=row, on=opening_date(), by=user, **form.cleaned_data)
            messages.success(request, _("现场回应已记录。"))
        else:
            made = actions.correct_speech(speech=row, on=opening_date(), by=user, **form.cleaned_data)
            count = len(made.to_look_at)
            said = (
                _("已更正，%(count)d 段标记需要再看一次。") % {"count": count}
                if count
                else _("已更正，原有标记都保留。")
            )
            messages.success(request, said)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def _context(user: Any, row: Speech, reply: Any, words: Any) -> dict[str, Any]:
    marks = list(row.passages.filter(needs_look=True).select_related("item", "speech"))
    return {
        "speech": row, "session": row.session, "reply_form": reply, "correction_form": words, "looks": marks,
        "corrections": corrections_of(row.corrections.select_related("by")), "frozen": row.session.packages.exists(),
        "may_record": may(user, "consultation.record", region=row.session.region_code),
    }  # fmt: skip
