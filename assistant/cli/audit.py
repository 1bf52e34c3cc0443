"""`kangban audit verify`: the audit's hash chain, read from the database itself."""

from __future__ import annotations

from assistant.cli.errors import PlainError
from assistant.cli.lines import write_json, write_line
from assistant.cli.running import has_town
from assistant.cli.settings import CliSettings


def verify(settings: CliSettings, *, as_json: bool) -> bool:
    """Check the chain, say what was found, and return whether it is whole.

    Raises:
        PlainError: there is no database, or it cannot be read.
    """
    from sqlalchemy.exc import SQLAlchemyError

    from backend.audit import service
    from backend.database import Database

    if not has_town(settings):
        raise PlainError(
            f"{settings.home} 里还没有镇的资料，请先运行 kangban up --demo (there is no database yet)"
        )
    database = Database(settings.database_url)
    try:
        with database.session() as session:
            found = service.verify(session)
    except SQLAlchemyError as error:
        raise PlainError(
            "读不了数据库，请先运行一次 kangban up，再运行 kangban doctor"
            f" (cannot read the database: {type(error).__name__})"
        ) from error
    finally:
        database.dispose()
    if as_json:
        write_json(
            {"ok": found.ok, "entries": found.entries, "head": found.head, "problems": list(found.problems)}
        )
    else:
        write_line(
            f"审计完整，共 {found.entries} 条 (the audit is whole: {found.entries} entries)"
            if found.ok
            else "审计对不上，有人动过，请找管理员 (the audit was tampered with):"
        )
        for problem in found.problems:
            write_line(f"  {problem}")
    return found.ok
