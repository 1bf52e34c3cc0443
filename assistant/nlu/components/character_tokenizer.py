"""Characters as tokens: Chinese has no spaces, and a recogniser's errors break words, not characters."""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message


class Character(Token):  # type: ignore[misc]
    """A token with nothing but its text and place, and a fingerprint to match.

    Rasa fingerprints every token of every training sentence several times: its own way, by JSON and
    hashes for each of five fields, takes a third of the training.
    """

    def fingerprint(self) -> str:
        """Return what tells this token from others."""
        return f"{self.start}:{self.text}"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class CharacterTokenizer(Tokenizer):  # type: ignore[misc]
    """One token for each Chinese character; runs of Latin letters or digits stay whole.

    Entities then always align with token borders (jieba's words do not: measured.md).
    """

    @staticmethod
    def supported_languages() -> list[str] | None:
        """Work for Chinese only."""
        return ["zh"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return Rasa's defaults for tokenizers."""
        return {"intent_tokenization_flag": False, "intent_split_symbol": "_", "token_pattern": None}

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """Cut the text of ``attribute`` into tokens with their offsets."""
        text: str = message.get(attribute)
        tokens: list[Token] = []
        run_start: int | None = None
        for index, character in enumerate([*text, " "]):
            word_like = character.isascii() and character.isalnum()
            if word_like and run_start is None:
                run_start = index
            elif not word_like and run_start is not None:
                tokens.append(Character(text[run_start:index], run_start))
                run_start = None
            if not word_like and not character.isspace():
                tokens.append(Character(character, index))
        # Rasa's featurisers fail on a text without tokens (only spaces): one empty mark keeps them alive.
        return tokens or [Character(text or "?", 0)]
