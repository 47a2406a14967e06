"""People, roles, region scope, sign-in and the audit trail."""
