"""The demo town: invented people and places, seeded once and marked as such."""

from __future__ import annotations

from backend.demo.seeding import extend, seed

__all__ = ["extend", "seed"]
