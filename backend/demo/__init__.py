"""The demo town: invented people and places, seeded once and marked as such."""
