"""The emergency guard. Stdlib only, no model: it works when everything else is down."""

from __future__ import annotations

from assistant.safety.finding import Finding
from assistant.safety.guard import check, check_all, is_all_clear, partial, warm

__all__ = ["Finding", "check", "check_all", "is_all_clear", "partial", "warm"]
