"""Changing one's own password."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.forms import PasswordChangeForm
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from zhicheng.apps.accounts.audit import record_event
from zhicheng.apps.accounts.scope import signed_in
from zhicheng.apps.accounts.signing_in import needs


@needs("account.self")
def change(request: HttpRequest) -> HttpResponse:
    """Change the password; whoever came with a first password goes on from here."""
    form = PasswordChangeForm(signed_in(request.user), request.POST or None)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            user = form.save(commit=False)
            user.must_change_password = False
            user.save(update_fields=["password", "must_change_password"])
            record_event(by=user, action="accounts.change_password", subject=f"user:{user.username}")
        update_session_auth_hash(request, user)
        messages.success(request, _("密码已修改。"))
        return redirect("/")
    status = 422 if form.errors else 200
    return render(request, "accounts/change_password.html", {"form": form}, status=status)
