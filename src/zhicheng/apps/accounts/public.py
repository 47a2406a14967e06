"""The door of the room: people, what they may see and do, the audit trail, the city's settings."""

from __future__ import annotations

from zhicheng.apps.accounts.agency import decide as decide_agency
from zhicheng.apps.accounts.agency import request_agency
from zhicheng.apps.accounts.answers import check_if_match, etag
from zhicheng.apps.accounts.audit import Verdict, events_about, record_event, verify_chain
from zhicheng.apps.accounts.audit_event import AuditEvent
from zhicheng.apps.accounts.city import City
from zhicheng.apps.accounts.encryption import EncryptedText
from zhicheng.apps.accounts.people import User
from zhicheng.apps.accounts.request_id import current_request_id
from zhicheng.apps.accounts.roles import Role
from zhicheng.apps.accounts.scope import Scope, acts_for, may, require, scope, signed_in
from zhicheng.apps.accounts.settings_row import (
    acting_user,
    city,
    demo_loaded,
    one_person_mode,
    opening_date,
    set_city,
)
from zhicheng.apps.accounts.tokens import RememberedAnswer, token_user
from zhicheng.kernel.regions import prefix as region_prefix

__all__ = [
    "AuditEvent",
    "City",
    "EncryptedText",
    "RememberedAnswer",
    "Role",
    "Scope",
    "User",
    "Verdict",
    "acting_user",
    "acts_for",
    "check_if_match",
    "city",
    "current_request_id",
    "decide_agency",
    "demo_loaded",
    "etag",
    "events_about",
    "may",
    "one_person_mode",
    "opening_date",
    "record_event",
    "region_prefix",
    "request_agency",
    "require",
    "scope",
    "set_city",
    "signed_in",
    "token_user",
    "verify_chain",
]
