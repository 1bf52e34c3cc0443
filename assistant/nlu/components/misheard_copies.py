"""Teaches the pipeline what sentences look like after a recogniser has misheard some of their characters."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from assistant.nlu.mishearing import misheard_copies

MISHEARD = "misheard"
"""Marks a copy in the data of a message."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class MisheardCopies(GraphComponent):  # type: ignore[misc]
    """Adds to the training sentences copies with homophones in them; leaves live messages alone.

    Stands before the tokenizer, so that whatever is trained sees whole messages. A copy is as long as
    its sentence: entities keep their offsets.
    """

    def __init__(self, shares: list[float]) -> None:
        self._shares = shares

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the shares of characters misheard: one copy of each sentence for each share."""
        return {"shares": [0.12, 0.3]}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> MisheardCopies:
        """Make the component."""
        return cls(list(config["shares"]))

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Return the training data with the copies."""
        spoken = [example for example in training_data.training_examples if example.get(TEXT)]
        copies = [
            Message(data={**message.data, TEXT: text, MISHEARD: True})
            for text, message in misheard_copies([(m.get(TEXT), m) for m in spoken], self._shares)
        ]
        # Not `merge`: it copies every message deeply, for a minute.
        return TrainingData(
            [*training_data.training_examples, *copies],
            training_data.entity_synonyms,
            training_data.regex_features,
            training_data.lookup_tables,
            training_data.responses,
        )

    def process(self, messages: list[Message]) -> list[Message]:
        """Return the messages as they are."""
        return messages
