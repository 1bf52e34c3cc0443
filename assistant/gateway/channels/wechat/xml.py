"""The little XML that the platform speaks: a flat list of fields; no DTD, no entities, UTF-8 only."""

from __future__ import annotations

from typing import cast
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from assistant.gateway.channels.wechat.errors import NotAMessage

DEEPEST, MOST_FIELDS = 6, 64
"""How deep elements may lie, and how many fields a message may have; the platform's have 4 and some 20."""


class _Fields:
    """Collects the text of the elements right below ``<xml>``; what lies deeper is looked at no further."""

    def __init__(self) -> None:
        self.found: dict[str, str] = {}
        self._path: list[str] = []
        self._text: list[str] = []

    def start(self, tag: str, _attributes: object) -> None:
        self._path.append(tag)
        if len(self._path) == 1 and tag != "xml":
            raise NotAMessage("the outermost element is not <xml>")
        if len(self._path) > DEEPEST or len(self.found) > MOST_FIELDS:
            raise NotAMessage("no message has so many elements")
        if len(self._path) == 2:
            self._text = []

    def end(self, tag: str) -> None:
        if len(self._path) == 2:
            if tag in self.found:
                raise NotAMessage("a field is there twice")
            self.found[tag] = "".join(self._text)
        self._path.pop()

    def data(self, text: str) -> None:
        if len(self._path) == 2:
            self._text.append(text)

    def close(self) -> dict[str, str]:
        return self.found


def read(body: bytes) -> dict[str, str]:
    """Return the fields of a message.

    Raises:
        NotAMessage: the body is anything else.
    """
    try:
        # Decoded here and handed over as text: an encoding that the document claims has no say.
        text = body.decode("utf-8")
        parser = DefusedXMLParser(
            target=_Fields(), forbid_dtd=True, forbid_entities=True, forbid_external=True
        )
        parser.feed(text)
        found = cast(dict[str, str], parser.close())
    except (UnicodeDecodeError, ParseError, DefusedXmlException, LookupError, ValueError):
        raise NotAMessage("the body is not the platform's XML") from None
    return found


def write(**fields: str | int) -> str:
    """Return a message of fields, texts as CDATA."""
    return "<xml>" + "".join(_element(name, value) for name, value in fields.items()) + "</xml>"


def _element(name: str, value: str | int) -> str:
    if isinstance(value, int):
        return f"<{name}>{value}</{name}>"
    kept = "".join(sign for sign in value if sign in "\t\n" or _is_character(ord(sign)))
    # What would end the section is taken apart into two sections.
    return f"<{name}><![CDATA[{kept.replace(']]>', ']]]]><![CDATA[>')}]]></{name}>"


def _is_character(code: int) -> bool:
    return 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or 0x10000 <= code <= 0x10FFFF
