"""The phrases by which the speaker is called."""

from __future__ import annotations

from assistant.nlu.pinyin import sound_key
from speech.wake import PhraseSpotter

WAKE_PHRASES = ("康伴康伴", "小康小康", "你好康伴", "你好小康")


def wake_word() -> PhraseSpotter:
    """Return the spotter of our wake phrases, by sound."""
    return PhraseSpotter(WAKE_PHRASES, sound_key)
