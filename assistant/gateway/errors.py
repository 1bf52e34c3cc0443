"""What can go wrong with a turn.

GatewayError
├── UnknownElder        nobody of that id is in the book
├── MessageReused       the same message id came with other words or from another elder
├── InvalidTurn         the body is not a turn
└── DialogueError       the dialogue gave no usable answer
    ├── DialogueDown    it cannot be reached
    ├── DialogueSlow    it did not answer in time
    └── DialogueFault   it answered with an error, or with something else than an answer
"""

from __future__ import annotations


class GatewayError(Exception):
    """Root of the gateway's errors: a ``code`` for programs, a ``message`` for people, an HTTP ``status``."""

    code = "gateway_error"
    status = 500

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class UnknownElder(GatewayError):
    """Nobody of that id is in the book."""

    code = "unknown_elder"
    status = 404


class MessageReused(GatewayError):
    """The same message id came before with other words, or from another elder."""

    code = "message_reused"
    status = 422


class InvalidTurn(GatewayError):
    """The body is not a turn."""

    code = "invalid"
    status = 422


class DialogueError(GatewayError):
    """The dialogue gave no usable answer."""

    code = "dialogue_error"
    status = 503


class DialogueDown(DialogueError):
    """The dialogue process cannot be reached."""

    code = "dialogue_down"


class DialogueSlow(DialogueError):
    """The dialogue process did not answer in time."""

    code = "dialogue_slow"


class DialogueFault(DialogueError):
    """The dialogue process answered with an error, or with something else than an answer."""

    code = "dialogue_fault"
