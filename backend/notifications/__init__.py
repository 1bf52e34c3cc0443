"""The notifications room: handovers to a person, and reminders that were promised."""
