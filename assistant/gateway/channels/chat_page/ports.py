"""What the chat page needs of the others, as ports; the composition root plugs backend and voice in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

Entry = dict[str, Any]
"""Something that stands in the conversation: a turn (``kind`` turn) or what we said first (``said``)."""


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody to ring, with the button that rings her."""

    name: str
    relation: str
    phone: str


@dataclass(frozen=True, kw_only=True)
class Device:
    """A browser that stands for an elder.

    Attributes:
        binding_id: by which binding it does.
        elder_id: whose it is.
        called: how she is addressed.
        people: whom she can ring, the nearest first.
    """

    binding_id: str
    elder_id: str
    called: str
    people: Sequence[Person] = field(default=())


@dataclass(frozen=True, kw_only=True)
class Entered:
    """What a code came to.

    Attributes:
        path: where the browser is sent on to; "" where the code was refused.
        refusal: why it was, ``bad_code`` or ``too_many_tries``.
    """

    path: str = ""
    refusal: str = ""


class Devices(Protocol):
    """Which browser stands for whom. Plain functions that may block on the disk."""

    def elder(self, token: str) -> Device | None:
        """Return whose a token is, None where it is nobody's (any more); written down as seen."""

    def enter(self, token: str, *, code: str, address: str) -> Entered:
        """Bind the browser of a token by a code."""


class Talks(Protocol):
    """The conversation, and what is to be said to an elder."""

    def history(self, elder_id: str, *, before: int | None, limit: int) -> tuple[list[Entry], int | None]:
        """Return turns and what we said, oldest first, and the ``before`` of the page before; blocks."""

    async def live(self, elder_id: str, *, wait: float) -> list[Entry]:
        """Return what is to be said now, waiting up to ``wait`` seconds for it."""

    def heard(self, elder_id: str, said: int) -> bool:
        """Write down that something was shown to her; False where there is no such thing; blocks."""

    def words(self, elder_id: str, key: str, number: int) -> str | None:
        """Return a sentence that was said to this elder, None where there is none; blocks.

        Args:
            elder_id: whose conversation.
            key: the entry's key, such as ``turn:chat:1f`` or ``said:12``.
            number: which of its sentences.
        """


class Aloud(Protocol):
    """The voice that reads a message aloud."""

    def read(self, elder_id: str, text: str) -> bytes | None:
        """Return a wav in the manner in which she wishes to be spoken to, None without a voice; blocks."""
