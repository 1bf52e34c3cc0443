"""What comes from elsewhere is what was recorded: the vendored files and their SHA-256."""

from __future__ import annotations

import hashlib
import json

from backend.console.routes import STATIC

VENDOR = STATIC / "vendor"


def test_every_vendored_file_is_recorded_with_its_hash_and_licence() -> None:
    manifest = json.loads((VENDOR / "manifest.json").read_text())
    recorded = {
        name: about["sha256"] for package in manifest["packages"] for name, about in package["files"].items()
    }
    found = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.iterdir()
        if path.name != "manifest.json"
    }
    assert found == recorded
    for package in manifest["packages"]:
        assert any("LICENSE" in name for name in package["files"]), package["package"]


def test_no_template_has_a_script_or_style_of_its_own_or_anything_from_elsewhere() -> None:
    for path in (STATIC.parent / "templates").glob("*.html"):
        text = path.read_text()
        for forbidden in ("<style", " style=", "onclick=", "onload=", "javascript:", "http://", "https://"):
            assert forbidden not in text, (path.name, forbidden)
        assert text.count("<script") == text.count('<script src="/console/static/'), path.name
