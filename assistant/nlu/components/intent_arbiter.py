"""Lets the pure arbiter overrule the model's intent in Rasa's messages."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from assistant.nlu.arbiter import decide
from assistant.nlu.components import live_catalogue
from assistant.nlu.components.catalogue_entity_extractor import HEARD, message_time
from assistant.nlu.understanding import understand


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class IntentArbiter(IntentClassifier, GraphComponent):  # type: ignore[misc]
    """Runs after the classifier, the fallback and the extractor."""

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
    ) -> IntentArbiter:
        """Make the arbiter."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the decided intent of each message."""
        for message in messages:
            text = message.get(TEXT)
            if not text:
                continue
            heard = message.get(HEARD) or understand(
                text, now=message_time(message), catalogue=live_catalogue.catalogue()
            )
            ranking = [
                (str(item["name"]), float(item["confidence"])) for item in message.get("intent_ranking") or []
            ]
            intent, confidence = decide(ranking, heard)
            message.set(INTENT, {"name": intent, "confidence": confidence}, add_to_output=True)
        return messages
