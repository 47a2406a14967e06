"""Reads and writes the row that says whose city this is."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from zhicheng.apps.accounts.audit import record_event
from zhicheng.apps.accounts.city import City
from zhicheng.apps.accounts.people import User
from zhicheng.kernel.refusals import NotAllowed, NotFound


def city() -> City | None:
    """Return the city, None before `zhicheng init`."""
    return City.objects.filter(pk=1).first()


def one_person_mode() -> bool:
    """Tell whether one person may both prepare and approve."""
    row = city()
    return bool(row and row.one_person)


def demo_loaded() -> bool:
    """Tell whether the records are generated ones."""
    row = city()
    return bool(row and row.demo)


def opening_date() -> date:
    """Return the day pages open on: the city's own, or today."""
    row = city()
    return row.opens_on if row and row.opens_on else timezone.localdate()


@transaction.atomic
def set_city(
    *,
    region_code: str,
    name: str,
    one_person: bool = False,
    demo: bool = False,
    opens_on: date | None = None,
    by: User | None = None,
) -> City:
    """Write the city's row and record who did."""
    values = {
        "region_code": region_code,
        "name": name,
        "one_person": one_person,
        "demo": demo,
        "opens_on": opens_on,
    }
    before = City.objects.filter(pk=1).values(*values).first()
    row, _ = City.objects.update_or_create(pk=1, defaults=values)
    record_event(by=by, action="city.set", subject=f"city:{region_code}", before=before, after=values)
    return row


def acting_user(username: str) -> User:
    """Return the person the command line acts for with `--as`."""
    user = User.objects.filter(username=username).first()
    if user is None:
        known = "、".join(User.objects.filter(is_active=True).values_list("username", flat=True)[:12])
        raise NotFound(f"没有用户“{username}”。", fix=f"请用 --as 指明已有用户：{known or '（尚无用户）'}。")
    if not user.is_active:
        raise NotAllowed(f"用户“{username}”已停用。", fix="请换一位在用的用户。")
    return user
