"""Database triggers that refuse to edit or delete what the audit holds, on SQLite and PostgreSQL.

Used by the tables' creation and by the migration. Whoever owns the database can drop them: then
:func:`backend.audit.service.verify` finds what was done.
"""

from __future__ import annotations

from sqlalchemy import Connection

_REFUSAL = "the audit is append-only"

_SQLITE_INSTALL = (
    f"""CREATE TRIGGER audit_entries_no_update BEFORE UPDATE ON audit_entries
        BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END""",
    f"""CREATE TRIGGER audit_entries_no_delete BEFORE DELETE ON audit_entries
        BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END""",
    f"""CREATE TRIGGER audit_head_no_delete BEFORE DELETE ON audit_head
        BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END""",
    f"""CREATE TRIGGER audit_head_forward BEFORE UPDATE ON audit_head WHEN NEW.seq < OLD.seq
        BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END""",
)
_SQLITE_REMOVE = tuple(
    f"DROP TRIGGER IF EXISTS {name}"
    for name in (
        "audit_entries_no_update",
        "audit_entries_no_delete",
        "audit_head_no_delete",
        "audit_head_forward",
    )
)

_POSTGRESQL_INSTALL = (
    f"""CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN RAISE EXCEPTION ''{_REFUSAL}''; END'""",
    """CREATE TRIGGER audit_entries_no_change BEFORE UPDATE OR DELETE ON audit_entries
        FOR EACH ROW EXECUTE FUNCTION audit_refuse()""",
    """CREATE TRIGGER audit_entries_no_truncate BEFORE TRUNCATE ON audit_entries
        FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()""",
    """CREATE TRIGGER audit_head_no_delete BEFORE DELETE ON audit_head
        FOR EACH ROW EXECUTE FUNCTION audit_refuse()""",
    """CREATE TRIGGER audit_head_no_truncate BEFORE TRUNCATE ON audit_head
        FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()""",
    """CREATE TRIGGER audit_head_forward BEFORE UPDATE ON audit_head
        FOR EACH ROW WHEN (NEW.seq < OLD.seq) EXECUTE FUNCTION audit_refuse()""",
)
_POSTGRESQL_REMOVE = (
    "DROP TRIGGER IF EXISTS audit_entries_no_change ON audit_entries",
    "DROP TRIGGER IF EXISTS audit_entries_no_truncate ON audit_entries",
    "DROP TRIGGER IF EXISTS audit_head_no_delete ON audit_head",
    "DROP TRIGGER IF EXISTS audit_head_no_truncate ON audit_head",
    "DROP TRIGGER IF EXISTS audit_head_forward ON audit_head",
    "DROP FUNCTION IF EXISTS audit_refuse()",
)


def install(connection: Connection) -> None:
    """Guard the audit's tables; they must exist, without these triggers."""
    for statement in _POSTGRESQL_INSTALL if connection.dialect.name == "postgresql" else _SQLITE_INSTALL:
        connection.exec_driver_sql(statement)


def remove(connection: Connection) -> None:
    """Take the guards away, where they are: before the tables are dropped or altered by a migration."""
    for statement in _POSTGRESQL_REMOVE if connection.dialect.name == "postgresql" else _SQLITE_REMOVE:
        connection.exec_driver_sql(statement)
