"""The database's own refusal to change the audit trail, for both databases."""

from __future__ import annotations

SQLITE_UPDATE = """
CREATE TRIGGER IF NOT EXISTS accounts_auditevent_no_update BEFORE UPDATE ON accounts_auditevent
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END
"""
SQLITE_DELETE = """
CREATE TRIGGER IF NOT EXISTS accounts_auditevent_no_delete BEFORE DELETE ON accounts_auditevent
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END
"""
POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION accounts_auditevent_refuse() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION 'the audit trail is append-only'; END $$ LANGUAGE plpgsql
"""
POSTGRES_UPDATE = """
CREATE TRIGGER accounts_auditevent_no_update BEFORE UPDATE ON accounts_auditevent
FOR EACH ROW EXECUTE FUNCTION accounts_auditevent_refuse()
"""
POSTGRES_DELETE = """
CREATE TRIGGER accounts_auditevent_no_delete BEFORE DELETE ON accounts_auditevent
FOR EACH ROW EXECUTE FUNCTION accounts_auditevent_refuse()
"""
POSTGRES_TRUNCATE = """
CREATE TRIGGER accounts_auditevent_no_truncate BEFORE TRUNCATE ON accounts_auditevent
FOR EACH STATEMENT EXECUTE FUNCTION accounts_auditevent_refuse()
"""


def create_sql(vendor: str) -> list[str]:
    """Return the statements that put the triggers in place.

    A later migration that alters the table on SQLite copies it and loses them: run these again there.
    """
    if vendor == "sqlite":
        return [SQLITE_UPDATE, SQLITE_DELETE]
    return [POSTGRES_FUNCTION, POSTGRES_UPDATE, POSTGRES_DELETE, POSTGRES_TRUNCATE]


def drop_sql(vendor: str) -> list[str]:
    """Return the statements that take them away (used to go back over the migration)."""
    names = ["no_update", "no_delete"] + ([] if vendor == "sqlite" else ["no_truncate"])
    on = "" if vendor == "sqlite" else " ON accounts_auditevent"
    return [f"DROP TRIGGER IF EXISTS accounts_auditevent_{name}{on}" for name in names]


def wipe_sql(vendor: str) -> list[str]:
    """Return the statements after which a test database may be emptied between tests."""
    return [statement for statement in drop_sql(vendor) if "no_update" not in statement]
