"""A stand-in for the dialogue process with faults to order: real HTTP, no Rasa.

What the text contains decides: 慢 answers late, 垃圾 answers with garbage, 不成样 with a wrong shape,
坏了 with status 500, 没声音 with no replies; anything else is echoed, with a question at its end.
GET /calls tells what was asked. `python stand_in_dialogue.py PORT SECRET [SLOW_SECONDS]`.
"""

from __future__ import annotations

import json
import sys
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

CALLS: list[dict[str, Any]] = []
ANSWERED: dict[str, dict[str, Any]] = {}
SECRET = ""
SLOW_S = 3.0


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/calls":
            self._send(200, {"calls": CALLS})
        elif self.headers.get("X-Kangban-Secret") != SECRET:
            self._send(401, {"code": "unauthorised"})
        else:
            self._send(200, {"ready": True, "model": "stand-in"})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.headers.get("X-Kangban-Secret") != SECRET:
            self._send(401, {"code": "unauthorised"})
        elif self.path == "/parse":
            self._send(200, {"results": [understood(text) for text in body["texts"]]})
        else:
            self._turn(body)

    def _turn(self, body: dict[str, Any]) -> None:
        text = body["text"]
        CALLS.append({**body, "at": time.monotonic()})
        if "慢" in text:
            time.sleep(SLOW_S)
        if "垃圾" in text:
            return self._send_bytes(200, b"<html>\xff not json")
        if "不成样" in text:
            return self._send(200, {"replies": "一句话", "entities": 3})
        if "坏了" in text:
            return self._send(500, {"code": "turn_failed"})
        if body["turn_key"] not in ANSWERED:
            ANSWERED[body["turn_key"]] = understood(text) | {
                "replies": [] if "没声音" in text else [f"（第{len(CALLS)}次）您说的是「{text}」，对吗？"],
                "committed": [{"kind": "meal", "id": body["turn_key"], "state": "accepted"}]
                if "订好" in text
                else [],
                "repaired": text,
            }
            if "选哪个" in text:
                asks = {"slot": "choice", "choices": ["红烧肉", "清蒸鱼"]}
                ANSWERED[body["turn_key"]] |= {"form": "meal", "asks": asks}
        return self._send(200, ANSWERED[body["turn_key"]])

    def _send(self, status: int, body: dict[str, Any]) -> None:
        self._send_bytes(status, json.dumps(body).encode())

    def _send_bytes(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with suppress(BrokenPipeError):  # who asked may have lost patience
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def understood(text: str) -> dict[str, Any]:
    at = text.find("红烧肉")
    entities = [{"entity": "dish", "value": "红烧肉", "text": "红烧肉", "start": at, "end": at + 3}]
    return {
        "text": text,
        "intent": "order_meal",
        "confidence": 0.9,
        "entities": entities if at >= 0 else [],
        "slots": {"dish": ["红烧肉"]} if at >= 0 else {},
        "when": None,
    }


class Server(ThreadingHTTPServer):
    daemon_threads = True


def main() -> None:
    global SECRET, SLOW_S
    SECRET = sys.argv[2]
    SLOW_S = float(sys.argv[3]) if len(sys.argv) > 3 else SLOW_S
    Server(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()


if __name__ == "__main__":
    main()
