"""The person's own page: who they are here, tokens, sessions, second factor."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhicheng.apps.accounts import own_account
from zhicheng.apps.accounts.forms import TokenForm
from zhicheng.apps.accounts.scope import signed_in
from zhicheng.apps.accounts.second_factor import has_second_factor
from zhicheng.apps.accounts.signing_in import needs


@needs("account.self")
def me(request: HttpRequest) -> HttpResponse:
    """Show the account; a POST makes a token, shown this once."""
    person = signed_in(request.user)
    form = TokenForm(request.POST or None)
    token = ""
    if request.method == "POST" and form.is_valid():
        token = own_account.issue_token(by=person, **form.cleaned_data)
        form = TokenForm()
    context = {
        "form": form,
        "token": token,
        "tokens": person.tokens.filter(revoked_at__isnull=True),
        "now": timezone.now(),
        "sessions": person.sessions.all(),
        "second_factor": has_second_factor(person),
        "agencies": person.agencies.select_related("organisation"),
    }
    return render(request, "accounts/me.html", context, status=422 if form.errors else 200)


@require_POST
@needs("account.self")
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a token useless."""
    own_account.revoke_token(token_id=pk, by=signed_in(request.user))
    messages.success(request, _("令牌已停用。"))
    return redirect("accounts:me")


@require_POST
@needs("account.self")
def end_sessions(request: HttpRequest) -> HttpResponse:
    """End the person's other sessions."""
    ended = own_account.end_other_sessions(keep=request.session.session_key or "", by=signed_in(request.user))
    messages.success(request, _("已结束其他 %(count)d 处登录。") % {"count": ended})
    return redirect("accounts:me")
