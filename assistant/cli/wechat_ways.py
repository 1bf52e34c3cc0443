"""The ways out of and into the WeChat platform: answers sent afterwards, and voice messages heard here."""

from __future__ import annotations

import asyncio
import logging
import tempfile
import threading
from pathlib import Path

from assistant.cli.settings import CliSettings
from assistant.gateway.channels.wechat.platform import PlatformError, WechatPlatform
from backend.outbox.notifier import NeverDeliveredError, NotDeliveredError, Parcel
from speech.decode import Limits, decode
from speech.errors import SpeechError
from speech.models import RATE, SAMPLE_BYTES
from speech.ports import Recognizer

log = logging.getLogger(__name__)

LONGEST_S = 61.0
"""Longest voice message, in seconds; the platform stops at 60."""


class WechatNotifier:
    """Delivers messages of the outbox to accounts."""

    def __init__(self, platform: WechatPlatform) -> None:
        self._platform = platform

    def deliver(self, parcel: Parcel) -> None:
        """See the port."""
        try:
            self._platform.send_text(parcel.address, parcel.text)
        except PlatformError as error:
            kind = NeverDeliveredError if error.never else NotDeliveredError
            raise kind(str(error)) from error


class WechatEars:
    """Fetches a voice message and hears it by the recogniser of this town, one at a time."""

    def __init__(self, platform: WechatPlatform, settings: CliSettings) -> None:
        self._platform = platform
        self._settings = settings
        self._lock = threading.Lock()
        self._recognizer: Recognizer | None = None

    async def hear(self, media_id: str) -> str | None:
        """See the port."""
        return await asyncio.to_thread(self._hear, media_id)

    def close(self) -> None:
        """End the recogniser."""
        with self._lock:
            if self._recognizer is not None:
                self._recognizer.close()
                self._recognizer = None

    def _hear(self, media_id: str) -> str | None:
        try:
            sound = self._platform.sound(media_id)
            with tempfile.TemporaryDirectory(prefix="kangban-wechat-") as folder:
                file = Path(folder) / "voice.amr"
                file.write_bytes(sound)
                pcm = decode(file, Limits(seconds=LONGEST_S)).pcm
            with self._lock:
                return self._words(pcm) or None
        except (PlatformError, SpeechError) as error:
            log.warning("a voice message could not be heard: %s", error)
            return None

    def _words(self, pcm: bytes) -> str:
        if self._recognizer is None:
            from assistant.cli.speech_models import store_of
            from speech.engines.choice import open_recognizer

            self._recognizer = open_recognizer(store_of(self._settings), None)
        heard = self._recognizer.start()
        for at in range(0, len(pcm), RATE * SAMPLE_BYTES):
            heard.feed(pcm[at : at + RATE * SAMPLE_BYTES])
        return heard.finish().text.strip()
