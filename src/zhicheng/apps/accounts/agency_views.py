"""Pages for acting on behalf of organisations: request, decide, end."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhicheng.apps.accounts import agency
from zhicheng.apps.accounts.agents import AgentState
from zhicheng.apps.accounts.forms import AgencyForm
from zhicheng.apps.accounts.scope import may, require, signed_in
from zhicheng.apps.accounts.signing_in import needs
from zhicheng.kernel.refusals import Refusal

SHOWN = 200


@needs("account.self")
def agent_list(request: HttpRequest) -> HttpResponse:
    """List the requests the person may see; who may request finds the form beside them."""
    form = AgencyForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        require(request.user, "agents.request")
        if form.is_valid():
            try:
                agency.request_agency(by=signed_in(request.user), **form.cleaned_data)
            except Refusal as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("申请已提交，由主体所在区划的业务人员办理，结果显示在本页。"))
                return redirect("accounts:agents")
    state = request.GET.get("state", "")
    rows = agency.visible_agencies(signed_in(request.user))
    if state:
        rows = rows.filter(state=state)
    context = {
        "agencies": rows.order_by("-requested_at")[:SHOWN],
        "states": AgentState.choices,
        "form": form,
        "may_decide": may(request.user, "agents.decide"),
        "may_request": may(request.user, "agents.request"),
    }
    return render(request, "accounts/agents.html", context, status=422 if form.errors else 200)


@require_POST
@needs("account.self")
def agent_step(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Approve, refuse, withdraw or leave."""
    row = get_object_or_404(agency.visible_agencies(signed_in(request.user)), pk=pk)
    reason, by = request.POST.get("reason", ""), signed_in(request.user)
    if name in ("approve", "refuse"):
        agency.decide(agent=row, approve=name == "approve", reason=reason, by=by)
    else:
        agency.end_agency(agent=row, state=name, reason=reason, by=by)
    messages.success(request, _("已办理，并写入审计记录。"))
    return redirect("accounts:agents")


@needs("account.self")
def letter(request: HttpRequest, pk: int) -> FileResponse:
    """Send the letter of a request the person may see, as a download."""
    row = get_object_or_404(agency.visible_agencies(signed_in(request.user)), pk=pk)
    assert row.letter.name is not None, "a request is kept with its letter"
    return FileResponse(
        row.letter.open("rb"), as_attachment=True, filename=row.letter.name.rsplit("/", 1)[-1]
    )
