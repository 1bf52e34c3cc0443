"""`kangban parse`: what is understood of each line, without any effect."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from assistant.cli.api import Api, ApiProblem, ApiUnreachable
from assistant.cli.errors import PlainError
from assistant.cli.lines import read_batches, write_json, write_line
from assistant.cli.running import system
from assistant.cli.settings import CliSettings

BATCH = 25
"""Most lines understood in one call."""


def parse(settings: CliSettings, *, as_json: bool) -> None:
    """Understand each line of standard input.

    Raises:
        PlainError: the system does not start or does not answer.
    """
    with system(settings, demo_if_empty=True) as api:
        for batch in read_batches(BATCH):
            for result in _understood(api, batch):
                if as_json:
                    write_json(result)
                else:
                    for line in _shown(result):
                        write_line(line)


def _understood(api: Api, texts: list[str]) -> list[dict[str, Any]]:
    try:
        results = api.post("/parse", {"texts": texts})["results"]
    except ApiProblem as problem:
        raise PlainError(
            f"对话答不上来：{problem.code}，请运行 kangban doctor (parse failed: {problem.detail})"
        ) from problem
    except ApiUnreachable as error:
        raise PlainError(f"康伴停了，请重新运行 kangban up ({error})") from error
    return list(results)


def _shown(result: dict[str, Any]) -> Iterator[str]:
    yield f"{result['text']}"
    yield f"  意图 intent  {result['intent']} ({result['confidence']:.2f})"
    for name, value in result["slots"].items():
        yield f"  {name}  {value}"
    if result["emergency"]:
        yield f"  紧急 emergency  {result['emergency']}"
