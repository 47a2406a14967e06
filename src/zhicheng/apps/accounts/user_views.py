"""Pages of the two administrators of accounts: list, open, grant, close."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhicheng.apps.accounts import life_cycle
from zhicheng.apps.accounts.forms import GrantRoleForm, OpenAccountForm, ReasonForm
from zhicheng.apps.accounts.people import User
from zhicheng.apps.accounts.roles import Role
from zhicheng.apps.accounts.scope import may, signed_in
from zhicheng.apps.accounts.second_factor import has_second_factor
from zhicheng.apps.accounts.signing_in import needs
from zhicheng.kernel.refusals import Refusal

PAGE = 50


@needs("users.view")
def user_list(request: HttpRequest) -> HttpResponse:
    """List accounts, filtered by role and by a part of the name."""
    role, text, after = (request.GET.get(name, "") for name in ("role", "q", "after"))
    rows = User.objects.order_by("username")
    if role:
        rows = rows.filter(role=role)
    if text:
        rows = rows.filter(Q(username__icontains=text) | Q(display_name__icontains=text))
    count = rows.count()
    if after:
        rows = rows.filter(username__gt=after)
    found = list(rows[: PAGE + 1])
    more = found[PAGE - 1].username if len(found) > PAGE else ""
    page = {"count": _("共 %(count)d 个账号") % {"count": count}, "next": more, "back": bool(after)}
    context = {
        "people": found[:PAGE],
        "page": page,
        "roles": Role.choices,
        "may_open": may(request.user, "users.manage"),
    }
    return render(request, "accounts/users.html", context)


@needs("users.manage")
def open_account(request: HttpRequest) -> HttpResponse:
    """Open an account; its first password is shown once."""
    form = OpenAccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user, password = life_cycle.open_account(by=signed_in(request.user), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return render(request, "accounts/password_shown.html", {"person": user, "password": password})
    status = 422 if form.errors else 200
    return render(request, "accounts/open_account.html", {"form": form}, status=status)


@needs("users.view")
def user_detail(request: HttpRequest, username: str) -> HttpResponse:
    """Show one account and the steps the viewer may take with it."""
    person = get_object_or_404(User, username=username)
    return render(
        request, "accounts/user.html", _detail(request, person, GrantRoleForm(initial=vars(person)))
    )


@require_POST
@needs("security.manage")
def grant_role(request: HttpRequest, username: str) -> HttpResponse:
    """Give the account a role and a region."""
    person = get_object_or_404(User, username=username)
    form = GrantRoleForm(request.POST)
    if form.is_valid():
        try:
            life_cycle.grant_role(user=person, by=signed_in(request.user), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("已授予角色，该用户须重新登录。"))
            return redirect("accounts:user", username)
    person.refresh_from_db()
    return render(request, "accounts/user.html", _detail(request, person, form), status=422)


@require_POST
@needs("users.view")
def step(request: HttpRequest, username: str, name: str) -> HttpResponse:
    """Take one step in the account's life, with a reason."""
    person = get_object_or_404(User, username=username)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("没有写明理由，未作改动。"))
        return redirect("accounts:user", username)
    why, by = form.cleaned_data["why"], signed_in(request.user)
    if name == "reset-password":
        password = life_cycle.reset_password(user=person, why=why, by=by)
        return render(request, "accounts/password_shown.html", {"person": person, "password": password})
    steps: dict[str, Callable[[], None]] = {
        "disable": lambda: life_cycle.set_active(user=person, active=False, why=why, by=by),
        "enable": lambda: life_cycle.set_active(user=person, active=True, why=why, by=by),
        "unlock": lambda: life_cycle.unlock(user=person, why=why, by=by),
        "reset-second-factor": lambda: life_cycle.reset_second_factor(user=person, why=why, by=by),
    }
    if name not in steps:
        raise Refusal(f"没有“{name}”这一步。", fix="请从用户页面操作。")
    steps[name]()
    messages.success(request, _("已办理，并写入审计记录。"))
    return redirect("accounts:user", username)


def _detail(request: HttpRequest, person: User, form: GrantRoleForm) -> dict[str, object]:
    managing, securing = may(request.user, "users.manage"), may(request.user, "security.manage")
    steps = []
    if managing:
        steps.append(("reset-password", _("重置密码")))
        steps.append(("disable", _("停用账号")) if person.is_active else ("enable", _("恢复账号")))
    if securing:
        steps += [("unlock", _("解除锁定")), ("reset-second-factor", _("重置验证器"))]
    return {
        "person": person,
        "form": form,
        "steps": steps if person.pk != request.user.pk else [],
        "securing": securing and person.pk != request.user.pk,
        "second_factor": has_second_factor(person),
        "agencies": person.agencies.select_related("organisation"),
    }
