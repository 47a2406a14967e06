"""The people of the demo city, one for each role; their password is printed because nothing here is real."""

from __future__ import annotations

from django.db import transaction

from zhicheng.apps.accounts.public import Role, User, record_event
from zhicheng.apps.demo.city.ground import CITY

DEMO_PASSWORD = "zhicheng-demo"  # noqa: S105 - printed on purpose, refused in production mode
CAST = (
    ("officer", Role.CITY_OFFICER, CITY, "演示市局经办"),
    ("reviewer", Role.CITY_OFFICER, CITY, "演示市局复核"),
    ("county", Role.COUNTY_OFFICER, "370783", "演示寿光经办"),
    ("department", Role.DEPARTMENT, CITY, "演示部门承办"),
    ("supervision", Role.SUPERVISION, CITY, "演示督考办"),
    ("cppcc", Role.CPPCC, CITY, "演示政协办公室"),
    ("leader", Role.LEADER, CITY, "演示市领导秘书"),
    ("enterprise", Role.ENTERPRISE, "", "演示企业代理人"),
    ("university", Role.UNIVERSITY, "", "演示高校代理人"),
    ("bank", Role.BANK, "", "演示银行经理"),
    ("expert", Role.EXPERT, "", "演示专家"),
    ("auditor", Role.AUDITOR, CITY, "演示审计管理员"),
    ("system", Role.SYSTEM_ADMIN, CITY, "演示系统管理员"),
    ("security", Role.SECURITY_ADMIN, CITY, "演示安全管理员"),
)


# The unit whose people answer for it in consultations and cases.
UNITS = {"department": "市市场监管局"}


@transaction.atomic
def make_cast() -> dict[str, User]:
    """Make one person for each role; those who are there already stay as they are."""
    people = {}
    for name, role, region, shown in CAST:
        user, made = User.objects.get_or_create(
            username=f"demo_{name}",
            defaults={
                "role": role,
                "region_code": region,
                "display_name": shown,
                "department": UNITS.get(name, ""),
            },
        )
        if made:
            user.set_password(DEMO_PASSWORD)
            user.save()
        people[name] = user
    record_event(by=None, action="demo.make_cast", subject="demo:cast", after={"people": sorted(people)})
    return people
