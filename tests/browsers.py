"""Debian's Chromium under one Playwright for a whole process: its driver keeps an event loop running."""

from __future__ import annotations

import atexit
import shutil
from functools import cache

from playwright.sync_api import Browser, Playwright, sync_playwright


def chromium(*switches: str) -> Browser:
    """Start a browser; whoever starts it closes it."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert found, "no Chromium; run: make setup-test"
    return _playwright().chromium.launch(executable_path=found, args=["--no-sandbox", *switches])


@cache
def _playwright() -> Playwright:
    started = sync_playwright().start()
    atexit.register(started.stop)
    return started
