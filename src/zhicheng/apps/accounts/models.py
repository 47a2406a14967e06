"""Every table of the room, gathered for Django."""

from zhicheng.apps.accounts.agents import AgentState, OrganisationAgent
from zhicheng.apps.accounts.audit_event import AuditEvent
from zhicheng.apps.accounts.city import City, SignedInSession
from zhicheng.apps.accounts.people import User
from zhicheng.apps.accounts.roles import Role
from zhicheng.apps.accounts.tokens import ApiToken, RememberedAnswer

__all__ = [
    "AgentState",
    "ApiToken",
    "AuditEvent",
    "City",
    "OrganisationAgent",
    "RememberedAnswer",
    "Role",
    "SignedInSession",
    "User",
]
