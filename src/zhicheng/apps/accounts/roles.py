"""The roles a person may hold."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What somebody is in the programme; one person holds one role."""

    CITY_OFFICER = "city_officer", _("市级业务人员")
    COUNTY_OFFICER = "county_officer", _("县市区业务人员")
    DEPARTMENT = "department", _("部门承办人")
    SUPERVISION = "supervision", _("督考办")
    CPPCC = "cppcc", _("政协")
    LEADER = "leader", _("市领导")
    ENTERPRISE = "enterprise", _("企业")
    UNIVERSITY = "university", _("高校院所")
    BANK = "bank", _("银行")
    EXPERT = "expert", _("专家与调解员")
    AUDITOR = "auditor", _("审计管理员")
    SYSTEM_ADMIN = "system_admin", _("系统管理员")
    SECURITY_ADMIN = "security_admin", _("安全管理员")


# Roles that see every record of their region and below.
REGIONAL = frozenset(
    {Role.CITY_OFFICER, Role.COUNTY_OFFICER, Role.DEPARTMENT, Role.SUPERVISION, Role.CPPCC, Role.LEADER}
)
# Roles that act for an organisation and see what is about it.
FOR_ORGANISATION = frozenset({Role.ENTERPRISE, Role.UNIVERSITY, Role.BANK})
# 三权分立: nobody holds two of these, and none of them touches business records.
ADMINISTRATORS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR})
# Roles that must use a second factor where the city asks for it.
OFFICERS = REGIONAL | ADMINISTRATORS
