"""Features of a spoken sentence: its characters, its sounds, and the concepts named in it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.sparse_featurizer.sparse_featurizer import SparseFeaturizer
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from assistant.nlu.components import live_catalogue
from assistant.nlu.components.linear_model import FeatureSpace
from assistant.nlu.features import FeatureFamilies, features_of

_seen_in_training: dict[str, Counter[str]] = {}
"""Rasa trains one object and lets another featurise the same sentences: they share the work here."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class SpokenFeaturizer(SparseFeaturizer, GraphComponent):  # type: ignore[misc]
    """TF-IDF weights over character n-grams, fuzzy-pinyin n-grams and concept tags, one row a sentence.

    Homophones share their pinyin features, so 新内课 still looks like 心内科; names of the live catalogue
    share their concept tag, so a dish that was added today is as good as one seen in training.
    The families can be switched off in the configuration to measure what each is worth.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        """Need tokens only because Rasa's other components do."""
        return [Tokenizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the families in use and the least number of sentences a feature must occur in."""
        return {
            "alias": "SpokenFeaturizer",
            "characters": True,
            "pinyin": True,
            "concepts": True,
            "min_df": 1,
        }

    def __init__(
        self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, alias: str
    ) -> None:
        super().__init__(alias, config)
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._families = FeatureFamilies(
            characters=config["characters"], pinyin=config["pinyin"], concepts=config["concepts"]
        )
        self._space = FeatureSpace.learn([], least=1)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SpokenFeaturizer:
        """Make an untrained featuriser."""
        return cls(config, model_storage, resource, execution_context.node_name)

    @staticmethod
    def validate_config(config: dict[str, Any]) -> None:
        """Accept any switches; at least one family must be on."""
        if not any(config.get(name, True) for name in ("characters", "pinyin", "concepts")):
            raise ValueError("SpokenFeaturizer needs at least one of characters, pinyin, concepts")

    def train(self, training_data: TrainingData) -> Resource:
        """Learn which features there are and how much each weighs (inverse document frequency)."""
        texts = dict.fromkeys(_texts(training_data.training_examples))
        _seen_in_training.update({text: self._features(text) for text in texts})
        self._space = FeatureSpace.learn(
            [_seen_in_training[text] for text in texts], least=self._config["min_df"]
        )
        self.persist()
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add features to the training sentences."""
        self.process(training_data.training_examples)
        _seen_in_training.clear()
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the features of each message's text."""
        spoken = [message for message in messages if message.get(TEXT)]
        rows = self._space.rows([self._features(message.get(TEXT)) for message in spoken])
        for number, message in enumerate(spoken):
            message.add_features(Features(rows[number], FEATURE_TYPE_SENTENCE, TEXT, self._config["alias"]))
        return messages

    def _features(self, text: str) -> Counter[str]:
        seen = _seen_in_training.get(text)
        return seen or features_of(text, live_catalogue.catalogue(), self._families)

    def persist(self) -> None:
        """Write the features and weights as JSON: data only, nothing that could run when loaded."""
        with self._model_storage.write_to(self._resource) as directory:
            content = {"features": list(self._space.columns), "weights": self._space.weights.tolist()}
            (directory / "features.json").write_text(
                json.dumps(content, ensure_ascii=False), encoding="utf-8"
            )

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SpokenFeaturizer:
        """Load a trained featuriser."""
        featurizer = cls.create(config, model_storage, resource, execution_context)
        with model_storage.read_from(resource) as directory:
            content = json.loads((directory / "features.json").read_text(encoding="utf-8"))
        featurizer._space = FeatureSpace(
            columns={feature: column for column, feature in enumerate(content["features"])},
            weights=np.array(content["weights"]),
        )
        return featurizer


def _texts(messages: Iterable[Message]) -> Iterator[str]:
    return (message.get(TEXT) for message in messages if message.get(TEXT))
