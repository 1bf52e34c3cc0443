"""The engine as the command runs it: workers with their words and ways out, in threads of the app process."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Sequence

from assistant.cli import home
from assistant.cli.errors import PlainError
from assistant.cli.settings import CliSettings
from assistant.cli.wechat_ways import WechatNotifier
from assistant.cli.wechat_wiring import account_of
from assistant.cli.wording import SpokenWording
from assistant.gateway.channels.wechat.platform import WechatPlatform
from assistant.replies.phrasebook import phrases
from backend.clock import Clock
from backend.database import Database
from backend.due.worker import Worker
from backend.engine import build_workers, catch_up
from backend.outbox.models import Channel
from backend.outbox.notifier import Notifier
from backend.outbox.smtp import MailServer, SmtpNotifier
from backend.outbox.webhook import WebhookNotifier
from backend.settings import Settings

log = logging.getLogger(__name__)

CATCH_UP_S = 60.0
"""Pause between two looks for promises that have no due row, in seconds."""


def build_engine(
    settings: CliSettings,
    database: Database,
    clock: Clock,
    *,
    backend: Settings,
    committed: Callable[[], None] = lambda: None,
) -> list[Worker]:
    """Build the workers with the real ways out.

    Raises:
        PlainError: the mail server that is set is none.
    """
    return build_workers(
        database,
        clock,
        wording=SpokenWording(),
        settings=backend,
        notifiers=notifiers(settings),
        committed=committed,
    )


def notifiers(settings: CliSettings) -> dict[Channel, Notifier]:
    """Return who delivers what leaves the house.

    Raises:
        PlainError: the mail server that is set is none.
    """
    ways: dict[Channel, Notifier] = {
        Channel.WEBHOOK: WebhookNotifier(secret=home.webhook_secret(settings).encode())
    }
    if settings.smtp_url is not None:
        try:
            server = MailServer.from_url(settings.smtp_url, sender=settings.mail_from)
        except ValueError as error:
            raise PlainError(
                f"KANGBAN_SMTP_URL 或 KANGBAN_MAIL_FROM 不对，请看 docs/operations.md ({error})", status=2
            ) from error
        ways[Channel.EMAIL] = SmtpNotifier(
            server, subject=lambda parcel: phrases().say(f"engine.mail_subject.{parcel.why}")
        )
    account = account_of(settings)
    if account is not None and account.secret:
        ways[Channel.WECHAT] = WechatNotifier(WechatPlatform(account))
    return ways


async def keep_promises(workers: Sequence[Worker], database: Database, clock: Clock) -> None:
    """Have the workers go round in threads of their own until this task is cancelled."""
    threads = [
        threading.Thread(target=worker.run, name=f"worker-{number}", daemon=True)
        for number, worker in enumerate(workers)
    ]
    for thread in threads:
        thread.start()
    try:
        while True:
            try:
                found = await asyncio.to_thread(catch_up, database, clock)
                if found:
                    log.warning("%d promise(s) without a due row were scheduled", found)
            except Exception:
                log.exception("could not look for promises without a due row")
            await asyncio.sleep(CATCH_UP_S)
    finally:
        for worker in workers:
            worker.stop()
        for thread in threads:
            thread.join(timeout=5.0)
