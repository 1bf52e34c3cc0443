"""Entities from the live catalogue, the time grammar and the word lists, for Rasa's messages."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from assistant.nlu.components import live_catalogue
from assistant.nlu.extraction.sentence import Entity
from assistant.nlu.understanding import understand

_TOWN_ZONE = timezone(timedelta(hours=8))
"""Asia/Shanghai: UTC+8 all year round since 1991."""


HEARD = "heard"
"""Under which a message keeps its understanding, for the arbiter after it: read once, not twice."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class CatalogueEntityExtractor(GraphComponent, EntityExtractorMixin):  # type: ignore[misc]
    """Adds what :func:`assistant.nlu.understanding.understand` finds; nothing is learned.

    The time "now" comes with the message (metadata ``now``) where a gateway sent it, so that a turn that
    is run again reads the same times; a plain `rasa shell` has none and gets the clock.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return no settings: there are none."""
        return {}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> CatalogueEntityExtractor:
        """Make the extractor."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the entities of each message."""
        for message in messages:
            text = message.get(TEXT)
            if not text:
                continue
            found = understand(text, now=message_time(message), catalogue=live_catalogue.catalogue())
            message.set(HEARD, found)
            entities = [as_rasa(entity) for entity in found.entities]
            message.set(ENTITIES, [*message.get(ENTITIES, []), *entities], add_to_output=True)
        return messages


def as_rasa(entity: Entity) -> dict[str, Any]:
    """Return an entity as Rasa's messages carry it."""
    return {
        "entity": entity.entity,
        "value": entity.value,
        "text": entity.text,
        "start": entity.start,
        "end": entity.end,
        "confidence_entity": entity.confidence,
        "alternatives": list(entity.alternatives),
        "meant": entity.meant,
        "extractor": "CatalogueEntityExtractor",
    }


def message_time(message: Message) -> datetime:
    """Return the time at which the message was said."""
    said = (message.get("metadata") or {}).get("now")
    return datetime.fromisoformat(said) if said else datetime.now(_TOWN_ZONE)
