"""`kangban wyoming`: recognition and voice for Home Assistant's satellites."""

from __future__ import annotations

import asyncio
import signal

from assistant.cli.api import Api
from assistant.cli.errors import PlainError
from assistant.cli.lines import tell, write_line
from assistant.cli.running import find_running
from assistant.cli.settings import CliSettings
from assistant.cli.voice_hints import LiveHints
from assistant.cli.voice_parts import Engines
from speech.errors import SpeechError
from speech.wyoming_server import SpeechServices, serve


def wyoming(settings: CliSettings, *, host: str, port: int, engine: str | None, voice: str | None) -> None:
    """Serve until Ctrl-C.

    Raises:
        PlainError: an engine is missing, or the port is taken.
    """
    try:
        engines = Engines(settings, recognizer=engine, speaker=voice)
    except SpeechError as error:
        raise PlainError(f"语音用不了：{error.message} (see `kangban doctor`)") from error
    running: Api | None = find_running(settings)
    if running is None:
        tell("镇里的名字还不知道，先照平常的话听 (no running system: no names from the catalogue)")
    try:
        services = SpeechServices(
            engines.recognizer, engines.speaker, hints=LiveHints(running) if running else tuple
        )
        asyncio.run(_until_ended(services, host=host, port=port))
    except OSError as error:
        raise PlainError(f"端口 {port} 用不了 (cannot listen on {host}:{port}: {error.strerror})") from error
    finally:
        engines.close()


async def _until_ended(services: SpeechServices, *, host: str, port: int) -> None:
    serving = asyncio.create_task(
        serve(services, host=host, port=port, ready=lambda at: write_line(f"tcp://{host}:{at}"))
    )
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, serving.cancel)
    try:
        await serving
    except asyncio.CancelledError:
        return
