"""The trained model as it runs: Rasa's pipeline of the newest model, asked sentence by sentence."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent
from rasa.utils.log_utils import configure_structlog

from assistant.dialogue.measuring.sets import CORPORA, read_yaml
from assistant.nlu.catalogue import Catalogue
from assistant.nlu.components import live_catalogue


class Pipeline:
    """Understands sentences with one loaded model and a catalogue that stays as it is."""

    def __init__(self, model: Path) -> None:
        configure_structlog(logging.WARNING)  # Rasa would print every sentence among the figures
        live_catalogue.use(Fixed(live_catalogue.training_catalogue()))
        self._agent: Any = Agent.load(str(model))

    def intents(self, sentences: Sequence[str]) -> list[str]:
        """Return the intent of each sentence."""
        return asyncio.run(self._intents(sentences))

    async def _intents(self, sentences: Sequence[str]) -> list[str]:
        return [str((await self._agent.parse_message(said))["intent"]["name"]) for said in sentences]

    def latencies_ms(self, sentences: Sequence[str], names: int) -> list[float]:
        """Return how long each sentence took, warm, with a catalogue of about ``names`` dishes."""
        with _catalogue_of(names):
            self.intents(sentences[:20])
            return asyncio.run(self._latencies(sentences))

    async def _latencies(self, sentences: Sequence[str]) -> list[float]:
        samples = []
        for said in sentences:
            begun = time.perf_counter()
            await self._agent.parse_message(said)
            samples.append((time.perf_counter() - begun) * 1000)
        return samples


class Fixed(live_catalogue.LiveCatalogue):
    """A catalogue that no backend is asked for."""

    def __init__(self, catalogue: Catalogue) -> None:
        super().__init__(backend_url=None)
        self._current = catalogue


@contextmanager
def _catalogue_of(names: int) -> Iterator[None]:
    """Put a town in place whose canteens know ``names`` dishes: the tests' town and made-up ones."""
    snapshot = json.loads(json.dumps(read_yaml(CORPORA / "catalogue.yml"), default=str))
    dishes = snapshot["dishes"]
    made_up = (
        f"{how}{first}{second}{form}"
        for second in "菇笋藕芋瓜豆椒茄蛋鸭鱼虾蟹贝羊牛"
        for first in "金银红白青黄紫黑香脆嫩鲜甜酸老新大小"
        for how in ("清蒸", "红烧", "油焖", "凉拌", "糖醋", "白灼", "葱烧")
        for form in ("丁", "丝", "片", "块", "羹", "煲")
    )
    for number, name in enumerate(made_up, start=len(dishes) + 1):
        if number > names:
            break
        dishes.append({"id": number, "name": name, "aliases": [], "tags": []})
    live_catalogue.use(Fixed(Catalogue.from_snapshot(snapshot)))
    try:
        yield
    finally:
        live_catalogue.use(Fixed(live_catalogue.training_catalogue()))
