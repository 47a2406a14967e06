"""The page of one speaker behind a personal link, and the same for who signs in for an organisation."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from zhicheng.apps.accounts.public import opening_date, require, signed_in
from zhicheng.apps.consultation import access, actions, forms, queries
from zhicheng.apps.consultation.item_views import file_of
from zhicheng.apps.consultation.links import WRITES_A_MINUTE, TooMany, slow_down, speaker_of
from zhicheng.apps.consultation.models import Evidence, Participant
from zhicheng.apps.consultation.rules import rules_for
from zhicheng.apps.consultation.states import ItemState
from zhicheng.kernel.refusals import NotFound, Refusal

# What a speaker reads instead of the offices' words.
PLAIN = {
    ItemState.COLLECTED: (_("已记录"), _("您的意见已整理，等待列入清单呈报。")),
    ItemState.LISTED: (_("已列入清单"), _("等待呈报领导。")),
    ItemState.SUBMITTED: (_("已呈报"), _("等待领导批示。")),
    ItemState.INSTRUCTED: (_("已批示"), _("督考办正在确定由哪个单位办理。")),
    ItemState.IN_HAND: (_("办理中"), _("有关单位正在办理。")),
    ItemState.ANSWERED: (_("审核中"), _("单位已报办理结果，督考办正在审核。")),
    ItemState.CHECKED: (_("请您评价"), _("已有办理结果，请看过之后评价。")),
    ItemState.JUDGED: (_("评价已收齐"), _("等待督考办销号。")),
    ItemState.CLOSED: (_("已办结"), _("期限内有新情况可以重新打开。")),
    ItemState.PARKED: (_("暂时办不了"), _("已挂账继续跟踪，原因见下。")),
    ItemState.DECLINED: (_("没有采纳"), _("理由见下；有新情况可以再提。")),
    ItemState.MERGED: (_("并入另一项"), _("与同类意见一并办理。")),
}


def address_of(request: HttpRequest) -> str:
    """Return where a call comes from, for slowing down guesses."""
    return str(request.META.get("REMOTE_ADDR", ""))


def personal(request: HttpRequest, token: str) -> HttpResponse:
    """Show a speaker exactly what he or she raised and what became of it."""
    try:
        speaker = speaker_of(token, address=address_of(request))
    except (NotFound, TooMany) as refusal:
        answer = render(request, "consultation/link_gone.html", {"refusal": refusal}, status=refusal.status)
        return _private(answer)
    return _page(request, speaker, token)


def _page(request: HttpRequest, speaker: Participant, token: str, *, number: str = "", refusal: Refusal | None = None, form: Any = None) -> HttpResponse:  # fmt: skip
    today = opening_date()
    region = speaker.session.region_code
    own = queries.own_items(speaker, on=today, reopen_days=rules_for(region).reopen_days)
    context = {
        "speaker": speaker, "session": speaker.session, "token": token, "done": request.GET.get("done", ""),
        "own": [(one, PLAIN[ItemState(one.item.state)]) for one in own], "refused": number, "refusal": refusal,
        "bound": form, "verdict": forms.VerdictForm(auto_id=False), "expires_on": speaker.link_expires_on,
        "to_judge": sum(one.may_judge for one in own),
    }  # fmt: skip
    return _private(
        render(request, "consultation/personal.html", context, status=refusal.status if refusal else 200)
    )


def _private(answer: HttpResponse) -> HttpResponse:
    """Keep the page out of caches, search engines and the referrer of other sites."""
    add_never_cache_headers(answer)
    # Not `no-referrer`: browsers then send `Origin: null` with the form, which the CSRF check rightly refuses.
    answer["Referrer-Policy"] = "same-origin"
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer


@require_POST
def personal_step(request: HttpRequest, token: str, number: str, step: str) -> HttpResponse:
    """Take a verdict, new evidence or a re-opening through the link; sent twice it happens once."""
    try:
        speaker = speaker_of(token, address=address_of(request))
        slow_down(f"write:{speaker.pk}", WRITES_A_MINUTE)
    except (NotFound, TooMany) as refusal:
        answer = render(request, "consultation/link_gone.html", {"refusal": refusal}, status=refusal.status)
        return _private(answer)
    day = opening_date()
    try:
        if step == "judge":
            actions.judge(speaker=speaker, item=number, value=request.POST.get("value", ""), text=request.POST.get("text", ""), on=day)  # fmt: skip
        else:
            _news(request, speaker, number, step)
    except Refusal as no:
        return _page(request, speaker, token, number=number, refusal=no)
    return redirect(f"{reverse('consultation:personal', args=[token])}?done={step}#{number}")


def _news(request: HttpRequest, speaker: Participant, number: str, step: str) -> None:
    form = forms.NewsForm(request.POST, request.FILES)
    if not form.is_valid():
        raise Refusal("填写的内容或文件有误。", fix="文字不超过两万字，文件不要为空。")
    text, given = form.cleaned_data["text"], form.cleaned_data["files"]
    if step == "reopen":
        actions.reopen(item=number, why=text, on=opening_date(), speaker=speaker, files=given)
    elif step == "add":
        actions.add_evidence(item=number, speaker=speaker, text=text, on=opening_date(), files=given)
    else:
        raise NotFound(f"没有“{step}”这一步。", fix="请用页面上的按钮。")


def personal_file(request: HttpRequest, token: str, number: int) -> HttpResponse | FileResponse:
    """Hand a speaker the evidence of the answers he or she got, and what he or she gave."""
    speaker = speaker_of(token, address=address_of(request))
    row = (
        Evidence.objects.filter(pk=number, item__raised_by__speaker=speaker)
        .select_related("report", "item")
        .first()
    )
    told = row is not None and (
        row.speaker_id == speaker.pk
        or (
            row.report is not None
            and row.report.kind == "answer"
            and row.item.state in queries.ANSWERED_STATES
        )
    )
    if row is None or not told:
        raise NotFound("没有这份材料。", fix="请回到您的专属页面。")
    answer = file_of(row)
    answer["Cache-Control"] = "no-store"
    return answer


def mine(request: HttpRequest) -> HttpResponse:
    """List what people of the organisations one acts for have raised."""
    user = signed_in(request.user)
    speakers = access.own_speakers(user)
    today = opening_date()
    found = [
        (one, [(own, PLAIN[ItemState(own.item.state)]) for own in queries.own_items(one, on=today, reopen_days=rules_for(one.session.region_code).reopen_days)])
        for one in speakers.order_by("-pk")[:20]
    ]  # fmt: skip
    return render(
        request, "consultation/mine.html", {"found": found, "verdict": forms.VerdictForm(auto_id=False)}
    )


@require_POST
def mine_step(request: HttpRequest, speaker: int, number: str, step: str) -> HttpResponse:
    """Take a verdict or news from who acts for the speaker's organisation."""
    user = signed_in(request.user)
    require(user, "consultation.rate")
    row = access.own_speakers(user).filter(pk=speaker).first()
    if row is None:
        raise NotFound("没有这位发言人。", fix="请从“我们提出的事项”进入。")
    if step == "judge":
        actions.judge(speaker=row, item=number, value=request.POST.get("value", ""), text=request.POST.get("text", ""), on=opening_date())  # fmt: skip
    else:
        _news(request, row, number, step)
    return redirect("consultation:mine")
