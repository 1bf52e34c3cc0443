"""`kangban account`: accounts of the console; and the first ones, made when a town starts first."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy.orm import Session

from assistant.cli.errors import PlainError
from assistant.cli.home import PRIVATE_FILE
from assistant.cli.lines import tell, write_line
from assistant.cli.settings import CliSettings
from assistant.vocabulary import Role, identifiers, word_of
from backend.auth import accounts
from backend.auth.accounts import FirstPassword
from backend.clock import Clock, SystemClock
from backend.database import Database
from backend.elders.town import is_demo_town
from backend.errors import BackendError

T = TypeVar("T")

ACTOR = "command"
"""Who stands in the audit for what is done at the machine itself."""


def first_accounts(settings: CliSettings, *, clock: Clock) -> None:
    """Make the administrator of a town that has no accounts, and in a demo town accounts for its staff.

    The administrator's password is printed once. The staff's lie in a file that only its owner can read.
    """
    database = Database(settings.database_url, pool_size=1)
    try:
        first = database.transact(lambda session: accounts.first_administrator(session, at=clock.now()))
        if first is None:
            return
        tell(
            f"管理台的第一个账号：用户名 {first.username}，一次性密码 {first.password}"
            "（只显示这一次，第一次登录要换掉；忘了就用 kangban account reset admin）"
            " (first administrator of the console; the password works once)"
        )
        if is_demo_town(database):
            made = database.transact(lambda session: accounts.of_staff(session, at=clock.now()))
            path = settings.home / "secrets" / "demo-accounts"
            _keep(str(path), made)
            tell(f"示范镇工作人员的账号在 {path} (the demo staff's accounts are in this file)")
    finally:
        database.dispose()


def add(settings: CliSettings, *, username: str, name: str, role: str, village: str | None) -> None:
    """Make an account and print its one-time password.

    Raises:
        PlainError: it cannot be made.
    """
    if role not in identifiers(Role):
        raise PlainError("角色只能是 caregiver、coordinator、town_admin (no such role)", status=2)
    made = _on_town(
        settings,
        lambda session: accounts.add(
            session,
            username=username,
            name=name,
            role=word_of(Role, role),
            village_id=village,
            actor=ACTOR,
            at=_now(settings),
        ),
    )
    _print(made)


def reset(settings: CliSettings, *, username: str) -> None:
    """Give an account a new one-time password, print it, and take its second factor off.

    Raises:
        PlainError: there is no such account.
    """
    _print(
        _on_town(
            settings,
            lambda session: accounts.reset(session, username=username, actor=ACTOR, at=_now(settings)),
        )
    )


def _now(settings: CliSettings) -> datetime:
    return SystemClock.starting_at(settings.now).now()


def _on_town(settings: CliSettings, work: Callable[[Session], T]) -> T:
    file = settings.database_file
    if file is not None and not file.exists():
        raise PlainError(
            f"{settings.home} 里还没有镇的资料，请先运行 kangban up (there is no town here; run `kangban up`)"
        )
    database = Database(settings.database_url, pool_size=1)
    try:
        return database.transact(work)
    except BackendError as error:
        raise PlainError(f"账号没有办成：{error.message} ({error.reason})") from error
    finally:
        database.dispose()


def _print(made: FirstPassword) -> None:
    write_line(f"{made.username}  {made.password}")
    tell("这个密码只能用来登录一次，登录后要换成自己的 (the password works once)")


def _keep(path: str, made: Sequence[FirstPassword]) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE_FILE)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.writelines(f"{one.username}\t{one.password}\t{one.name}\t{one.role.label}\n" for one in made)
