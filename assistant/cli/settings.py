"""What the command is told from outside: the environment, read once at the start of a command."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from assistant.cli.errors import PlainError
from backend.settings import Retention

ROOT = Path(__file__).resolve().parents[2]
"""Where the packages lie: child processes are started from here."""


@dataclass(frozen=True, kw_only=True)
class WechatSettings:
    """What is set of a WeChat official account, as it was given; see docs/operations.md.

    Attributes:
        token: ``KANGBAN_WECHAT_TOKEN``; empty: there is no account.
        app_id: ``KANGBAN_WECHAT_APP_ID``.
        aes_key: ``KANGBAN_WECHAT_AES_KEY``, 43 characters; empty: messages come unencrypted.
        secret: ``KANGBAN_WECHAT_SECRET``; empty: the platform's own API is not called.
        api: ``KANGBAN_WECHAT_API``: where that API is; empty: at the platform.
    """

    token: str = field(default="", repr=False)
    app_id: str = ""
    aes_key: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)
    api: str = ""


@dataclass(frozen=True, kw_only=True)
class CliSettings:
    """Settings of one command.

    Attributes:
        home: ``KANGBAN_HOME``, absolute: database, secrets, logs, run files.
        database_url: ``KANGBAN_DATABASE_URL``, or the SQLite file in ``home``.
        now: ``KANGBAN_NOW`` as given, or None.
        failpoint: ``KANGBAN_FAILPOINT`` (tests only), or None.
        dialogue_url: ``KANGBAN_DIALOGUE_URL``: a dialogue process that somebody else looks after, or None.
        dialogue_python: the interpreter of the dialogue environment.
        models: ``KANGBAN_MODELS``, or the folder ``models`` in ``home``: where speech models are put.
        shared_models: folders that hold speech models for every home; empty where ``KANGBAN_MODELS`` is set.
        smtp_url: ``KANGBAN_SMTP_URL``: the mail server (``smtp://…``, ``smtps://…``), or None for no e-mail.
        mail_from: ``KANGBAN_MAIL_FROM``: the address that e-mails come from.
        wechat: ``KANGBAN_WECHAT_…``: the official account.
        retention: ``KANGBAN_KEEP_WORDS_DAYS``, ``…_TURNS_DAYS``, ``…_REMEMBERED_DAYS``: see docs/privacy.md.
    """

    home: Path
    database_url: str
    now: str | None
    failpoint: str | None
    dialogue_url: str | None
    dialogue_python: Path
    models: Path
    shared_models: tuple[Path, ...] = ()
    smtp_url: str | None = None
    mail_from: str = ""
    wechat: WechatSettings = field(default_factory=WechatSettings)
    retention: Retention = field(default_factory=Retention)

    @property
    def database_file(self) -> Path | None:
        """The file of the embedded database, or None where a server holds it."""
        prefix = "sqlite:///"
        return Path(self.database_url[len(prefix) :]) if self.database_url.startswith(prefix) else None

    @property
    def run_file(self) -> Path:
        """Where a running system says how it is reached."""
        return self.home / "run" / "system.json"

    @property
    def service_secret_file(self) -> Path:
        """The token of the town's own processes."""
        return self.home / "secrets" / "service"

    @property
    def webhook_secret_file(self) -> Path:
        """The key with which webhooks are signed."""
        return self.home / "secrets" / "webhook"

    @property
    def logs(self) -> Path:
        """The folder of logs."""
        return self.home / "logs"


LONGEST_KEPT = 36_500
"""Days; a longer age is a slip of the pen."""


def _retention(environment: Mapping[str, str]) -> Retention:
    usual = Retention()

    def days(name: str, otherwise: int) -> int:
        given = environment.get(name, "").strip()
        if not given:
            return otherwise
        if not given.isascii() or not given.isdigit() or not 1 <= int(given) <= LONGEST_KEPT:
            raise PlainError(
                f"{name} 要写天数, 1 到 {LONGEST_KEPT} ({name} must be a number of days, 1 to {LONGEST_KEPT})"
            )
        return int(given)

    return Retention(
        words_days=days("KANGBAN_KEEP_WORDS_DAYS", usual.words_days),
        turns_days=days("KANGBAN_KEEP_TURNS_DAYS", usual.turns_days),
        remembered_days=days("KANGBAN_KEEP_REMEMBERED_DAYS", usual.remembered_days),
    )


def settings_from(environment: Mapping[str, str] = os.environ) -> CliSettings:
    """Read the settings.

    Raises:
        PlainError: ``KANGBAN_NOW`` is not a time with an offset.
    """
    home = Path(environment.get("KANGBAN_HOME") or "var").expanduser().absolute()
    now = environment.get("KANGBAN_NOW", "").strip() or None
    if now is not None:
        _check_time(now)
    python = environment.get("KANGBAN_DIALOGUE_PYTHON")
    models = environment.get("KANGBAN_MODELS")
    return CliSettings(
        home=home,
        database_url=environment.get("KANGBAN_DATABASE_URL") or f"sqlite:///{home / 'kangban.db'}",
        now=now,
        failpoint=environment.get("KANGBAN_FAILPOINT") or None,
        dialogue_url=(environment.get("KANGBAN_DIALOGUE_URL") or "").rstrip("/") or None,
        dialogue_python=Path(python) if python else ROOT / ".venv-dialogue" / "bin" / "python",
        models=Path(models).expanduser().absolute() if models else home / "models",
        # What `make` fetched for this checkout serves every home of it.
        shared_models=() if models else (ROOT / "models" / "speech",),
        smtp_url=environment.get("KANGBAN_SMTP_URL") or None,
        mail_from=environment.get("KANGBAN_MAIL_FROM") or "",
        retention=_retention(environment),
        wechat=WechatSettings(
            token=environment.get("KANGBAN_WECHAT_TOKEN", "").strip(),
            app_id=environment.get("KANGBAN_WECHAT_APP_ID", "").strip(),
            aes_key=environment.get("KANGBAN_WECHAT_AES_KEY", "").strip(),
            secret=environment.get("KANGBAN_WECHAT_SECRET", "").strip(),
            api=environment.get("KANGBAN_WECHAT_API", "").strip().rstrip("/"),
        ),
    )


def _check_time(text: str) -> None:
    from datetime import datetime

    try:
        aware = datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        aware = False
    if not aware:
        raise PlainError(
            "KANGBAN_NOW 不是带时区的时间，请写成 2026-05-11T09:00:00+08:00 这样"
            f" (KANGBAN_NOW is not an ISO 8601 time with offset: {text})",
            status=2,
        )
