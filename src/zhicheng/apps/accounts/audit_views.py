"""Pages of the auditor: the trail, one line of it, and the check that it is whole."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhicheng.apps.accounts.audit import verify_chain
from zhicheng.apps.accounts.audit_event import AuditEvent
from zhicheng.apps.accounts.signing_in import needs
from zhicheng.kernel.refusals import Refusal

PAGE = 50
FILTERS = {"who": "by__username", "action": "action__startswith", "subject": "subject__startswith"}


@needs("audit.view")
def trail(request: HttpRequest) -> HttpResponse:
    """List the trail, newest first, filtered by person, action, thing and day."""
    rows = _filtered(request)
    after = request.GET.get("after", "")
    if after.isdigit():
        rows = rows.filter(number__lt=int(after))
    found = list(rows.select_related("by")[: PAGE + 1])
    more = str(found[PAGE - 1].number) if len(found) > PAGE else ""
    page = {"count": _("每页 %(count)d 条，新的在前") % {"count": PAGE}, "next": more, "back": bool(after)}
    return render(request, "accounts/audit.html", {"events": found[:PAGE], "page": page})


@needs("audit.view")
def event(request: HttpRequest, number: int) -> HttpResponse:
    """Show one line with the values before and after."""
    row = get_object_or_404(AuditEvent, number=number)
    before, after = row.before or {}, row.after or {}
    changes = [(name, before.get(name), after.get(name)) for name in dict.fromkeys([*before, *after])]
    return render(request, "accounts/audit_event.html", {"event": row, "changes": changes})


@require_POST
@needs("audit.verify")
def verify(request: HttpRequest) -> HttpResponse:
    """Check the whole chain and say what was found."""
    verdict = verify_chain()
    if verdict.ok:
        words = _("%(count)d 条记录首尾相接，没有改动。链尾 %(head)s")
        messages.success(request, words % {"count": verdict.checked, "head": verdict.head})
    else:
        messages.error(
            request, _("审计链在第 %(number)s 条断开：") % {"number": verdict.broken_at} + verdict.why
        )
    return redirect("accounts:audit")


def _filtered(request: HttpRequest) -> QuerySet[AuditEvent]:
    rows = AuditEvent.objects.order_by("-number")
    for name, lookup in FILTERS.items():
        if value := request.GET.get(name, "").strip():
            rows = rows.filter(**{lookup: value})
    for name, lookup in (("from", "at__date__gte"), ("to", "at__date__lte")):
        if value := request.GET.get(name, "").strip():
            try:
                rows = rows.filter(**{lookup: value})
            except (ValueError, TypeError) as error:
                raise Refusal(f"日期“{value}”无效。", fix="请按 2025-12-16 的格式填写。") from error
    return rows
