"""What the notifications room does; other rooms call it here."""

from __future__ import annotations

from backend.notifications import handovers, reminders, reminding

__all__ = ["handovers", "reminders", "reminding"]
