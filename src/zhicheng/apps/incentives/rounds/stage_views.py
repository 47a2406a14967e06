"""Pages of the stages of a round: visits, timetable and attendance, committee and ballots, the government's decision."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as words
from django.views.decorators.http import require_POST

from zhicheng.apps.accounts.public import require
from zhicheng.apps.incentives.days import today
from zhicheng.apps.incentives.models import AwardRound, Candidate
from zhicheng.apps.incentives.rounds import defences, government, stage_queries, visits, voting
from zhicheng.apps.incentives.rounds import queries as round_queries
from zhicheng.apps.incentives.rounds.stages import DEFENCE
from zhicheng.apps.incentives.rounds.views import officer_page
from zhicheng.apps.incentives.tables_out import as_file
from zhicheng.kernel.refusals import NotFound, Refusal

TIMES = (words("顺序"), words("日期"), words("开始"), words("结束"), words("编号"), words("申报单位"), words("对象"), words("到场"), words("说明"))  # fmt: skip
VOTES = (words("第几次"), words("编号"), words("申报单位"), words("可表决"), words("赞成"), words("反对"), words("弃权"), words("计票基数"), words("须赞成"), words("通过"))  # fmt: skip


def number_in(request: HttpRequest, name: str, words_: str) -> int:
    """A number of a form.

    Raises:
        Refusal: it is none, or out of range.
    """
    given = request.POST.get(name, "").strip()
    if not given.isdigit() or len(given) > 18:
        raise Refusal(f"{words_}“{given[:20]}”不是数字。", fix="请填整数。")
    return int(given)


def day_in(request: HttpRequest, name: str, words_: str) -> date:
    """A day of a form.

    Raises:
        Refusal: it cannot be read.
    """
    given = request.POST.get(name, "").strip()
    try:
        return date.fromisoformat(given)
    except ValueError as error:
        raise Refusal(f"{words_}“{given[:20]}”不是日期。", fix="请填如 2025-12-10 的日期。") from error


def moment_in(request: HttpRequest) -> datetime:
    """Day and time of a form, in the city's own time.

    Raises:
        Refusal: they cannot be read.
    """
    given = f"{request.POST.get('day', '')} {request.POST.get('time', '')}".strip()
    try:
        found = datetime.fromisoformat(given)
    except ValueError as error:
        raise Refusal(f"开始时间“{given[:30]}”看不懂。", fix="请填如 2025-12-10 和 09:00。") from error
    return timezone.make_aware(found) if timezone.is_naive(found) else found


def _candidate(row: AwardRound, request: HttpRequest) -> Candidate:
    return round_queries.candidate(row, number_in(request, "candidate", "申报"))


def _ballot(row: AwardRound, request: HttpRequest) -> Any:
    return stage_queries.ballot(row, number_in(request, "ballot", "表决"))


def _struck(request: HttpRequest, row: AwardRound) -> dict[int, str]:
    return {
        one.pk: request.POST.get(f"why{one.pk}", "")
        for one in stage_queries.seated(row)
        if request.POST.get(f"strike{one.pk}")
    }


@require_POST
def stage_step(request: HttpRequest, number: str) -> HttpResponse:
    """Do one thing inside the stage that runs; a refusal is shown on the round's own page."""
    row = round_queries.award_round(number, request.user)
    require(request.user, "policies.view")
    by: Any = request.user
    post = request.POST
    acts: dict[str, Callable[[], object]] = {
        "visit": lambda: visits.arrange_visit(
            candidate=_candidate(row, request), on=day_in(request, "on", "现场日期"), note=post.get("note", ""), by=by,
            team=[int(one) for one in post.getlist("team") if one.isdigit() and len(one) < 19],
        ),
        "schedule": lambda: defences.schedule_defence(
            award_round=row, starts_at=moment_in(request), minutes=number_in(request, "minutes", "每个时段分钟"),
            rest=number_in(request, "rest", "间隔分钟"), hall=post.get("hall", ""), seed=post.get("seed", ""), by=by,
        ),
        "attended": lambda: _attendance(row, request, came=True),
        "absent": lambda: _attendance(row, request, came=False),
        "call_member": lambda: voting.call_member(
            award_round=row, username=post.get("username", "").strip(), works_for=post.get("works_for", ""),
            chair=bool(post.get("chair")), by=by,
        ),
        "dismiss": lambda: voting.dismiss_member(
            member=stage_queries.member(row, number_in(request, "member", "委员")), why=post.get("why", ""), by=by
        ),
        "open_ballot": lambda: voting.open_ballot(award_round=row, by=by),
        "close_ballot": lambda: voting.close_ballot(ballot=_ballot(row, request), by=by),
        "annul_ballot": lambda: voting.annul_ballot(ballot=_ballot(row, request), why=post.get("why", ""), by=by),
        "decide": lambda: government.decide(
            award_round=row, decided_on=day_in(request, "decided_on", "审定日期"), document=post.get("document", ""),
            struck=_struck(request, row), today=today(), by=by,
        ),
    }  # fmt: skip
    try:
        if post.get("step", "") not in acts:
            raise Refusal(f"没有“{post.get('step', '')[:30]}”这一步。", fix="请用页面上的按钮。")
        acts[post["step"]]()
    except Refusal as refusal:
        return officer_page(request, row, refusal)
    messages.success(request, _("已办理。"))
    return redirect("incentives:round", number=number)


def _attendance(row: AwardRound, request: HttpRequest, *, came: bool) -> None:
    by: Any = request.user
    slot = stage_queries.slot(row, number_in(request, "slot", "时段"))
    defences.mark_attendance(slot=slot, attended=came, why=request.POST.get("why", ""), by=by)


def _defence(request: HttpRequest, number: str, place: int) -> AwardRound:
    row = round_queries.award_round(number, request.user)
    require(request.user, "policies.view")
    if not 0 <= place < len(row.sequence) or row.sequence[place].kind != DEFENCE:
        raise NotFound(f"“{row.title}”的第 {place + 1} 个环节不是答辩。", fix="请返回评选页面。")
    return row


def timetable(request: HttpRequest, number: str, place: int) -> HttpResponse:
    """Show the timetable of a defence, to print."""
    row = _defence(request, number, place)
    shown = stage_queries.stages_of(row)[place]
    slots = stage_queries.slots_of(row, place)
    context = {
        "row": row,
        "shown": shown,
        "slots": slots,
        "days": stage_queries.days_of(slots),
        "place": place,
    }
    return render(request, "incentives/timetable.html", context)


def timetable_file(request: HttpRequest, number: str, place: int, form: str) -> HttpResponse:
    """Download the timetable of a defence."""
    row = _defence(request, number, place)
    told = {True: _("到场"), False: _("缺席"), None: ""}
    rows = [
        (
            one.order, timezone.localtime(one.starts_at).date(), f"{timezone.localtime(one.starts_at):%H:%M}",
            f"{timezone.localtime(one.ends_at):%H:%M}", one.candidate.code, one.candidate.name, one.candidate.object_name,
            told[one.attended], one.why,
        )
        for one in stage_queries.slots_of(row, place)
    ]  # fmt: skip
    title = f"{row.number}-{_('答辩安排')}"
    return as_file(form, title=title, header=TIMES, rows=rows, by=request.user, subject=f"round:{number}")


def votes_file(request: HttpRequest, number: str, form: str) -> HttpResponse:
    """Download the totals of the counted ballots; nobody's own vote is in them, because it is stored nowhere."""
    row = round_queries.award_round(number, request.user)
    require(request.user, "policies.view")
    rows = [
        (
            one.turn, line["of"].code, line["of"].name, line["may_vote"], line["for"], line["against"], line["abstain"],
            line["base"], line["needed"], _("通过") if line["passed"] else _("未通过"),
        )
        for one in stage_queries.ballots_of(row)
        for line in one.lines
    ]  # fmt: skip
    title = f"{row.number}-{_('表决结果')}"
    return as_file(form, title=title, header=VOTES, rows=rows, by=request.user, subject=f"round:{number}")
