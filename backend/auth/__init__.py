"""The auth room: who works for the town, their accounts and how they sign in."""
