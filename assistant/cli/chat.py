"""`kangban chat`: a conversation in the terminal, or a turn for each line of standard input."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from assistant.cli.api import Api, ApiProblem, ApiUnreachable, quoted
from assistant.cli.errors import PlainError
from assistant.cli.lines import is_interactive, read_lines, tidy, write_json, write_line
from assistant.cli.running import system
from assistant.cli.settings import CliSettings

CHANNEL = "terminal"


def chat(settings: CliSettings, *, elder_id: str, as_json: bool) -> None:
    """Talk as one elder until the input ends.

    Raises:
        PlainError: no such elder, no system, or the system went away.
    """
    elder_id = tidy(elder_id)
    with system(settings) as api:
        called = _called(api, elder_id)
        conversation = uuid.uuid4().hex[:12]
        lines = _typed(called) if is_interactive() and not as_json else read_lines()
        for number, line in enumerate(lines, start=1):
            answered = take_turn(
                api, elder_id=elder_id, message_id=f"{conversation}-{number}", text=tidy(line)
            )
            if as_json:
                write_json(answered)
            else:
                for reply in answered["replies"]:
                    write_line(f"康伴：{reply}")


def take_turn(api: Api, *, elder_id: str, message_id: str, text: str) -> dict[str, Any]:
    """Send one message; when the line breaks, send it once more: it has an id, so nothing happens twice.

    Raises:
        PlainError: the system does not answer, or refuses.
    """
    body = {"elder_id": elder_id, "channel": CHANNEL, "message_id": message_id, "text": text}
    with suppress(ApiUnreachable):
        return _post(api, body)
    try:
        return _post(api, body)
    except ApiUnreachable as error:
        raise PlainError(
            f"康伴停了，请重新运行 kangban up (the system at {api.url} no longer answers)"
        ) from error


def _post(api: Api, body: dict[str, Any]) -> dict[str, Any]:
    try:
        return api.post("/turns", body)
    except ApiProblem as problem:
        raise PlainError(
            f"这句话没有被接受：{problem.code} ({problem.detail or problem.status})"
        ) from problem


def _called(api: Api, elder_id: str) -> str:
    try:
        return str(api.get(f"/elders/{quoted(elder_id)}")["called"])
    except ApiProblem as problem:
        if problem.status in (404, 422):
            raise PlainError(
                f"没有登记编号是 {elder_id} 的长者，请用登记过的编号，示范镇里有 E0007"
                f" (no elder with id {elder_id}; the demo town has E0007)"
            ) from problem
        raise PlainError(f"系统不肯回答：{problem.code} (the system refused: {problem.detail})") from problem


def _typed(called: str) -> Iterator[str]:
    with suppress(ImportError):
        import readline  # noqa: F401 - gives the prompt its editing keys
    write_line(f"您好，{called}！想要什么就跟我说，按 Ctrl-D 结束。")
    with suppress(EOFError, KeyboardInterrupt):
        while True:
            yield input(f"{called}：")
    write_line("")
