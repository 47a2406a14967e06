"""What a person may see and do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.utils import timezone

from zhicheng.apps.accounts.agents import AgentState, OrganisationAgent
from zhicheng.apps.accounts.people import User
from zhicheng.apps.accounts.permissions import PUBLIC, covers, patterns_of
from zhicheng.apps.accounts.roles import REGIONAL, Role
from zhicheng.kernel.refusals import NotAllowed
from zhicheng.kernel.regions import prefix as region_prefix

Person = User | AnonymousUser | None


@dataclass(frozen=True)
class Scope:
    """The part of the ledger a person sees.

    Args:
        region_codes: code prefixes: `3707` covers 370700 and every county below it.
        organisation_ids: organisations the person acts for.
        sees_all: True only for the software itself.
        role: the person's role, empty for the public.
    """

    region_codes: tuple[str, ...] = ()
    organisation_ids: tuple[int, ...] = ()
    sees_all: bool = False
    role: str = ""

    @property
    def public_only(self) -> bool:
        """Tell whether only published things may be shown."""
        return not (self.sees_all or self.region_codes or self.organisation_ids)

    def covers_region(self, code: str) -> bool:
        """Tell whether the region lies inside the scope."""
        return self.sees_all or any(code.startswith(prefix) for prefix in self.region_codes)

    def regions_q(self, field: str = "region_code") -> Q:
        """Return the condition that keeps only rows of the scope's regions; none at all when empty."""
        if self.sees_all:
            return Q()
        condition = Q(pk__in=())
        for prefix in self.region_codes:
            condition |= Q(**{f"{field}__startswith": prefix})
        return condition

    def organisations_q(self, field: str = "organisation") -> Q:
        """Return the condition that keeps only rows about the organisations acted for."""
        return Q(**{f"{field}__in": self.organisation_ids}) if self.organisation_ids else Q(pk__in=())


def scope(user: Person) -> Scope:
    """Return what the person sees; a person who did not sign in, or has no role, sees what is public."""
    if not isinstance(user, User) or not user.is_active:
        return Scope()
    regions = (region_prefix(user.region_code),) if user.role in REGIONAL and user.region_code else ()
    organisations = approved_organisation_ids(user) if user.acts_for_organisation else ()
    return Scope(region_codes=regions, organisation_ids=organisations, role=user.role)


def approved_organisation_ids(user: User) -> tuple[int, ...]:
    """Return the organisations whose letter for this person is in force today."""
    today = timezone.localdate()
    rows = OrganisationAgent.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=today),
        user=user,
        state=AgentState.APPROVED,
        organisation__isnull=False,
    )
    return tuple(rows.order_by("pk").values_list("organisation_id", flat=True))


def acts_for(user: User) -> tuple[int, ...]:
    """Return the organisations a person has a letter of, whatever the role; a conflict of interest is one all the same."""
    return approved_organisation_ids(user)


def may(user: Person, permission: str, *, region: str | None = None) -> bool:
    """Tell whether the person may do this, in this region when one is given."""
    if not isinstance(user, User) or not user.is_active:
        return covers(PUBLIC, permission)
    if not covers(patterns_of(user.role), permission):
        return False
    return region is None or scope(user).covers_region(region)


def require(user: Person, permission: str, *, region: str | None = None) -> None:
    """Refuse, in words, what the person's role or region does not cover."""
    if may(user, permission, region=region):
        return
    if not isinstance(user, User):
        raise NotAllowed(f"没有登录，不能执行“{permission}”。", fix="请先登录。")
    role = user.get_role_display() if user.role else "未授予角色"
    if may(user, permission):
        raise NotAllowed(
            f"{user.display_name}（{role}，区划 {user.region_code or '未设'}）的范围不含区划 {region}。",
            fix="请由该区划或其上级的人员办理。",
        )
    raise NotAllowed(
        f"{user.display_name}（{role}）没有权限“{permission}”。", fix=f"请由{roles_with(permission)}办理。"
    )


def signed_in(user: Person) -> User:
    """Return the person who signed in; whoever records who did something asks here.

    Raises:
        NotAllowed: nobody signed in.
    """
    if isinstance(user, User):
        return user
    raise NotAllowed("没有登录，不能办理。", fix="请先登录。")


def roles_with(permission: str) -> str:
    """Return the names of the roles that hold a permission, for the sentence that says who could."""
    names = [str(role.label) for role in Role if covers(patterns_of(role), permission)]
    return "、".join(names) or "安全管理员先行授权后"


def as_dict(scope_: Scope) -> dict[str, Any]:
    """Return the scope as plain values, for logs and the API."""
    return {
        "role": scope_.role,
        "regions": list(scope_.region_codes),
        "organisations": list(scope_.organisation_ids),
    }
