"""Accounts from opening to closing: each step one transaction, one audit event, one role allowed."""

from __future__ import annotations

import secrets
from datetime import date

from axes.utils import reset as unlock_sign_in
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from zhicheng.apps.accounts.audit import record_event
from zhicheng.apps.accounts.people import User
from zhicheng.apps.accounts.roles import ADMINISTRATORS, Role
from zhicheng.apps.accounts.scope import require
from zhicheng.apps.accounts.second_factor import forget_second_factor
from zhicheng.apps.accounts.settings_row import one_person_mode
from zhicheng.apps.accounts.signals import end_sessions
from zhicheng.kernel.refusals import Conflict, NotAllowed, Refusal


@transaction.atomic
def create_first_admin(*, username: str, display_name: str, password: str, role: str) -> User:
    """Open an administrator's account from the server's own command line.

    Only while no active account of that administrator's role exists: afterwards accounts are opened on the
    pages, by the administrator whose business it is.
    """
    if role not in ADMINISTRATORS:
        raise Refusal(f"“{role}”不是管理员角色。", fix="可选 system_admin、security_admin、auditor。")
    if User.objects.filter(role=role, is_active=True).exists() and not one_person_mode():
        raise Conflict(f"已经有在用的{Role(role).label}。", fix="请由其在“用户”页面开设账号。")
    _refuse_taken(username)
    user = User(username=username, display_name=display_name, role=role, must_change_password=False)
    _set_password(user, password)
    user.save()
    record_event(by=None, action="users.create_admin", subject=f"user:{username}", after={"role": role})
    return user


@transaction.atomic
def open_account(
    *,
    username: str,
    display_name: str,
    region_code: str,
    by: User,
    department: str = "",
    ends_on: date | None = None,
) -> tuple[User, str]:
    """Open an account without any role, and return it with its first password (to be changed at once)."""
    require(by, "users.manage")
    _refuse_taken(username)
    password = secrets.token_urlsafe(12)
    user = User(
        username=username,
        display_name=display_name,
        region_code=region_code,
        department=department,
        ends_on=ends_on,
        must_change_password=True,
    )
    _set_password(user, password)
    user.full_clean(exclude=["password"])
    user.save()
    record_event(
        by=by,
        action="users.open",
        subject=f"user:{username}",
        after={"display_name": display_name, "region_code": region_code, "ends_on": ends_on},
    )
    return user, password


@transaction.atomic
def grant_role(*, user: User, role: str, region_code: str, why: str, by: User) -> None:
    """Give an account its role and region; the security administrator's business, never one's own."""
    require(by, "security.manage")
    if user.pk == by.pk:
        raise NotAllowed("不能给自己授予角色。", fix="请由另一位安全管理员办理。")
    if role and role not in Role.values:
        raise Refusal(f"没有角色“{role}”。", fix=f"可选：{'、'.join(Role.values)}。")
    _require_reason(why)
    before = {"role": user.role, "region_code": user.region_code}
    user.role, user.region_code = role, region_code
    user.full_clean(exclude=["password"])
    user.save(update_fields=["role", "region_code"])
    after = {"role": role, "region_code": region_code}
    record_event(
        by=by, action="users.grant_role", subject=f"user:{user.username}", why=why, before=before, after=after
    )
    _sign_out_everywhere(user)


@transaction.atomic
def set_active(*, user: User, active: bool, why: str, by: User) -> None:
    """Close an account, or open it again; closing ends its sessions and tokens."""
    require(by, "users.manage")
    if user.pk == by.pk:
        raise NotAllowed("不能停用自己的账号。", fix="请由另一位系统管理员办理。")
    _require_reason(why)
    user.is_active = active
    user.save(update_fields=["is_active"])
    record_event(
        by=by,
        action="users.enable" if active else "users.disable",
        subject=f"user:{user.username}",
        why=why,
        before={"is_active": not active},
        after={"is_active": active},
    )
    if not active:
        _sign_out_everywhere(user)


@transaction.atomic
def unlock(*, user: User, why: str, by: User) -> None:
    """Lift the lock that wrong passwords put on an account."""
    require(by, "security.manage")
    _require_reason(why)
    unlock_sign_in(username=user.username)
    record_event(by=by, action="users.unlock", subject=f"user:{user.username}", why=why)


@transaction.atomic
def reset_password(*, user: User, why: str, by: User) -> str:
    """Set a new first password and return it; the person must change it at the next sign-in."""
    require(by, "users.manage")
    _require_reason(why)
    password = secrets.token_urlsafe(12)
    user.must_change_password = True
    _set_password(user, password)
    user.save(update_fields=["password", "must_change_password"])
    record_event(by=by, action="users.reset_password", subject=f"user:{user.username}", why=why)
    _sign_out_everywhere(user)
    return password


@transaction.atomic
def reset_second_factor(*, user: User, why: str, by: User) -> None:
    """Take away the second factor of somebody who lost it; they must set up a new one."""
    require(by, "security.manage")
    if user.pk == by.pk:
        raise NotAllowed("不能重置自己的验证器。", fix="请由另一位安全管理员办理。")
    _require_reason(why)
    forget_second_factor(user)
    record_event(by=by, action="users.reset_second_factor", subject=f"user:{user.username}", why=why)
    _sign_out_everywhere(user)


def _refuse_taken(username: str) -> None:
    if User.objects.filter(username=username).exists():
        raise Conflict(f"用户名“{username}”已被使用。", fix="请换一个。")


def _set_password(user: User, password: str) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Refusal(
            f"密码不合要求：{'；'.join(error.messages)}", fix="请换一个更长、不常见的密码。"
        ) from error
    user.set_password(password)


def _require_reason(why: str) -> None:
    if not why.strip():
        raise Refusal("没有写明理由。", fix="请写明为什么这样做，它会进入审计记录。")


def _sign_out_everywhere(user: User) -> None:
    end_sessions(list(user.sessions.values_list("session_key", flat=True)))
